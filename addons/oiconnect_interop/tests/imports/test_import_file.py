import base64
import io
import random
import stat
import zipfile

from odoo.exceptions import UserError

from odoo.addons.oiconnect_import.bulk import archive
from odoo.addons.oiconnect_import.protocol import FileError

from .import_common import (
    FILE_NAME,
    ImportCase,
    ipe_file,
    ipe_header,
    ipe_line,
    zipped,
)

ZIP_NAME = FILE_NAME.replace(".csv", ".zip")
FRENCH = {"NomVoieImmeuble": "DE L'ÉGLISE", "CommentairePM": "À côté de l’école"}


class TestImportFile(ImportCase):
    """Detection of a file by its name and content, and of files that are none."""

    # -- detection --------------------------------------------------------------------

    def test_name_and_header_tell_what_the_file_is(self):
        record = self._upload([ipe_line(1, FRENCH)])
        self.assertEqual(
            (record.kind, record.flow_version, record.encoding, str(record.file_date)),
            ("ipe", "V3.1", "utf-8", "2026-09-01"),
        )
        self.assertEqual(record.file_size, len(ipe_file([ipe_line(1, FRENCH)])))
        self.assertEqual(len(record.sha256), 64)
        self.assertEqual(record.state, "draft")

    def test_header_tells_the_version_when_the_name_does_not(self):
        for version in ("V2.2", "V3.0", "V3.1"):
            content = ipe_file([ipe_line(1)], ipe_header(version))
            with self.subTest(version=version):
                record = self._upload(content, "export réseau.csv")
                self.assertEqual((record.kind, record.flow_version), ("ipe", version))
                self.assertFalse(record.problem)

    def test_version_without_format_falls_back_to_the_header(self):
        record = self._upload([ipe_line(1)], FILE_NAME.replace("V31", "V99"))
        self.assertEqual(record.flow_version, "V3.1")

    def test_version_can_be_chosen(self):
        record = self._upload([ipe_line(1)])
        record.flow_version = "V3.0"
        record._apply()
        self.assertEqual(record.flow_version, "V3.0")
        self.assertEqual(record.state, "done")

    def test_file_is_detected_again_when_it_changes(self):
        record = self._upload([ipe_line(1)])
        first = record.sha256
        record.write(
            {
                "file": base64.b64encode(ipe_file([ipe_line(2)], encoding="utf-8-sig")),
                "file_name": FILE_NAME.replace("V31", "V30"),
            }
        )
        self.assertNotEqual(record.sha256, first)
        self.assertEqual((record.flow_version, record.encoding), ("V3.0", "utf-8-sig"))

    def test_file_of_another_network_is_refused(self):
        record = self._upload([ipe_line(1)], FILE_NAME.replace("OITI", "OITJ"))
        self.assertIn("OITJ", record.problem)
        with self.assertRaisesRegex(UserError, "OITJ"):
            record.action_start()

    def test_form_detects_before_it_is_saved(self):
        record = self.imports.new(
            {
                "network_id": self.network.id,
                "file_name": FILE_NAME,
                "file": base64.b64encode(ipe_file([ipe_line(1)])),
            }
        )
        self.assertEqual((record.kind, record.flow_version), ("ipe", "V3.1"))

    def test_form_keeps_what_it_shows(self):
        """A form sends back the columns that can be edited, not the others."""
        record = self.imports.create(
            {
                "network_id": self.network.id,
                "file_name": FILE_NAME,
                "file": base64.b64encode(ipe_file([ipe_line(1)])),
                "kind": "ipe",
                "flow_version": "V3.0",
            }
        )
        self.assertEqual(
            (record.file_name, record.flow_version, record.encoding),
            (FILE_NAME, "V3.0", "utf-8"),
        )
        self.assertTrue(record.sha256 and record.file_date and record.file_size)

    def test_form_without_a_file_says_nothing(self):
        record = self.imports.new({"network_id": self.network.id})
        self.assertFalse(record.problem)

    def test_import_needs_a_file_and_a_version(self):
        record = self._upload([ipe_line(1)])
        record.flow_version = False
        with self.assertRaisesRegex(UserError, "Choose a file"):
            record.action_start()
        empty = self.imports.create({"network_id": self.network.id})
        with self.assertRaisesRegex(UserError, "Choose a file"):
            empty.action_start()

    def test_words_of_the_file_are_not_indexed(self):
        attachment = self._upload([ipe_line(1)])._file_attachment()
        self.assertFalse(attachment.index_content)

    # -- encodings --------------------------------------------------------------------

    def test_encodings(self):
        for encoding in ("utf-8", "utf-8-sig", "cp1252"):
            with self.subTest(encoding=encoding):
                record = self._import(
                    ipe_file([ipe_line(1, FRENCH)], encoding=encoding)
                )
                self.assertEqual(record.encoding, encoding)
                self.assertEqual(self._building().street_name, "DE L'ÉGLISE")
                self.assertEqual(self._pm().comment, "À côté de l’école")

    def test_mixed_encodings_are_read_and_reported(self):
        first = ipe_file([ipe_line(1, FRENCH)])
        second = ipe_file([ipe_line(2, FRENCH)], encoding="cp1252")
        done = self._import(first + second.partition(b"\r\n")[2])
        self.assertEqual(done.encoding, "mixed")
        self.assertEqual(self._building(2).street_name, "DE L'ÉGLISE")
        self.assertEqual(done.state, "done")
        self.assertEqual(done.error_ids.mapped("severity"), ["warning"])
        self.assertEqual(done.error_ids.line, 3)

    # -- cells ------------------------------------------------------------------------

    def test_quotes_separators_and_line_breaks_in_cells(self):
        comment = '"Derrière la ""Mairie""; sonner\r\ndeux fois\\t"'
        done = self._import(
            [
                ipe_line(1, CommentairePM=comment),
                ipe_line(2, CommentairePM=comment, TypeZone="9"),
            ]
        )
        self.assertEqual(
            self._pm().comment, 'Derrière la "Mairie"; sonner\r\ndeux fois\\t'
        )
        self.assertEqual(self._errors(done), [(4, "TypeZone", "FIMP16")])

    def test_blanks_around_cells_and_not_applicable(self):
        self._import(
            [
                ipe_line(
                    1,
                    NomVoieImmeuble="  DES TILLEULS\t",
                    BatimentImmeuble="_NA_",
                    CommuneImmeuble="\N{NO-BREAK SPACE}AMBERIEU-EN-BUGEY ",
                    EtatImmeuble=" deploye ",
                    TypeEmplacementPM="PME-ARMOIRE DE RUE",
                    FibreDedieeLibre="non",
                    CoordonneeImmeubleX="871301.55",
                    NombreLogementsAdresseIPE="+1",
                )
            ]
        )
        building = self._building()
        self.assertEqual(building.street_name, "DES TILLEULS")
        self.assertFalse(building.building_name)
        self.assertEqual(building.city, "AMBERIEU-EN-BUGEY")
        self.assertEqual(building.state, "deployed")
        self.assertEqual(building.x, 871301.55)
        self.assertEqual(self._pm().location_type, "cabinet")

    def test_lines_that_cannot_be_cut(self):
        content = ipe_file([ipe_line(rank) for rank in (1, 2, 3, 4)]).split(b"\r\n")
        content[2] = content[2].replace(b"TILLEULS", b'"TIL"LEULS')
        content[2] = b'"' + content[2]
        content[3] += b";;surplus"
        content.insert(4, content[0])
        done = self._import(b"\r\n".join(content))
        self.assertEqual(
            self._errors(done),
            [(3, False, "FIMP16"), (4, False, "FIMP16"), (5, False, "FIMP16")],
        )
        self.assertEqual((done.line_count, done.error_line_count), (5, 3))
        self.assertTrue(self._building(1) and self._building(4))

    def test_short_lines_are_completed(self):
        content = ipe_file([ipe_line(1), ipe_line(2)]).replace(
            b";OITI;;;\r\n", b";OITI\r\n"
        )
        self.assertEqual(self._import(content).state, "done")

    def test_spreadsheet_formulas_and_control_characters(self):
        done = self._import(
            [
                ipe_line(1, NomVoieImmeuble="=HYPERLINK(1)"),
                ipe_line(2, NomVoieImmeuble="DES\x07TILLEULS"),
                ipe_line(3, CommentairePM="- face au 12"),
            ]
        )
        self.assertEqual(
            self._errors(done),
            [(2, "NomVoieImmeuble", "FIMP16"), (3, "NomVoieImmeuble", "FIMP16")],
        )

    # -- files that are none ----------------------------------------------------------

    def test_files_that_cannot_be_imported(self):
        good = ipe_file([ipe_line(1)])
        header = ";".join(ipe_header()).encode()
        for content, reason in (
            (b"%PDF-1.7 rien", "not a CSV"),
            (header + b"\r\n", "no line"),
            (good.replace(b";", b","), "separated by"),
            (good.decode().encode("utf-16"), "UTF-16"),
            (b"a;b;c\r\n1;2;3\r\n", "Neither the name"),
            (good.replace(b"TypeZone", b"CodeOI", 1), "twice"),
        ):
            with self.subTest(reason=reason):
                record = self._upload(content, "export.csv")
                self.assertIn(reason, record.problem or "")
                with self.assertRaises(UserError):
                    record.action_start()
                self.assertEqual(record.state, "draft")

    def test_header_without_a_mandatory_column(self):
        header = [name for name in ipe_header() if name != "CodeInseeImmeuble"]
        record = self._upload(ipe_file([ipe_line(1)], header))
        with self.assertRaises(FileError) as caught:
            record._apply()
        self.assertIn("CodeInseeImmeuble", record._error_text(caught.exception))

    def test_header_without_any_key(self):
        names = ("IdentifiantImmeuble", "CodeAdresseImmeuble")
        header = [name for name in ipe_header() if name not in names]
        record = self._upload(ipe_file([ipe_line(1)], header))
        with self.assertRaises(FileError) as caught:
            record._apply()
        self.assertIn("IdentifiantImmeuble", record._error_text(caught.exception))

    def test_nul_bytes_in_the_middle(self):
        content = ipe_file([ipe_line(rank) for rank in range(1, 90)])
        record = self._upload(content + b"IMB/\0\r\n")
        self.assertIn("NUL", record.problem)

    def test_size_limit(self):
        self.env["ir.config_parameter"].set_param(
            "oiconnect_import.max_import_mb", "0.001"
        )
        self.assertIn("larger", self._upload([ipe_line(1), ipe_line(2)]).problem)

    # -- zip --------------------------------------------------------------------------

    def test_zip_of_one_csv(self):
        done = self._import(zipped((FILE_NAME, ipe_file([ipe_line(1)]))), ZIP_NAME)
        self.assertEqual(done.state, "done")
        self.assertTrue(self._building())

    def test_zips_that_are_refused(self):
        csv = ipe_file([ipe_line(1)])
        for content, reason in (
            (zipped(), "0 files"),
            (zipped(("a.csv", csv), ("b.csv", csv)), "2 files"),
            (zipped(("dossier/a.csv", csv)), "path"),
            (zipped(("../a.csv", csv)), "path"),
            (zipped(("a.zip", zipped(("a.csv", csv)))), "another one"),
            (zipped(("a.csv", zipped(("a.csv", csv)))), "not a CSV"),
            (zipped(("a.pdf", b"%PDF")), "put a csv file"),
            (zipped(("a.csv", b"0" * 3_000_000)), "grows more than"),
            (_zip_with_link(), "link"),
            (_zip_encrypted(csv), "encrypted"),
            (zipped(("a.csv", csv))[:200], "cannot be read"),
            (_zip_damaged(csv), "cannot be read"),
        ):
            with self.subTest(reason=reason):
                self.assertIn(reason, self._upload(content, ZIP_NAME).problem or "")


class TestImportArchive(ImportCase):
    """The limits of what is read, whatever a zip says of itself."""

    def _read(self, content, **limits):
        with archive.open_source(
            io.BytesIO(content), archive.Limits(**limits)
        ) as source:
            return b"".join(iter(lambda: source.read(100), b""))

    def test_reads_what_was_packed(self):
        self.assertEqual(self._read(zipped(("a.csv", b"a;b" * 999))), b"a;b" * 999)
        self.assertEqual(self._read(b"a;b"), b"a;b")

    def test_declared_size_is_limited(self):
        with self.assertRaises(FileError) as caught:
            self._read(zipped(("a.csv", b"abc" * 100)), size=200)
        self.assertEqual(caught.exception.reason, "too_big")
        with self.assertRaises(FileError) as caught:
            self._read(b"abc" * 100, size=200)
        self.assertEqual(caught.exception.reason, "too_big")

    def test_a_zip_that_lies_on_its_size_is_stopped(self):
        content = bytearray(zipped(("a.csv", b"abc" * 100)))
        for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
            place = content.index(signature) + offset
            content[place : place + 4] = (30).to_bytes(4, "little")
        with self.assertRaises(FileError) as caught:
            self._read(bytes(content), size=200)
        self.assertEqual(caught.exception.reason, "bad_zip")

    def test_progress_is_that_of_the_packed_file(self):
        content = zipped(("a.csv", random.Random(1).randbytes(1_000_000)))
        with archive.open_source(io.BytesIO(content)) as source:
            while source.read(1000):
                self.assertLessEqual(source.fraction, 1)
            self.assertGreater(source.fraction, 0.5)


def _zip_with_link():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        entry = zipfile.ZipInfo("a.csv")
        entry.create_system = 3
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        packed.writestr(entry, "/etc/passwd")
    return target.getvalue()


def _zip_encrypted(csv):
    """Zip whose only entry bears the mark of encryption."""
    content = bytearray(zipped(("a.csv", csv)))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + offset] |= 1
    return bytes(content)


def _zip_damaged(csv):
    content = bytearray(zipped(("a.csv", csv)))
    middle = content.index(b"a.csv") + 30
    content[middle : middle + 20] = b"\xff" * 20
    return bytes(content)
