"""Addresses of the demo network that scenarios count on, by column of an order.

They are computed from the plan of the network (oiconnect_demo/plan), which needs
neither Odoo nor a database: no demo order touches them.
"""

import importlib.util
import sys
from functools import cache

from oictools import settings

FOLDER = settings.ADDONS / "oiconnect_demo" / "plan"
PACKAGE = "oiconnect_demo_plan"


def _package():
    """The folder of the plan, as a package of its own."""
    if PACKAGE not in sys.modules:
        spec = importlib.util.spec_from_file_location(
            PACKAGE, FOLDER / "__init__.py", submodule_search_locations=[str(FOLDER)]
        )
        sys.modules[PACKAGE] = importlib.util.module_from_spec(spec)
    return importlib.import_module(f"{PACKAGE}.facts")


@cache
def facts():
    return _package().facts()


def order_line(place):
    """The columns of CMD_ACCES that tell this place."""
    cells = {
        "CommuneImmeuble": place.city,
        "CodePostalImmeuble": place.postal_code,
        "CodeInseeImmeuble": place.insee_code,
        "CodeVoieRivoliImmeuble": place.rivoli_code,
        "NumeroVoieImmeuble": place.street_number,
        "ComplementNumeroVoieImmeuble": place.street_number_suffix,
        "TypeVoieImmeuble": place.street_type,
        "LibelleVoieImmeuble": place.street_name,
        "CodeAdresseImmeuble": place.address_code,
        "Batiment": place.building_name,
        "IdentifiantImmeuble": place.identifier,
        "ReferencePm": place.pm,
    }
    return {column: text for column, text in cells.items() if text}


def place(turn=0):
    """A deployed house; its neighbours on other turns, so that fibres last."""
    return order_line(facts().good[turn % len(facts().good)])


def saturated_place():
    """A deployed house without a free fibre: CR_CMD KO, FINT01."""
    return order_line(facts().saturated)


def not_deployed_place():
    """A house that no PBO serves yet: CR_CMD KO, FIMP10."""
    return order_line(facts().not_deployed)


def laid_place():
    """A house with a PTO that is not used, and that PTO."""
    return order_line(facts().laid) | {
        "PriseExistante": "O",
        "ReferencePrise": facts().pto,
    }
