from lxml import etree
from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests.common import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ... import secret
from ...transport import (
    FtpsTransfer,
    FtpTransfer,
    SftpTransfer,
    TransportError,
)
from ..common import ExchangeCase

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBERERERERERERERERERERERERERERERERERERERERER"


@tagged("post_install", "-at_install")
class TestEndpoint(ExchangeCase):
    """The account of an operator: its secrets, its failures, its rights."""

    def test_a_secret_is_stored_encrypted_and_never_read_back(self):
        self.endpoint.password = "mot de passe"
        self.assertFalse(self.endpoint.password)
        self.assertTrue(self.endpoint.has_secret)
        token = self.endpoint.sudo().password_token
        self.assertNotIn("mot de passe", token)
        self.assertEqual(self.endpoint._secret("password"), "mot de passe")
        admin = self.env.ref("base.user_admin")
        read = self.endpoint.with_user(admin).read()[0]
        self.assertNotIn("password_token", read)
        self.assertFalse(read["password"])
        exported = self.endpoint.export_data(["name", "password"])["datas"]
        self.assertNotIn("mot de passe", str(exported))

    def test_an_administrator_cannot_read_the_token_either(self):
        admin = self.env.ref("base.user_admin")
        with self.assertRaises(AccessError):
            self.endpoint.with_user(admin).read(["password_token"])

    def test_a_secret_is_not_copied(self):
        self.endpoint.password = "secret"
        twin = self.endpoint.copy({"operator_id": self.rival.id})
        self.assertFalse(twin.has_secret)

    def test_an_empty_field_keeps_the_secret(self):
        self.endpoint.password = "secret"
        self.endpoint.write({"password": False, "poll_seconds": 30})
        self.assertEqual(self.endpoint._secret("password"), "secret")

    def test_a_secret_of_another_server_must_be_typed_again(self):
        self.endpoint.password = "secret"
        self.endpoint.sudo().password_token = "gAAAAABtampered"
        with self.assertRaises(UserError):
            self.endpoint._secret("password")
        with self.assertRaises(TransportError) as caught:
            self.endpoint._session()
        self.assertIn(":", caught.exception.translated(self.env))
        self.endpoint._poll()
        self.assertEqual(self.endpoint.failure_count, 1, "it is reported, not broken")

    def test_without_a_key_nothing_is_stored_in_clear(self):
        self.patch(secret, "KEY_VARIABLE", "OIC_NO_SUCH_VARIABLE")
        with self.assertRaisesRegex(UserError, "OIC_NO_SUCH_VARIABLE"):
            self.endpoint.password = "secret"

    def test_the_fingerprint_is_that_of_ssh_keygen(self):
        self.endpoint.host_key = KEY
        self.assertRegex(self.endpoint.host_fingerprint, r"^SHA256:[\w+/]{43}$")
        self.endpoint.host_key = "rubbish"
        self.assertNotIn("SHA256", self.endpoint.host_fingerprint)

    def test_the_port_follows_the_kind_unless_it_is_the_server_s_own(self):
        self.assertEqual(self.endpoint.port, 22)
        for kind, port in (("ftps", 21), ("ftp", 21), ("sftp", 22)):
            self.endpoint.kind = kind
            self.assertEqual(self.endpoint.port, port, kind)
        self.endpoint.port = 2222
        self.endpoint.kind = "ftps"
        self.assertEqual(self.endpoint.port, 2222)
        with Form(self.endpoint.copy({"operator_id": self.rival.id})) as form:
            form.port = 22
            form.kind = "ftp"
            self.assertEqual(form.port, 21)

    def test_each_kind_opens_its_own_session(self):
        for kind, box in (
            ("sftp", SftpTransfer),
            ("ftps", FtpsTransfer),
            ("ftp", FtpTransfer),
        ):
            self.endpoint.write({"kind": kind, "certificate": "AB:CD"})
            self.endpoint.password = "secret"
            session = self.endpoint._session()
            self.assertIs(type(session), box)
            self.assertEqual(session.account.password, "secret")
            self.assertEqual(session.account.certificate, "AB:CD")
            self.assertEqual(session.account.timeout, 20)

    def test_an_operator_has_one_connection_whatever_its_kind(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self.endpoint.copy({"kind": "ftps"})

    def test_the_form_warns_of_plain_ftp_and_asks_for_what_the_kind_needs(self):
        arch = etree.fromstring(self.endpoint.get_view(view_type="form")["arch"])
        shown = {
            name: arch.xpath(f"//group[@name='{name}']")[0].get("invisible")
            for name in ("host_key", "certificate")
        }
        self.assertEqual(
            shown, {"host_key": "kind != 'sftp'", "certificate": "kind != 'ftps'"}
        )
        [warning] = arch.xpath("//div[@invisible=\"kind != 'ftp'\"]")
        self.assertIn("FTP", warning.text)

    def test_each_failure_in_a_row_waits_longer_an_hour_at_most(self):
        waits = []
        for _n in range(12):
            before = fields.Datetime.now()
            self.endpoint._note_failure("down")
            waits.append((self.endpoint.next_try_date - before).total_seconds())
        for wait, expected in zip(waits, (30, 60, 120), strict=False):
            self.assertAlmostEqual(wait, expected, delta=2)
        self.assertLessEqual(max(waits), 3602)
        self.assertFalse(self.endpoint._may_try())
        self.endpoint._note_success()
        self.assertTrue(self.endpoint._may_try())
        self.assertFalse(self.endpoint.last_error)

    def test_the_person_in_charge_is_notified_once(self):
        for _n in range(3):
            self.endpoint._note_failure("down")
        self.assertEqual(len(self.endpoint.activity_ids), 1)

    def test_a_failure_that_comes_and_goes_leaves_one_task(self):
        for _n in range(3):
            self.endpoint._note_failure("down")
            self.endpoint._note_success()
        self.assertEqual(len(self.endpoint.activity_ids), 1)

    def test_a_server_that_is_down_does_not_stop_the_looks(self):
        def fail(endpoint):
            raise TransportError("unreachable", host="sftp.invalid", detail="down")

        self.patch(self.env.registry["oiconnect.endpoint"], "_open", fail)
        jobs = self.env["queue.job"].search_count([])
        self.endpoint._poll()
        self.assertEqual(self.endpoint.failure_count, 1)
        self.assertIn("sftp.invalid", self.endpoint.last_error)
        self.assertEqual(self.env["queue.job"].search_count([]), jobs + 1)

    def test_one_look_is_planned_at_a_time(self):
        jobs = self.env["queue.job"].search_count([])
        self.endpoint._plan_poll()
        self.endpoint._plan_poll()
        self.env["oiconnect.endpoint"]._cron_poll()
        planned = self.env["queue.job"].search(
            [("identity_key", "=", f"oiconnect-poll-{self.endpoint.id}")]
        )
        self.assertEqual(len(planned), 1)
        self.assertGreater(self.env["queue.job"].search_count([]), jobs)

    def test_users_see_accounts_administrators_change_them(self):
        user = new_test_user(
            self.env, "echanges_util", "oiconnect_base.group_exchange_user"
        )
        endpoint = self.endpoint.with_user(user)
        self.assertEqual(endpoint.host, "sftp.invalid")
        with self.assertRaises(AccessError):
            endpoint.write({"host": "elsewhere"})
        endpoint.action_poll()
        other = new_test_user(
            self.env, "sans_echange", "oiconnect_base.group_access_manager"
        )
        for model in ("oiconnect.endpoint", "oiconnect.exchange", "oiconnect.flow"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(other).search_read([], ["id"])

    def test_a_copied_database_forgets_accounts_and_secrets(self):
        self.endpoint.write(
            {"password": "secret", "host_key": KEY, "certificate": "AB:CD"}
        )
        self.env.flush_all()
        from odoo.tools.misc import file_open

        with file_open("oiconnect_interop/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        self.assertEqual(self.endpoint.host, "neutralized.invalid")
        self.assertFalse(self.endpoint.active)
        self.assertFalse(self.endpoint.has_secret)
        self.assertFalse(self.endpoint.host_key or self.endpoint.certificate)
