"""Public holidays of France: movable feasts, Alsace and Moselle, overseas departments.

Plain Python, over the package ``holidays``.
"""

from functools import lru_cache
from typing import NamedTuple

import holidays


class Region(NamedTuple):
    """Area with the same public holidays.

    :param subdivision: its code in the package ``holidays``, ``None`` without
    :param departments: beginnings of the postal codes
    """

    subdivision: str | None
    zone: str
    departments: tuple[str, ...] = ()


REGIONS = {
    "metropolitan": Region(None, "Europe/Paris"),
    "alsace_moselle": Region("6AE", "Europe/Paris", ("57", "67", "68")),
    "guadeloupe": Region("971", "America/Guadeloupe", ("971",)),
    "martinique": Region("972", "America/Martinique", ("972",)),
    "guiana": Region("973", "America/Cayenne", ("973",)),
    "reunion": Region("974", "Indian/Reunion", ("974",)),
    "mayotte": Region("976", "Indian/Mayotte", ("976",)),
}


def region_of(postal_code):
    """Return the key of the region of a postal code; metropolitan when unknown."""
    for key, region in REGIONS.items():
        if (postal_code or "").startswith(region.departments):
            return key
    return "metropolitan"


@lru_cache(maxsize=64)
def public_holidays(region, year):
    """Return ``((date, French name), …)`` of a region and year, in order."""
    found = holidays.country_holidays(
        "FR", subdiv=REGIONS[region].subdivision, years=year, language="fr"
    )
    return tuple(sorted(found.items()))
