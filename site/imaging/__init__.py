"""Pictures as pixels, without models: cleaning an upload, cutting, scaling and encoding."""
