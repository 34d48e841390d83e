from odoo import api, fields, models
from odoo.exceptions import UserError

from ...evidence import BEGINNING, Part, seal_digest


class Seal(models.Model):
    """Seal of what happened on a network since the seal before: a link of a chain.

    No one can change one, nor a row that it has, without changing all that follow; the
    last one leaves with every answer to an operator (header X-OIConnect-Evidence).
    """

    _name = "oiconnect.seal"
    _description = "Seal of the evidence"
    _inherit = "oiconnect.network.mixin"
    _order = "network_id, number desc"
    _rec_name = "number"
    _log_access = False
    _event_fields = (
        *("network_id", "company_id", "number", "date", "previous", "digest"),
        *("part_ids", "timestamp_reply", "timestamp_date"),
    )

    number = fields.Integer(required=True, readonly=True, aggregator=None)
    date = fields.Datetime("Sealed on", required=True, readonly=True)
    previous = fields.Char("Digest of the one before", required=True, readonly=True)
    digest = fields.Char(required=True, readonly=True)
    part_ids = fields.One2many("oiconnect.seal.part", "seal_id", "What it has")
    row_count = fields.Integer("Rows", compute="_compute_row_count")
    timestamp_reply = fields.Binary(
        "Timestamp",
        readonly=True,
        attachment=False,
        help="Of the timestamping service (RFC 3161), on the digest",
    )
    timestamp_date = fields.Datetime("Timestamped on", readonly=True)

    # The last one of a network: network_id = x order by number desc
    _number_uniq = models.UniqueIndex(
        "(network_id, number)", "This seal of the network exists."
    )

    @api.depends("part_ids")
    def _compute_row_count(self):
        for seal in self:
            seal.row_count = sum(seal.part_ids.mapped("row_count"))

    @api.depends("number", "network_id")
    def _compute_display_name(self):
        for seal in self:
            seal.display_name = f"{seal.network_id.code} {seal.number}"

    def write(self, vals):
        if vals.keys() - {"timestamp_reply", "timestamp_date"} or any(
            seal.timestamp_date for seal in self
        ):
            raise UserError(self.env._("A seal cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_always(self):
        raise UserError(self.env._("A seal cannot be erased."))

    @api.model
    def _last(self, network):
        return self.search(
            [("network_id", "=", network.id)], order="number desc", limit=1
        )

    @api.model
    def _append(self, network, parts):
        """Add a seal with its parts to the chain of a network.

        :param parts: :class:`Part` each
        """
        last = self._last(network)
        vals = {
            "network_id": network.id,
            "number": (last.number or 0) + 1,
            "date": fields.Datetime.now(),
            "previous": last.digest or BEGINNING,
        }
        date = fields.Datetime.to_string(vals["date"])
        vals["digest"] = seal_digest(
            vals["previous"], network.code, vals["number"], date, parts
        )
        seal = self.create(vals)
        seal._add_parts(parts)
        return seal

    def _add_parts(self, parts):
        self.flush_recordset()
        for part in parts:
            self.env.cr.execute(
                """INSERT INTO oiconnect_seal_part
                          (seal_id, source, ids, row_count, digest)
                   VALUES (%s, %s, %s::int8multirange, %s, %s)""",
                (self.id, *part),
            )
        self.invalidate_recordset(["part_ids", "row_count"])

    def _parts(self):
        """Return the parts of the seal, as they are in its digest."""
        self.env.cr.execute(
            """SELECT source, ids::text, row_count, digest
                 FROM oiconnect_seal_part WHERE seal_id = %s""",
            (self.id,),
        )
        return [Part(*row) for row in self.env.cr.fetchall()]
