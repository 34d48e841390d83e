from odoo import models

from odoo.addons.oiconnect_base.time_zone import local_day


def _day(moment):
    return local_day(moment).isoformat() if moment else None


class LinkOrder(models.Model):
    """Messages to the operator about its order, with English keys.

    The reports of availability and of delivery have a line for each fibre.
    """

    _inherit = "oiconnect.link.order"

    _ok_states = {
        "ARCMDLIEN": ("ar_ok",),
        "CRMADLIEN": ("available",),
        "CRLIVLIEN": ("delivered",),
    }

    def _payload_keys(self):
        """Return the keys of all flows: those of our link, else as they were given."""
        known = self.link_id._references()
        return {name: value or self[name] or None for name, value in known.items()}

    def _payload_arcmdlien(self, values, shared):
        return {
            **self._result("ARCMDLIEN", values),
            "date": _day(self.receipt_date),
            "expected_date": self.expected_date and self.expected_date.isoformat(),
            "comment": self.reason_comment or None,
        }

    def _payload_crmadlien(self, values, shared):
        return {
            **self._result("CRMADLIEN", values),
            "date": _day(self.report_date),
            "available_date": _day(self.available_date),
            "comment": self.reason_comment or None,
            **self._payload_fibres(),
        }

    def _payload_crlivlien(self, values, shared):
        return {
            **self._result("CRLIVLIEN", values),
            "date": _day(self.delivered_date),
            "delivered_date": _day(self.delivered_date),
            "comment": values.get("note"),
            **self._payload_fibres(),
        }

    def _payload_fibres(self):
        return {
            "length_km": self.length_km or None,
            "lines": [line._payload() for line in self.held_fibre_ids],
        }

    def _payload_arannreslien(self, values, shared):
        return {
            "operation": values.get("operation"),
            "fibre_number": values.get("fibre_number"),
            "date": _day(self.env.cr.now()),
            **self._request_result(values),
            "comment": values.get("note"),
        }

    def _payload_crannreslien(self, values, shared):
        fibres = values.get("fibres") or self.env["oiconnect.link.order.fibre"]
        return {
            "operation": "ANNULATION" if self.state == "cancelled" else "RESILIATION",
            "date": _day(self.env.cr.now()),
            **self._request_result({}),
            "effective_date": _day(self.env.cr.now()),
            "comment": values.get("note"),
            "lines": [{"fibre_number": line.number} for line in fibres],
        }
