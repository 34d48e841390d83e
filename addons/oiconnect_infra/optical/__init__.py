"""Optical paths: how they are found, told and drawn. No ORM here."""
