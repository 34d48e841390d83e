"""Mutated files through the whole reception: each ends, and says so in French."""

import itertools
import logging
import os
import random
import re
import time

from odoo.addons.oiconnect_import import protocol

from ..common import ExchangeCase
from .mutations import mutate

# Steps, and seconds of processor, that no file of a few lines may need
STEPS, SECONDS = range(20), 5
# The suite receives one in 24 of the 11 000 files; `make bench ARGS=mutants` more.
STEP = int(os.environ.get("OIC_MUTANT_STEP", "24"))
# Words of every English sentence of ours, and of no French one
ENGLISH = re.compile(
    r"\b(the|is|are|be|this|must|cannot|not|has|does|with|and|of|file|line)\b", re.I
)
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_notrack": True,
    "mail_activity_quick_update": True,
}


class Logged(logging.Handler):
    """Log records, from warnings on, whatever the level of the run."""

    logger = logging.getLogger("odoo")

    def __init__(self):
        super().__init__(logging.WARNING)

    def emit(self, record):
        self.records.append(record.getMessage())

    def __enter__(self):
        self.records = []
        self.former = self.logger.level, self.logger.propagate
        self.logger.addHandler(self)
        self.logger.setLevel(logging.WARNING)
        self.logger.propagate = False
        return self.records

    def __exit__(self, *error):
        self.logger.removeHandler(self)
        level, self.logger.propagate = self.former
        self.logger.setLevel(level)


class MutationCase(ExchangeCase):
    """Files of one flow: mutants of right ones are received one by one."""

    flow = None
    version = "V1.3"
    count = 0
    logged = Logged()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=cls.env.context | QUIET)
        cls.endpoint = cls.endpoint.with_env(cls.env)
        cls.format = (
            cls.env["oiconnect.flow"]
            ._by_code(cls.flow)
            ._format_for(cls.operator, cls.version)
        )
        exchanges = cls.env.registry["oiconnect.exchange"]
        # The person in charge would get the same sentences.
        cls.endpoint.responsible_id = False
        # This plays the part of the job queue.
        cls.classPatch(exchanges, "_plan_process", lambda _self, seconds=0: None)
        cls.classPatch(
            cls.env.registry["oiconnect.endpoint"],
            "_plan_poll",
            lambda _self, seconds=0: None,
        )

    def rows(self):
        """Return the lines of a right file, as dicts by column name."""
        raise NotImplementedError

    def check_untouched(self, exchange, rows):
        """See that lines that nothing touched had their effect."""
        raise NotImplementedError

    def _receive_mutants(self, numbers):
        """Receive the mutants of these numbers: each is the same at any time."""
        broken = []
        for rank, number in enumerate(numbers[::STEP]):
            mutant, rows = self._mutant(number)
            try:
                self._receive_one(mutant, rows)
            except AssertionError as error:
                broken.append(f"{number} {mutant}: {error}")
            if rank % 50 == 49:
                self.env.invalidate_all()
        self.assertFalse(broken, "\n\n".join(broken[:20]))

    def _mutant(self, number):
        rows, header = self.rows(), self.format.header
        cells = [[row.get(name, "") for name in header] for row in rows]
        generator = random.Random(f"{self.flow} {number}")
        return mutate(generator, header, cells), rows

    def _receive_one(self, mutant, rows):
        event = self._last_event()
        begin = time.process_time()
        with self.logged as records:
            exchange = self._take(mutant.content, self._name(self.flow), settle=False)
            steps = itertools.takewhile(lambda _n: not exchange._is_settled(), STEPS)
            for _step in steps:
                exchange._process()
        self.assertLess(time.process_time() - begin, SECONDS)
        self.assertEqual(records, [], "neither a traceback nor a batch that breaks")
        self._check_end(exchange, event)
        self.check_untouched(exchange, [rows[rank] for rank in mutant.untouched])

    def _last_event(self):
        self.env.cr.execute("SELECT max(id) FROM oiconnect_event")
        return self.env.cr.fetchone()[0] or 0

    def _check_end(self, exchange, last_event):
        self.assertTrue(exchange._is_settled())
        if exchange._is_refused():
            self.assertTrue(exchange.message)
        else:
            self.assertEqual(exchange.done_count, exchange.line_count)
        events = self._messages(exchange, last_event)
        texts = [
            exchange.message,
            *exchange.error_ids.mapped("message"),
            *(payload.get("comment") for payload in events._payloads()),
        ]
        for text in filter(None, texts):
            self.assertIsNone(ENGLISH.search(text), text)
        if answer := exchange.flow_id.answer_flow_id:
            count = 1 if exchange._is_refused() else exchange.line_count
            answers = events.filtered(lambda event: event.flow == answer.code)
            self.assertEqual(len(answers), count)
            self._check_written(exchange, events)

    def _messages(self, exchange, last_event):
        """Return the messages that go with the answers to a file."""
        group = exchange._event_origin().group
        return self.env["oiconnect.event"].search(
            [("id", ">", last_event), ("group_key", "=", group)], order="id"
        )

    def _check_written(self, exchange, events):
        """Check that files take every line of the messages: some have many."""
        for code, messages in events.grouped("flow").items():
            flow = self.env["oiconnect.flow"]._by_code(code)
            form = flow._format_for(self.operator, exchange.version or "")
            lines, _owners = self.env["oiconnect.outbound"]._lines_of(messages)
            self.assertEqual(protocol.write(form, lines).errors, [])


class TakenBackCase(MutationCase):
    """Files about records that are there: each is taken back, so all meet the same."""

    def _receive_one(self, mutant, rows):
        savepoint = self.env.cr.savepoint()
        try:
            return super()._receive_one(mutant, rows)
        finally:
            savepoint.close(rollback=True)
