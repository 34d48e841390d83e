import os
from contextlib import suppress
from random import Random

from odoo.tests.common import tagged

from odoo.addons.oiconnect_interop.tests.exchanges.mutation_common import Logged

from ...soap.services import sav
from ..soap.mutated_envelopes import mutate
from ..soap.soap_common import envelope, envelopes, invalid
from .service_common import ServiceCase

COUNT = 10_000
# The suite serves every twenty-fifth of them.
STEP = int(os.environ.get("OIC_ENVELOPE_STEP", "25"))


class _Undo(Exception):
    """The call is looked at, and undone."""


@tagged("post_install", "-at_install")
class TestSoapFuzz(ServiceCase):
    """Mutants of right envelopes: each is answered by what the contract declares."""

    def setUp(self):
        super().setUp()
        self.ticket = self._opened()
        self.contents = [self._about_mine(envelope(name)) for name in envelopes("sav")]
        self.contents += [self._body(op, self._payload(op)) for op in sav.OPERATIONS]

    def _about_mine(self, content):
        """Return a golden envelope that reaches a line and a ticket of this test."""
        for written, here in (
            (b"PREST-0001", self.order.service_reference),
            (b"OI-000001", self.ticket.reference),
            (b"RDV-1", ""),
        ):
            content = content.replace(written, here.encode())
        return content

    def _payload(self, operation):
        if operation is sav.CREATE:
            return {"ticket": self._value()}
        if operation is sav.SET:
            return self._change(self.ticket, message_type="INFO", message_content="x")
        if operation is sav.GET:
            return {"reference": self.ticket.reference, "names": []}
        return {"event_type": "X"} if operation.request.children else {}

    def test_every_mutant_is_answered(self):
        for seed in range(0, COUNT, STEP):
            content = Random(seed).choice(self.contents)
            self._check(seed, mutate(content, seed))

    def _check(self, seed, content):
        with Logged() as logged, suppress(_Undo), self.env.cr.savepoint():
            status, answer = self._post(content)
            self.assertIn(status, (200, 413, 500), seed)
            self.assertEqual(invalid(answer, sav.SERVICE), [], seed)
            self.assertNotIn(b">10 - ", answer, seed)
            raise _Undo
        self.assertEqual(logged, [], seed)
