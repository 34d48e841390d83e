from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from odoo.addons.oiconnect_import.protocol.definition import version_key

from ...related_counts import count_related

# Versions offered for a new choice: the latest, and the one before.
OFFERED = 2
# See Operator._border_counts
BORDER_COUNTS = {
    "exchange_count": "oiconnect.exchange",
    "endpoint_count": "oiconnect.endpoint",
}


class Operator(models.Model):
    """The versions of the protocol in which we speak to an operator."""

    _inherit = "oiconnect.operator"

    access_version = fields.Selection(
        selection=lambda self: self._selection_version("access"),
        string="Access version",
        default="V1.3",
        validate=False,
        required=True,
        tracking=True,
        help="Version of the access protocol of what we send to this operator",
    )
    pm_version = fields.Selection(
        selection=lambda self: self._selection_version("pm"),
        string="PM version",
        default="V3.1",
        validate=False,
        required=True,
        tracking=True,
        help="Version of the PM protocol of what we send to this operator",
    )

    flow_terms_ids = fields.One2many(
        "oiconnect.flow.terms",
        "operator_id",
        "Terms of flows",
        groups="oiconnect_base.group_exchange_read",
    )
    exchange_count = fields.Integer("Exchanges", compute="_compute_border_counts")
    endpoint_count = fields.Integer("Connections", compute="_compute_border_counts")

    @api.model
    def _border_counts(self):
        """Hook: return ``{smart button: model that it counts}``."""
        return BORDER_COUNTS

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_border_counts(self):
        """Count files and accounts; nothing of what the user may not read."""
        for name, model in self._border_counts().items():
            self[name] = 0
            if self.env[model].has_access("read"):
                count_related(self, name, model, "operator_id")

    @api.model
    def _version_fields(self):
        """Return ``{protocol of a flow: field of the version that we speak}``."""
        return {"access": "access_version", "pm": "pm_version"}

    @api.constrains(lambda self: self._version_fields().values())
    def _check_versions(self):
        for protocol, name in self._version_fields().items():
            known = self._known_versions(protocol)
            for operator in self:
                if known and operator[name] not in known:
                    raise ValidationError(
                        self.env._(
                            "No flow has a format of version %s: choose another one.",
                            operator[name],
                        )
                    )

    @api.model
    def _known_versions(self, protocol):
        """Return the versions in which we have formats, newest first."""
        groups = (
            self.env["oiconnect.flow.format"]
            .sudo()
            ._read_group(
                Domain("flow_id.protocol", "=", protocol)
                & Domain("operator_id", "=", False),
                ["version"],
            )
        )
        versions = {version for (version,) in groups}
        return sorted(versions, key=version_key, reverse=True)

    @api.model
    def _selection_version(self, protocol):
        """Offer the two latest versions, and those some operator still has."""
        name = self._version_fields()[protocol]
        operators = self.sudo().with_context(active_test=False)
        used = {version for (version,) in operators._read_group([], [name])}
        known = self._known_versions(protocol)
        offered = [v for v in known if v in used or v in known[:OFFERED]]
        return [(version, version) for version in offered]

    def _protocol_version(self, protocol):
        """Return the version in which we speak to this operator."""
        versions = self._known_versions(protocol)
        agreed = self[self._version_fields()[protocol]]
        return agreed or (versions or [""])[0]
