"""IPE and CPN, files of many lines: imported by sets, and published.

Nothing here is called by people: see the models.
"""
