"""Makes copies of documents that contain what readers see, and nothing hidden. Pure."""
