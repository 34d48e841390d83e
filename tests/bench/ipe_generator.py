"""Believable IPE files of any size, the same ones for the same seed.

Fictitious network ``OICN`` on the real communes of the Ain: clusters of addresses per
PM, houses and buildings with managers, complements of numbers, all states. Every line
follows the rules between columns of the protocol.
"""

import csv
import datetime
import gzip
import io
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ADDONS = Path(__file__).parents[2] / "addons"
COMMUNES = ADDONS / "oiconnect_base/data/communes.csv.gz"
FORMAT = ADDONS / "oiconnect_interop/formats/IPE.csv"

PUBLISHED = datetime.date(2026, 9, 1)
LINES_PER_PM = 350

_STREETS = (
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
_MANAGERS = ("SYNDIC EXEMPLE", "RÉGIE DU VAL", "GESTION & PATRIMOINE", "OPH EXEMPLE")
_PBO_TYPES = ("CHAMBRE", "FACADE", "AERIEN POTEAU ENEDIS", "AERIEN POTEAU ORANGE")
_PATHS = ("SOUTERRAIN", "FACADE", "AERIEN", "AERO-SOUTERRAIN")
# States of a house behind a PM, with their weights, by state of the PM
_HOUSE_STATES = {
    "DEPLOYE": (
        ("DEPLOYE", "RACCORDABLE DEMANDE", "RAD EN COURS DE DEPLOIEMENT", "CIBLE"),
        (82, 8, 2, 8),
    ),
    "EN COURS DE DEPLOIEMENT": (("EN COURS DE DEPLOIEMENT", "CIBLE"), (70, 30)),
    "PLANIFIE": (("CIBLE", "ABANDONNE"), (97, 3)),
}


@cache
def header(version: str = "V3.1") -> tuple[str, ...]:
    """Names of the columns of the IPE in ``version``."""
    with FORMAT.open(encoding="utf-8", newline="") as source:
        return tuple(
            row["column"]
            for row in csv.DictReader(source, delimiter=";")
            if version in row["versions"].split()
        )


@cache
def communes(department: str = "01") -> tuple[tuple[str, str, str], ...]:
    """(INSEE code, postal code, name) of the communes of a department."""
    text = gzip.decompress(COMMUNES.read_bytes()).decode()
    return tuple(
        (row["insee_code"], row["postal_codes"].split()[0], row["name"].upper())
        for row in csv.DictReader(io.StringIO(text), delimiter=";")
        if row["department"] == department and row["kind"] == "commune"
    )


def write(path: Path, count: int, seed: int = 1, version: str = "V3.1") -> None:
    """Write a file of ``count`` lines."""
    with path.open("w", encoding="utf-8", newline="") as target:
        target.write(";".join(header(version)) + "\r\n")
        target.writelines(
            ";".join(cells) + "\r\n" for cells in generate(count, seed, version)
        )


def generate(count: int, seed: int = 1, version: str = "V3.1") -> Iterator[list[str]]:
    """Yield the cells of ``count`` lines, in the order of ``header``."""
    names = header(version)
    for line in _lines(count, random.Random(seed)):
        yield [line.get(name, "") for name in names]


def _lines(count: int, rng: random.Random) -> Iterator[dict[str, str]]:
    rank = 0
    while rank < count:
        size = min(rng.randint(LINES_PER_PM // 2, LINES_PER_PM * 3 // 2), count - rank)
        yield from _Cluster(rng, rank, size).lines()
        rank += size


class _Cluster:
    """The addresses behind one PM; one cluster in thirty has no PM yet."""

    def __init__(self, rng: random.Random, first: int, size: int):
        self.rng = rng
        self.first = first
        self.size = size
        self.insee, self.postal, self.city = rng.choice(communes())
        self.x = rng.uniform(850_000, 935_000)
        self.y = rng.uniform(6_520_000, 6_600_000)
        self.reference = "" if rng.random() < 1 / 30 else f"OICN-{first:08d}"
        self.state = rng.choices(tuple(_HOUSE_STATES), (80, 15, 5))[0]
        self.installed = PUBLISHED - datetime.timedelta(rng.randint(120, 2000))

    def lines(self) -> Iterator[dict[str, str]]:
        streets = self.rng.sample(_STREETS, 3)
        addresses = [self._address(rank, streets) for rank in range(self.size)]
        pm = self._pm(sum(int(a["NombreLogementsAdresseIPE"]) for a in addresses))
        for address in addresses:
            yield pm | address

    # -- PM ---------------------------------------------------------------------------

    def _pm(self, dwellings: int) -> dict[str, str]:
        if not self.reference:
            return {}
        columns = {
            "ReferencePM": self.reference,
            "EtatPM": self.state,
            "TypeEmplacementPM": "PME-Armoire de rue",
            "CapaciteMaxPM": "720",
            "CodeInseePM": self.insee,
            "CodePostalPM": self.postal,
            "CommunePM": self.city,
            "TypeVoiePM": "RUE",
            "NomVoiePM": "DE LA FIBRE",
            "NumeroVoiePM": "0",
            "TypeIngenierie": "MONO",
            "NombreLogementsPM": str(dwellings),
            "NombrePMTechniques": "1",
            "CoordonneePMX": _decimal(self.x),
            "CoordonneePMY": _decimal(self.y),
            "RefRegroupementPM": f"LOT-{self.insee}-01",
            "EmplacementActifDisponible": "N",
            "QualiteAdressePM": "PRECISE",
            "BrassageOI": "N",
        }
        return columns | self._pm_dates()

    def _pm_dates(self) -> dict[str, str]:
        if self.state != "DEPLOYE":
            return {"DateInstallationPM": "20261115"}
        return {
            "DateInstallationPM": _date(self.installed),
            "DatePremiereMADPM": _date(self.installed),
            "DateMiseEnServiceCommercialePM": _date(_in_three_months(self.installed)),
        }

    # -- address ----------------------------------------------------------------------

    def _address(self, rank: int, streets: list[tuple[str, str]]) -> dict[str, str]:
        number = self.first + rank
        kind, street = streets[rank % 3]
        columns = {
            "IdentifiantImmeuble": f"IMB/{self.insee}/X/{number:08d}",
            "CodeInseeImmeuble": self.insee,
            "CodePostalImmeuble": self.postal,
            "CommuneImmeuble": self.city,
            "CodeAdresseImmeuble": _hexacle(number),
            "TypeVoieImmeuble": kind,
            "NomVoieImmeuble": street,
            "NumeroVoieImmeuble": str(rank // 3 * 2 + 1),
            "ComplementNumeroVoieImmeuble": "B" if rank % 29 == 0 else "",
            "DateDerniereModification": "20260820",
            "TypeProjectionGeographique": "RGF93",
            "CoordonneeImmeubleX": _decimal(self.x + self.rng.uniform(-900, 900)),
            "CoordonneeImmeubleY": _decimal(self.y + self.rng.uniform(-900, 900)),
            "TypeZone": "3",
            "CodeHexacleVoie": _hexacle(self.first + rank % 3)[:9] + "0",
            "CodeBAN": f"{self.insee}_{rank % 3:04d}_{rank // 3 * 2 + 1:05d}",
            "ImmeubleNeuf": "N",
            "CodeOI": "OICN",
        }
        is_house = not self.reference or self.rng.random() < 0.85
        return columns | (self._house() if is_house else self._building(rank))

    def _house(self) -> dict[str, str]:
        if not self.reference:
            return _kind("PAVILLON", "CIBLE", 1)
        state = self.rng.choices(*_HOUSE_STATES[self.state])[0]
        return _kind("PAVILLON", state, 1) | self._service(state)

    def _building(self, rank: int) -> dict[str, str]:
        state = self.state if self.state != "PLANIFIE" else "SIGNE"
        # Cabling follows within six months (rule R14).
        cabled = self.installed if state == "DEPLOYE" else PUBLISHED
        signed = cabled - datetime.timedelta(60)
        return {
            "BatimentImmeuble": f"BAT {'ABCD'[rank % 4]}",
            "DateSignatureConvention": _date(signed),
            "GestionnaireImmeuble": self.rng.choice(_MANAGERS),
            "CodePostalGestionnaire": self.postal,
            "CommuneGestionnaire": self.city,
            "TypeVoieGestionnaire": "PL",
            "NomVoieGestionnaire": "DE LA MAIRIE",
            "NumeroVoieGestionnaire": "1",
            "ConditionsSyndic": "PRÉVENIR 48 H AVANT" if rank % 5 == 0 else "",
            **_kind("IMMEUBLE", state, self.rng.randint(4, 60)),
            **self._service(state),
        }

    def _service(self, state: str) -> dict[str, str]:
        if state != "DEPLOYE":
            forecast = "20261215" if state == "EN COURS DE DEPLOIEMENT" else ""
            return {"DateCablageAdresse": forecast, "FibreDedieeLibre": "N"}
        rank = self.rng.randrange(4)
        opened = _date(_in_three_months(self.installed))
        return {
            "DateCablageAdresse": _date(self.installed),
            "FibreDedieeLibre": "N",
            "DateMiseEnServiceCommercialeImmeuble": opened,
            "DateDebutAcceptationCmdAcces": _date(self.installed),
            "DateDebutFournitureCRCmdAcces": opened,
            "LongueurLigneImmeuble": _decimal(self.rng.uniform(0.05, 6)),
            "TypePBO": _PBO_TYPES[rank],
            "TypeRaccoPBPTO": _PATHS[rank],
        }


def _kind(kind: str, state: str, dwellings: int) -> dict[str, str]:
    return {
        "TypeImmeuble": kind,
        "EtatImmeuble": state,
        "NombreLogementsAdresseIPE": str(dwellings),
        "AccordGestionnaireImmeubleNecessaire": "N" if kind == "PAVILLON" else "O",
        "SusceptibleRaccordableDemande": "O" if "DEMANDE" in state else "N",
    }


def _date(day: datetime.date) -> str:
    return f"{day:%Y%m%d}"


def _in_three_months(day: datetime.date) -> datetime.date:
    year, month = divmod(day.year * 12 + day.month + 2, 12)
    following = datetime.date(year + month // 11, (month + 1) % 12 + 1, 1)
    return min(
        day.replace(day=1, month=month + 1, year=year)
        + datetime.timedelta(day.day - 1),
        following - datetime.timedelta(1),
    )


def _decimal(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")


def _hexacle(number: int) -> str:
    """Ten characters that look like the code of an address."""
    return f"01{number:08X}"
