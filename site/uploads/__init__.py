"""What uploads and imports share: names, encodings, tables, errors for editors, files kept for a preview."""
