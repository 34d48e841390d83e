"""When things happened to each line: coherent with its state and its PM."""

from datetime import date, timedelta

from . import tables

LAST_CABLED = date(2026, 10, 20)
# Buildings are cabled over this time after their PM.
CABLING_DAYS = 900
DAY = timedelta(days=1)


def fill(rng, home):
    """Give ``home`` the dates that its state asks for."""
    {
        "DEPLOYE": _deployed,
        "EN COURS DE DEPLOIEMENT": _deploying,
        "RAD EN COURS DE DEPLOIEMENT": _on_demand,
        "SIGNE": _signed,
        "ABANDONNE": _abandoned,
    }.get(home.state, _waiting)(rng, home)


def _deployed(rng, home):
    pm = home.pm
    span = min((LAST_CABLED - pm.installed).days, CABLING_DAYS)
    cabled = pm.installed + int(span * rng.random() ** 2.5) * DAY
    opened = max(pm.commercial, cabled + 14 * DAY)
    home.dates |= {
        "cabled": cabled,
        "accepted": max(pm.first_delivery, cabled),
        "opened": opened,
        "changed": min(tables.FILE_DATE, max(cabled, opened - 14 * DAY)),
    }
    if home.agreement:
        home.dates["signed"] = cabled - rng.randint(40, 170) * DAY
    if home.is_new:
        home.dates["expected"] = cabled - rng.randint(5, 60) * DAY


def _deploying(rng, home):
    """Cabling is ahead, within six months of the agreement (rule R14)."""
    cabled = tables.FILE_DATE + rng.randint(20, 120) * DAY
    signed = cabled - rng.randint(125, 175) * DAY
    home.dates |= {"cabled": cabled, "changed": signed + 3 * DAY}
    if home.agreement:
        home.dates["signed"] = signed
    if home.is_new:
        home.dates["expected"] = cabled + rng.randint(10, 90) * DAY


def _on_demand(rng, home):
    home.dates |= {
        "cabled": tables.FILE_DATE + rng.randint(60, 150) * DAY,
        "changed": tables.FILE_DATE - rng.randint(3, 40) * DAY,
    }


def _signed(rng, home):
    signed = tables.FILE_DATE - rng.randint(5, 120) * DAY
    home.dates |= {
        "signed": signed,
        "cabled": signed + rng.randint(150, 178) * DAY,
        "changed": signed + 2 * DAY,
    }


def _abandoned(rng, home):
    """Shown for three months, then no more (rule R10)."""
    home.dates["changed"] = tables.FILE_DATE - rng.randint(2, 80) * DAY


def _waiting(rng, home):
    home.dates["changed"] = tables.FILE_DATE - rng.randint(60, 900) * DAY
