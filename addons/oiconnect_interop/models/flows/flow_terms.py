from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD
from odoo.addons.oiconnect_import.protocol import FileError
from odoo.addons.oiconnect_import.protocol.naming import check_template

from .flow import ENCODINGS, GROUPINGS

# Without these, two files of a day would have one name on the operator's server.
NEEDED_PARTS = {"flow", "date", "sequence"}


class FlowTerms(models.Model):
    """Terms of a flow agreed with an operator; empty values are the defaults."""

    _name = "oiconnect.flow.terms"
    _description = "Terms of a flow with an operator"
    _inherit = "oiconnect.cached.mixin"
    _order = "operator_id, flow_id"
    _rec_name = "flow_id"
    _free_fields = EVERY_FIELD

    operator_id = fields.Many2one(
        "oiconnect.operator", required=True, ondelete="cascade"
    )
    flow_id = fields.Many2one(
        "oiconnect.flow",
        required=True,
        ondelete="cascade",
        index=True,
        domain=lambda self: [("protocol", "in", self._protocols())],
    )
    is_sent = fields.Boolean(
        "Sent",
        default=True,
        help="Off, the operator gets no file of this flow. The reference of a STOC "
        "order then goes in the report of the order (CR_CMD).",
    )
    version = fields.Selection(
        lambda self: self._selection_version(),
        validate=False,
        help="Empty: the version in which the operator sent its order",
    )
    encoding = fields.Selection(ENCODINGS, help="Empty: the encoding of the format")
    grouping = fields.Selection(GROUPINGS, help="Empty: as the flow says")
    file_template = fields.Char(
        "File name",
        help="Empty: as the flow says. Parts: {oi} {oc} {network} {zone} {reference} "
        "{flow} {version} {date} {sequence:02d}",
    )
    reason_text = fields.Selection(
        [("code", "Code"), ("label", "Code and meaning")],
        "Reasons",
        required=True,
        default="code",
    )
    is_acknowledged = fields.Boolean(
        "Acknowledged",
        help="Each file of this flow that the operator sends is answered by a "
        "technical acknowledgement (NOTIF_AR, NOTIF_CR)",
    )

    _flow_uniq = models.UniqueIndex(
        "(operator_id, flow_id)", "The terms of this flow are already there."
    )

    @api.model
    def _protocols(self):
        """Return the protocols whose flows have terms: not those of publications."""
        return ["access"]

    @api.model
    def _selection_version(self):
        operators = self.env["oiconnect.operator"]
        known = map(operators._known_versions, self._protocols())
        versions = dict.fromkeys(version for found in known for version in found)
        return [(version, version) for version in versions]

    @api.constrains("version", "flow_id", "operator_id")
    def _check_version(self):
        for terms in self.filtered("version"):
            if not terms.flow_id._has_version(terms.version, terms.operator_id):
                raise ValidationError(
                    self.env._(
                        "%(flow)s has no format of version %(version)s: choose one of "
                        "%(versions)s.",
                        flow=terms.flow_id.code,
                        version=terms.version,
                        versions=", ".join(terms.flow_id._versions()),
                    )
                )

    @api.constrains("encoding", "flow_id", "operator_id")
    def _check_encoding(self):
        self.filtered("encoding").flow_id.format_ids._check_usable()

    @api.constrains("file_template", "grouping", "flow_id")
    def _check_template(self):
        for terms in self.filtered("file_template"):
            parts = terms._template_parts()
            lacking = NEEDED_PARTS - parts
            if lacking:
                raise ValidationError(
                    self.env._(
                        "%(template)s would give two files the same name: add "
                        "%(parts)s.",
                        template=terms.file_template,
                        parts=", ".join(f"{{{part}}}" for part in sorted(lacking)),
                    )
                )
            grouping = terms.grouping or terms.flow_id.grouping
            if "reference" in parts and grouping != "order":
                raise ValidationError(
                    self.env._(
                        "{reference} is that of one order: choose one file for each "
                        "order."
                    )
                )

    def _template_parts(self):
        try:
            return check_template(self.file_template)
        except FileError as error:
            text = self.env["oiconnect.flow"]._error_text(error)
            raise ValidationError(text) from error
