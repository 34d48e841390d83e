from odoo import fields, models

from ..workflow import Transition, Workflow


class FakeOrder(models.Model):
    """A small order with every kind of transition, for tests only."""

    _module = None
    _name = "oiconnect.fake.order"
    _description = "Fake order"
    _inherit = ["oiconnect.network.mixin", "oiconnect.workflow"]

    _workflow = Workflow(
        [
            Transition("accept", ("new",), "accepted", ("CR",), guard="_is_small"),
            Transition("accept", ("new",), "waiting"),
            Transition("deliver", ("accepted",), "done", ("MAD", "BILL")),
            Transition("remind", ("accepted",), None, ("REMINDER",)),
            Transition("fail", ("accepted",), "done", ("MAD",), effect="_explode"),
        ],
        initial="new",
        codes={"deliver": "FIMP14"},
    )

    _guard_fields = ("size",)
    _people_events = ("accept",)
    _transition_effects = ("_note_first", "_note_second")

    name = fields.Char()
    size = fields.Integer()
    mark = fields.Char()
    trail = fields.Char()
    operator_id = fields.Many2one("oiconnect.operator")
    state = fields.Selection(
        [("new", "New"), ("waiting", "Waiting"), ("accepted", "OK"), ("done", "Done")],
        default="new",
    )

    def _is_small(self, values):
        return self.filtered(lambda order: order.size < 10)

    def _on_deliver(self, values, origin):
        self.write({"mark": values["mark"]})

    def _explode(self, values, origin):
        raise RuntimeError("the effect fails")

    def _note_first(self, transition, values, origin):
        self.trail = f"{transition.event} by {origin.channel}"

    def _note_second(self, transition, values, origin):
        for order in self:
            order.trail = f"{order.trail}, then this"

    def _event_payload(self, flow, values, shared):
        return {"name": self.name, "state": self.state, "flow": flow}
