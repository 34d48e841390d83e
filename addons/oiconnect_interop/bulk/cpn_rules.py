"""Rules of the CPN file (interop-infra.md §2), as the import runs them."""

from odoo.tools import SQL

from odoo.addons.oiconnect_import.bulk.conditions import typed
from odoo.addons.oiconnect_import.bulk.rules import LineRule, SameColumns, doubled
from odoo.addons.oiconnect_import.protocol import FileError

ERROR, WARNING = "error", "warning"
_KEY = "pm.reference"
_NRO = (
    "nro_type",
    "state",
    "insee_code",
    "city",
    "street_name",
    "street_number",
    "projection",
    "x",
    "y",
)
_OF_LINK = ("state", "installation_date", "length_km", "capacity", "free_fibre_count")
_REQUIRED = ("state", "length_km")
_POSITIVE = (
    "link.length_km",
    "link.capacity",
    "link.free_fibre_count",
    "pm.max_line_length_km",
)


def _blamed(field):
    return f"%({field.replace('.', '_')})s"


ROW_RULES = (
    LineRule(
        "K3",
        ERROR,
        "network.oi_code",
        "%(network_oi_code)s <> %(expected_network_oi_code)s",
        "other_network",
    ),
    *(
        LineRule(
            "C2",
            WARNING,
            f"link.{name}",
            f"%(link_reference)s IS NULL AND {_blamed(f'link.{name}')} IS NOT NULL",
            "useless_without_link",
            ("link_reference",),
        )
        for name in _OF_LINK
    ),
    *(
        LineRule(
            "C3",
            WARNING,
            f"link.{name}",
            f"%(link_reference)s IS NOT NULL AND {_blamed(f'link.{name}')} IS NULL",
            "required_with_link",
        )
        for name in _REQUIRED
    ),
    LineRule(
        "C4",
        WARNING,
        "link.free_fibre_count",
        "%(link_reference)s IS NOT NULL "
        "AND %(link_free_fibre_count)s > COALESCE(%(link_capacity)s, 0)",
        "more_free_than_fibres",
        ("link_capacity",),
    ),
    LineRule(
        "G1",
        ERROR,
        "nro.projection",
        "%(nro_projection)s IS NULL AND COALESCE(%(nro_x)s, %(nro_y)s) IS NOT NULL",
        "no_projection",
        ("nro_x", "nro_y"),
    ),
    *(
        LineRule(
            "G2",
            WARNING,
            field,
            f"{_blamed(field)} IS NULL AND COALESCE(%(nro_x)s, %(nro_y)s) IS NOT NULL",
            "half_point",
        )
        for field in ("nro.x", "nro.y")
    ),
    *(
        LineRule("N1", ERROR, field, f"{_blamed(field)} < 0", "negative")
        for field in _POSITIVE
    ),
)
SAME_COLUMNS = (
    SameColumns(
        "C5",
        WARNING,
        "nro.reference",
        tuple(f"nro.{name}" for name in _NRO),
        "nro_differs",
    ),
    SameColumns("C6", WARNING, "prdm.reference", ("nro.reference",), "prdm_differs"),
    SameColumns("C7", WARNING, _KEY, ("pm.max_line_length_km",), "pm_differs"),
)


def check_keys(stage, log, network):
    """Report the lines whose PM or link is not what the network can take.

    C1: the PM is unknown. C8: a link on several lines. C9: a link of another PM.
    C10: fewer fibres than those in use. C11: fibres that are counted one by one.
    """
    if _KEY not in stage:
        raise FileError(
            "missing_columns", flow="CPN", version="", columns="ReferencePM"
        )
    log.insert(_unknown_pms(stage, network))
    if "link.reference" not in stage:
        return
    verdict = SQL("'C8', 'error', 'doubled_link'")
    log.insert(doubled(stage, "link.reference", verdict))
    log.insert(_foreign_links(stage, network))
    if "link.capacity" in stage:
        log.insert(_too_few_fibres(stage, network))
        log.insert(_listed_fibres(stage, network))


def _unknown_pms(stage, network):
    return SQL(
        """SELECT s.line, %(name)s, %(key)s, 'C1', 'error', 'unknown_pm',
                  jsonb_build_object('value', %(key)s)
             FROM %(stage)s s
            WHERE %(key)s IS NOT NULL
              AND NOT EXISTS (SELECT FROM oiconnect_pm pm WHERE pm.reference = %(key)s
                                 AND pm.network_id = %(network)s)""",
        name=stage.columns[_KEY].name,
        key=stage.cell(_KEY),
        stage=stage.table,
        network=network.id,
    )


def _foreign_links(stage, network):
    return SQL(
        """SELECT s.line, %(name)s, %(key)s, 'C9', 'error', 'link_of_other_pm',
                  jsonb_build_object('value', %(key)s, 'before', pm.reference)
             FROM %(links)s JOIN oiconnect_pm pm ON pm.id = link.pm_id
            WHERE pm.reference <> %(pm)s""",
        name=stage.columns["link.reference"].name,
        key=stage.cell("link.reference"),
        pm=stage.cell(_KEY),
        links=_known_links(stage, network),
    )


def _known_links(stage, network):
    """The lines of links that the network has."""
    return SQL(
        "%s s JOIN oiconnect_pm_link link ON link.reference = %s "
        "AND link.network_id = %s",
        stage.table,
        stage.cell("link.reference"),
        network.id,
    )


def _too_few_fibres(stage, network):
    """Unless the line itself tells how many are in use."""
    capacity, free = _number(stage, "capacity"), _number(stage, "free_fibre_count")
    return SQL(
        """SELECT s.line, %(name)s, %(cell)s, 'C10', 'error', 'fewer_than_used',
                  jsonb_build_object('column', %(name)s::text,
                                     'used', link.used_fibre_count)
             FROM %(links)s
            WHERE link.used_fibre_count > COALESCE(%(capacity)s, 0)
              AND (%(free)s BETWEEN 0 AND %(capacity)s) IS NOT TRUE
              AND NOT %(listed)s""",
        name=stage.columns["link.capacity"].name,
        cell=stage.cell("link.capacity"),
        links=_known_links(stage, network),
        capacity=capacity,
        free=free,
        listed=_LISTED,
    )


def _listed_fibres(stage, network):
    return SQL(
        """SELECT s.line, %(name)s, %(cell)s, 'C11', 'warning', 'fibres_listed',
                  jsonb_build_object('column', %(name)s::text,
                                     'capacity', link.capacity)
             FROM %(links)s
            WHERE %(capacity)s <> link.capacity AND %(listed)s""",
        name=stage.columns["link.capacity"].name,
        cell=stage.cell("link.capacity"),
        links=_known_links(stage, network),
        capacity=_number(stage, "capacity"),
        listed=_LISTED,
    )


_LISTED = SQL(
    "EXISTS (SELECT FROM oiconnect_pm_link_fibre f WHERE f.link_id = link.id)"
)


def _number(stage, name):
    """A number of a link, NULL where the file has it not; cells are checked before."""
    column = stage.columns.get(f"link.{name}")
    return typed(column, stage.cell(column.field)) if column else SQL("NULL::int")
