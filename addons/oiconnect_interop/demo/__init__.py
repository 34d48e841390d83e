"""The demo network: planned in plain Python from its IPE file, then loaded.

Nothing here runs but when demo data is installed.
"""
