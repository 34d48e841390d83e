"""From a line to its cells, by the names of the protocol's columns."""

import math

from . import tables
from .homes import BUILDING, HOUSE

ENEDIS, DUCT, WALL, INSIDE = "AERIEN POTEAU ENEDIS", "CHAMBRE", "FACADE", "IMMEUBLE"
PATHS = {
    ENEDIS: "AERIEN",
    DUCT: "SOUTERRAIN",
    WALL: "FACADE",
    INSIDE: "IMMEUBLE COLONNE MONTANTE",
}

# A PM holds whole drawers of this many fibres.
DRAWER = 144


def cells(rng, home, pm_dwellings):
    """Return ``{column: text}`` of one line; absent columns are empty."""
    found = _address(home) | _state(home) | _place(home) | _codes(rng, home)
    if home.agreement:
        found |= _manager(rng, home)
    if home.pm:
        found |= pm_cells(home.pm, pm_dwellings)
        found["FibreDedieeLibre"] = yes(rng.random() < 0.05)
    if home.state == "DEPLOYE":
        found |= _line(home)
    return {name: text for name, text in found.items() if text}


def yes(value):
    return "O" if value else "N"


def day(value):
    return value.strftime("%Y%m%d") if value else ""


def decimal(value):
    return f"{value:.2f}".replace(".", ",")


def _address(home):
    found = {
        "IdentifiantImmeuble": home.identifier,
        "CodeInseeImmeuble": home.commune.insee,
        "CodePostalImmeuble": home.commune.postal_code,
        "CommuneImmeuble": home.commune.city,
        "CodeAdresseImmeuble": home.address_code,
        "TypeVoieImmeuble": "LD",
        "NomVoieImmeuble": home.hamlet,
        "NumeroVoieImmeuble": home.number,
        "ComplementNumeroVoieImmeuble": home.suffix,
        "BatimentImmeuble": home.building,
        "NombreLogementsAdresseIPE": str(home.dwellings),
        "TypeImmeuble": home.kind,
    }
    if home.street:
        found |= {
            "CodeVoieRivoliImmeuble": home.street.rivoli,
            "TypeVoieImmeuble": home.street.kind,
            "NomVoieImmeuble": home.street.name,
            "CodeHexacleVoie": home.street.code,
        }
    return found


def _state(home):
    return {
        "EtatImmeuble": home.state,
        "DateCablageAdresse": day(home.dates.get("cabled")),
        "DateDerniereModification": day(home.dates["changed"]),
        "ImmeubleNeuf": yes(home.is_new),
        "DatePrevisionnelleLivraisonImmeubleNeuf": day(home.dates.get("expected")),
        "SusceptibleRaccordableDemande": yes(
            home.state in ("RACCORDABLE DEMANDE", "RAD EN COURS DE DEPLOIEMENT")
            or not home.pm
        ),
        "AccordGestionnaireImmeubleNecessaire": yes(home.agreement),
    }


def _place(home):
    return {
        "TypeProjectionGeographique": "RGF93",
        "CoordonneeImmeubleX": decimal(home.x),
        "CoordonneeImmeubleY": decimal(home.y),
    }


def _codes(rng, home):
    """Codes of the other registers: BAN for addresses, RNB for most buildings."""
    found = {"TypeZone": "3", "CodeOI": tables.OI, "VoletPlanFranceTHD": "RIP"}
    if home.address_code:
        suffix = {"B": "_bis", "T": "_ter"}.get(home.suffix, "")
        found["CodeBAN"] = (
            f"{home.commune.insee}_{home.street.rivoli}_{int(home.number):05d}{suffix}"
        )
    if rng.random() < 0.7:
        signs = "ABCDEFGHJKMNPQRSTVWXYZ0123456789"
        found["Code_RNB"] = "".join(rng.choice(signs) for _sign in range(12))
        found["Date_RNB"] = day(min(home.dates["changed"], tables.FILE_DATE))
    return found


def _manager(rng, home):
    found = {"ConditionsSyndic": rng.choice(tables.CONDITIONS)}
    signed = home.dates.get("signed")
    if not signed:
        return found
    number = int(home.number) + home.street.rank
    manager = tables.MANAGERS[number % len(tables.MANAGERS)]
    postal_code, city = tables.MANAGER_CITY
    return found | {
        "DateSignatureConvention": day(signed),
        "GestionnaireImmeuble": manager.name,
        "CodePostalGestionnaire": postal_code,
        "CommuneGestionnaire": city,
        "TypeVoieGestionnaire": manager.street_type,
        "NomVoieGestionnaire": manager.street_name,
        "NumeroVoieGestionnaire": manager.number,
        "SiretGestionnaire": siret(manager.siren),
    }


def siret(start):
    """Return a SIRET with right check digits: ``start`` is 8 digits of its SIREN."""
    siren = start + _check_digit(start)
    establishment = siren + "0001"
    return establishment + _check_digit(establishment)


def _check_digit(digits):
    total = 0
    for rank, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if rank % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def pm_cells(pm, dwellings):
    """Return the PM's own columns: the same on each of its lines."""
    x, y = pm.centre
    return {
        "ReferencePM": pm.reference,
        "EtatPM": pm.state,
        "DateInstallationPM": day(pm.installed),
        "TypeEmplacementPM": pm.location,
        "CommentairePM": pm.comment,
        "CapaciteMaxPM": str((dwellings // DRAWER + 1) * DRAWER),
        "CodeInseePM": pm.commune.insee,
        "CodePostalPM": pm.commune.postal_code,
        "CommunePM": pm.commune.city,
        "TypeVoiePM": "PL" if pm.rank == 1 else "RTE",
        "NomVoiePM": "DE LA MAIRIE" if pm.rank == 1 else "DE LA PLAINE",
        "NumeroVoiePM": "0",
        "TypeIngenierie": "MONO",
        "NombreLogementsPM": str(dwellings),
        "NombreColonnesMontantesPM": "4" if pm.location == "PMI" else "",
        "DateMiseEnServiceCommercialePM": day(pm.commercial),
        "NombrePMTechniques": "1",
        "CoordonneePMX": decimal(x),
        "CoordonneePMY": decimal(y),
        "RefRegroupementPM": f"LOT-01-{pm.installed.year}",
        "EmplacementActifDisponible": yes(pm.location != "PMI"),
        "QualiteAdressePM": "PRECISE" if pm.is_deployed else "APPROXIMATIVE",
        "DatePremiereMADPM": day(pm.first_delivery),
        "BrassageOI": "N",
    }


def _line(home):
    """What a deployed address also tells: openings, length, kind of PBO."""
    length = math.dist((home.x, home.y), home.pm.centre) * 1.3 / 1000 + 0.05
    pbo = pbo_type(home)
    return {
        "DateMiseEnServiceCommercialeImmeuble": day(home.dates["opened"]),
        "DateDebutAcceptationCmdAcces": day(home.dates["accepted"]),
        "DateDebutFournitureCRCmdAcces": day(home.dates["opened"]),
        "LongueurLigneImmeuble": decimal(length),
        "TypePBO": pbo,
        "TypeRaccoPBPTO": PATHS[pbo],
    }


def pbo_type(home):
    """One kind of PBO in a street; big buildings have theirs inside."""
    if home.kind == BUILDING and home.dwellings > 5:
        return INSIDE
    if home.kind == HOUSE or home.dwellings <= 5:
        return (DUCT, ENEDIS, DUCT, WALL)[home.street.rank % 4]
    return WALL
