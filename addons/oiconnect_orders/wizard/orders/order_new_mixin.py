from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.oiconnect_base.deleted_records import open_form
from odoo.addons.oiconnect_base.time_zone import local_today

from ...controls.acknowledgement import Refusal

# Used while the operator has given no reference: the real one comes with the order
UNNAMED = "-"


class OrderNewMixin(models.AbstractModel):
    """An order taken by hand for an operator, checked as those that come by file.

    A form declares the orders that it makes (``_order_model``), the fields on which
    their controls depend (``_checked_fields``), and writes the line that the operator
    would have sent (``_line``).
    """

    _name = "oiconnect.order.new.mixin"
    _description = "Order taken by hand"
    _inherit = "oiconnect.network.choice.mixin"

    _order_model = None
    _checked_fields = ()

    operator_id = fields.Many2one("oiconnect.operator")
    oc_reference = fields.Char(
        "Operator's reference", size=30, help="Left empty, we give one"
    )
    comment = fields.Text("Operator's comment", size=512)
    refusals = fields.Html("What is wrong", compute="_compute_refusals")

    @api.depends(
        lambda self: (
            "network_id",
            "operator_id",
            "oc_reference",
            "comment",
            *self._checked_fields,
        )
    )
    def _compute_refusals(self):
        item = Markup("<li>%s</li>")
        for new in self:
            items = Markup().join(item % text for text in new._refusal_sentences())
            new.refusals = items and Markup('<ul class="mb-0">%s</ul>') % items

    def _orders(self):
        return self.env[self._order_model].sudo()

    def _refusal_sentences(self):
        """Return a sentence for each thing that would refuse the order."""
        return [self._refusal_sentence(refusal) for refusal in self._refusals()]

    def _refusal_sentence(self, refusal):
        field = self._orders()._fields.get(refusal.field)
        if not field:
            return f"{refusal.message} ({refusal.code})"
        return self.env._(
            "%(what)s: %(why)s (%(code)s)",
            what=field._description_string(self.env),
            why=refusal.message,
            code=refusal.code,
        )

    def _refusals(self):
        """Return what the controls would refuse, as they do of a line received."""
        if not self.operator_id:
            message = self.env._("Choose the operator that orders.")
            return [Refusal("FIMP15", "operator_id", message)]
        if not self.network_id:
            message = self.env._("Choose what is ordered: its network comes with it.")
            return [Refusal("FIMP15", self._place_field, message)]
        [refusals] = self._orders()._acknowledgement_refusals(
            [self._line()], self.operator_id, self.network_id
        )
        return refusals

    def _line(self):
        """Return the line that the operator would have sent."""
        return {
            "oc_reference": self.oc_reference or UNNAMED,
            "order_date": local_today().isoformat(),
            "comment": self.comment,
        }

    def _refuse_if_wrong(self):
        self.env[self._order_model].check_access("create")
        if refusals := self._refusal_sentences():
            raise UserError("\n".join(refusals))

    def action_order(self):
        """Take the order as if it had come from the operator."""
        self.ensure_one()
        self._refuse_if_wrong()
        return open_form(self._take_order())

    def _take_order(self):
        # Stored: the same form, sent once more, names an order that there is.
        self.oc_reference = self.oc_reference or self.network_id._new_manual_reference(
            self.operator_id, self._orders()
        )
        line = self._line()
        [(order, refusals)] = self._orders()._receive(
            [line], self.operator_id, self.network_id
        )
        if refusals:
            raise UserError("\n".join(refusal.message for refusal in refusals))
        return order.sudo(False)
