import base64
import codecs
import os
import tempfile
import tracemalloc
from pathlib import Path

from odoo.exceptions import UserError

from odoo.addons.queue_job.tests.common import trap_jobs

from . import hostile
from .hostile import HEADER, PNG, good_file
from .import_common import (
    FILE_NAME,
    ImportCase,
    ipe_file,
    ipe_header,
    ipe_line,
    zipped,
)

ZIP_NAME = FILE_NAME.replace(".csv", ".zip")
MEGABYTE = 1 << 20
TRACES = ("building", "pm", "lot", "manager", "change")


class HostileCase(ImportCase):
    """Files outside the protocol are refused in clear words, without a trace."""

    def setUp(self):
        super().setUp()
        self.registry_enter_test_mode()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.patch(tempfile, "tempdir", folder.name)
        self.before = self._traces()

    def _traces(self):
        """Everything that a file may leave behind."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT relname FROM pg_class WHERE relname LIKE 'oiconnect\\_stage%'"
        )
        return {
            "stages": self.env.cr.fetchall(),
            "files": sorted(os.listdir(tempfile.gettempdir())),
            **{name: self._how_many(name) for name in TRACES},
        }

    def _how_many(self, name):
        return self.env[f"oiconnect.{name}"].sudo().search_count([])

    def _upload_french(self, content, name):
        """Upload as a French user: errors are shown in the user's language."""
        return self.imports.with_context(lang="fr_FR").create(
            {
                "network_id": self.network.id,
                "file_name": name,
                "file": base64.b64encode(content),
            }
        )

    def _refused(self, content, *words, name=FILE_NAME):
        """Check that the upload shows what is wrong, and cannot be started."""
        record = self._upload_french(content, name)
        for word in words:
            self.assertIn(word, record.problem or "")
        with self.assertRaises(UserError) as caught:
            record.action_start()
        self.assertEqual(str(caught.exception), record.problem)
        self.assertEqual(record.state, "draft")
        self.assertEqual(self._traces(), self.before)
        return record

    def _fails(self, content, *words, name=FILE_NAME):
        """Nothing is seen of it at first: the import fails, and says why."""
        record = self._upload_french(content, name)
        self.assertFalse(record.problem)
        with trap_jobs():
            record.action_start()
        self._failed(record, *words)
        return record

    def _failed(self, record, *words):
        self.env.flush_all()
        record._run()
        self.env.invalidate_all()
        self.assertEqual(record.state, "failed")
        for word in words:
            self.assertIn(word, record.message)
        self.assertFalse(record.error_ids)
        self.assertEqual(self._traces(), self.before)


class TestHostileZip(HostileCase):
    def _refused(self, content, *words, name=ZIP_NAME):
        return super()._refused(content, *words, name=name)

    def test_two_files(self):
        content = zipped((FILE_NAME, good_file()), ("LISEZMOI.csv", b"a;b\r\n1;2\r\n"))
        self._refused(content, "contient 2 fichiers", "n'y mettez que le fichier csv")

    def test_no_file(self):
        self._refused(zipped(), "contient 0 fichiers")

    def test_paths(self):
        for name in (
            f"ipe/{FILE_NAME}",
            f"../../{FILE_NAME}",
            f"/etc/{FILE_NAME}",
            f"..\\{FILE_NAME}",
            f"C:\\{FILE_NAME}",
        ):
            with self.subTest(name=name):
                content = zipped((name, good_file()))
                self._refused(content, "contient le chemin", "à sa racine")

    def test_link(self):
        self._refused(hostile.with_link(), "contient un lien", FILE_NAME)

    def test_nested_bomb(self):
        bomb = hostile.nested_bomb()
        self.assertLess(len(bomb), MEGABYTE)
        self._refused(bomb, "contient 16 fichiers")
        self._refused(zipped(("42.zip", bomb)), "en contient un autre (42.zip)")
        self._refused(zipped((FILE_NAME, bomb)), "n'est pas un CSV (zip trouvé)")

    def test_flat_bomb(self):
        self._refused(hostile.flat_bomb(), "grossit plus de 200 fois")

    def test_encrypted(self):
        self._refused(hostile.encrypted(), "chiffré", "sans mot de passe")

    def test_truncated(self):
        content = zipped((FILE_NAME, good_file()))
        for size in (10, len(content) // 2, len(content) - 30, len(content) - 1):
            with self.subTest(size=size):
                self._refused(content[:size], "illisible", "refaites-le")

    def test_damaged_inside(self):
        content = bytearray(zipped((FILE_NAME, good_file())))
        middle = len(FILE_NAME) + 60
        content[middle : middle + 40] = bytes(40)
        self._refused(bytes(content), "illisible")

    def test_size_that_is_not_the_one_declared(self):
        self._refused(hostile.lying(declared=30), "illisible")
        self._refused(hostile.lying(declared=3 << 30), "dépasse les 2048 Mo")
        self._refused(hostile.lying(1 << 30, 1 << 29), "illisible")

    def test_directory_of_entries_that_would_fill_the_memory(self):
        bomb = hostile.many_entries(20_000)
        tracemalloc.start()
        try:
            self._refused(bomb, "illisible")
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        # The upload itself is held, several times over.
        self.assertLess(peak, 10 * len(bomb))

    def test_other_things_than_a_csv_file(self):
        self._refused(zipped(("plan.pdf", b"%PDF-1.7")), "plan.pdf", "un fichier csv")
        self._refused(zipped((FILE_NAME, PNG)), "n'est pas un CSV (PNG trouvé)")
        self._refused(zipped((FILE_NAME, b"")), "Le fichier est vide")


class TestHostileCsv(HostileCase):
    def test_wrong_separator(self):
        for sign, name in ((b",", ","), (b"\t", "TAB"), (b"|", "|")):
            with self.subTest(sign=sign):
                self._refused(
                    good_file().replace(b";", sign),
                    f"séparé par « {name} »",
                    "séparez les colonnes par « ; »",
                )

    def test_missing_mandatory_columns(self):
        missing = ("CodeInseeImmeuble", "CodeOI")
        header = [name for name in ipe_header() if name not in missing]
        content = ipe_file([ipe_line(1)], header)
        self._fails(
            content, "Il manque à l'en-tête", "IPE V3.1", "CodeInseeImmeuble, CodeOI"
        )

    def test_missing_keys(self):
        missing = ("IdentifiantImmeuble", "CodeAdresseImmeuble")
        header = [name for name in ipe_header() if name not in missing]
        self._fails(ipe_file([ipe_line(1)], header), "IdentifiantImmeuble")

    def test_doubled_columns(self):
        content = good_file().replace(b"TypeZone", b"CodeOI", 1)
        self._refused(content, "nomme deux fois la colonne CodeOI")
        content = good_file().replace(b"\r\n", b";CODE_OI\r\n", 1)
        self._fails(content, "nomme deux fois la colonne")

    def test_nul_bytes(self):
        lines = good_file().splitlines(keepends=True)
        for rank in (0, 1, 2):
            with self.subTest(line=rank + 1):
                changed = [*lines]
                changed[rank] = changed[rank].replace(b";", b"\0;", 1)
                self._refused(
                    b"".join(changed), f"La ligne {rank + 1} contient des octets nuls"
                )

    def test_nul_bytes_far_away(self):
        content = ipe_file([ipe_line(rank) for rank in range(1, 6500)])
        self._fails(content + b"IMB\0;\r\n", "La ligne 6501 contient des octets nuls")

    def test_utf16(self):
        text = good_file().decode()
        for content in (
            codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
            codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
            text.encode("utf-16-le"),
            text.encode("utf-16-be"),
            text.encode("utf-32"),
        ):
            with self.subTest(start=content[:4]):
                self._refused(content, "UTF-16", "exportez-le de nouveau en UTF-8")

    def test_nothing_to_read(self):
        self._refused(b"\xef\xbb\xbf", "Le fichier est vide")
        self._refused(HEADER + b"\r\n", "un en-tête mais aucune ligne")
        self._refused(HEADER + b"\r\n\r\n;;;\r\n", "un en-tête mais aucune ligne")

    def test_files_of_other_programs(self):
        for content, found in (
            (PNG, "PNG"),
            (b"\xff\xd8\xff\xe0" + bytes(99), "JPEG"),
            (b"GIF89a" + bytes(99), "GIF"),
            (b"%PDF-1.7\n", "PDF"),
            (b"\x1f\x8b\x08" + bytes(99), "gzip"),
            (b"7z\xbc\xaf\x27\x1c" + bytes(99), "7z"),
            (b"Rar!\x1a\x07" + bytes(99), "RAR"),
            (b"\x7fELF" + bytes(99), "ELF"),
            (b"\xd0\xcf\x11\xe0" + bytes(99), "Excel"),
            (b"<?xml version='1.0'?><a/>", "XML"),
        ):
            with self.subTest(found=found):
                self._refused(content, f"n'est pas un CSV ({found} trouvé)")

    def test_lone_quotes_are_of_their_line_alone(self):
        lines = good_file().splitlines(keepends=True)
        lone = lines[1].replace(b";DES TILLEULS;", b';"DES TILLEULS;', 1)
        record = self._upload_french(lines[0] + lone + lines[2], FILE_NAME)
        self.assertFalse(record.problem)
        record._apply()
        [error] = record.error_ids
        self.assertEqual((error.line, error.severity), (2, "error"))
        self.assertIn("Un guillemet", error.message)
        self.assertTrue(self._building(2))
        self.assertFalse(self._building(1))

    def test_lone_quote_of_the_header(self):
        content = good_file().replace(b"TypeZone", b'"TypeZone', 1)
        self._refused(content, "Les guillemets de l'en-tête ne sont pas fermés")

    def test_mixed_ends_of_lines_are_read(self):
        header, *lines = ipe_file([ipe_line(rank) for rank in (1, 2, 3)]).splitlines()
        content = header + b"\n" + lines[0] + b"\r\n" + lines[1] + b"\n" + lines[2]
        record = self._upload_french(content, FILE_NAME)
        self.assertFalse(record.problem)
        record._apply()
        self.assertEqual(record.state, "done")
        self.assertEqual(record.line_count, 3)

    def test_lone_carriage_return_is_of_its_line_alone(self):
        header, *lines = ipe_file([ipe_line(rank) for rank in (1, 2, 3)]).splitlines()
        content = b"\r\n".join([header, lines[0] + b"\r" + lines[1], lines[2]])
        record = self._upload_french(content, FILE_NAME)
        record._apply()
        self.assertEqual([error.line for error in record.error_ids], [2])
        self.assertTrue(self._building(3))
        self.assertFalse(self._building(1) | self._building(2))


class TestHostileSize(HostileCase):
    """Files too large to hold: they lie on the disk, as those that a partner drops."""

    def _on_disk(self, fill):
        """Return an import of a file that ``fill`` writes where attachments lie."""
        record = self._upload_french(good_file(), FILE_NAME)
        attachment = record._file_attachment()
        folder = Path(attachment._filestore())
        path = folder / f"hostile-{record.id}"
        self.addCleanup(path.unlink, missing_ok=True)
        with path.open("wb") as target:
            fill(target)
        self.env.cr.execute(
            "UPDATE ir_attachment SET store_fname = %s WHERE id = %s",
            [path.name, attachment.id],
        )
        self.env.invalidate_all()
        return record

    def _nature(self, record):
        """Look at the file anew, under a watch on the memory; return its peak."""
        tracemalloc.start()
        try:
            record._compute_nature()
            self.env.flush_all()
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    def test_ten_gigabytes_are_refused_without_being_read(self):
        record = self._on_disk(lambda target: target.truncate(10 << 30))
        read = Path("/proc/self/io").read_text()
        peak = self._nature(record)
        self.assertLess(_bytes_read() - _bytes_read(read), MEGABYTE)
        self.assertLess(peak, MEGABYTE)
        self.assertIn("dépasse les 2048 Mo permis", record.problem)
        self.assertFalse(record.sha256)
        with self.assertRaises(UserError):
            record.action_start()

    def test_ten_gigabytes_that_came_after_the_check(self):
        record = self._on_disk(lambda target: target.truncate(10 << 30))
        record.sudo().state = "queued"
        self._failed(record, "dépasse les 2048 Mo permis")

    def test_more_than_two_gigabytes_are_stored_when_the_limit_is_raised(self):
        record = self._upload_french(good_file(), FILE_NAME)
        attachment = record._file_attachment()
        attachment._oiconnect_point_to(attachment.store_fname, "0" * 40, 3 << 30)
        record.sudo().file_size = 3 << 30
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(record.file_size, 3 << 30)
        self.assertEqual(record._file_attachment().file_size, (1 << 31) - 1)

    def test_line_of_100_megabytes(self):
        def fill(target):
            for _rank in range(100):
                target.write(b"A" * MEGABYTE)

        record = self._on_disk(fill)
        self.assertLess(self._nature(record), 16 * MEGABYTE)
        self.assertIn("La ligne 1 dépasse les 65536 octets", record.problem)

    def test_cell_of_100_megabytes(self):
        def fill(target):
            target.write(good_file())
            for _rank in range(100):
                target.write(b"A" * MEGABYTE)

        record = self._on_disk(fill)
        self.assertLess(self._nature(record), 16 * MEGABYTE)
        self.assertFalse(record.problem)
        record.sudo().state = "queued"
        tracemalloc.start()
        try:
            self._failed(record, "La ligne 4 dépasse les 65536 octets")
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        self.assertLess(peak, 16 * MEGABYTE)


def _bytes_read(text=None):
    """Return the bytes that this process requested to read so far."""
    text = text or Path("/proc/self/io").read_text()
    return int(text.split("rchar:")[1].split()[0])
