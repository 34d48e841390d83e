from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..codes.ticket_code import ACCESS_TYPE
from .line import HELD_STATES

# What each ticket says, whoever opens it (Interop'Fibre SAV 3.0 §3.5)
REPORTED = (
    "operator_id",
    "network_id",
    "type_id",
    "defect_id",
    "defect_class_id",
    "prelocation_id",
)
# What a caller names, one of them at least
NAMED = ("service_reference", "pto_reference", "pm_reference")
# Of what names another line, or what it is about, nothing else follows yet.
CORRECTABLE = frozenset(
    (
        *("type_id", "defect_id", "defect_class_id", "prelocation_id", *NAMED),
        *("oc_key", "detection_date", "description", "already_operated"),
        *("customer_name", "customer_firstname", "customer_hours"),
        *("customer_contact1", "customer_contact2"),
    )
)


class Ticket(models.Model):
    """Tickets that staff open, by telephone: their line says the rest.

    They say as much as those of operators do, and what contradicts is refused while it
    is typed. Until one is taken in charge, what was mistyped is corrected.
    """

    _inherit = "oiconnect.ticket"

    line_id = fields.Many2one(
        "oiconnect.access.order",
        store=False,
        domain=[("state", "in", HELD_STATES)],
        help="Found by the customer, the telephone, the address, the PTO, the service, "
        "or the number of an order or ticket",
    )
    opening_faults = fields.Html("What is wrong", compute="_compute_opening_faults")
    is_correctable = fields.Boolean(
        "May be corrected", compute="_compute_is_correctable"
    )

    @api.depends(*REPORTED, *NAMED)
    @api.depends_context("lang")
    def _compute_opening_faults(self):
        item = Markup("<li>%s</li>")
        for ticket in self:
            faults = ticket._opening_faults() if ticket.is_correctable else []
            items = Markup().join(item % text for text in faults)
            ticket.opening_faults = items and Markup('<ul class="mb-0">%s</ul>') % items

    @api.depends("state", "opened_by")
    def _compute_is_correctable(self):
        for ticket in self:
            ticket.is_correctable = (ticket.opened_by, ticket.state) == ("oi", "open")

    # ------------------------------------------------------------------
    # The line says the rest
    # ------------------------------------------------------------------

    @api.onchange("line_id")
    def _onchange_line_id(self):
        """Take the references of the line that is chosen: the others follow."""
        if not self.line_id:
            return
        line = self.line_id.sudo()
        self.network_id, self.operator_id = line.network_id, line.operator_id
        self.service_reference = line.service_reference
        self.pto_reference = line.pto_id.reference
        self.pm_reference = False

    @api.onchange(*NAMED)
    def _onchange_named(self):
        """Take from the line, whichever network it is on, whose it is and its PTO."""
        if self._origin:
            return
        if len(order := self._named_order()) == 1:
            self.network_id, self.operator_id = order.network_id, order.operator_id
            self.pto_reference = self.pto_reference or order.pto_id.reference
        elif len(pm := self._named_pm()) == 1:
            self.network_id = pm.network_id

    def _named_order(self):
        """Return the orders that are named: one, unless networks number alike."""
        orders = self.env["oiconnect.access.order"].sudo()
        if self.service_reference:
            named = Domain("service_reference", "=", self.service_reference.strip())
        elif self.pto_reference:
            named = Domain("pto_id.reference", "=", self.pto_reference.strip())
        else:
            return orders
        held = Domain("state", "in", HELD_STATES)
        return orders.search(named & held & self._seen_domain(), limit=2)

    def _named_pm(self):
        pms = self.env["oiconnect.pm"].sudo()
        if not self.pm_reference:
            return pms
        named = Domain("reference", "=", self.pm_reference.strip())
        return pms.search(named & self._seen_domain(), limit=2)

    @api.model
    def _seen_domain(self):
        return Domain("company_id", "in", self.env.companies.ids)

    # ------------------------------------------------------------------
    # What is wrong
    # ------------------------------------------------------------------

    def _opening_faults(self):
        """Return a sentence for each thing that keeps the ticket from being opened."""
        self.ensure_one()
        faults = self._line_faults() if self._is_about_access() else self._pm_faults()
        if missing := [name for name in REPORTED if not self[name]]:
            labels = self._labels_of_fields(missing)
            faults.append(self.env._("Still to be given: %s.", labels))
        return faults

    def _is_about_access(self):
        return self.type_id.code in (ACCESS_TYPE, False)

    def _line_faults(self):
        if not self.service_reference and not self.pto_reference:
            return [self.env._("Give the service of the customer, or its PTO.")]
        if not self.operator_id or not self.network_id:
            return []
        order = self._line_found()["order_id"]
        order = self.env["oiconnect.access.order"].sudo().browse(order)
        if not order:
            return [
                self.env._(
                    "%(operator)s has no line of this service or PTO on network "
                    "%(network)s: read the reference again with the caller.",
                    operator=self.operator_id.display_name,
                    network=self.network_id.display_name,
                )
            ]
        return [
            self.env._(
                "%(field)s: this line has %(own)s. Correct it, or leave it empty.",
                field=self._labels_of_fields([name]),
                own=own or self.env._("none"),
            )
            for name, own in (
                ("service_reference", order.service_reference),
                ("pto_reference", order.pto_id.reference),
            )
            if self[name] and self[name] != own
        ]

    def _pm_faults(self):
        if not self.pm_reference:
            return [self.env._("Give the PM that the ticket is about.")]
        if self.network_id and not self._line_found()["pm_id"]:
            return [
                self.env._(
                    "PM %(pm)s is not on network %(network)s: read it again.",
                    pm=self.pm_reference,
                    network=self.network_id.display_name,
                )
            ]
        return []

    def _line_found(self):
        """Return what the references name now, whatever was found before."""
        named = {name: self[name] for name in NAMED}
        probe = self._probe(named, self.operator_id, self.network_id)
        [(_probe, found)] = probe._found_lines()
        return found

    # ------------------------------------------------------------------
    # Opening and correction by people
    # ------------------------------------------------------------------

    @api.model
    def _completed_opening(self, vals):
        """Return ``vals`` with what the line says.

        :raises UserError: what is missing, and what contradicts, all at once
        """
        ticket = self.new(self._add_missing_default_values(vals))
        given = {}
        if ticket.line_id and not any(ticket[name] for name in NAMED):
            ticket._onchange_line_id()
            given = {name: ticket[name] for name in NAMED}
        if not (ticket.network_id and ticket.operator_id):
            ticket._onchange_named()
        if faults := ticket._opening_faults():
            raise UserError("\n".join(faults))
        return (
            vals
            | given
            | {
                "network_id": ticket.network_id.id,
                "operator_id": ticket.operator_id.id,
            }
        )

    def _refuse_guarded(self, vals, guarded, operation):
        """Let what was mistyped be corrected until the ticket is taken in charge."""
        correctable = self.sudo().filtered("is_correctable")
        if operation == "write" and self and correctable == self.sudo():
            guarded -= CORRECTABLE
        return super()._refuse_guarded(vals, guarded, operation)

    def write(self, vals):
        corrected = CORRECTABLE & vals.keys()
        result = super().write(vals)
        if corrected and not self.env.su:
            self._follow_correction(corrected)
        return result

    def _follow_correction(self, names):
        """Find the line again, and say in the discussion what was corrected."""
        for ticket in self:
            if faults := ticket._opening_faults():
                raise UserError("\n".join(faults))
            ticket.sudo().write(ticket._line_found())
            labels = self._labels_of_fields(names)
            ticket.message_post(body=self.env._("Corrected: %s", labels))
