from contextlib import suppress

from freezegun import freeze_time
from lxml import etree
from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from odoo.addons.oiconnect_base.tests.fake_guarded import add_fakes
from odoo.addons.oiconnect_orders.tests.common import OrderCase

# What the guard says, and no right or rule
GUARD = "cannot be written by hand"
# What Odoo requests at the creation of a record before the guard is called
NEEDED = {"ir.ui.view": {"arch": "<form/>"}}


def our_models(env):
    """Return the models that store a field of ours, which people might write."""
    return [
        model
        for model in map(env.__getitem__, sorted(env.registry))
        if model._auto and model._kinds_of_fields()
    ]


def undeclared(models):
    """Return what is left to declare: one line a field, that says where."""
    return [
        f"{model._name}.{name}: who writes it? Name it in _event_fields (our code "
        "only), _creation_fields (fixed once created) or _free_fields (people, by "
        f"their rights) of the class of {model._name} that has the field, in "
        f"{model._fields[name]._module}, or make it readonly"
        for model in models
        for name in model._undeclared_fields()
    ]


@tagged("post_install", "-at_install", "slow")
class TestGuardedRpc(OrderCase):
    """Each stored field, by each right, as the web client would write it.

    What a field is (free, or written by what happens to the record) is declared in
    its model; the server does as declared, whatever the views show.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.models = our_models(cls.env)
        cls.users = cls.make_users()

    @classmethod
    def make_users(cls):
        """Return a person for each right of the application, and for two of Odoo."""
        category = cls.env.ref("oiconnect_base.category_oiconnect")
        rights = cls.env["res.groups"].search(
            [("privilege_id.category_id", "=", category.id)]
        )
        rights += cls.env.ref("base.group_system")
        rights += cls.env.ref("account.group_account_invoice")
        people = cls.env["res.users"].with_context(no_reset_password=True)
        return people.create(
            [
                {
                    "name": right.full_name,
                    "login": f"droit_{right.id}",
                    "group_ids": right.ids,
                }
                for right in rights
            ]
        )

    def who_may(self, operation, model):
        return self.users.filtered(
            lambda user: model.with_user(user).has_access(operation)
        )

    def rpc(self, user, model, method, *arguments, **options):
        return call_kw(
            self.env[model._name].with_user(user), method, arguments, options
        )

    def value_of(self, record, name):
        """Return what the field holds, as a client would send it back."""
        if not record:
            return False
        field = record._fields[name]
        if field.type == "many2many":
            return [Command.set(record[name].ids)]
        return field.convert_to_write(record[name], record)

    def refusal(self, user, model, method, *arguments):
        """Return the message of the refusal of a call, empty if it is allowed."""
        try:
            self.rpc(user, model, method, *arguments)
            self.env.flush_all()
        except UserError as error:
            return str(error)
        return ""

    def refusal_undone(self, *call):
        said = ""
        with (
            suppress(_Undone, IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            said = self.refusal(*call)
            raise _Undone
        return said

    def assertGuarded(self, tries):
        """Have ``tries`` (user, model, field, method, arguments) refused, each."""
        wrong = [
            f"{model._name}.{name}, {user.name}: {method} says “{said}”"
            for user, model, name, method, arguments in tries
            if GUARD not in (said := self.refusal(user, model, method, *arguments))
        ]
        self.assertFalse(wrong, "\n".join(wrong))

    # ------------------------------------------------------------------

    def test_every_stored_field_says_who_writes_it(self):
        left = undeclared(self.models)
        self.assertFalse(left, "\n".join(left))

    def test_what_happens_to_a_record_is_changed_by_no_user_by_hand(self):
        self.assertGuarded(self.guarded_writes())

    def guarded_writes(self):
        for model in self.models:
            record = self.any_record(model)
            users = self.who_may("write", model)
            for name in model._guarded_fields:
                vals = {name: self.value_of(record, name)}
                for user in users:
                    yield user, model, name, "write", (record.ids, vals)

    def test_what_happens_to_a_record_is_given_by_no_user_at_its_creation(self):
        self.assertGuarded(
            (
                user,
                model,
                name,
                "create",
                (NEEDED.get(model._name, {}) | {name: False},),
            )
            for model in self.models
            for user in self.who_may("create", model)
            for name in model._guarded_at_creation
        )

    # Some defaults are the time.
    @freeze_time("2026-11-27 09:00:00")
    def test_no_default_of_the_context_gives_what_happens_to_a_record(self):
        for model in self.models:
            names = sorted(model._guarded_at_creation)
            forged = {f"default_{name}": False for name in names}
            for user in self.who_may("create", model):
                self.assertEqual(
                    self.rpc(user, model, "default_get", names, context=forged),
                    self.rpc(user, model, "default_get", names),
                    model._name,
                )

    def test_no_screen_sends_what_would_be_refused(self):
        """A form sends all that it does not show as read only, empty or not."""
        sent = [
            f"{view.xml_id}: {name}"
            for model in self.models
            for view in self.views_that_create(model)
            for name in self.names_sent(model, view) & model._guarded_at_creation
        ]
        self.assertEqual(sent, [])

    def views_that_create(self, model):
        """Return the forms, and the lists whose lines are edited."""
        views = self.env["ir.ui.view"].search(
            [
                ("model", "=", model._name),
                ("type", "in", ("form", "list")),
                ("mode", "=", "primary"),
            ]
        )
        return views.filtered(lambda view: view.xml_id.startswith("oiconnect"))

    def names_sent(self, model, view):
        arch = etree.fromstring(model.get_view(view.id, view.type)["arch"])
        creates = arch.get("create") not in ("0", "False")
        if not creates or (view.type == "list" and not arch.get("editable")):
            return set()
        return {
            node.get("name")
            for node in arch.xpath("//field[not(ancestor::field)]")
            if node.get("readonly") not in ("1", "True")
            and not model._fields[node.get("name")].readonly
        }

    def test_people_write_what_is_free(self):
        """A rule of the trade may refuse what is written, the guard may not."""
        wrong = []
        for model in self.models:
            record = self.any_record(model)
            # The guard tells no right from another: one is enough.
            for user in self.who_may("write", model)[:1]:
                for name in self.free_fields(model):
                    vals = {name: self.value_of(record, name)}
                    said = self.refusal_undone(user, model, "write", record.ids, vals)
                    if GUARD in said:
                        wrong.append(f"{model._name}.{name}, {user.name}: {said}")
        self.assertFalse(wrong, "\n".join(wrong))

    def any_record(self, model):
        return model.with_context(active_test=False).search([], limit=1)

    def free_fields(self, model):
        """Return what people write here; rows of a one2many are written in theirs."""
        return [
            name
            for name in model._kinds_of_fields().keys() - model._guarded_fields
            if model._fields[name].type != "one2many"
        ]


@tagged("post_install", "-at_install")
class TestGuardedWalk(TransactionCase):
    """The walk names a field that somebody added and did not declare."""

    def test_an_undeclared_field_is_named(self):
        before = undeclared(our_models(self.env))
        add_fakes(self)
        [line] = set(undeclared(our_models(self.env))) - set(before)
        self.assertRegex(line, r"^oiconnect\.fake\.guarded\.forgotten: who writes it\?")
        self.assertIn("_free_fields", line)


class _Undone(Exception):
    """Takes back what was tried."""
