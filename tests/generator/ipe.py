"""IPE files: clusters of addresses, each behind a PM; every line follows the rules."""

import datetime
import random
from collections.abc import Iterator
from pathlib import Path

from . import tables
from .tables import OI_CODE, PUBLISHED, VERSION, decimal, hexacle, wire

LINES_PER_PM = 350
#: clusters whose PM is not known yet: one in so many
WITHOUT_PM = 10

_PM_STATES = ("DEPLOYE", "EN COURS DE DEPLOIEMENT", "PLANIFIE", "ABANDONNE")
# States of a house behind a PM, with their weights, by state of the PM
_HOUSE_STATES = {
    "DEPLOYE": (
        ("DEPLOYE", "RACCORDABLE DEMANDE", "RAD EN COURS DE DEPLOIEMENT", "CIBLE"),
        (82, 8, 2, 8),
    ),
    "EN COURS DE DEPLOIEMENT": (("EN COURS DE DEPLOIEMENT", "CIBLE"), (70, 30)),
    "PLANIFIE": (("CIBLE", "ABANDONNE"), (97, 3)),
    "ABANDONNE": (("ABANDONNE",), (1,)),
}
# State of a building of which the manager must agree, by state of the PM
_BUILDING_STATES = {
    "DEPLOYE": ("DEPLOYE", "DEPLOYE", "DEPLOYE", "SIGNE", "EN COURS DE DEPLOIEMENT"),
    "EN COURS DE DEPLOIEMENT": ("EN COURS DE DEPLOIEMENT", "SIGNE"),
    "PLANIFIE": ("SIGNE",),
    "ABANDONNE": ("ABANDONNE",),
}

Line = dict[str, str]


def header(version: str = VERSION) -> tuple[str, ...]:
    """Names of the columns of the IPE in ``version``."""
    return tables.header("IPE", version)


def write(path: Path, count: int, seed: int = 1, version: str = VERSION) -> None:
    """Write a file of ``count`` good lines."""
    with path.open("w", encoding="utf-8", newline="") as target:
        target.write(";".join(header(version)) + "\r\n")
        target.writelines(
            ";".join(cells) + "\r\n" for cells in generate(count, seed, version)
        )


def generate(count: int, seed: int = 1, version: str = VERSION) -> Iterator[list[str]]:
    """Yield the cells of ``count`` lines, in the order of ``header``."""
    names = header(version)
    for cluster in clusters(count, seed, version):
        for line in cluster.lines():
            yield [line.get(name, "") for name in names]


def clusters(
    count: int, seed: int = 1, version: str = VERSION, lines_per_pm: int = LINES_PER_PM
) -> Iterator["Cluster"]:
    """Yield the clusters of ``count`` lines; read the lines of one before the next."""
    rng = random.Random(seed)
    rank = 0
    while rank < count:
        size = min(rng.randint(lines_per_pm // 2, lines_per_pm * 3 // 2), count - rank)
        yield Cluster(rng, rank, size, version)
        rank += size


class Cluster:
    """The addresses behind one PM; one cluster in ten has no PM yet.

    Its two first lines are twins in one cluster of three: two buildings at one address
    that only their identifiers tell apart.
    """

    def __init__(self, rng: random.Random, first: int, size: int, version: str):
        self.rng = rng
        self.first = first
        self.size = size
        self.insee, self.postal, self.city = rng.choice(tables.communes())
        self.x = rng.uniform(850_000, 935_000)
        self.y = rng.uniform(6_520_000, 6_600_000)
        self.state = rng.choices(_PM_STATES, (76, 13, 8, 3))[0]
        self.installed = PUBLISHED - datetime.timedelta(rng.randint(120, 2000))
        #: known once the lines are made
        self.has_twins = rng.randrange(3) == 0
        hidden = self.state == "PLANIFIE" and version in tables.BEFORE_PLANNED
        unknown = rng.randrange(WITHOUT_PM) == 0 or hidden
        self.reference = "" if unknown else f"OICN-{first:08d}"

    def lines(self) -> list[Line]:
        streets = self.rng.sample(tables.STREETS, 3)
        addresses = [self._address(rank, streets) for rank in range(self.size)]
        self.has_twins &= self.size > 1 and bool(addresses[0]["CodeAdresseImmeuble"])
        if self.has_twins:
            _make_twins(*addresses[:2])
        pm = self.pm(sum(int(a["NombreLogementsAdresseIPE"]) for a in addresses))
        return [pm | address for address in addresses]

    # -- PM ---------------------------------------------------------------------------

    def pm(self, dwellings: int) -> Line:
        """Return the columns of the PM, none when it is not known."""
        if not self.reference:
            return {}
        indoor = self.first % 9 == 0
        columns = {
            "ReferencePM": self.reference,
            "EtatPM": self.state,
            "TypeEmplacementPM": "PMI" if indoor else "PME-Armoire de rue",
            "CommentairePM": "DERRIÈRE L'ABRIBUS" if self.first % 4 == 0 else "",
            "CapaciteMaxPM": "720",
            "CodeInseePM": self.insee,
            "CodePostalPM": self.postal,
            "CommunePM": self.city,
            "TypeVoiePM": "RUE",
            "NomVoiePM": "DE LA FIBRE",
            "NumeroVoiePM": "0",
            "TypeIngenierie": "MONO",
            "NombreLogementsPM": str(dwellings),
            "NombreColonnesMontantesPM": "2" if indoor else "",
            "NombrePMTechniques": "1",
            "CoordonneePMX": decimal(self.x),
            "CoordonneePMY": decimal(self.y),
            "RefRegroupementPM": f"LOT-{self.insee}-01",
            "EmplacementActifDisponible": "N",
            "QualiteAdressePM": "PRECISE",
            "BrassageOI": "N",
        }
        return columns | self._pm_dates()

    def _pm_dates(self) -> Line:
        if self.state != "DEPLOYE":
            return {"DateInstallationPM": "20261115"}
        opened = tables.months_later(self.installed, 3)
        return {
            "DateInstallationPM": wire(self.installed),
            "DatePremiereMADPM": wire(self.installed),
            "DateMiseEnServiceCommercialePM": wire(opened),
        }

    # -- address ----------------------------------------------------------------------

    def _address(self, rank: int, streets: list[tuple[str, str]]) -> Line:
        number = self.first + rank
        kind, street = streets[rank % 3]
        columns = {
            "IdentifiantImmeuble": f"IMB/{self.insee}/X/{number:08d}",
            "CodeInseeImmeuble": self.insee,
            "CodePostalImmeuble": self.postal,
            "CommuneImmeuble": self.city,
            "CodeAdresseImmeuble": hexacle(number),
            "TypeVoieImmeuble": kind,
            "NomVoieImmeuble": street,
            "NumeroVoieImmeuble": str(rank // 3 * 2 + 1),
            "ComplementNumeroVoieImmeuble": "B" if rank % 29 == 0 else "",
            "DateDerniereModification": tables.CHANGED,
            "TypeProjectionGeographique": "RGF93",
            "CoordonneeImmeubleX": decimal(self.x + self.rng.uniform(-900, 900)),
            "CoordonneeImmeubleY": decimal(self.y + self.rng.uniform(-900, 900)),
            "TypeZone": "3",
            "CodeHexacleVoie": hexacle(self.first + rank % 3)[:9] + "0",
            "CodeBAN": f"{self.insee}_{rank % 3:04d}_{rank // 3 * 2 + 1:05d}",
            "ImmeubleNeuf": "N",
            "CodeOI": OI_CODE,
        }
        if number % 37 == 5:
            _forget_key(columns, number)
        is_house = not self.reference or self.rng.random() < 0.85
        return columns | (self._house() if is_house else self._building(rank))

    def _house(self) -> Line:
        if not self.reference:
            return _kind("PAVILLON", "CIBLE", 1)
        state = self.rng.choices(*_HOUSE_STATES[self.state])[0]
        return _kind("PAVILLON", state, 1) | self._service(state)

    def _building(self, rank: int) -> Line:
        state = self.rng.choice(_BUILDING_STATES[self.state])
        # Cabling follows within six months (rule R14).
        cabled = self.installed if state == "DEPLOYE" else PUBLISHED
        signed = cabled - datetime.timedelta(60)
        return {
            "BatimentImmeuble": f"BÂT {'ABCD'[rank % 4]}",
            "DateSignatureConvention": wire(signed),
            "ConditionsSyndic": tables.CONDITIONS[rank % 4] if rank % 3 == 0 else "",
            **_manager(self.rng.choice(tables.syndics())),
            **_kind("IMMEUBLE", state, self.rng.randint(4, 60)),
            **self._service(state),
        }

    def _service(self, state: str) -> Line:
        if state != "DEPLOYE":
            forecast = "20261215" if state == "EN COURS DE DEPLOIEMENT" else ""
            return {"DateCablageAdresse": forecast, "FibreDedieeLibre": "N"}
        rank = self.rng.randrange(4)
        opened = wire(tables.months_later(self.installed, 3))
        return {
            "DateCablageAdresse": wire(self.installed),
            "FibreDedieeLibre": "N",
            "DateMiseEnServiceCommercialeImmeuble": opened,
            "DateDebutAcceptationCmdAcces": wire(self.installed),
            "DateDebutFournitureCRCmdAcces": opened,
            "LongueurLigneImmeuble": decimal(self.rng.uniform(0.05, 6)),
            "TypePBO": tables.PBO_TYPES[rank],
            "TypeRaccoPBPTO": tables.PATHS[rank],
        }


def _make_twins(first: Line, second: Line) -> None:
    """Two buildings at one address: both with an identifier, neither with a name."""
    address = {
        name: first[name]
        for name in first
        if name.endswith("Immeuble")
        and name.startswith(("Code", "Commune", "TypeVoie", "NomVoie", "Numero"))
        or name == "ComplementNumeroVoieImmeuble"
    }
    for rank, line in enumerate((first, second)):
        line |= address
        line["BatimentImmeuble"] = ""
        line["IdentifiantImmeuble"] = f"IMB/{first['CodeAdresseImmeuble']}/{rank}"


def _forget_key(columns: Line, number: int) -> None:
    """Real files have gaps: lines without identifier, or without code of address."""
    name = "IdentifiantImmeuble" if number % 2 else "CodeAdresseImmeuble"
    columns[name] = ""


def _manager(syndic: tables.Syndic) -> Line:
    return {
        "GestionnaireImmeuble": syndic.name,
        "SiretGestionnaire": syndic.siret,
        "CodePostalGestionnaire": syndic.postal_code,
        "CommuneGestionnaire": syndic.city,
        "TypeVoieGestionnaire": "PL",
        "NomVoieGestionnaire": "DE LA MAIRIE",
        "NumeroVoieGestionnaire": "1",
        "ComplementNumeroVoieGestionnaire": "T",
    }


def _kind(kind: str, state: str, dwellings: int) -> Line:
    return {
        "TypeImmeuble": kind,
        "EtatImmeuble": state,
        "NombreLogementsAdresseIPE": str(dwellings),
        "AccordGestionnaireImmeubleNecessaire": "N" if kind == "PAVILLON" else "O",
        "SusceptibleRaccordableDemande": "O" if "DEMANDE" in state else "N",
    }
