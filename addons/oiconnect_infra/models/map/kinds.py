"""Kinds of objects that the map shows, each declared once. Plain Python."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from odoo.fields import Domain

# Colours that eyes blind to some colours tell apart (Okabe and Ito), and a grey
COLOURS = {
    "planned": "#7a7a7a",
    "target": "#7a7a7a",
    "signed": "#56b4e9",
    "on_demand": "#f0e442",
    "on_demand_deploying": "#e69f00",
    "deploying": "#0072b2",
    "deployed": "#009e73",
    "abandoned": "#d55e00",
    "free": "#009e73",
    "low": "#e69f00",
    "full": "#d55e00",
    "none": "#7a7a7a",
    "transport": "#cc79a7",
    "distribution": "#333333",
    "drop": "#8a6d1b",
}


@dataclass
class Kind:
    """Display of the records of ``model`` on the map.

    :param shape: of its points, or "line"; none of what has no states
    :param limit: points of one answer, with more of them it has clusters; none of what
        is drawn: too many of them are reported, not shown
    :param state: field that objects are coloured by
    :param styles: ``{state: (colour, how the shape is filled)}``, where the client does
        not know it by the state; states without style are not in the legend
    :param labels: what an object is called, the first that it has
    :param card: fields that the card of an object shows, of those that have a value
    :param domain: what is shown
    :param filter: name of its own filter, the plural of its field: no other filter
        hides the objects, and there are none without a value of it
    :param pms: paths to its PM, the nearest first
    :param commune: path to its commune; without, it is where its buildings are
        (``buildings``), else where its PM is
    """

    model: str
    shape: str = ""
    limit: int = 0
    state: str = "state"
    styles: Mapping = field(
        default_factory=lambda: {key: (colour,) for key, colour in COLOURS.items()}
    )
    labels: tuple = ("reference",)
    card: tuple = ()
    domain: Domain = Domain.TRUE
    filter: str = ""
    pms: tuple = ("pm_id",)
    commune: str = ""
    buildings: str = ""


KINDS = {
    "prdm": Kind(
        "oiconnect.prdm",
        shape="diamond",
        limit=150,
        pms=("pm_ids",),
        commune="commune_id",
        card=("nro_id", "min_dwellings", "pm_count", "link_count"),
    ),
    "pm": Kind(
        "oiconnect.pm",
        shape="square",
        limit=250,
        pms=("id",),
        commune="commune_id",
        card=(
            "authorisation",
            "location_type",
            "prdm_id",
            "dwelling_count",
            "building_count",
            "pbo_count",
            "installation_date",
            "commercial_date",
        ),
    ),
    "splice_box": Kind(
        "oiconnect.splice.box",
        shape="hexagon",
        limit=400,
        commune="commune_id",
        card=(
            "kind",
            "physical_type",
            "place",
            "nro_id",
            "pm_id",
            "localisation",
            "splice_count",
            "fibre_count",
            "end_cable_count",
            "start_cable_count",
        ),
    ),
    "pbo": Kind(
        "oiconnect.pbo",
        shape="triangle",
        limit=400,
        state="saturation",
        buildings="building_ids",
        card=(
            "type_id",
            "pm_id",
            "localisation",
            "building_count",
            "pto_count",
            "capacity_free",
            "capacity_total",
        ),
    ),
    "building": Kind(
        "oiconnect.building",
        shape="circle",
        limit=800,
        labels=("identifier", "address", "address_code"),
        commune="commune_id",
        card=(
            "building_type",
            "dwelling_count",
            "pm_id",
            "pbo_count",
            "pto_count",
            "cabling_date",
            "commercial_date",
        ),
    ),
    "cable": Kind(
        "oiconnect.pbo.cable",
        shape="line",
        state="kind",
        card=(
            "pm_id",
            "start_name",
            "end_name",
            "tube_count",
            "fibres_per_tube",
            "length_m",
            "fibre_count",
        ),
    ),
    "link": Kind(
        "oiconnect.pm.link",
        shape="line",
        card=("pm_id", "prdm_id", "length_km", "capacity", "free_fibre_count"),
    ),
    "zone": Kind("oiconnect.zone", card=("source", "building_count")),
}
