#!/usr/bin/env python3
"""Write the IPE file that the demo network comes from: always the same one.

Usage: ``scripts/make_demo_ipe.py [FILE.zip]``. Everything in it is invented but
the communes, with their codes and the neighbourhood of their true places.
"""

import csv
import io
import random
import sys
import zipfile
from collections import Counter
from pathlib import Path

from demo_ipe import cells, dates, homes, streets, tables

ADDONS = Path(__file__).parent.parent / "addons"
TARGET = ADDONS / "oiconnect_demo/data" / f"{tables.NAME}.zip"
# The order of the columns stands in the addon, as for every file it writes.
FORMAT = ADDONS / "oiconnect_interop/formats/IPE.csv"
VERSION = "V3.1"


def columns():
    """Return the names of the columns of the version, in order."""
    with FORMAT.open(newline="", encoding="utf-8") as text:
        rows = [
            row
            for row in csv.DictReader(text, delimiter=";")
            if VERSION in row["versions"].split()
        ]
    return [row["column"] for row in sorted(rows, key=lambda row: int(row["rank"]))]


def network():
    """Return every line as an object, in the order of the file."""
    rng = random.Random(tables.SEED)
    found = []
    for commune in tables.COMMUNES:
        namer = streets.Namer(rng, commune)
        lines = []
        for pm in tables.PMS:
            if pm.commune == commune:
                lines += homes.homes_of(rng, pm, namer)
        lines += homes.scattered(rng, commune)
        for rank, home in enumerate(lines, 1):
            home.identifier = f"IMB/{commune.insee}/X/{streets.letters(rank, 4)}"
            dates.fill(rng, home)
        found += lines
    _forget_some(rng, found)
    return found


def _forget_some(rng, lines):
    """Real files have gaps: some lines have no identifier, some no hexaclé."""
    shared = Counter(home.address_code for home in lines)
    for home in lines:
        if home.kind != homes.HOUSE or not home.address_code:
            continue
        chance = rng.random()
        if chance < 0.01 and shared[home.address_code] == 1:
            home.identifier = ""
        elif chance < 0.03 and home.state != "DEPLOYE":
            home.number = ""


def rows():
    """Return the lines of the file as ``{column: text}``."""
    rng = random.Random(tables.SEED + 1)
    lines = network()
    dwellings = Counter()
    for home in lines:
        if home.pm:
            dwellings[home.pm.reference] += home.dwellings
    return [
        cells.cells(rng, home, home.pm and dwellings[home.pm.reference])
        for home in lines
    ]


def content():
    """Return the CSV as bytes: the protocol's separator and line ends."""
    text = io.StringIO()
    names = columns()
    text.write(";".join(names) + "\r\n")
    for row in rows():
        unknown = row.keys() - set(names)
        assert not unknown, unknown
        text.write(";".join(row.get(name, "") for name in names) + "\r\n")
    return text.getvalue().encode()


def write(target):
    entry = zipfile.ZipInfo(f"{tables.NAME}.csv", (2026, 11, 1, 2, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(entry, content(), compresslevel=9)


if __name__ == "__main__":
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    write(path)
    print(f"{path}: {path.stat().st_size} bytes")
