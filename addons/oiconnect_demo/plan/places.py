"""Lines of the demo's IPE file, read for the plan of the network. Plain Python."""

import csv
import io
import zipfile
from datetime import date
from pathlib import Path
from typing import NamedTuple

NAME = "OICONNECT_01_OICN_PM_IPEZMD_V31_20261101_00.zip"
# Demo orders are made where lines have been sold from before this day.
OPENED_BEFORE = "20260601"
PATH = Path(__file__).parents[1] / "data" / NAME


class Place(NamedTuple):
    """One line of the file: an address, or one building of it."""

    identifier: str
    address_code: str
    insee_code: str
    rivoli_code: str
    postal_code: str
    city: str
    street_type: str
    street_name: str
    street_number: str
    street_number_suffix: str
    building_name: str
    dwellings: int
    state: str
    is_house: bool
    is_new: bool
    x: float
    y: float
    pm: str
    pbo_type: str
    path: str
    opened: str
    cabled: date | None

    @property
    def key(self):
        """Return the key of the line, as the import has it."""
        return self.identifier or (self.address_code, self.building_name)

    @property
    def is_deployed(self):
        return self.state == "DEPLOYE"

    @property
    def is_open(self):
        return self.is_deployed and self.opened < OPENED_BEFORE

    @property
    def address(self):
        """Number and street, as a technician reads them."""
        number = self.street_number + self.street_number_suffix
        return f"{number} {self.street_type} {self.street_name}"


def read(path=PATH):
    """Return the places of the file, in its order."""
    with zipfile.ZipFile(path) as archive:
        [name] = archive.namelist()
        text = archive.read(name).decode()
    return [_place(row) for row in csv.DictReader(io.StringIO(text), delimiter=";")]


def _place(row):
    return Place(
        row["IdentifiantImmeuble"],
        row["CodeAdresseImmeuble"],
        row["CodeInseeImmeuble"],
        row["CodeVoieRivoliImmeuble"],
        row["CodePostalImmeuble"],
        row["CommuneImmeuble"],
        row["TypeVoieImmeuble"],
        row["NomVoieImmeuble"],
        row["NumeroVoieImmeuble"],
        row["ComplementNumeroVoieImmeuble"],
        row["BatimentImmeuble"],
        int(row["NombreLogementsAdresseIPE"]),
        row["EtatImmeuble"],
        row["TypeImmeuble"] == "PAVILLON",
        row["ImmeubleNeuf"] == "O",
        _number(row["CoordonneeImmeubleX"]),
        _number(row["CoordonneeImmeubleY"]),
        row["ReferencePM"],
        row["TypePBO"],
        row["TypeRaccoPBPTO"],
        row["DateDebutFournitureCRCmdAcces"],
        _day(row["DateCablageAdresse"]),
    )


def _day(text):
    return date.fromisoformat(text) if text else None


def _number(text):
    return float(text.replace(",", "."))
