#!/usr/bin/env python3
"""Make the communes file of oiconnect_base from the published npm data set.

Usage: ``scripts/make_communes.py`` (needs npm). The data set is
``@etalab/decoupage-administratif`` (Etalab open licence 2.0); its current
communes, municipal districts and overseas collectivities become one line
each: INSEE code, name, kind, department, region, postal codes (space between).
"""

import csv
import gzip
import io
import json
import subprocess
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "@etalab/decoupage-administratif@6.0.0"
TARGET = Path(__file__).parent.parent / "addons/oiconnect_base/data/communes.csv.gz"
# Rank decides which record keeps a code that two kinds share (a former commune
# that gave its name and code to the merged one).
KINDS = {
    "commune-actuelle": ("commune", 0),
    "arrondissement-municipal": ("district", 1),
    "commune-deleguee": ("delegated", 2),
    "commune-associee": ("associated", 3),
}


def download(folder: Path) -> list[dict]:
    """Return the records of ``communes.json`` of the pinned package."""
    name = subprocess.run(
        ["npm", "pack", "--silent", PACKAGE],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    with tarfile.open(folder / name) as archive:
        return json.load(archive.extractfile("package/data/communes.json"))


def lines(records: list[dict]) -> list[tuple]:
    """Return one sorted line per INSEE code."""
    chosen = {}
    for record in sorted(records, key=lambda r: KINDS.get(r["type"], ("", 9))[1]):
        chosen.setdefault(record["code"], record)
    return [
        (
            code,
            record["nom"],
            KINDS.get(record["type"], ("collectivity", 9))[0],
            record.get("departement") or code[:3],
            record.get("region") or "",
            " ".join(record.get("codesPostaux", [])),
        )
        for code, record in sorted(chosen.items())
    ]


def write(rows: list[tuple]) -> None:
    """Write the compressed CSV; the same input gives the same bytes."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow("insee_code name kind department region postal_codes".split())
    writer.writerows(rows)
    with open(TARGET, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as out:
        out.write(text.getvalue().encode())


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        rows = lines(download(Path(folder)))
    write(rows)
    print(f"{TARGET}: {len(rows)} communes")


if __name__ == "__main__":
    main()
