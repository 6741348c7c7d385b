"""How queries are asked, without models."""
