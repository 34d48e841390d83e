"""Publication of the network: lines drawn by SQL, stored as published, then written.

A full file is what the table of published lines holds; a delta is what brings that
table from one moment to the next. So a full file and the deltas that follow it are the
next full file, whatever happened to the network meanwhile.
"""

from .cpn import CpnSource
from .ipe import IpeSource

#: by kind of files, what their lines are drawn from
SOURCES = {"ipe": IpeSource, "cpn": CpnSource}
