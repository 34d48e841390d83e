"""What the demo network is made of: communes, PMs, streets, managers."""

from datetime import date
from typing import NamedTuple

SEED = 20261101
FILE_DATE = date(2026, 11, 1)
OI = "OICN"
NAME = "OICONNECT_01_OICN_PM_IPEZMD_V31_20261101_00"
# Lines of no PM yet, in each commune.
SCATTERED = 20


class Commune(NamedTuple):
    """A real commune; x and y are its centre in Lambert-93."""

    insee: str
    city: str
    postal_code: str
    x: float
    y: float


class Pm(NamedTuple):
    """One PM: where it is from the commune's centre, what it has behind it."""

    commune: Commune
    rank: int
    east: int
    north: int
    lines: int
    state: str
    installed: date
    location: str
    comment: str
    first_delivery: date | None

    @property
    def reference(self):
        return f"{OI}-{self.commune.insee}-{self.rank:04d}"

    @property
    def centre(self):
        return self.commune.x + self.east, self.commune.y + self.north

    @property
    def is_deployed(self):
        return self.state == DEPLOYED

    @property
    def is_of_one_building(self):
        """Inside a building, for its lines alone."""
        return self.location == "PMI" and self.lines < 100

    @property
    def commercial(self):
        """The day its lines are sold from: rule R5."""
        first = self.first_delivery
        if not first:
            return None
        months = first.month - 1 + MONTHS_TO_SALE
        return first.replace(year=first.year + months // 12, month=months % 12 + 1)


AMBRONAY = Commune("01007", "AMBRONAY", "01500", 882602, 6547814)
CHATEAU_GAILLARD = Commune("01089", "CHATEAU-GAILLARD", "01500", 878413, 6544135)
SAINT_DENIS = Commune("01345", "SAINT-DENIS-EN-BUGEY", "01500", 880231, 6541577)
DOUVRES = Commune("01149", "DOUVRES", "01500", 883701, 6546013)
AMBUTRIX = Commune("01008", "AMBUTRIX", "01500", 881045, 6540268)
BETTANT = Commune("01041", "BETTANT", "01500", 883116, 6540996)
COMMUNES = (AMBRONAY, CHATEAU_GAILLARD, SAINT_DENIS, DOUVRES, AMBUTRIX, BETTANT)

DEPLOYED, DEPLOYING = "DEPLOYE", "EN COURS DE DEPLOIEMENT"
PLANNED, ABANDONED = "PLANIFIE", "ABANDONNE"
# INSEE | rank | metres east, north | lines | state | installed | first available |
# place | what helps to find it
_PMS = f"""
01007|1|0|0|300|{DEPLOYED}|2023-03-14|2023-04-03|PME-Armoire de rue|Armoire à l'angle de la place, près de l'école
01007|2|-380|-720|250|{DEPLOYED}|2024-02-20|2024-03-04|PME-Armoire de rue|Armoire sur l'accotement, après le cimetière
01007|3|760|520|170|{DEPLOYING}|2027-03-31||PME-Armoire de rue|Emplacement prévu devant la salle des fêtes
01089|1|0|0|310|{DEPLOYED}|2023-06-06|2023-06-19|PME-Armoire de rue|Armoire double, à gauche de la mairie
01089|2|820|-560|240|{DEPLOYED}|2024-09-17|2024-09-30|PME-Shelter|Shelter derrière le stade, accès par le chemin
01345|1|0|0|320|{DEPLOYED}|2022-11-22|2022-12-05|PME-Local technique|Dans le local du NRO, porte de droite
01345|2|690|470|306|{DEPLOYED}|2024-05-28|2024-06-10|PME-Armoire de rue|Armoire au rond-point, côté gare
01345|3|-640|-420|24|{ABANDONED}|2026-06-30||PMI|Programme immobilier arrêté
01149|1|0|0|290|{DEPLOYED}|2025-01-21|2025-02-03|PME-Armoire de rue|Armoire face au lavoir
01149|2|560|610|180|{DEPLOYING}|2026-12-18||PME-Armoire de rue|Armoire posée, en attente de raccordement
01008|1|0|0|240|{DEPLOYED}|2026-08-25|2026-09-01|PMI|Local en sous-sol de la résidence, montée du village
01041|1|0|0|250|{PLANNED}|2027-09-30||PME-Armoire de rue|
"""  # noqa: E501
# From the day a PM is first made available to the day its lines are sold.
MONTHS_TO_SALE = 3


def _pm(line):
    insee, rank, east, north, lines, state, installed, first, location, comment = (
        line.split("|")
    )
    [commune] = [commune for commune in COMMUNES if commune.insee == insee]
    return Pm(
        commune,
        int(rank),
        int(east),
        int(north),
        int(lines),
        state,
        date.fromisoformat(installed),
        location,
        comment,
        date.fromisoformat(first) if first else None,
    )


PMS = tuple(map(_pm, _PMS.strip().splitlines()))

STREET_TYPES = ("RUE", "RUE", "RUE", "CHE", "CHE", "IMP", "ALL", "RTE", "AV", "MTE")
STREET_NAMES = (
    "DES TILLEULS",
    "DU MOULIN",
    "DE L'ÉGLISE",
    "DES VIGNES",
    "DU LAVOIR",
    "DE LA FONTAINE",
    "DES ÉCOLES",
    "DU FOUR",
    "DE LA CURE",
    "DES NOYERS",
    "DU PRESSOIR",
    "DES ACACIAS",
    "DU STADE",
    "DE LA COMBE",
    "DES PEUPLIERS",
    "DE LA FORGE",
    "DES PRÉS FLEURIS",
    "DU BIEF",
    "DES CERISIERS",
    "DE LA CROIX BLANCHE",
    "DU VERGER",
    "DES ALOUETTES",
    "DE LA SOURCE",
    "DU CHÊNE ROND",
    "DES LILAS",
    "DE LA TUILERIE",
    "DU PUITS",
    "DES GRANDES TERRES",
    "DE LA MADONE",
    "DU VIEUX BOURG",
    "DES HIRONDELLES",
    "DE BEL AIR",
    "DU COTEAU",
    "DES SAULES",
    "DE LA LÉCHÈRE",
    "DU PETIT BOIS",
    "DES ÉRABLES",
    "DE LA BASCULE",
    "DU TILLERET",
    "DES ROSIERS",
    "DE LA PLAINE",
    "DU MIDI",
    "DES CHARMILLES",
    "DE L'ANCIENNE POSTE",
    "DU GRAND PRÉ",
    "DES FOUGÈRES",
    "DE LA CÔTE",
    "DU RUISSEAU",
    "DES MÉSANGES",
    "DE LA VIGNETTE",
    "DU CLOS",
    "DES CHARRONS",
    "DE LA GRAVIÈRE",
    "DU BOIS JOLI",
    "DES BLEUETS",
    "DE LA BERGERIE",
    "DU CALVAIRE",
    "DES TANNEURS",
    "DE LA LIBÉRATION",
    "DU LEVANT",
)
HAMLETS = ("LES GRANGES", "LA VAVRETTE", "LE MOLLARD", "LES COMMUNAUX", "CHAMP LONG")
CONDITIONS = (
    "PRÉVENIR LE GARDIEN 48 H AVANT",
    "PERÇAGE DES PARTIES COMMUNES INTERDIT",
    "INTERVENTION DE 8 H À 18 H EN SEMAINE",
    "",
    "",
)


class Manager(NamedTuple):
    """A building manager (syndic); its first eight SIREN digits."""

    name: str
    siren: str
    number: str
    street_type: str
    street_name: str


MANAGERS = (
    Manager("SYNDIC EXEMPLE DU BUGEY", "99900006", "4", "PL", "DE LA MAIRIE"),
    Manager("RÉGIE FICTIVE DE L'ALBARINE", "99900007", "18", "AV", "DE LA GARE"),
    Manager("GESTION MODÈLE IMMOBILIER", "99900008", "7", "RUE", "DU COMMERCE"),
    Manager("HABITAT IMAGINAIRE DE L'AIN", "99900009", "52", "RUE", "DES USINES"),
    Manager("COPRO TEST ET ASSOCIÉS", "99900010", "1", "RUE", "DE L'ESSAI"),
)
MANAGER_CITY = ("01500", "AMBERIEU-EN-BUGEY")
