import base64
import hashlib
import importlib.util
import sys
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from asn1crypto import cms
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import load_der_public_key

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests.common import tagged

from ...evidence import SOURCES, Part, seal_digest
from ...models.evidence import seal_run, seal_timestamp
from ..common import ExchangeCase
from .timestamp_server import TimestampServer

ROOT = Path(__file__).parents[4]


def script():
    """Return the script that verifies, which knows no Odoo."""
    path = ROOT / "scripts" / "verify_evidence.py"
    sys.path.insert(0, str(ROOT / "scripts"))
    spec = importlib.util.spec_from_file_location("verify_evidence", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class SealCase(ExchangeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seals = cls.env["oiconnect.seal"]
        cls.verifier = script()

    def _seal(self):
        """Seal what there is; return the last seal of the network."""
        self.seals._cron_seal()
        return self.seals._last(self.network)

    def _verify(self):
        self.env.flush_all()
        found = self.verifier.verify(self.env.cr._cnx)
        return [fault for fault in found.faults if fault.startswith(self.network.code)]

    def _change(self, query, *parameters):
        """Change rows as an administrator of the database may."""
        self.env.flush_all()
        self.env.cr.execute(query, parameters)
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestSeal(SealCase):
    """The history of an order cannot be rewritten unseen, not even by SQL."""

    def setUp(self):
        super().setUp()
        self._take([self._wire()])
        self.first = self._seal()

    def test_steps_and_messages_are_sealed_by_network(self):
        self.assertEqual(self.first.number, 1)
        sources = set(self.first.part_ids.mapped("source"))
        self.assertLessEqual({"steps", "messages"}, sources)
        self.assertEqual(self._verify(), [])

    def test_each_seal_has_the_digest_of_the_one_before(self):
        self._take([self._wire()])
        second = self._seal()
        self.assertEqual((second.number, second.previous), (2, self.first.digest))
        self.assertEqual(self._verify(), [])

    def test_nothing_new_makes_no_seal_and_nothing_is_sealed_twice(self):
        self.assertEqual(self._seal(), self.first)
        self._take([self._wire()])
        parts = (self._seal() | self.first).part_ids.filtered(
            lambda part: part.source == "steps"
        )
        self.env.cr.execute(
            "SELECT count(*) FROM oiconnect_workflow_step step"
            " JOIN oiconnect_seal_part part ON part.ids @> step.id::bigint"
            " WHERE part.id = ANY(%s)",
            (parts.ids,),
        )
        self.assertEqual(self.env.cr.fetchone()[0], sum(parts.mapped("row_count")))

    def test_a_transaction_that_ends_late_is_in_the_next_seal(self):
        """Its rows have lower numbers than some that are sealed."""
        self._change(
            """INSERT INTO oiconnect_workflow_step
                      (id, res_model, res_id, event, date, user_id, channel)
               SELECT (SELECT min(id) - 1 FROM oiconnect_workflow_step),
                      res_model, res_id, event, date, user_id, channel
                 FROM oiconnect_workflow_step ORDER BY id DESC LIMIT 1"""
        )
        second = self._seal()
        self.assertEqual(second.number, 2)
        self.assertEqual(second.part_ids.mapped("row_count"), [1])
        self.assertEqual(self._verify(), [])

    def test_a_changed_step_is_found(self):
        self._disable_triggers()
        self._change(
            "UPDATE oiconnect_workflow_step SET date = date - interval '3 days'"
            " WHERE res_model = 'oiconnect.access.order'"
        )
        [fault] = self._verify()
        self.assertIn("1: steps: rows were changed", fault)

    def test_a_message_that_was_rewritten_is_found(self):
        self._disable_triggers()
        self._change(
            "UPDATE oiconnect_event SET payload = payload || '{\"forged\": 1}'"
            " WHERE network_id = %s",
            self.network.id,
        )
        [fault] = self._verify()
        self.assertIn("1: messages: rows were changed", fault)

    def test_an_erased_row_is_found(self):
        self._change(
            "DELETE FROM oiconnect_workflow_step WHERE res_model = %s",
            "oiconnect.access.order",
        )
        [fault] = self._verify()
        self.assertIn("1: steps", fault)
        self.assertIn("rows are gone", fault)

    def test_a_seal_that_was_made_anew_does_not_follow_the_others(self):
        self._take([self._wire()])
        head = self._seal()
        self._change(
            "UPDATE oiconnect_seal SET digest = %s WHERE id = %s",
            "0" * 64,
            self.first.id,
        )
        faults = self._verify()
        self.assertIn(f"{self.network.code} 1: the seal itself was changed", faults)
        self.assertIn(
            f"{self.network.code} 2: does not follow the seal before it", faults
        )
        found = self.verifier.verify(self.env.cr._cnx)
        head_line = f"{self.network.code} {head.number} {head.digest}"
        self.assertEqual(self.verifier.unknown_heads(found, [head_line]), [])

    def test_a_chain_that_was_written_anew_is_not_what_operators_have(self):
        head_line = f"{self.network.code} 1 {self.first.digest}"
        parts = self.first._parts()
        date = fields.Datetime.to_string(self.first.date + timedelta(days=1))
        forged = seal_digest(self.first.previous, self.network.code, 1, date, parts)
        self._change(
            "UPDATE oiconnect_seal SET digest = %s, date = %s WHERE id = %s",
            forged,
            date,
            self.first.id,
        )
        self.assertEqual(self._verify(), [], "it is sound by itself")
        found = self.verifier.verify(self.env.cr._cnx)
        [fault] = self.verifier.unknown_heads(found, [head_line])
        self.assertIn("is not what was sent", fault)

    def test_words_that_the_law_erases_leave_the_chain_whole_and_are_counted(self):
        self._change(
            "UPDATE oiconnect_event SET payload = payload - 'date'"
            " WHERE network_id = %s",
            self.network.id,
        )
        self.assertEqual(self._verify(), [])
        self.assertGreater(self.verifier.verify(self.env.cr._cnx).erased, 0)

    def test_what_is_handed_over_changes_nothing_of_the_evidence(self):
        self._change(
            "UPDATE oiconnect_event SET state = 'done' WHERE network_id = %s",
            self.network.id,
        )
        self.assertEqual(self.verifier.verify(self.env.cr._cnx).erased, 0)
        self.assertEqual(self._verify(), [])

    def test_no_user_changes_a_seal_by_the_product(self):
        for vals in ({"digest": "x"}, {"number": 7}):
            with self.assertRaises(UserError):
                self.first.write(vals)
        with self.assertRaises(UserError):
            self.first.unlink()

    def test_an_old_database_is_sealed_in_turns(self):
        self._take([self._wire()])
        with patch.object(seal_run, "ROWS", 1):
            self._seal()
        self._seal()
        self.assertEqual(self._verify(), [])

    def _disable_triggers(self):
        for source in SOURCES:
            if source.is_growing:
                self._change(
                    f"DROP TRIGGER oiconnect_keep_leaf_{source.name} ON {source.table}"
                )

    def test_digests_are_as_the_documentation_says(self):
        parts = [Part("steps", "{[1,3)}", 2, "ab" * 32)]
        content = (
            '["' + "0" * 64 + '","OICN",1,"2026-03-14 10:05:00",'
            '[["steps","{[1,3)}",2,"' + "ab" * 32 + '"]]]'
        )
        self.assertEqual(
            seal_digest("0" * 64, "OICN", 1, "2026-03-14 10:05:00", parts),
            hashlib.sha256(content.encode()).hexdigest(),
        )


@tagged("post_install", "-at_install")
class TestTimestamp(SealCase):
    """A service of others says when a seal was there."""

    def setUp(self):
        super().setUp()
        self._take([self._wire()])
        self.seal = self._seal()
        self.service = TimestampServer()
        self.addCleanup(self.service.stop)

    def _configure(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param(seal_timestamp.SERVICE, self.service.url)

    def test_no_timestamp_is_requested_unless_the_service_is_set(self):
        self.seals._cron_timestamp()
        self.assertEqual(self.service.requests, [])

    def test_the_digest_is_signed_once_a_day(self):
        self._configure()
        self.seals._cron_timestamp()
        self.seals._cron_timestamp()
        digest = bytes.fromhex(self.seal.digest)
        self.assertEqual(self.service.imprints(), [digest])
        self.assertTrue(self.seal.timestamp_date)
        self._check_token(base64.b64decode(self.seal.timestamp_reply), digest)

    def _check_token(self, token, digest):
        """Check that the service signed this digest, as whoever doubts it may."""
        signed = cms.ContentInfo.load(token)["content"]
        info = signed["encap_content_info"]["content"].parsed
        self.assertEqual(info["message_imprint"]["hashed_message"].native, digest)
        [signer] = signed["signer_infos"]
        key = signed["certificates"][0].chosen.public_key
        load_der_public_key(key.dump()).verify(
            signer["signature"].native,
            signer["signed_attrs"].untag().dump(),
            padding.PKCS1v15(),
            hashes.SHA256(),
        )

    def test_a_service_that_fails_stops_no_seal(self):
        self._configure()
        self.service.is_down = True
        with self.assertLogs(seal_timestamp._logger.name, "WARNING"):
            self.seals._cron_timestamp()
        self.assertFalse(self.seal.timestamp_date)
        self.service.is_down = False
        self.seals._cron_timestamp()
        self.assertTrue(self.seal.timestamp_date)
