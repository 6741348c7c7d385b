"""What all uploads and imports share: names of files, encodings, tables, errors for editors, files kept for a preview."""
