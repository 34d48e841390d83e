"""Golden files: what each file of a conversation must be, column by column.

What changes from run to run stands as a placeholder: dates, and the references that
are numbered (`<service 1>` is the first service reference met, and so on).
OIC_GOLDEN_UPDATE=1 writes the golden files anew; the change is then read in git.
"""

import csv
import io
import os
import re
from pathlib import Path

FOLDER = Path(__file__).parent / "golden"
DATE = re.compile(r"^\d{8}$")
MOMENT = re.compile(r"^\d{8} \d{2}:\d{2}$")
REFERENCES = {
    "ReferencePrestationPrise": "service",
    "ReferenceCommandeSousTraitantOI": "sub-contract",
    "ReferencePrise": "socket",
    "IdRdv": "appointment",
    "NumeroDecharge": "discharge",
}
# A socket that a file names and that does not exist: it is returned as received.
KNOWN_SOCKETS = {"ZZ-0000-0000"}


class Names:
    """Placeholders of one conversation: one for each reference met."""

    def __init__(self):
        self._met = {}

    def of(self, column, value):
        if DATE.match(value):
            return "<date>"
        if MOMENT.match(value):
            return "<moment>"
        kind = REFERENCES.get(column)
        if not kind or not value or value in KNOWN_SOCKETS:
            return value
        met = self._met.setdefault(kind, [])
        if value not in met:
            met.append(value)
        return f"<{kind} {met.index(value) + 1}>"


def table(content, names):
    """Header and rows of a file, placeholders put in."""
    header, *rows = csv.reader(io.StringIO(content.decode()), delimiter=";")
    return header, [
        [names.of(column, value) for column, value in zip(header, row, strict=True)]
        for row in rows
    ]


def check(story, messages):
    """Compare every file of ``messages`` with its golden file of ``story``."""
    names = Names()
    found = [(message.flow, table(message.content, names)) for message in messages]
    for rank, (flow, (header, rows)) in enumerate(found, 1):
        path = FOLDER / story / f"{rank:02d}_{flow}.csv"
        if os.environ.get("OIC_GOLDEN_UPDATE"):
            _write(path, header, rows)
        expected_header, *expected = _read(path)
        assert header == expected_header, f"{path.name}: header"
        assert len(rows) == len(expected), f"{path.name}: number of lines"
        for line, (row, wanted) in enumerate(zip(rows, expected, strict=True), 2):
            for column, value, golden in zip(header, row, wanted, strict=True):
                place = f"{path.name} line {line}, {column}"
                assert value == golden, f"{place}: {value!r}, not {golden!r}"


def _read(path):
    with path.open(newline="", encoding="utf-8") as source:
        return list(csv.reader(source, delimiter=";"))


def _write(path, header, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as target:
        writer = csv.writer(target, delimiter=";", lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
