from datetime import timedelta

from psycopg2.errors import InsufficientPrivilege

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tests.common import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.oiconnect_interop import secret, secret_rotation

from ...models.api import api_key
from .rest_common import RestCase

BUILDINGS = "/buildings"


@tagged("post_install", "-at_install")
class TestRestKey(RestCase):
    """The life of a key, and every way in which one does not open."""

    def _status(self, value, path=BUILDINGS):
        return self._call("GET", path, value).status_code

    # -- what opens ---------------------------------------------------------------

    def test_a_key_opens_what_it_names(self):
        page = self._get(BUILDINGS)
        self.assertEqual(
            [one["identifier"] for one in page["data"]], ["OITO/B/1", "OITO/B/2"]
        )
        self.assertEqual(page["data"][0]["pm_id"]["name"], "OITO-PM-1")

    def test_the_secret_is_not_stored(self):
        secret_part = self.value.partition(".")[2]
        self.env.cr.execute(
            "SELECT row_to_json(k)::text FROM oiconnect_api_key k WHERE id = %s",
            [self.key.id],
        )
        [stored] = self.env.cr.fetchone()
        self.assertNotIn(secret_part, stored)
        with self.assertRaises(AccessError):
            self.key.with_user(self.user).read(["secret_digest"])
        with self.assertRaises(AccessError):
            self.key.with_user(self.user).read(["pepper_token"])

    def test_the_last_use_is_noted(self):
        self.assertFalse(self.key.last_used_date)
        self._get(BUILDINGS)
        self.assertTrue(self.key.last_used_date)
        self.assertEqual(self.key.last_address, "127.0.0.1")

    def test_the_last_use_is_written_once_a_minute(self):
        self._get(BUILDINGS)
        self.key.last_address = "noted"
        self._get(BUILDINGS)
        self.assertEqual(self.key.last_address, "noted")

    # -- what does not ------------------------------------------------------------

    def test_no_key(self):
        for headers in ({}, {"Authorization": "Basic eA=="}, {"Authorization": "x"}):
            answer = self._call("GET", BUILDINGS, "", headers)
            self.assertProblem(answer, 401, "no-key")
            self.assertIn("Bearer", answer.headers["WWW-Authenticate"])

    def test_wrong_keys_hear_the_same(self):
        public_id, _dot, text = self.value.partition(".")
        other = self.operator_value.partition(".")[2]
        wrong = (
            "x",
            public_id,
            f"{public_id}.",
            f"{public_id}.{text[:-1]}",
            f"{public_id}.{other}",
            f"{'0' * 16}.{text}",
            f"{public_id}.{text}.{text}",
            "é" * 60,
        )
        bodies = set()
        for value in wrong:
            answer = self._call("GET", BUILDINGS, value)
            self.assertProblem(answer, 401, "wrong-key")
            bodies.add(answer.content)
        self.assertEqual(len(bodies), 1)

    def test_revoked_expired_and_closed_keys(self):
        self.key.expiry_date = fields.Datetime.now() - timedelta(seconds=1)
        self.assertProblem(self._call("GET", BUILDINGS), 401, "expired-key")
        self.rival.active = False
        answer = self._call("GET", BUILDINGS, self.rival_value)
        self.assertProblem(answer, 401, "closed-key")
        self.operator_key.action_revoke()
        answer = self._call("GET", BUILDINGS, self.operator_value)
        self.assertProblem(answer, 401, "revoked-key")

    def test_a_key_of_an_archived_user_is_closed(self):
        user = new_test_user(self.env, "gone", "oiconnect_base.group_infra_read")
        _key, value = self._new_key(user_id=user.id)
        self.assertEqual(self._status(value), 200)
        user.active = False
        self.assertProblem(self._call("GET", BUILDINGS, value), 401, "closed-key")

    def test_a_key_serves_from_its_addresses_only(self):
        self.key.allowed_addresses = "192.0.2.0/24\n2001:db8::/32"
        self.assertProblem(self._call("GET", BUILDINGS), 401, "wrong-key")
        self.assertFalse(self.key.refused_count, "not tried from where it serves")
        self.key.allowed_addresses = "192.0.2.0/24 127.0.0.0/8"
        self.assertEqual(self._status(self.value), 200)
        with self.assertRaises(ValidationError):
            self.key.allowed_addresses = "192.0.2.0/99"

    def test_missing_scopes(self):
        _key, value = self._new_key(user_id=self.user.id, resources=["pms"])
        self.assertProblem(self._call("GET", BUILDINGS, value), 403, "no-scope")
        one = f"/pms/{self.pm.id}"
        self.assertEqual(self._status(value, one), 200)
        answer = self._call("PATCH", one, value, {"If-Match": "*"}, json={"city": "X"})
        self.assertProblem(answer, 403, "no-scope")

    def test_other_networks_do_not_exist(self):
        other = self.env["oiconnect.network"].create(
            {"name": "Autre", "oi_code": "OIT9", "code": "OIT9", "pto_prefix": "ZP"}
        )
        _key, value = self._new_key(user_id=self.user.id, networks=other)
        self.assertEqual(self._get(BUILDINGS, value)["data"], [])
        mine = self._call("GET", f"{BUILDINGS}/{self.building.id}", value)
        nothing = self._call("GET", f"{BUILDINGS}/{2**30}", value)
        self.assertProblem(mine, 404, "unknown")
        self.assertEqual(mine.content, nothing.content)

    def test_the_user_of_the_key_needs_the_right(self):
        user = new_test_user(self.env, "billing", "oiconnect_base.group_billing_read")
        _key, value = self._new_key(user_id=user.id, level="write")
        self.assertProblem(self._call("GET", BUILDINGS, value), 403, "no-right")

    # -- revocation ---------------------------------------------------------------

    @mute_logger("odoo.sql_db")
    def test_a_revocation_is_final_whatever_the_road(self):
        self.key.action_revoke()
        self.env.flush_all()
        table = "oiconnect_api_key"
        for change in (
            "revoked_date = NULL",
            "revoked_date = now() + interval '1 day'",
            "public_id = 'other'",
            "secret_digest = 'other'",
        ):
            with self.assertRaises(InsufficientPrivilege), self.cr.savepoint():
                self.cr.execute(f"UPDATE {table} SET {change} WHERE id = {self.key.id}")
        with self.assertRaises(UserError):
            self.key.action_release()
        # Its name may still be corrected.
        self.key.name = "Ancienne clé"
        self.env.flush_all()

    def test_people_write_neither_state_nor_owner(self):
        key = self.key.with_user(self.user)
        for name, value in (
            ("revoked_date", False),
            ("operator_id", self.operator.id),
            ("user_id", self.user.id),
            ("public_id", "x"),
            ("held_date", False),
        ):
            with self.assertRaises(AccessError, msg=name):
                key.write({name: value})

    # -- the key of secrets -------------------------------------------------------

    def test_keys_live_on_when_the_key_of_secrets_is_changed(self):
        first = secret._keys()[0]
        new = secret.Fernet.generate_key().decode()
        self.patch(secret, "_keys", lambda: [new, first])
        rotation = secret_rotation._Rotation(self.env.cr)
        self.env.flush_all()
        rotation.run("oiconnect_api_key", "pepper_token")
        self.env.invalidate_all()
        self.patch(secret, "_keys", lambda: [new])
        api_key.pepper.cache_clear()
        self.addCleanup(api_key.pepper.cache_clear)
        self.assertEqual(self._status(self.value), 200)
        self.assertIn(
            ("oiconnect_api_key", "pepper_token"),
            secret_rotation.secret_columns(self.env.registry),
        )

    def test_a_key_of_another_server_is_reported_and_opens_nothing(self):
        self.patch(secret, "_keys", lambda: [secret.Fernet.generate_key().decode()])
        api_key.pepper.cache_clear()
        self.addCleanup(api_key.pepper.cache_clear)
        self.key.invalidate_recordset()
        self.assertEqual(self.key.state, "unreadable")
        self.assertProblem(self._call("GET", BUILDINGS), 401, "wrong-key")

    def test_keys_of_a_restored_backup_wait_for_a_person(self):
        self.key.sudo().held_date = fields.Datetime.now()
        self.assertEqual(self.key.state, "held")
        self.assertProblem(self._call("GET", BUILDINGS), 401, "held-key")
        self.key.action_release()
        self.assertEqual(self._status(self.value), 200)

    # -- brute force --------------------------------------------------------------

    def _limit(self, tries):
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("oiconnect_interop.lock_tries", str(tries))

    def test_wrong_secrets_lock_the_key(self):
        self._limit(3)
        wrong = f"{self.key.public_id}.{'x' * 43}"
        for _n in range(3):
            self.assertEqual(self._status(wrong), 401)
            self.env["oiconnect.api.address"].search(Domain.TRUE).unlink()
        self.assertTrue(self.key.is_locked)
        self.assertProblem(self._call("GET", BUILDINGS), 401, "wrong-key")
        self.env["oiconnect.api.address"].search(Domain.TRUE).unlink()
        self.key.with_user(self.user).action_unlock()
        self.assertEqual(self._status(self.value), 200)

    def test_wrong_keys_lock_their_address(self):
        self._limit(3)
        for _n in range(3):
            self.assertEqual(self._status(f"{'0' * 16}.{'x' * 43}"), 401)
        answer = self._call("GET", BUILDINGS, f"{'0' * 16}.{'x' * 43}")
        self.assertProblem(answer, 429, "locked")
        self.assertGreater(int(answer.headers["Retry-After"]), 800)
        address = self.env["oiconnect.api.address"].search(Domain.TRUE)
        self.assertEqual(address.address, "127.0.0.1")
        self.assertEqual(address.refused_count, 3)
        address.with_user(self.user).action_unlock()
        self.assertEqual(self._status(self.value), 200)

    def test_a_right_key_serves_from_an_address_that_others_locked(self):
        self._lock_address()
        self.assertEqual(self._status(self.value), 200)
        # It does not open the address to what is wrong.
        wrong = f"{'0' * 16}.{'x' * 43}"
        self.assertProblem(self._call("GET", BUILDINGS, wrong), 429, "locked")

    def test_a_locked_address_gives_no_more_guesses(self):
        """Each wrong key gets the same answer, and a key still locks itself."""
        self._lock_address()
        bodies = set()
        for _n in range(3):
            guess = f"{self.key.public_id}.{'x' * 43}"
            answer = self._call("GET", BUILDINGS, guess)
            self.assertProblem(answer, 429, "locked")
            bodies.add(answer.content)
        self.key.invalidate_recordset()
        self.assertTrue(self.key.is_locked)
        answer = self._call("GET", BUILDINGS)
        self.assertProblem(answer, 429, "locked")
        self.assertEqual({*bodies, answer.content}, bodies)
        self.assertEqual(self._status(self.operator_value), 200)

    def _lock_address(self):
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("oiconnect_interop.lock_tries", 3)
        for _n in range(3):
            self._status(f"{'0' * 16}.{'x' * 43}")
        address = self.env["oiconnect.api.address"].search(Domain.TRUE)
        self.assertTrue(address.is_locked)

    def test_a_right_secret_ends_the_count(self):
        self._status(f"{self.key.public_id}.{'x' * 43}")
        self.key.invalidate_recordset()
        self.assertEqual(self.key.refused_count, 1)
        self._get(BUILDINGS)
        self.assertEqual(self.key.refused_count, 0)

    # -- language and time --------------------------------------------------------

    def test_answers_are_in_a_language_that_is_in_use(self):
        """Whatever the caller asks for, and what its partner had once."""
        french = self.env.ref("base.lang_fr")
        self.assertTrue(french.active)
        keys = self.env["oiconnect.api.key"]
        row = {"lang": "en_US", "company_lang": "fr_FR"}
        english = self.env.ref("base.lang_en")
        self.env["res.users"].search(Domain.TRUE).lang = "fr_FR"
        self.env["res.partner"].search(Domain.TRUE).lang = "fr_FR"
        english.active = False
        self.assertEqual(keys._language(row, "en"), "fr_FR")
        self.assertEqual(
            keys._language({"lang": None, "company_lang": None}, ""), "fr_FR"
        )

    # -- keys of another server ---------------------------------------------------

    def test_keys_that_cannot_be_decrypted_are_reported(self):
        def check():
            self.env.flush_all()
            self.env.invalidate_all()
            return self.env["oiconnect.health"]._health()["unreadable_keys"]

        self.assertEqual((check()["status"], check()["value"]), ("ok", 0))
        self.key.sudo().pepper_token = "of-another-server"
        self.assertEqual((check()["status"], check()["value"]), ("alert", 1))
        self.key.action_revoke()
        self.assertEqual(check()["status"], "ok")

    # -- rate ---------------------------------------------------------------------

    def test_calls_of_a_minute_are_counted_by_key(self):
        self.key.rate_class = "slow"
        self.env.flush_all()
        self.cr.execute(
            "INSERT INTO oiconnect_api_rate (api_key_id, minute, count) VALUES (%s, "
            "floor(extract(epoch FROM clock_timestamp()) / 60), 60)",
            [self.key.id],
        )
        answers = [self._call("GET", BUILDINGS) for _n in range(2)]
        refused = [one for one in answers if one.status_code == 429]
        # The minute may have changed in between, once.
        self.assertTrue(refused)
        self.assertProblem(refused[0], 429, "too-many-calls")
        self.assertLessEqual(1, int(refused[0].headers["Retry-After"]))
        self.assertLessEqual(int(refused[0].headers["Retry-After"]), 60)
        self.assertEqual(self._status(self.operator_value), 200)

    # -- the dialog ---------------------------------------------------------------

    def _dialog(self, user, **vals):
        return (
            self.env["oiconnect.api.key.new"]
            .with_user(user)
            .create(
                {
                    "name": "SIG",
                    "owner": "user",
                    "network_ids": [(6, 0, self.network.ids)],
                    **vals,
                }
            )
        )

    def test_the_dialog_shows_the_value_once(self):
        manager = new_test_user(self.env, "api", "oiconnect_base.group_api_manager")
        action = self._dialog(manager).action_create()
        value = action["context"]["default_value"]
        self.assertEqual(self._status(value, "/communes"), 200)
        key = self.env["oiconnect.api.key"].search([], limit=1)
        self.assertEqual((key.user_id, key.name), (manager, "SIG"))

    def test_a_key_has_never_the_rights_of_another_user(self):
        manager = new_test_user(self.env, "api", "oiconnect_base.group_api_manager")
        with self.assertRaises(AccessError):
            self._dialog(manager, user_id=self.user.id).action_create()

    def test_only_administrators_of_the_api_have_keys(self):
        reader = new_test_user(self.env, "reader", "oiconnect_base.group_api_read")
        with self.assertRaises(AccessError):
            self.env["oiconnect.api.key"].with_user(reader).search(Domain.TRUE).read()
        with self.assertRaises(AccessError):
            self._dialog(reader)
        with self.assertRaises(AccessError):
            self.key.with_user(reader).action_revoke()
