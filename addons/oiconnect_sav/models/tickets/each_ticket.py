from odoo import api, fields, models


class EachTicket(models.AbstractModel):
    """Made for one ticket or, by one form, for each of those that were chosen."""

    _name = "oiconnect.each.ticket"
    _description = "Made for each ticket"

    ticket_ids = fields.Many2many(
        "oiconnect.ticket", string="Chosen tickets", store=False
    )
    ticket_count = fields.Integer("Tickets", compute="_compute_ticket_count")

    @api.depends("ticket_ids")
    def _compute_ticket_count(self):
        for record in self:
            record.ticket_count = len(record.ticket_ids)

    @api.model
    def _for_each_ticket(self, vals_list):
        """Spread values over the tickets that they choose.

        :return: values that choose none, one for each ticket, and the rank in them of
            the first one of each of ``vals_list``
        """
        spread, firsts = [], []
        for vals in vals_list:
            firsts.append(len(spread))
            # Given, or the default of the context, all ids, is read for each of them.
            common = {**vals, "ticket_ids": False}
            chosen = self._chosen_ids(vals.get("ticket_ids"))
            spread += [common | {"ticket_id": one} for one in chosen] or [common]
        return spread, firsts

    @api.model
    def _chosen_ids(self, commands):
        if not commands:
            return []
        ids = self.new({"ticket_ids": commands}).ticket_ids.ids
        self.env["oiconnect.ticket"].browse(ids)._check_chosen()
        return ids
