import csv

from odoo import models
from odoo.fields import Domain
from odoo.tools.misc import file_open

from odoo.addons.oiconnect_base.resource import Resource

_IPE = "oiconnect_interop/formats/IPE.csv"


def _published(kind):
    """Return the fields of a kind of object that the IPE tells all operators."""
    with file_open(_IPE) as lines:
        fields = [row["field"] for row in csv.DictReader(lines, delimiter=";")]
    prefix = f"{kind}."
    return tuple(
        field.removeprefix(prefix) for field in fields if field.startswith(prefix)
    )


def _published_domain(operator_id):
    return Domain("published", "=", True)


class Pm(models.Model):
    """Operators ask for what the IPE tells all of them."""

    _inherit = "oiconnect.pm"
    _resource = Resource(
        "pms",
        sorts=("reference",),
        operator_fields=("network_id", "reference", *_published("pm")),
        operator_domain=_published_domain,
    )


class Building(models.Model):
    """Operators ask for what the IPE tells all of them."""

    _inherit = "oiconnect.building"
    _resource = Resource(
        "buildings",
        "identifier",
        more=("pbo_ids",),
        sorts=("identifier",),
        operator_fields=("network_id", "pm_id", *_published("building")),
        operator_domain=_published_domain,
    )
