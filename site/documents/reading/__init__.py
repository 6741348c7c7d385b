"""Reads every text of a document that any reader could find. Pure; `documents.sandbox` is the way in."""
