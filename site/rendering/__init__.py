"""Templates compiled to Python functions, without models: the same HTML as Django's interpreter, sooner."""
