# pylint: disable=translation-required
import base64
from contextlib import suppress

from odoo.exceptions import AccessError, UserError
from odoo.tests.common import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..common import HEADER, ExchangeCase, make_file

NAME, FIRSTNAME, MAIL = "ZEBULONEXEMPLE", "CAMILLEEXEMPLE", "zc@exemple.invalid"
PHONE, WORDS = "0600999001", "QX12INTERPHONE"
MARKS = (NAME, FIRSTNAME, MAIL, PHONE, WORDS)
# All that people may have beside the right to see end customers
GROUPS = ",".join(
    f"oiconnect_base.group_{name}"
    for name in (
        "access_read",
        "ticket_read",
        "api_manager",
        "exchange_user",
        "import_manager",
        "infra_manager",
        "billing_manager",
        "lexicon_manager",
    )
)
OTHER_MODELS = ("ir.attachment", "mail.message", "mail.activity", "mail.followers")
STOC = (
    "ReferenceCommandePriseInterneOC ReferencePrestationPrise "
    "ReferenceCommandeSousTraitantOI CrRaccordementPrise MotifKoCrRaccordementPrise "
    "ReferencePrise DateRaccordementPrise PrisePosee BilanOptique Commentaire Reserve1"
).split()


@tagged("post_install", "-at_install")
class TestOneRightToCustomers(ExchangeCase, HttpCase):
    """End customers are read by one right, whatever path leads to them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reader = new_test_user(cls.env, "lecteur_flux", GROUPS)
        cls.env["oiconnect.reason"]._of("FINT07")
        # By a test that is not run: what takes files in and makes lines is of tests
        cls()._make()
        cls.env.flush_all()

    def _make(self):
        cls = type(self)
        cls.exchange = self._take([self._customer(), self._customer(), self._wrong()])
        cls.order, cls.lost = self._orders_of(self.exchange)[:2]
        (self.order | self.lost)._study()
        cls.sent = self._drain()
        self._report()
        cls.headless = self._take(f"{NAME};{PHONE};{MAIL}".encode())
        self._write_by_hand()
        self._visit()
        self._report_a_fault()

    def _customer(self, **values):
        return self._wire(
            **{
                "NomClient": NAME,
                "PrenomClient": FIRSTNAME,
                "ContactClient1": PHONE,
                "ContactClient2": MAIL,
                "CommentaireCmdAcces": WORDS,
                "Info Cmd Accès 1": WORDS,
                **values,
            }
        )

    def _wrong(self):
        return self._customer(NomClient=NAME * 4, ContactClient1=f"chez {NAME}")

    def _report(self):
        """Report a visit that failed, in the words of a technician."""
        line = {
            "ReferenceCommandePriseInterneOC": self.lost.oc_reference,
            "ReferencePrestationPrise": self.lost.service_reference,
            "ReferenceCommandeSousTraitantOI": self.lost.subcontract_reference,
            "CrRaccordementPrise": "KO",
            "MotifKoCrRaccordementPrise": "FINT07",
            "DateRaccordementPrise": "20260314 10:05",
            "Commentaire": f"{NAME} absent, {PHONE}",
            "Reserve1": WORDS,
        }
        content = make_file(STOC, [line])
        type(self).report = self._take(content, self._name("CR_STOC"))
        self._drain()

    def _write_by_hand(self):
        self.order.message_post(body=f"Appeler {NAME}", subject=NAME)
        self.exchange.message_post(body=f"Ligne de {NAME}")
        self.lost._fire("cancel", note=f"{NAME} a déménagé")
        self.env["oiconnect.event"].search([], limit=1).error = f"« {NAME} »"
        self.sent[:1].notice_comment = f"{NAME} inconnu"
        self.env["ir.attachment"].create(
            {
                "name": f"{NAME}.txt",
                "raw": b"plan",
                "res_model": self.order._name,
                "res_id": self.order.id,
            }
        )

    def _visit(self):
        team = self.env["oiconnect.appointment.team"].create(
            {"name": "Équipe 1", "network_id": self.network.id}
        )
        self.env["oiconnect.appointment"].create(
            {
                "team_id": team.id,
                "commune_id": self.env["oiconnect.commune"].search([], limit=1).id,
                "order_id": self.order.id,
                "network_id": self.network.id,
                "operator_id": self.operator.id,
                "start": "2026-03-20 08:00:00",
                "stop": "2026-03-20 10:00:00",
                "address": f"Chez {NAME}",
                "comment": f"{NAME} {PHONE}",
            }
        )

    def _report_a_fault(self):
        """A ticket, with what people and the operator wrote of the customer."""
        ticket = self.env["oiconnect.ticket"].create(
            {
                "network_id": self.network.id,
                "operator_id": self.operator.id,
                "opened_by": "oc",
                "oc_key": "OC-SAV-0001",
                "description": f"{NAME} n'a plus de signal",
                "customer_name": NAME,
                "customer_firstname": FIRSTNAME,
                "customer_contact1": PHONE,
                "customer_hours": WORDS,
            }
        )
        self.env["oiconnect.ticket.message"].create(
            {"ticket_id": ticket.id, "content": f"Joindre {NAME} : {PHONE}"}
        )
        ticket._fire("escalate", note=f"{NAME} a rappelé")
        task = self.env["oiconnect.ticket.task"].create(
            {"ticket_id": ticket.id, "instructions": WORDS, "result": f"{NAME} absent"}
        )
        for record in (ticket, task):
            record.message_post(body=f"Appeler {NAME}", subject=NAME)
            self.env["ir.attachment"].create(
                {
                    "name": f"{NAME}.txt",
                    "raw": b"plan",
                    "res_model": record._name,
                    "res_id": record.id,
                }
            )

    # ------------------------------------------------------------------

    def _models(self):
        """Yield what the reader may read, as he reads it."""
        names = [name for name in self.env.registry if name.startswith("oiconnect.")]
        for name in (*names, *OTHER_MODELS):
            model = self.env[name].with_user(self.reader).with_context(lang="fr_FR")
            if not model._abstract and model.has_access("read"):
                yield model

    def _assert_silent(self, value, place):
        text = str(value)
        for mark in MARKS:
            self.assertNotIn(mark, text, place)

    def _plain(self, value):
        if isinstance(value, str | bytes):
            with suppress(ValueError):
                return base64.b64decode(value, validate=True)
        return value

    def test_there_is_something_to_hide(self):
        admin = self.env.ref("base.user_admin")
        files = self.exchange | self.headless | self.report
        contents = str(
            [base64.b64decode(c) for c in files.with_user(admin).mapped("content")]
        )
        self.assertTrue(all(mark in contents for mark in MARKS))
        self.assertIn(
            NAME, str(self.lost.with_user(admin).step_ids.mapped("readable_note"))
        )
        self.assertIn(NAME, str(self.exchange.error_ids.mapped("value")))

    def test_no_field_of_any_record_tells_a_customer(self):
        for model in self._models():
            records = model.search([], limit=500)
            names = list(model.fields_get(attributes=["type"]))
            for some in self._read_together(records, names):
                # Refused fields show nothing.
                with self.subTest(f"{model._name}: {some}"), suppress(AccessError):
                    rows = records.read(some)
                    for name in some:
                        values = [self._plain(row[name]) for row in rows]
                        self._assert_silent(values, name)

    def _read_together(self, records, names):
        """Return lists of fields, each to be read at once: one when none is refused."""
        try:
            records.read(names)
        except AccessError:
            return [[name] for name in names]
        return [names]

    def test_no_export_and_no_group_tells_a_customer(self):
        for model in self._models():
            fields = model.fields_get(attributes=["type", "store"])
            exported = [
                name
                for name, spec in fields.items()
                if spec["type"] in ("char", "text", "html", "binary")
            ]
            # Some models of Odoo are exported by administrators only.
            with self.subTest(model._name), suppress(AccessError):
                rows = model.search([], limit=500).export_data(exported)["datas"]
                plain = [[*map(self._plain, row)] for row in rows]
                self._assert_silent(plain, "export")
            for name in exported:
                spec = fields[name]
                if spec.get("store") and spec["type"] != "binary":
                    groups = model.formatted_read_group([], [name], ["__count"])
                    self._assert_silent(groups, f"{model._name} by {name}")

    @mute_logger("odoo.models")
    def test_no_search_finds_a_customer(self):
        for model in self._models():
            for field in model._fields.values():
                if field.type in ("char", "text", "html", "json") and field.store:
                    with (
                        self.subTest(f"{model._name}.{field.name}"),
                        suppress(
                            AccessError, UserError, NotImplementedError, ValueError
                        ),
                    ):
                        self.assertFalse(
                            model.search_count([(field.name, "ilike", NAME)])
                        )
            # The name of some records is not stored, and cannot be searched.
            with suppress(AccessError, UserError, ValueError):
                self._assert_silent(model.name_search(NAME), model._name)

    def test_the_file_is_downloaded_without_its_customers_only(self):
        files = self.exchange | self.report | self.headless
        places = [f"/web/content/{f._name}/{f.id}/content" for f in files]
        places += [f"/web/content/{f._attachment().id}" for f in files]
        self.authenticate("lecteur_flux", "lecteur_flux")
        with mute_logger("odoo.http"):
            for place in places:
                answer = self.url_open(f"{place}?download=1")
                self.assertNotEqual(answer.status_code, 200, place)
                self._assert_silent(answer.text, place)
        blanked = self.url_open(
            f"/web/content/{self.exchange._name}/{self.exchange.id}/blanked_content"
        )
        self.assertEqual(blanked.status_code, 200)
        self.assertIn(self.order.oc_reference, blanked.text)
        self._assert_silent(blanked.text, "blanked")

    def test_a_reader_still_knows_which_line_is_wrong(self):
        errors = self.exchange.error_ids.with_user(self.reader)
        self.assertIn("NomClient", errors.mapped("column"))
        self.assertTrue(all(errors.mapped("shown_message")))
        with self.assertRaises(AccessError):
            errors.mapped("value")

    def test_who_has_the_right_reads_it_all(self):
        person = new_test_user(
            self.env,
            "hotline",
            "oiconnect_base.group_access_user,oiconnect_base.group_exchange_read",
        )
        error = self.exchange.with_user(person).error_ids[0]
        self.assertEqual(error.shown_value, error.value)
        self.assertIn(NAME, error.shown_value)
        self.assertTrue(self.exchange.with_user(person).content)
        self.assertIn(
            NAME, str(self.order.with_user(person).message_ids.mapped("body"))
        )

    def test_a_file_with_its_header_is_blanked_as_one_without(self):
        lines = make_file(HEADER, [])
        empty = self._take(lines).with_user(self.reader)
        self.assertFalse(empty.blanked_content)
