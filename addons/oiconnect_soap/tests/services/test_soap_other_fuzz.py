from contextlib import suppress
from random import Random

from odoo.tests.common import tagged

from odoo.addons.oiconnect_interop.tests.exchanges.mutation_common import Logged

from ...soap import SERVICES
from ..soap.mutated_envelopes import mutate
from ..soap.soap_common import envelope, envelopes, invalid
from .other_services_common import OtherServiceCase

SERVICE_KEYS = ("works", "schedule", "emutation", "vertical_structure")
MUTANTS = 75


class _Undo(Exception):
    """The call is looked at, and undone."""


@tagged("post_install", "-at_install")
class TestSoapOtherFuzz(OtherServiceCase):
    """Mutants of right envelopes of the services beside SAV."""

    def _about_mine(self, name):
        """Return a golden envelope that reaches what is there in this test."""
        content = envelope(name)
        for written, here in (
            (b"<Identifiant>OCAA<", f"<Identifiant>{self.operator.interop_code}<"),
            (b"OICNP0000000000000001", self.order.service_reference),
            (b"IMB/99001/X/00A7", self.building.identifier),
        ):
            content = content.replace(written, here.encode())
        return content

    def test_every_mutant_is_answered(self):
        for key in SERVICE_KEYS:
            self.contract = SERVICES[key]
            contents = [self._about_mine(name) for name in envelopes(key)]
            for seed in range(MUTANTS):
                content = Random(seed).choice(contents)
                with self.subTest(key, seed=seed):
                    self._check(mutate(content, seed))

    def test_right_envelopes_are_answered(self):
        for key in SERVICE_KEYS:
            self.contract = SERVICES[key]
            for name in envelopes(key):
                with self.subTest(name):
                    self._check(self._about_mine(name))

    def _check(self, content):
        with Logged() as logged, suppress(_Undo), self.env.cr.savepoint():
            status, answer = self._send_body(content)
            self.assertIn(status, (200, 413, 500))
            self.assertEqual(invalid(answer, self.contract), [])
            self.assertNotIn(b">10<", answer)
            self.assertNotIn(b">18<", answer)
            raise _Undo
        self.assertEqual(logged, [])
