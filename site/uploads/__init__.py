"""What all uploads and imports share: file names, encodings, tables, errors for editors, files kept for a preview."""
