from odoo import api, fields, models
from odoo.exceptions import UserError


class Exchange(models.Model):
    """Delivery of a publication: the file stays where the publication keeps it."""

    _inherit = "oiconnect.exchange"

    publication_id = fields.Many2one(
        "oiconnect.publication",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    def _queue(self):
        return "deliver" if self.publication_id else super()._queue()

    def _attachment(self):
        if self.publication_id:
            return self.env["ir.attachment"]._oiconnect_of_field(
                self.publication_id, "file"
            )
        return super()._attachment()

    def _is_kept(self):
        """Tell whether the file is still there: publications are kept for a time."""
        return not self.publication_id or bool(self._attachment())

    def _give_up(self):
        self.write(
            {
                "state": "out_expired",
                "message": self.env._(
                    "The file is no longer kept, and was never delivered: publish anew."
                ),
            }
        )

    def _send_again(self):
        kept = self.filtered(lambda exchange: exchange._is_kept())
        if self - kept:
            raise UserError(
                self.env._("%s is no longer kept: publish anew.", (self - kept)[0].name)
            )
        self._find_endpoint()
        return super()._send_again()

    def _person_in_charge(self):
        if self.publication_id:
            return self.publication_id.plan_id.responsible_id
        return super()._person_in_charge()

    @api.model
    def _publish(self, publication, operators):
        """Deliver a publication to ``operators``; again to those who have it.

        :return: the exchanges, one an operator, with or without connection
        """
        known = self.search(
            [
                ("publication_id", "=", publication.id),
                ("operator_id", "in", operators.ids),
            ]
        )
        known._send_again()
        made = self.create(
            [
                self._publication_vals(publication, operator)
                for operator in operators - known.operator_id
            ]
        )
        (known | made)._plan_send()
        return known | made

    def _publication_vals(self, publication, operator):
        endpoint = self._endpoint_of(operator, publication.network_id)
        return {
            "name": publication.name,
            "direction": "out",
            "state": "out_ready",
            "network_id": publication.network_id.id,
            "operator_id": operator.id,
            "endpoint_id": endpoint.id,
            "publication_id": publication.id,
            "flow_id": publication._flow().id,
            "version": publication.version,
            "encoding": publication._encoding(),
            "size": publication.size,
            "sha256": publication.sha256,
            "line_count": publication.line_count,
            "done_count": publication.line_count,
            "message": False
            if endpoint
            else self.env._("The operator has no connection: download the file."),
        }

    def _endpoint_of(self, operator, network):
        return self.env["oiconnect.outbound"]._endpoint(operator, network)

    def _find_endpoint(self):
        """Give a connection that was made since to files that had none."""
        for exchange in self.filtered(lambda exchange: not exchange.endpoint_id):
            endpoint = self._endpoint_of(exchange.operator_id, exchange.network_id)
            if endpoint:
                exchange.write({"endpoint_id": endpoint.id, "message": False})
