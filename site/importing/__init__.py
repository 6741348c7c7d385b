"""Brings archives in: stories as drafts, consents of their people, and what qualifies to the public."""
