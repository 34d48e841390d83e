"""Internals of Odoo that we use beyond its public API are as we take them."""

import inspect
from datetime import datetime
from typing import NamedTuple
from unittest.mock import patch

from odoo import fields, models
from odoo.orm.registry import Registry
from odoo.tests.common import TransactionCase
from odoo.tools import SQL, sql

from .. import odoo_internals as internals

CHANGED = "Odoo changed %s, which we use to %s: see oiconnect_base/odoo_internals.py."


class Method(NamedTuple):
    """A method of Odoo with the parameters that we count on.

    :param model: name of the model; ``base`` for what all models have
    """

    model: str
    name: str
    parameters: str
    why: str


# Methods that we extend, or call of a model that does not offer them to others
METHODS = (
    Method("base", "_post_model_setup__", "", "tell which fields people may write"),
    Method(
        "base",
        "_has_field_access",
        "field operation",
        "tell people of operators the fields that are for them",
    ),
    Method("base", "fetch", "field_names", "hide from operators what exists"),
    Method(
        "base",
        "_has_onchange",
        "field other_fields",
        "let what is chosen in a form say of which network a record is",
    ),
    Method(
        "base",
        "_apply_onchange_methods",
        "field_name result",
        "let what is chosen in a form say of which network a record is",
    ),
    Method("base", "_check_access", "operation", "hide from operators what exists"),
    Method(
        "ir.rule",
        "_make_access_error",
        "operation records",
        "tell operators the same of what is another's and of what does not exist",
    ),
    Method(
        "base",
        "_field_to_sql",
        "alias field_expr query",
        "filter and group lists by figures that are no columns",
    ),
    Method(
        "base",
        "_read_group_groupby",
        "alias groupby_spec query",
        "group objects by the rules that they break",
    ),
    Method(
        "base",
        "_read_group_select",
        "aggregate_spec query",
        "give the share of many lines by all that they count",
    ),
    Method(
        "base",
        "_web_read_group_format",
        "groupby aggregates groups",
        "fold the columns of a board that are closed or empty",
    ),
    Method(
        "base",
        "_sql_error_to_message",
        "exc",
        "name the reference that somebody else has",
    ),
    Method(
        "ir.http",
        "_handle_error",
        "exception",
        "tell failures around a web service as SOAP faults",
    ),
    Method("ir.http", "_match", "path", "close addresses that are not listed"),
    Method(
        "ir.http",
        "_pre_dispatch",
        "rule args",
        "ask strangers for a log-in",
    ),
    Method(
        "ir.http",
        "_post_dispatch",
        "response",
        "tell a browser what it has written, which a replica may lack",
    ),
    Method("res.users", "_crypt_context", "", "keep hashes of operators' passwords"),
    Method("res.users", "_set_password", "", "refuse weak passwords on every road"),
    Method("res.users", "_set_encrypted_password", "uid pw", "hash what SQL wrote"),
    Method(
        "res.users",
        "_login",
        "credential user_agent_env",
        "answer strangers alike, whichever log-in they try",
    ),
    Method("res.users", "_assert_can_auth", "user", "do the same work for all"),
    Method("res.users", "_check_uid_passwd", "uid passwd", "the same for calls"),
    Method("res.users", "_mfa_type", "", "stop who has to set a second factor up"),
    Method("res.users", "_mfa_url", "", "lead there"),
    Method("res.users", "_rpc_api_keys_only", "", "refuse passwords in calls"),
    Method(
        "res.users",
        "_session_token_get_values",
        "",
        "end sessions from before two factors were required",
    ),
    Method("res.users", "_totp_try_setting", "secret code", "set a factor up"),
    Method(
        "res.users",
        "_get_signup_invitation_scope",
        "",
        "let no one make an account alone",
    ),
    Method(
        "ir.cron",
        "_callback",
        "cron_name server_action_id",
        "let scheduled work speak the language of its user",
    ),
    Method(
        "ir.attachment",
        "_index",
        "bin_data file_type checksum",
        "keep files of operators out of the index of words",
    ),
    Method(
        "ir.attachment",
        "_compute_mimetype",
        "values",
        "keep files of operators without a look at what they are",
    ),
    Method(
        "ir.attachment",
        "_inaccessible_comodel_records",
        "model_and_ids operation",
        "hide files about customers",
    ),
    Method("ir.attachment", "_filestore", "", "write large files where they will stay"),
    Method("ir.attachment", "_full_path", "path", "read large files where they lie"),
    Method("ir.attachment", "_mark_for_gc", "fname", "let go of a file after rollback"),
    Method("ir.attachment", "_storage", "", "know whether files lie on a disk"),
    Method(
        "ir.mail_server",
        "_connect__",
        "host port user password encryption smtp_from ssl_certificate "
        "ssl_private_key smtp_debug mail_server_id allow_archived",
        "send mails by the one way out",
    ),
    Method(
        "ir.actions.report",
        "_build_wkhtmltopdf_args",
        "paperformat_id landscape specific_paperformat_args set_viewport_size",
        "have documents fetch nothing from elsewhere",
    ),
    Method(
        "mail.link.preview", "_is_link_preview_enabled", "", "have links not previewed"
    ),
    Method(
        "mail.link.preview",
        "_create_from_message_and_notify",
        "message request_url",
        "have links not previewed",
    ),
    Method(
        "mail.link.preview", "_search_or_create_from_url", "url", "the same for one"
    ),
    Method(
        "publisher_warranty.contract",
        "update_notification",
        "cron_mode",
        "tell the publisher of Odoo nothing",
    ),
    Method(
        "ir.mail_server",
        "_build_email__",
        "email_from email_to subject body email_cc email_bcc reply_to attachments "
        "message_id references object_id subtype headers body_alternative "
        "subtype_alternative",
        "show pictures in the text of a mail",
    ),
    Method(
        "ir.model.data",
        "_process_end",
        "modules",
        "look after administrators' views at the end of an upgrade",
    ),
    Method(
        "ir.ui.view",
        "_filter_loaded_views",
        "check_view_ids",
        "leave out views that an upgrade has not loaded yet",
    ),
    Method("ir.ui.view", "_check_xml", "", "know whether a view fits"),
    Method(
        "base",
        "_load_records",
        "data_list update",
        "load views as delivered that administrators protect from updates",
    ),
    Method(
        "mail.thread",
        "_creation_message",
        "",
        "tell in a whole French sentence that a record was made",
    ),
    Method(
        "mail.thread", "_track_get_fields", "", "follow all fields that people write"
    ),
    Method(
        "base",
        "_mail_get_operation_for_mail_message_operation",
        "message_operation",
        "hide discussions about customers",
    ),
    Method(
        "account.chart.template",
        "_get_chart_template_mapping",
        "get_all",
        "load the demo's chart in half the time",
    ),
    Method(
        "account.move.send",
        "_hook_invoice_document_after_pdf_report_render",
        "invoice invoice_data",
        "keep the annex of an invoice with it",
    ),
    Method(
        "account.move.send",
        "_get_invoice_extra_attachments",
        "move",
        "send the annex of an invoice with it",
    ),
)


class TestCache(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls.env["res.partner"].create([{"name": "A"}, {"name": "B"}])
        # Not an attribute: a field of a class is read as that of a record.
        cls.fields = cls.partners._fields

    def setUp(self):
        super().setUp()
        self.env.invalidate_all()

    def _names(self):
        """Return the names as the database has them."""
        self.env.cr.execute(
            SQL(
                "SELECT name FROM res_partner WHERE id = ANY(%s) ORDER BY id",
                self.partners.ids,
            )
        )
        return [name for (name,) in self.env.cr.fetchall()]

    def test_the_cache_of_a_field_maps_ids_to_values(self):
        self.partners.fetch(["name"])
        self.assertEqual(
            dict(internals.cached_values(self.fields["name"], self.env)),
            dict(zip(self.partners.ids, ["A", "B"], strict=True)),
            CHANGED % ("Field._get_cache", "read columns of many records at once"),
        )

    def test_values_are_put_in_the_cache(self):
        internals.cache_values(self.fields["name"], self.partners, ["C", "D"])
        with self.assertQueryCount(0):
            self.assertEqual(
                self.partners.mapped("name"),
                ["C", "D"],
                CHANGED % ("Field._insert_cache", "create many records at once"),
            )

    def test_what_is_marked_is_written_by_the_next_flush(self):
        internals.cache_values(self.fields["name"], self.partners, ["C", "D"])
        internals.mark_to_write(self.fields["name"], self.partners)
        self.env.flush_all()
        message = CHANGED % ("Environment._field_dirty", "write many records at once")
        self.assertEqual(self._names(), ["C", "D"], message)

    def test_what_is_no_longer_marked_is_not_written(self):
        internals.cache_values(self.fields["name"], self.partners, ["C", "D"])
        internals.mark_to_write(self.fields["name"], self.partners)
        internals.mark_as_written(self.fields["name"], self.partners)
        self.env.flush_all()
        message = CHANGED % ("Environment._field_dirty", "create many records at once")
        self.assertEqual(self._names(), ["A", "B"], message)


class TestRegistry(TransactionCase):
    def test_a_field_knows_its_addon(self):
        operators, countries = self.env["oiconnect.operator"], self.env["res.country"]
        self.assertEqual(
            [
                internals.addon_of(operators._fields["interop_code"]),
                internals.addon_of(countries._fields["code"]),
            ],
            ["oiconnect_base", "base"],
            CHANGED % ("Field._module", "know which fields are ours to guard"),
        )

    def test_models_without_lasting_rows_are_listed(self):
        names = ("oiconnect.operator", "oiconnect.workflow", "base.language.install")
        self.assertEqual(
            [internals.has_rows_to_guard(self.env[name]) for name in names],
            [True, False, False],
            CHANGED % ("Model._abstract or _transient", "know which models to guard"),
        )

    def test_the_model_of_a_constraint_is_found(self):
        self.assertEqual(
            [
                internals.model_of_constraint(self.env.registry, name)
                for name in ("oiconnect_commune_insee_code_uniq", "of_no_model")
            ],
            ["oiconnect.commune", None],
            CHANGED % ("Model._table_objects", "say what a line of a file breaks"),
        )

    def test_a_guessed_chart_waits_in_the_registry_and_is_forgotten(self):
        registry, modules = self.env.registry, self.env["ir.module.module"]
        if "account.chart.template" not in registry:
            self.skipTest("account is not installed")
        company = self.env["res.company"].create({"name": "Without a chart"})
        module = modules.search([("name", "=", "account")]).with_company(company)
        self.addCleanup(internals.forget_guessed_chart, registry)
        module.state = "to install"
        module.state = "installed"
        message = CHANGED % ("registry._auto_install_template", "keep the demo's chart")
        self.assertIn("_auto_install_template", vars(registry), message)
        internals.forget_guessed_chart(registry)
        self.assertNotIn("_auto_install_template", vars(registry))

    def test_records_are_of_the_time_that_is_set(self):
        message = CHANGED % ("Cursor._now", "play the demo, each step at its time")
        moment = datetime(2026, 3, 2, 9, 30)
        internals.set_transaction_time(self.cr, moment)
        self.addCleanup(internals.set_transaction_time, self.cr, None)
        country = self.env["res.country"].create({"name": "Past", "code": "XP"})
        self.assertEqual(country.create_date, moment, message)
        internals.set_transaction_time(self.cr, None)
        self.assertGreater(self.cr.now(), moment, message)

    def test_fields_take_the_present_time_of_one_module(self):
        message = CHANGED % ("fields_temporal", "play the demo, each step at its time")
        moment = datetime(2026, 3, 2, 9, 30)
        with patch.object(internals.CLOCK, "datetime") as clock:
            clock.now.return_value = moment
            self.assertEqual(fields.Datetime.now(), moment, message)

    def test_a_many2one_makes_its_foreign_key_by_a_method(self):
        message = CHANGED % (
            "Many2one.update_db_foreign_key",
            "spare tables of millions of rows their foreign keys",
        )
        method = getattr(fields.Many2one, "update_db_foreign_key", None)
        self.assertTrue(method, message)
        self.assertEqual(parameters(method), ["model", "column"], message)


class TestCatalogue(TransactionCase):
    """Odoo asks for tables and indexes by functions that we replace."""

    def test_what_makes_tables_and_indexes_asks_our_functions(self):
        for function, caller in (
            ("existing_tables", sql.table_exists),
            ("existing_tables", Registry.check_tables_exist),
            ("index_definition", models.Index.apply_to_database),
        ):
            self.assertIn(function, caller.__code__.co_names)
            replaced = getattr(sql, function)
            self.assertEqual(replaced.__module__, internals.__name__)

    def test_ordinary_tables_and_indexes_are_found_as_before(self):
        names = ["res_partner", "oiconnect_none"]
        self.assertEqual(sql.existing_tables(self.cr, names), ["res_partner"])
        found = sql.index_definition(self.cr, "oiconnect_event_record_idx")
        self.assertIn("(res_model, res_id, id)", found[0])
        self.assertEqual(found[1], "INDEX (res_model, res_id, id)")
        self.assertEqual(sql.index_definition(self.cr, "none"), (None, None))


class TestMethods(TransactionCase):
    def test_methods_have_the_parameters_that_we_count_on(self):
        for method in METHODS:
            if method.model not in self.env.registry:
                continue  # of an addon that is not installed
            with self.subTest(method.name):
                message = CHANGED % (f"{method.model}.{method.name}", method.why)
                found = odoos_own(self.env.registry[method.model], method.name)
                self.assertTrue(found, message)
                self.assertEqual(parameters(found), method.parameters.split(), message)

    def test_a_method_that_is_gone_or_has_other_parameters_is_seen(self):
        self.assertIsNone(odoos_own(Sample, "_nothing"))
        self.assertEqual(parameters(odoos_own(Sample, "_sample")), ["one", "two"])


class Sample:
    """Stands for a class of Odoo."""

    __module__ = "odoo.models"

    def _sample(self, one, two=None, **others):
        """Stand for a method of Odoo."""


def odoos_own(model_class, name):
    """Return the method as Odoo has it, below what we make of it."""
    for cls in model_class.__mro__:
        ours = cls.__module__.startswith("odoo.addons.oiconnect")
        if name in vars(cls) and not ours:
            return vars(cls)[name]
    return None


def parameters(method):
    """Return the names of the parameters after ``self``, less ``**``."""
    found = inspect.signature(inspect.unwrap(getattr(method, "__func__", method)))
    kinds = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
    return [
        name
        for name, parameter in found.parameters.items()
        if parameter.kind not in kinds
    ][1:]
