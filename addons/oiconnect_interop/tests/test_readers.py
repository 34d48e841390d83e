from odoo.exceptions import AccessError
from odoo.tests.common import tagged

from .common import ExchangeCase

NETWORK = {"infra", "access", "ticket"}
# Who reads what, by privilege: at its lowest level unless another is named.
READERS = {
    # what every right needs, to name things
    "oiconnect.network": {"any"},
    "oiconnect.operator": {"any"},
    "oiconnect.commune": {"any"},
    "oiconnect.pbo.type": {"any"},
    "oiconnect.pbo.connection.type": {"any"},
    "oiconnect.fibre.colour": {"any"},
    "oiconnect.operator.contact": {"lexicon"},
    # each its own
    "oiconnect.operator.message": {"any"},
    "oiconnect.scheduled.report": {"any"},
    # the network
    "oiconnect.nro": {"link", "infra"},
    "oiconnect.prdm": {"link", "infra", "ticket"},
    "oiconnect.technical.pm": {"link", "infra", "access", "pm_order", "ticket"},
    "oiconnect.lot": {"link", "infra"},
    "oiconnect.pb.batch": {"infra", "pm_order"},
    "oiconnect.manager": {"infra", "access"},
    "oiconnect.pm": {"link", "infra", "access", "pm_order", "ticket"},
    "oiconnect.pm.link": {"link", "infra", "ticket"},
    "oiconnect.pbo": NETWORK | {"pm_order"},
    "oiconnect.building": NETWORK | {"pm_order"},
    "oiconnect.building.level": NETWORK,
    "oiconnect.pto": NETWORK,
    "oiconnect.pm.module": NETWORK,
    "oiconnect.pm.position": NETWORK,
    "oiconnect.pbo.cable": NETWORK,
    "oiconnect.splice.box": NETWORK,
    "oiconnect.pbo.fibre": NETWORK,
    "oiconnect.route": NETWORK,
    "oiconnect.splice": NETWORK,
    "oiconnect.pm.link.fibre": {"link", "infra", "ticket"},
    "oiconnect.key.change": {"infra_user", "link_user"},
    "oiconnect.splice.range": {"infra_user"},
    "oiconnect.splice.undo": {"infra_manager"},
    "oiconnect.pm.link.fibre.new": {"link_user"},
    "oiconnect.change": {"infra", "link", "ticket"},
    "oiconnect.pto.lot": {"infra"},
    "oiconnect.cable.fibres": {"infra_user"},
    "oiconnect.cable.fibres.range": {"infra_user"},
    "oiconnect.module.positions": {"infra_user"},
    "oiconnect.pto.generation": {"infra_user"},
    "oiconnect.bulk.range": {"infra_user"},
    "oiconnect.rule": {"infra", "link"},
    "oiconnect.rule.run": {"infra", "link"},
    "oiconnect.rule.count": {"infra", "link"},
    "oiconnect.rule.finding": {"infra", "link"},
    # the map: its numbers are read by no right, only by the map itself
    "oiconnect.zone": {"infra", "link"},
    "oiconnect.zone.import": {"infra_user"},
    "oiconnect.zone.export": {"infra", "link"},
    "oiconnect.map.layer": {"any"},
    "oiconnect.zone.part": set(),
    "oiconnect.map.cell": set(),
    "oiconnect.map.delta": set(),
    # orders
    "oiconnect.access.order": {"access"},
    "oiconnect.access.order.decision": {"access_user"},
    "oiconnect.access.order.new": {"access_user"},
    "oiconnect.access.order.override": {"access_manager"},
    "oiconnect.access.order.route": {"access_user"},
    "oiconnect.link.order": {"link"},
    "oiconnect.link.order.fibre": {"link"},
    "oiconnect.link.order.new": {"link_user"},
    "oiconnect.link.service": {"link"},
    "oiconnect.appointment": {"access", "ticket"},
    "oiconnect.appointment.choice": {"access_user", "ticket_user"},
    "oiconnect.appointment.choice.slot": {"access_user", "ticket_user"},
    "oiconnect.appointment.team": {"access", "ticket"},
    "oiconnect.customer.export": {"access_manager"},
    "oiconnect.decision": {"access", "pm_order", "link"},
    "oiconnect.delay": {"access", "pm_order", "link", "ticket"},
    "oiconnect.delay.count": {"access", "pm_order", "link", "ticket"},
    "oiconnect.delay.miss": {"access", "pm_order", "link", "ticket"},
    "oiconnect.mutation.reason": {"access"},
    "oiconnect.operator.position": {"access", "pm_order"},
    "oiconnect.reason": {"access", "pm_order", "link"},
    # failures of scheduled steps: the task of the work list tells them
    "oiconnect.retry": set(),
    # log-ins: for administrators of the settings
    "oiconnect.claim.group": set(),
    "oiconnect.password.request": set(),
    "oiconnect.todo": {"access", "pm_order", "link", "ticket"},
    "oiconnect.pm.service": {"access", "pm_order"},
    "oiconnect.pb.order": {"pm_order"},
    "oiconnect.pb.order.new": {"pm_order_user"},
    "oiconnect.pm.service.change": {"pm_order_manager"},
    "oiconnect.pm.order": {"pm_order"},
    "oiconnect.pm.order.new": {"pm_order_user"},
    "oiconnect.pm.report": {"pm_order"},
    "oiconnect.infra.order.decision": {"pm_order_user", "link_user"},
    "oiconnect.cofinancing": {"pm_order"},
    "oiconnect.workflow.step": {"access", "pm_order", "link", "ticket", "billing"},
    "oiconnect.event": {"access", "pm_order", "link", "ticket", "api", "exchange"},
    # tickets: the dialogue with operators may name end customers
    "oiconnect.ticket": {"ticket"},
    "oiconnect.ticket.answer": {"ticket_user"},
    "oiconnect.ticket.closure.code": {"ticket"},
    "oiconnect.ticket.code": {"ticket"},
    "oiconnect.ticket.decision": {"ticket_user"},
    "oiconnect.ticket.freeze": {"ticket"},
    "oiconnect.ticket.message": {"ticket_user"},
    "oiconnect.ticket.task": {"ticket"},
    "oiconnect.ticket.wire.state": {"ticket"},
    "oiconnect.incident": {"ticket"},
    "oiconnect.works": {"ticket"},
    # exchanges and imports
    "oiconnect.exchange": {"exchange"},
    "oiconnect.exchange.error": {"exchange"},
    "oiconnect.exchange.line": {"exchange"},
    "oiconnect.exchange.trace": {"exchange"},
    "oiconnect.exchange.sandbox": {"access_manager"},
    "oiconnect.exchange.sandbox.line": {"access_manager"},
    "oiconnect.exchange.sandbox.answer": {"access_manager"},
    "oiconnect.flow.terms": {"exchange"},
    "oiconnect.flow": {"exchange", "infra"},
    "oiconnect.flow.format": {"exchange", "infra"},
    "oiconnect.flow.column": {"exchange"},
    "oiconnect.flow.format.new": {"exchange_manager"},
    "oiconnect.endpoint": {"exchange_user"},
    "oiconnect.api.address": {"api_manager"},
    "oiconnect.api.key": {"api_manager"},
    "oiconnect.api.key.new": {"api_manager"},
    "oiconnect.api.key.shown": {"api_manager"},
    "oiconnect.api.replay": set(),
    "oiconnect.api.scope": {"api_manager"},
    "oiconnect.soap.account": {"api"},
    "oiconnect.soap.address": {"api"},
    "oiconnect.seal": {"api"},
    "oiconnect.seal.part": {"api"},
    "oiconnect.soap.call": {"api"},
    "oiconnect.soap.service": {"api"},
    "oiconnect.conformance.call": {"api"},
    "oiconnect.conformance.case": {"api"},
    "oiconnect.conformance.run": {"api"},
    "oiconnect.conformance.step": {"api"},
    "oiconnect.signing.certificate": {"api_manager"},
    "oiconnect.webhook": {"api"},
    "oiconnect.webhook.delivery": {"api"},
    "oiconnect.webhook.kind": {"api"},
    "oiconnect.webhook.replay": {"api_manager"},
    "oiconnect.webhook.secret": {"api_manager"},
    "oiconnect.claim": {"exchange_manager"},
    "oiconnect.import": {"import"},
    "oiconnect.import.error": {"import"},
    "oiconnect.import.count": {"import"},
    "oiconnect.import.progress": {"import"},
    "oiconnect.import.preview": {"import"},
    "oiconnect.import.confirm": {"import_user"},
    "oiconnect.import.source": {"import_user"},
    "oiconnect.gracethd.difference": {"import"},
    "oiconnect.gracethd.difference.line": {"import"},
    "oiconnect.gracethd.difference.progress": {"import"},
    "oiconnect.gracethd.journal": {"import_manager"},
    "oiconnect.gracethd.object": {"import"},
    "oiconnect.gracethd.table": {"import"},
    "oiconnect.gracethd.grid": {"import"},
    "oiconnect.gracethd.grid.check": {"import"},
    "oiconnect.gracethd.grid.due": {"import"},
    "oiconnect.gracethd.export": {"infra"},
    "oiconnect.gracethd.export.progress": {"infra"},
    # publications
    "oiconnect.publication": {"infra"},
    "oiconnect.publication.plan": {"infra"},
    "oiconnect.publication.schedule": {"infra"},
    "oiconnect.publication.delivery": {"infra"},
    "oiconnect.publication.issue": {"infra"},
    "oiconnect.publication.progress": {"infra"},
    "oiconnect.publication.series": {"infra_manager"},
    "oiconnect.publication.now": {"infra_user"},
    "oiconnect.publication.send": {"infra_user"},
    # billing
    "oiconnect.billing.product": {"billing"},
    "oiconnect.billing.preview": {"billing"},
    "oiconnect.billing.price": {"billing"},
    "oiconnect.billing.indexation": {"billing_manager"},
    "oiconnect.billing.indexation.line": {"billing_manager"},
    "oiconnect.billing.run": {"billing"},
    "oiconnect.billing.run.operator": {"billing"},
    "oiconnect.billing.item": {"billing"},
    "oiconnect.billing.line": {"billing"},
    "oiconnect.billing.dispute": {"billing"},
    "oiconnect.billing.dispute.line": {"billing"},
    "oiconnect.billing.dispute.import": {"billing_user"},
    "oiconnect.billing.dispute.problem": {"billing_user"},
    "oiconnect.billing.dispute.refusal": {"billing_user"},
}


@tagged("post_install", "-at_install")
class TestReaders(ExchangeCase):
    """Who has no right on a model reads nothing of it, by any path."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.models = [
            name
            for name, model in cls.env.items()
            if name.startswith("oiconnect.") and not model._abstract
        ]
        category = cls.env.ref("oiconnect_base.category_oiconnect")
        groups = cls.env["res.groups"].search(
            [("privilege_id.category_id", "=", category.id)]
        )
        names = groups.get_external_id()
        # {"access_read": group, …}
        cls.levels = {
            names[group.id].removeprefix("oiconnect_base.group_"): group
            for group in groups
        }

    def _users(self, groups):
        """Return one user per group of ``{name: group}``, by name."""
        vals = [
            {"name": name, "login": f"lit_{name}", "group_ids": [(6, 0, group.ids)]}
            for name, group in groups.items()
        ]
        users = self.env["res.users"].with_context(no_reset_password=True).create(vals)
        return dict(zip(groups, users, strict=True))

    def _reads(self, level, model):
        """Tell whether the table lets the level ``"access_user"`` read ``model``."""
        implied = self.levels[level] | self.levels[level].all_implied_ids
        held = {name for name, group in self.levels.items() if group in implied}
        lowest = {name.removesuffix("_read") for name in held} | held
        return bool(READERS[model] & (lowest | {"any"}))

    def test_the_table_names_every_model(self):
        self.assertFalse(set(self.models) - set(READERS))

    def test_each_level_reads_what_the_table_says(self):
        for level, user in self._users(self.levels).items():
            reads = [
                model
                for model in self.models
                if self.env[model].with_user(user).has_access("read")
            ]
            expected = [model for model in self.models if self._reads(level, model)]
            with self.subTest(level):
                self.assertEqual(reads, expected)

    def test_without_a_right_no_path_leads_to_the_data(self):
        self._take([self._wire(), self._wire(TypeRacco="XX")])
        lowest = {name: g for name, g in self.levels.items() if name.endswith("_read")}
        export = self.env.ref("base.group_allow_export")
        nothing = {"nothing": self.env.ref("base.group_user") | export}
        for level, user in self._users(lowest | nothing).items():
            with self.subTest(level):
                self.assertFalse(list(self._wrong_entry_points(level, user)))

    def _wrong_entry_points(self, level, user):
        """Yield the paths that are open and should not be, or the reverse."""
        for model in self.models:
            reads = level != "nothing" and self._reads(level, model)
            for entry_point in self._entry_points(model, user, reads):
                if self._is_open(entry_point) != reads:
                    yield model, entry_point.__name__

    def _is_open(self, entry_point):
        try:
            entry_point()
        except AccessError:
            return False
        return True

    def _entry_points(self, name, user, reads):
        """What the client calls to list, group, read and export."""
        model = self.env[name].with_user(user)
        # Ids may be guessed: who may not read tries one that there is.
        chosen = model if reads else self.env[name].sudo()
        records = chosen.search([], limit=1).with_env(model.env)

        def search_read():
            model.search_read([], ["id"], limit=1)

        def read_group():
            model.formatted_read_group([], [], ["__count"])

        def web_read():
            records.web_read({"display_name": {}})

        def export_data():
            records.export_data(["display_name"])

        by_id = [web_read, export_data] if records else []
        return [search_read, read_group, *by_id]

    def test_history_and_messages_are_those_of_the_kinds_one_may_read(self):
        order = self._orders_of(self._take([self._wire()]))
        groups = {name: self.levels[name] for name in ("access_read", "exchange_read")}
        users = self._users(groups)
        event, step = order.event_ids[0], order.step_ids[0]
        other = event.copy({"res_model": "oiconnect.other", "res_id": 1})
        for name, seen in (("access_read", event), ("exchange_read", event | other)):
            found = event.with_user(users[name]).search(
                [("id", "in", [event.id, other.id])]
            )
            self.assertEqual(found.sorted("id").ids, seen.ids, name)
        step.with_user(users["access_read"]).read(["target"])
        # A note is free text, which may name an end customer.
        for name, field in (("access_read", "note"), ("exchange_read", "target")):
            with self.assertRaises(AccessError):
                step.with_user(users[name]).read([field])
        for name, lines in (("access_read", step), ("exchange_read", event)):
            lines = lines.with_user(users[name])
            for field in lines._fields:
                if field.startswith("readable_"):
                    self.assertFalse(lines[field], field)

    def test_a_billing_reader_sees_no_step_of_an_order(self):
        if "oiconnect.billing.run" not in self.env:
            self.skipTest("oiconnect_billing is not installed")
        order = self._orders_of(self._take([self._wire()]))
        user = self._users({"billing_read": self.levels["billing_read"]})[
            "billing_read"
        ]
        steps = order.step_ids.with_user(user)
        self.assertFalse(steps.search([("id", "in", order.step_ids.ids)]))
        with self.assertRaises(AccessError):
            steps.read(["target"])
