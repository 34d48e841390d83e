from odoo import fields, models
from odoo.orm.model_classes import add_to_registry

from ..models.guarded import EVERY_FIELD


class FakeGuardedMixin(models.AbstractModel):
    """Fields that several kinds of records share, for tests only."""

    _module = None
    _name = "oiconnect.fake.guarded.mixin"
    _description = "Fake mixin"
    _event_fields = ("sent_date",)

    sent_date = fields.Char("Sent on")


class FakeGuarded(models.Model):
    """One field of each kind, and one that is not declared."""

    _module = None
    _name = "oiconnect.fake.guarded"
    _description = "Fake message"
    _inherit = "oiconnect.fake.guarded.mixin"
    _creation_fields = ("author",)
    _free_fields = ("text", "place")
    _closing_fields = {"place": "receipt"}

    author = fields.Char()
    text = fields.Char()
    place = fields.Char()
    receipt = fields.Char(readonly=True)
    letters = fields.Integer(compute="_compute_letters", store=True)
    state = fields.Char("Course", default="new", readonly=True)
    forgotten = fields.Char()

    def _compute_letters(self):
        for message in self:
            message.letters = len(message.text or "")


class FakeOpen(models.Model):
    """Free as a whole, but for what is readonly."""

    _module = None
    _name = "oiconnect.fake.open"
    _description = "Fake list"
    _free_fields = EVERY_FIELD

    name = fields.Char()
    rank = fields.Integer(readonly=True)


def add_fakes(test):
    """Put these models in the registry until the end of ``test`` (a test or class)."""
    add_cleanup = test.addClassCleanup if isinstance(test, type) else test.addCleanup
    fakes = (FakeGuardedMixin, FakeGuarded, FakeOpen)
    names = [fake._name for fake in fakes]
    for fake in fakes:
        add_to_registry(test.registry, fake)
    add_cleanup(test.registry._setup_models__, test.env.cr, [])
    for name in reversed(names):
        add_cleanup(test.registry.__delitem__, name)
    test.registry._setup_models__(test.env.cr, names)
    test.registry.init_models(test.env.cr, names, {"module": "oiconnect_base"})
