"""Brings cases in from files, as drafts: Phenopackets, JATS articles, JSON, CSV."""
