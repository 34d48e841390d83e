"""Operators of a network: they drop files of orders on an SFTP server, find answers."""

import re
from datetime import datetime

from oictools import oc
from oictools.story import PARIS, now

REFERENCE = "ReferenceCommandePriseInterneOC"
FLOWS = ("AR_CMD", "CR_CMD", "CMD_STOC")
#: day and number of a file
NUMBER = re.compile(r"_(\d{8})_(\d+)\.csv$")


def _read(content):
    """The lines of a file, in either of the encodings that an OI may choose."""
    try:
        content.decode()
    except UnicodeDecodeError:
        content = content.decode("cp1252").encode()
    return oc.read(content)


class Operators:
    """What operators have ordered by files, and what they were answered."""

    def __init__(self, sftp, oi, codes, places):
        """``places``: identifiers of buildings with free fibres behind one PM"""
        self.sftp, self.oi, self.codes, self.places = sftp, oi, codes, places
        self.ordered = {operator: [] for operator in codes}
        #: references of each file, as dropped
        self.files = {operator: [] for operator in codes}
        self._rank = 0
        self._read = {}

    def drop(self, count):
        """Each operator orders ``count`` accesses, in a file."""
        for operator in self.codes:
            self.drop_file(operator, count)

    def drop_file(self, operator, count):
        """Drop a file of ``count`` orders; return where it was put."""
        day = datetime.now(PARIS).strftime("%Y%m%d")
        number = f"{len(self.files[operator]) + 1:02d}"
        name = f"{self.oi}_{operator}_ACCES_CMD_ACCES_V13_{day}_{number}.csv"
        target = self.sftp.home(operator.lower()) / "in" / name
        part = target.with_suffix(".tmp")
        lines = list(self._lines(operator, count))
        part.write_bytes(oc.write("CMD_ACCES", lines))
        part.rename(target)
        self.files[operator].append([line[REFERENCE] for line in lines])
        self.ordered[operator] += self.files[operator][-1]
        return target

    def _lines(self, operator, count):
        first = len(self.ordered[operator])
        for rank in range(first, first + count):
            place = self.places[self._rank % len(self.places)]
            self._rank += 1
            yield {
                REFERENCE: f"{operator}-{rank:05d}",
                "IdentifiantImmeuble": place,
                "ReferencePm": f"{self.oi}-PM-1",
                "TypeRacco": "STOC",
                "NomClient": "EXEMPLE",
                "ContactClient1": "0600000001",
                "PriseExistante": "N",
                "TypeCommandeDemande": "AUTO",
                "DateCommandePrise": now(),
            }

    def names(self, operator, flow):
        """[(day, number, path)] of the files of a flow that an operator finds."""
        folder = self.sftp.home(operator.lower()) / "out"
        found = [
            (*NUMBER.search(path.name).groups(), path)
            for path in folder.glob(f"*_{flow}_*.csv")
        ]
        return sorted((day, int(number), path) for day, number, path in found)

    def answers(self, operator, flow):
        """[(reference, when its file came)] of a flow, in the order of its files."""
        found = []
        for _day, _number, path in self.names(operator, flow):
            # A file is there once it is whole, and never changes.
            if path not in self._read:
                lines, when = _read(path.read_bytes()), path.stat().st_mtime_ns
                self._read[path] = [(line[REFERENCE], when) for line in lines]
            found += self._read[path]
        return found

    def is_answered(self):
        return all(
            len(self.answers(operator, flow)) >= len(self.ordered[operator])
            for operator in self.codes
            for flow in FLOWS
        )

    def check_answers(self):
        """One answer of each kind to each order."""
        for operator in self.codes:
            for flow in FLOWS:
                answers = self.answers(operator, flow)
                names = sorted(reference for reference, _when in answers)
                assert names == self.ordered[operator], (operator, flow)

    def check_receipts_first(self):
        for operator in self.codes:
            came = {flow: dict(self.answers(operator, flow)) for flow in FLOWS}
            for reference, when in came["AR_CMD"].items():
                assert when <= came["CR_CMD"][reference], reference
                assert when <= came["CMD_STOC"][reference], reference
