from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from odoo.addons.oiconnect_base.tests.fake_guarded import add_fakes
from odoo.addons.oiconnect_orders.tests.common import OrderCase


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


@tagged("post_install", "-at_install")
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

    def assertGuarded(self, user, model, method, *arguments):
        with self.assertRaises(AccessError) as caught:
            self.rpc(user, model, method, *arguments)
        self.assertIn("cannot be written by hand", str(caught.exception))

    def try_free(self, user, model, method, *arguments):
        """Write what is free: a rule of the trade may refuse it, the guard may not."""
        try:
            with self.cr.savepoint(), mute_logger("odoo.sql_db"):
                self.rpc(user, model, method, *arguments)
                self.env.flush_all()
                raise _Undone
        except (_Undone, IntegrityError):
            pass
        except UserError as error:
            self.assertNotIn("by hand", str(error))
        finally:
            self.env.invalidate_all(flush=False)

    # ------------------------------------------------------------------

    def test_every_stored_field_says_who_writes_it(self):
        left = undeclared(self.models)
        self.assertFalse(left, "\n".join(left))

    def test_what_happens_to_a_record_is_changed_by_nobody_by_hand(self):
        for model in self.models:
            record = model.with_context(active_test=False).search([], limit=1)
            users = self.who_may("write", model)
            for name in sorted(model._guarded_fields):
                value = self.value_of(record, name)
                for user in users:
                    with self.subTest(f"{model._name}.{name}", right=user.name):
                        self.assertGuarded(
                            user, model, "write", record.ids, {name: value}
                        )

    def test_what_happens_to_a_record_is_given_by_nobody_at_its_creation(self):
        for model in self.models:
            names = sorted(model._guarded_at_creation)
            for user in self.who_may("create", model):
                for name in names:
                    with self.subTest(f"{model._name}.{name}", right=user.name):
                        self.assertGuarded(user, model, "create", {name: False})

    def test_no_default_of_the_context_gives_what_happens_to_a_record(self):
        for model in self.models:
            names = sorted(model._guarded_at_creation)
            forged = {f"default_{name}": False for name in names}
            for user in self.who_may("create", model):
                with self.subTest(model._name, right=user.name):
                    self.assertEqual(
                        self.rpc(user, model, "default_get", names, context=forged),
                        self.rpc(user, model, "default_get", names),
                    )

    def test_people_write_what_is_free(self):
        for model in self.models:
            record = model.with_context(active_test=False).search([], limit=1)
            free = model._kinds_of_fields().keys() - model._guarded_fields
            # The guard tells no right from another: one is enough.
            for user in self.who_may("write", model)[:1]:
                for name in sorted(free):
                    values = {name: self.value_of(record, name)}
                    with self.subTest(f"{model._name}.{name}", right=user.name):
                        self.try_free(user, model, "write", record.ids, values)

    def test_who_has_no_right_writes_nothing_at_all(self):
        for model in self.models:
            stranger = (self.users - self.who_may("write", model))[0]
            with self.subTest(model._name), self.assertRaises(AccessError) as caught:
                self.rpc(stranger, model, "write", [], {"create_date": False})
            self.assertNotIn("by hand", str(caught.exception))


@tagged("post_install", "-at_install")
class TestGuardedWalk(TransactionCase):
    """The walk names a field that somebody added and did not declare."""

    def test_a_field_that_nobody_declared_is_named(self):
        before = undeclared(our_models(self.env))
        add_fakes(self)
        [line] = set(undeclared(our_models(self.env))) - set(before)
        self.assertRegex(line, r"^oiconnect\.fake\.guarded\.forgotten: who writes it\?")
        self.assertIn("_free_fields", line)


class _Undone(Exception):
    """Takes back what was tried."""
