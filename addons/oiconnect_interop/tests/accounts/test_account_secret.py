import os
import re
from pathlib import Path
from unittest.mock import patch

from cryptography.fernet import Fernet

from odoo.exceptions import AccessError, UserError
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests.common import Form, new_test_user, tagged

from ... import secret
from ...models.accounts import account
from ...models.accounts.account import TARGET
from ...secret_rotation import reencrypt, secret_columns
from ..common import ExchangeCase
from .file_transfer_common import MemoryTransfer

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBERERERERERERERERERERERERERERERERERERERERER"
PASSWORD, PRIVATE_KEY = "mot de passe QX12", "clé privée QX12"
ELSEWHERE = {
    "kind": "ftp",
    "host": "ailleurs.invalid",
    "port": 2222,
    "login": "autre",
    "host_key": KEY,
    "certificate": "AB:CD",
    "trust_authorities": True,
}
# Names of files that are being taken, the hash of a password: nothing that opens
# anything.
NO_SECRETS = {
    ("oiconnect_soap_account", "password_hash"),
    ("oiconnect_claim", "token"),
    ("oiconnect_exchange", "claim_token"),
    ("oiconnect_import", "claim_token"),
    ("oiconnect_api_key", "secret_digest"),
    ("oiconnect_webhook", "secret_number"),
    ("res_users", "has_weak_password"),
}


class SecretCase(ExchangeCase):
    def setUp(self):
        super().setUp()
        self.endpoint.write({"password": PASSWORD, "private_key": PRIVATE_KEY})
        self.sent = []
        self.patch(account, "open_file_transfer", self._open_transfer)

    def _open_transfer(self, _kind, target):
        """Any server: it notes what it is shown."""
        self.sent.append((target.host, target.password, target.private_key))
        return MemoryTransfer()

    def _source(self):
        return self.env["oiconnect.import.source"].create(
            {
                "name": "SI 01",
                "network_id": self.network.id,
                "host": "si.invalid",
                "login": "si",
                "password": PASSWORD,
            }
        )

    def _secrets(self, record):
        return [record._secret(name) for name in account.SECRETS]


@tagged("post_install", "-at_install")
class TestSecretOfAnAccount(SecretCase):
    """A stored secret goes to no other server than the one it was typed for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env, "curieux", "oiconnect_base.group_exchange_manager"
        )

    def setUp(self):
        super().setUp()
        self.mine = self.endpoint.with_user(self.user)

    def test_a_curious_user_who_changes_the_server_sends_no_password_to_it(self):
        self.mine.write({"host": "evil.invalid"})
        action = self.mine.action_test()
        self.assertEqual(action["params"]["type"], "danger")
        self.assertEqual(self.sent, [])
        self.mine.write({"host": "sftp.invalid"})
        self.mine.action_test()
        self.assertEqual(self.sent, [], "the way back does not bring it back")

    def test_whatever_tells_the_server_clears_the_secret_when_it_changes(self):
        self.assertEqual(set(ELSEWHERE), set(TARGET))
        for name, value in ELSEWHERE.items():
            with self.subTest(name):
                self.endpoint.write({"password": PASSWORD, "private_key": PRIVATE_KEY})
                self.mine.write({name: value})
                self.assertEqual(self._secrets(self.endpoint), [None, None])
                self.assertFalse(self.endpoint.has_secret)

    def test_only_the_secret_typed_in_the_same_save_is_stored(self):
        self.mine.write({"host": "neuf.invalid", "password": "neuf"})
        self.mine.action_test()
        self.assertEqual(self.sent, [("neuf.invalid", "neuf", None)])

    def test_what_tells_the_same_server_keeps_the_secret(self):
        self.mine.write({"host": "sftp.invalid", "certificate": "", "poll_seconds": 30})
        self.assertEqual(self._secrets(self.endpoint), [PASSWORD, PRIVATE_KEY])

    def test_an_import_of_rows_clears_it_too(self):
        self.endpoint.flush_recordset()
        result = self.mine.load(
            [".id", "host"], [[str(self.endpoint.id), "evil.invalid"]]
        )
        self.assertTrue(result["ids"], result)
        self.assertFalse(self.endpoint.has_secret)

    def test_a_copy_has_no_secret_and_gets_none_by_its_column(self):
        elsewhere = {"operator_id": self.rival.id, "host": "evil.invalid"}
        self.assertFalse(self.mine.copy(elsewhere).has_secret)
        with self.assertRaises(AccessError):
            self.mine.write({"password_token": "x"})
        with self.assertRaises(AccessError):
            self.mine.create(
                {
                    "name": "x",
                    "login": "x",
                    "network_id": self.network.id,
                    "password_token": "x",
                    **elsewhere,
                }
            )

    def test_an_archived_connection_changed_meanwhile_comes_back_without_secret(self):
        self.mine.active = False
        self.mine.host = "evil.invalid"
        self.mine.action_unarchive()
        self.mine.action_test()
        self.assertEqual(self.sent, [])

    def test_an_archived_connection_left_alone_keeps_its_secret(self):
        self.mine.action_archive()
        self.mine.action_unarchive()
        self.mine.action_test()
        self.assertEqual(self.sent, [("sftp.invalid", PASSWORD, PRIVATE_KEY)])

    def test_the_form_says_what_is_lost_until_it_is_typed_again(self):
        self.endpoint.private_key_token = False
        with Form(self.mine) as form:
            self.assertFalse(form.loses_secret)
            form.host = "neuf.invalid"
            self.assertTrue(form.loses_secret)
            form.password = "neuf"
            self.assertFalse(form.loses_secret)
        self.assertEqual(self._secrets(self.endpoint), ["neuf", None])

    def test_a_secret_is_cleared_by_the_button(self):
        self.mine.action_clear_secrets()
        self.assertEqual(self._secrets(self.endpoint), [None, None])
        reader = new_test_user(
            self.env, "lecteur", "oiconnect_base.group_exchange_user"
        )
        with self.assertRaises(AccessError):
            self.endpoint.with_user(reader).action_clear_secrets()

    def test_the_chatter_tells_what_was_done_and_no_value(self):
        before = self.endpoint.message_ids
        self.mine.write({"password": "tres-secret"})
        self.mine.write({"host": "neuf.invalid"})
        self.endpoint.password = "tres-secret"
        self.mine.action_clear_secrets()
        notes = [str(note.body) for note in self.endpoint.message_ids - before]
        self.assertEqual(len([note for note in notes if "cleared" in note]), 2)
        self.assertEqual(len([note for note in notes if "typed" in note]), 2)
        self.assertNotIn("tres-secret", " ".join(notes))

    def test_a_drop_of_ones_own_systems_is_guarded_as_well(self):
        source = self._source()
        source.write({"host": "evil.invalid"})
        source.action_test()
        self.assertEqual(self.sent, [])


@tagged("post_install", "-at_install")
class TestKeyOfSecrets(SecretCase):
    """The key that protects secrets is changed without any of them being lost."""

    def setUp(self):
        super().setUp()
        self.old = os.environ[secret.KEY_VARIABLE]
        self.new = Fernet.generate_key().decode()
        self.source = self._source()
        self.source.active = False

    def _keys(self, *keys):
        return patch.dict(os.environ, {secret.KEY_VARIABLE: ",".join(keys)})

    def _reencrypt(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            result = reencrypt(self.env.registry)
        self.env.invalidate_all()
        return result

    def test_a_server_reads_what_each_of_its_keys_encrypted(self):
        with self._keys(self.new, self.old):
            self.assertEqual(self._secrets(self.endpoint), [PASSWORD, PRIVATE_KEY])
            self.endpoint.password = "neuf"
        with self._keys(self.new):
            self.assertEqual(self.endpoint._secret("password"), "neuf")
            with self.assertRaises(UserError):
                self.endpoint._secret("private_key")

    def test_every_secret_goes_over_to_the_new_key_archived_or_not(self):
        with self._keys(self.new, self.old):
            self.assertEqual(self._reencrypt(), (3, []))
            self.assertEqual(self._reencrypt(), (0, []), "twice is as once")
        with self._keys(self.new):
            self.assertEqual(self._secrets(self.endpoint), [PASSWORD, PRIVATE_KEY])
            self.assertEqual(self._secrets(self.source), [PASSWORD, None])

    def test_a_secret_that_no_key_reads_is_named_and_left(self):
        self.endpoint.password_token = lost = (
            Fernet(Fernet.generate_key()).encrypt(b"x").decode()
        )
        with self._keys(self.new, self.old):
            place = f"oiconnect_endpoint, {self.endpoint.id}"
            self.assertEqual(self._reencrypt(), (2, [place]))
        self.assertEqual(self.endpoint.password_token, lost)

    def test_an_invalid_key_is_reported(self):
        with self._keys("rubbish"), self.assertRaisesRegex(UserError, "Fernet"):
            self.endpoint.password = "x"

    def test_every_column_of_a_secret_is_declared(self):
        """A token that the rotation does not know would be lost with the old key."""
        columns = {
            (model._table, field.name)
            for model in self.env.registry.models.values()
            if model._auto and not (model._abstract or model._transient)
            for field in model._fields.values()
            if field.store and (field._module or "").startswith("oiconnect")
            if re.search(r"token|secret|password|cipher", field.name)
        }
        declared = set(secret_columns(self.env.registry))
        self.assertEqual(columns - NO_SECRETS, declared)
        for table, name in declared:
            field = self.env[table.replace("_", ".")]._fields[name]
            self.assertEqual((field.groups, field.copy), (".", False), field)

    def test_a_secret_that_is_encrypted_elsewhere_would_be_found(self):
        """All that encrypts is the code of secrets, whose columns are declared."""
        addons = Path(account.__file__).parents[3]
        users = {
            path.name
            for path in addons.glob("oiconnect_*/**/*.py")
            if "tests" not in path.parts
            and re.search(r"secret\.encrypt(_bytes)?\(", path.read_text())
        }
        makers = {"secret_mixin.py", "api_key.py", "webhook_secret.py"}
        makers.add("signing_certificate.py")
        self.assertEqual(users, makers)

    def test_a_copied_database_holds_no_secret(self):
        self.env.flush_all()
        for query in get_neutralization_queries(["oiconnect_interop"]):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        for record in (self.endpoint, self.source):
            self.assertEqual(self._secrets(record), [None, None])
            record.action_test()
        self.assertEqual(self.sent, [])
