"""Files of many lines, brought to the database by sets.

A file is copied into a staging table, checked by queries, and merged by a few
statements per kind of object. Nothing here is called by people: see the models.
"""
