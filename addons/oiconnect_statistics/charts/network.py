"""Charts of the page of the infrastructure."""

from odoo.tools.translate import LazyTranslate

from .chart import Chart, Page, Source

_lt = LazyTranslate(__name__)


def equipment(model, title=None):
    """Return the objects of the network, which belong to no operator."""
    return Source(model, operator_field=None, title=title)


INFRASTRUCTURE = Page(
    "infrastructure",
    _lt("Statistics of the infrastructure"),
    (
        Chart(
            "equipment",
            _lt("Equipment"),
            (
                equipment("oiconnect.nro", _lt("NRO")),
                equipment("oiconnect.prdm", _lt("PRDM")),
                equipment("oiconnect.pm", _lt("PM")),
                equipment("oiconnect.pm.link", _lt("PM / PRDM links")),
                equipment("oiconnect.pm.module", _lt("PM modules")),
                equipment("oiconnect.pbo.cable", _lt("PBO cables")),
                equipment("oiconnect.pbo", _lt("PBO")),
                equipment("oiconnect.building", _lt("Buildings")),
                equipment("oiconnect.pto", _lt("PTO")),
            ),
        ),
        Chart(
            "buildings_by_state",
            _lt("Buildings by state"),
            (equipment("oiconnect.building"),),
            "state",
        ),
        Chart(
            "pms_by_state", _lt("PMs by state"), (equipment("oiconnect.pm"),), "state"
        ),
        Chart(
            "links_by_state",
            _lt("Links by state"),
            (equipment("oiconnect.pm.link"),),
            "state",
        ),
        Chart(
            "services_by_operator",
            _lt("PM services in progress by operator"),
            (Source("oiconnect.pm.service", domain=(("active", "=", True),)),),
            "operator_id",
        ),
    ),
)
