"""What the files are made of: columns, communes, streets, managers, codes."""

import csv
import datetime
import gzip
import io
from functools import cache
from pathlib import Path
from typing import NamedTuple

ADDONS = Path(__file__).parents[2] / "addons"
COMMUNES = ADDONS / "oiconnect_base/data/communes.csv.gz"
FORMATS = ADDONS / "oiconnect_interop/formats"

OI_CODE = "OICN"
VERSION = "V3.1"
VERSIONS = ("V2.0", "V2.1", "V2.2", "V3.0", "V3.1")
#: versions that may not show a planned PM
BEFORE_PLANNED = ("V2.0", "V2.1")
PUBLISHED = datetime.date(2026, 9, 1)
CHANGED = "20260820"

STREETS = (
    ("RUE", "DES TILLEULS"),
    ("RUE", "DE L'ÉGLISE"),
    ("RUE", "DU STADE"),
    ("AV", "DU GÉNÉRAL DE GAULLE"),
    ("CHE", "DES PRÉS"),
    ("IMP", "DES LILAS"),
    ("RTE", "DE LYON"),
    ("PL", "DE LA MAIRIE"),
    ("ALL", "DES CERISIERS"),
    ("RUE", "VICTOR HUGO"),
    ("RUE", "PASTEUR"),
    ("MTE", "DU CHÂTEAU"),
)
CONDITIONS = (
    "PRÉVENIR 48 H AVANT",
    "CLÉS CHEZ LE GARDIEN, BÂT. A",
    "PAS D'INTERVENTION LE WEEK-END",
    "AFFICHAGE EN HALL 8 JOURS AVANT",
)
PBO_TYPES = ("CHAMBRE", "FACADE", "AERIEN POTEAU ENEDIS", "AERIEN POTEAU ORANGE")
PATHS = ("SOUTERRAIN", "FACADE", "AERIEN", "AERO-SOUTERRAIN")


class Spec(NamedTuple):
    """A column of a format: what the file that describes it says."""

    name: str
    field: str
    type: str
    length: int
    mandatory: bool
    pattern: bool


@cache
def columns(flow: str, version: str) -> tuple[Spec, ...]:
    """Columns of ``flow`` in ``version``, in their order."""
    with (FORMATS / f"{flow}.csv").open(encoding="utf-8", newline="") as source:
        rows = [
            row
            for row in csv.DictReader(source, delimiter=";")
            if version in row["versions"].split()
        ]
    return tuple(map(_spec, sorted(rows, key=lambda row: int(row["rank"]))))


def _spec(row: dict[str, str]) -> Spec:
    return Spec(
        row["column"],
        row["field"],
        row["type"],
        int(row["length"].partition(".")[0] or 0),
        row["rule"] == "M",
        row["values"].startswith("/"),
    )


@cache
def header(flow: str, version: str = VERSION) -> tuple[str, ...]:
    """Names of the columns of ``flow`` in ``version``."""
    return tuple(column.name for column in columns(flow, version))


@cache
def communes(department: str = "01") -> tuple[tuple[str, str, str], ...]:
    """(INSEE code, postal code, name) of the communes of a department."""
    text = gzip.decompress(COMMUNES.read_bytes()).decode()
    return tuple(
        (row["insee_code"], row["postal_codes"].split()[0], row["name"].upper())
        for row in csv.DictReader(io.StringIO(text), delimiter=";")
        if row["department"] == department and row["kind"] == "commune"
    )


class Syndic(NamedTuple):
    """A manager of buildings, at one address whatever the buildings."""

    name: str
    siret: str
    postal_code: str
    city: str


@cache
def syndics() -> tuple[Syndic, ...]:
    """Forty managers; one in four has no SIRET."""
    names = ("SYNDIC EXEMPLE", "RÉGIE DU VAL", "GESTION & PATRIMOINE", "OPH EXEMPLE")
    found = []
    for rank, (_insee, postal, city) in enumerate(communes()[:40]):
        number = siret(rank) if rank % 4 else ""
        found.append(Syndic(f"{names[rank % 4]} {rank}", number, postal, city))
    return tuple(found)


def siret(rank: int) -> str:
    """A SIRET with good check digits, of a company that does not exist."""
    siren = _checked(f"{90000000 + rank:08d}")
    return _checked(f"{siren}{10 + rank % 90:04d}")


def _checked(digits: str) -> str:
    """Add the digit that makes the sum of Luhn a multiple of ten."""
    total = 0
    for rank, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if rank % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return f"{digits}{-total % 10}"


def file_name(token: str, version: str, day: datetime.date) -> str:
    """Name of a file of the network, as the protocol wants it."""
    version = version.replace(".", "")
    return f"TEST_01_{OI_CODE}_PM_{token}_{version}_{wire(day)}_00.csv"


def hexacle(number: int) -> str:
    """Ten characters that look like the code of an address."""
    return f"01{number:08X}"


def decimal(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")


def wire(day: datetime.date) -> str:
    return f"{day:%Y%m%d}"


def months_later(day: datetime.date, count: int) -> datetime.date:
    """As PostgreSQL adds months: the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    last = datetime.date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last -= datetime.timedelta(1)
    return last.replace(day=min(day.day, last.day))


def day_of(text: str) -> datetime.date:
    return datetime.datetime.strptime(text, "%Y%m%d").date()
