import io
import random
import tempfile
from contextlib import contextmanager
from pathlib import Path
from unittest import TestCase
from unittest.mock import patch

from odoo.addons.oiconnect_gracethd.reading import (
    DeliveryError,
    Limits,
    open_delivery,
)
from odoo.addons.oiconnect_gracethd.reading.delivery import read_delivery
from odoo.addons.oiconnect_interop.bulk import messages as interop
from odoo.addons.oiconnect_interop.protocol import FileError
from odoo.addons.oiconnect_interop.protocol.errors import MESSAGES as PROTOCOL_MESSAGES

from ..messages import MESSAGES
from ..reading.geometry import ends
from .delivery_files import geopackage_bytes
from .hostile_files import BASE, FIBRES, GOOD, NODES, REFUSED, TOLD, blob, zip_bytes


@contextmanager
def opened_here(raw, limits):
    """Open a delivery in this process, as the one that reads it does."""
    with tempfile.TemporaryDirectory() as scratch:
        with read_delivery(raw, scratch, limits or Limits()) as delivery:
            yield delivery


def told_of(content, limits=None, opened=open_delivery):
    """Read a delivery whole; return [(key, params, file)] of what is told."""
    found = []
    with opened(io.BytesIO(content), limits) as delivery:
        found += [(item.key, item.params, item.file) for item in delivery.problems]
        for table in delivery.tables.values():
            try:
                for _line, cells, problem in table.rows():
                    if table.has_geometry and cells[-1]:
                        ends(cells[-1])
                    if problem:
                        found.append((problem.key, problem.params, problem.file))
            except FileError as error:
                problem = table.failure(error)
                found.append((problem.key, problem.params, problem.file))
    return found


class TestHostileFiles(TestCase):
    """What is no delivery is told by a sentence; it breaks and leaves nothing."""

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        patcher = patch.object(tempfile, "tempdir", folder.name)
        patcher.start()
        self.addCleanup(patcher.stop)

    def assertSentence(self, key, params, named):
        """The sentence can be made, names the file, and says what to do."""
        template = MESSAGES.get(key) or interop.MESSAGES.get(key)
        template = template or PROTOCOL_MESSAGES[key]
        sentence = template % params
        if key in MESSAGES:
            self.assertIn(named, sentence)
            self.assertRegex(sentence, "[:.] .+[.]$")

    def test_what_cannot_be_read_is_refused(self):
        for name, file in REFUSED.items():
            with self.subTest(name):
                with self.assertRaises(DeliveryError) as caught:
                    told_of(file.content, file.limits)
                self.assertEqual(caught.exception.reason, file.key)
                self.assertSentence(file.key, caught.exception.params, file.named)
                self.assertEqual(list(self.folder.iterdir()), [])

    def test_what_is_wrong_with_one_file_is_told_of_it(self):
        for name, file in TOLD.items():
            with self.subTest(name):
                told = told_of(file.content)
                self.assertEqual(
                    {key for key, *_rest in told} - {""}, {file.key} - {""}
                )
                for key, params, at in told:
                    self.assertSentence(key, params, file.named)
                    self.assertTrue(at)
                self.assertEqual(list(self.folder.iterdir()), [])

    def test_damaged_bytes_never_break_the_reading(self):
        seeds = [
            GOOD,
            zip_bytes(BASE, 0),
            zip_bytes(BASE, 14),
            geopackage_bytes({"t_noeud": NODES * 9, "t_fibre": FIBRES * 9}, blob),
        ]
        rng = random.Random(20)
        for content in seeds:
            for _ in range(120):
                damaged = bytearray(content)
                for _ in range(rng.randint(1, 5)):
                    near_end = int(rng.expovariate(1 / 600)) % len(damaged)
                    place = rng.choice((rng.randrange(len(damaged)), -1 - near_end))
                    damaged[place] = rng.choice((0, 1, 127, 128, 255))
                try:
                    told_of(bytes(damaged), opened=opened_here)
                except FileError:
                    pass
        self.assertEqual(list(self.folder.iterdir()), [])
