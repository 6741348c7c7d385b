"""Cohorts: their rules, the import of case rows, suppression of small numbers, and what reports are made of."""
