"""Optical paths: queries, gaps and drawing. No ORM here."""
