"""Tables that the standard does not know: which of them are stored unchanged.

Nothing of them is read as a name of the database: their rows are stored as values.
"""

import re

from .problems import DeliveryError

#: how the names of tables begin, and those of the lists of their codes
LISTS = "l_"
PREFIXES = ("t_", LISTS)
#: the most tables of a delivery that are stored unchanged, and rows of them in all
MAX_TABLES = 200
MAX_ROWS = 200_000
#: levels of the standard: what is stored is a note, what is not is to be fixed
NOTE, TO_MEND = "4", "3"
_NAME = re.compile(r"[tl]_[a-z0-9_]{1,61}")
#: numbers that GIS tools give the rows of a database
OWN_KEYS = ("fid", "ogc_fid", "pk_uid")


def refuse_table(name, count):
    """Refuse a table that is not stored; ``count`` tables are already.

    :raises DeliveryError: its name is none of a table, or they are too many
    """
    if not _NAME.fullmatch(name):
        raise DeliveryError("other_name")
    if count >= MAX_TABLES:
        raise DeliveryError("too_many_others", limit=MAX_TABLES)


def refuse_doubled(header):
    """Refuse columns that differ by their case only.

    :raises DeliveryError: there are some
    """
    seen = set()
    for name in header:
        if name.lower() in seen:
            raise DeliveryError("doubled_column", column=name)
        seen.add(name.lower())
