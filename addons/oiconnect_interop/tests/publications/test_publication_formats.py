import base64
import csv
import io

from odoo.tests import new_test_user, tagged

from .published_common import Operator, PublishedCase


@tagged("post_install", "-at_install")
class TestPublicationFormats(PublishedCase):
    """An administrator changes what is published, and operators stay in step."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._plan()
        cls.form = cls.formats["ipe", "V3.1"]
        cls.building = cls._building(1, city="AMBÉRIEU", access_code="A;12")
        cls._building(2, pm_id=False)
        cls.operator = cls.env["oiconnect.operator"].create(
            {"name": "OC exemple", "interop_code": "OCTX", "arcep_code": "OCTX"}
        )

    def _column(self, name):
        return self.form.column_ids.filtered(lambda column: column.name == name)

    def _header(self, form=None):
        [full] = self._published(self.plan, "full", version=form or self.form)
        return full.header

    def _stays_exact(self, form=None):
        """Full + delta = full, and what is published is imported without a change."""
        form = form or self.form
        [full] = self._published(self.plan, "full", version=form)
        operator = Operator(full)
        self.building.street_name = "DES LILAS"
        self._building(3)
        [delta] = self._published(self.plan, "delta", version=form)
        [full] = self._published(self.plan, "full", version=form)
        operator.apply(delta)
        self.assertEqual(operator.lines, sorted(full.lines))
        done = self._import(full.raw, full.publication.name)
        self.assertFalse(done.error_ids.filtered(lambda e: e.severity == "error"))
        self.assertEqual(sum(c.created + c.changed for c in done.count_ids), 0)

    def test_a_header_is_renamed(self):
        column = self._column("Code_RNB")
        column.write({"name": "CodeRNB", "aliases": "Code_RNB"})
        self.assertIn("CodeRNB", self._header())
        self._stays_exact()

    def test_columns_change_places(self):
        self._column("EtatPM").sequence = 2000
        self._column("EtatImmeuble").sequence = -1
        header = self._header()
        self.assertEqual((header[0], header[-1]), ("EtatImmeuble", "EtatPM"))
        self._stays_exact()

    def test_a_column_is_added_for_a_field_of_the_building(self):
        self.form.column_ids = [
            (0, 0, {"name": "CodeAcces", "field_path": "building.access_code"})
        ]
        [full] = self._published(self.plan, "full")
        self.assertEqual(full.rows[0]["CodeAcces"], "A,12")
        self._stays_exact()

    def test_a_column_that_we_know_nothing_of_is_empty(self):
        self.form.column_ids = [(0, 0, {"name": "Reserve"})]
        [full] = self._published(self.plan, "full")
        self.assertEqual(full.rows[0]["Reserve"], "")
        self._stays_exact()

    def test_another_value_list(self):
        self._column("TypeImmeuble").value_list = "MAISON=house|COLLECTIF=building"
        [full] = self._published(self.plan, "full")
        self.assertEqual(full.rows[0]["TypeImmeuble"], "MAISON")
        self._stays_exact()

    def test_another_type(self):
        self._column("LongueurLigneImmeuble").write({"decimals": 3})
        self.building.line_length_km = 1.5
        [full] = self._published(self.plan, "full")
        self.assertEqual(full.rows[0]["LongueurLigneImmeuble"], "1,500")
        self._stays_exact()

    def test_another_encoding(self):
        self.form.encoding = "cp1252"
        [full] = self._published(self.plan, "full")
        self.assertIn("AMBÉRIEU".encode("cp1252"), full.content)
        self._stays_exact()

    def test_quotes(self):
        self.form.flow_id.quoting = "minimal"
        self.building.write(
            {"street_name": 'RUE "A";B', "syndic_conditions": "; Tab\tM.\r\nExemple"}
        )
        [full] = self._published(self.plan, "full")
        text = io.StringIO(full.content.decode(self.form.encoding or "utf-8"))
        row = next(csv.DictReader(text, delimiter=";"))
        self.assertEqual(row["NomVoieImmeuble"], 'RUE "A";B')
        self.assertEqual(row["ConditionsSyndic"], "; Tab M.  Exemple")
        done = self._import(full.raw, full.publication.name)
        self.assertFalse(done.error_ids.mapped("message"))
        self.assertEqual(sum(c.created + c.changed for c in done.count_ids), 0)

    def test_a_format_changes_between_a_full_file_and_its_delta(self):
        self._published(self.plan, "full")
        self._column("CodePostalPM").unlink()
        [delta] = self._published(self.plan, "delta")
        # Each line is another one, even that of an address without PM.
        self.assertEqual([row["TypeMouvement"] for row in delta.rows], ["M", "M"])
        self.assertNotIn("CodePostalPM", delta.header)

    def test_words_of_the_pm_change_long_after_it_was_written(self):
        for table in ("oiconnect_building", "oiconnect_pm"):
            self.env.cr.execute(
                f"UPDATE {table} SET write_date = write_date - interval '1 month'"
            )
        self._published(self.plan, "full")
        self._column("EtatPM").value_list = "EN SERVICE=deployed"
        [delta] = self._published(self.plan, "delta")
        [row] = delta.rows
        self.assertEqual(row["EtatPM"], "EN SERVICE")

    def test_a_field_that_does_not_exist_stops_the_files_of_its_format_alone(self):
        other = self.formats["ipe", "V3.0"]
        self.form.column_ids = [
            (0, 0, {"name": "Rien", "field_path": "building.nothing"})
        ]
        [bad] = self._publish(self.plan.with_context(lang="fr_FR"), "full")
        self.assertEqual(bad.state, "blocked")
        self.assertIn("building.nothing", bad.message)
        self.assertIn("Rien", bad.message)
        [good] = self._publish(self.plan, "full", version=other)
        self.assertEqual(good.state, "done")

    # -- one operator -----------------------------------------------------------------

    def test_an_operator_has_its_own_format(self):
        own = self.form.copy({"operator_id": self.operator.id, "version": "V3.1"})
        own.column_ids[-1].unlink()
        own.encoding = "cp1252"
        self.assertEqual(self.plan._format_of(self.operator), own)
        self.assertNotIn("Date_RNB", self._header(own))
        self.assertIn("Date_RNB", self._header())
        self._stays_exact(own)

    # -- a new version ----------------------------------------------------------------

    def test_the_columns_of_a_new_version_are_loaded_from_a_file(self):
        wizard = self.env["oiconnect.flow.format.new"].create(
            {
                "flow_id": self.form.flow_id.id,
                "version": "V3.2",
                "origin": "file",
                "file": base64.b64encode(self._columns_of_a_new_version()),
            }
        )
        form = self.env["oiconnect.flow.format"].browse(
            wizard.action_create()["res_id"]
        )
        self.assertFalse(wizard.report)
        self.operator.pm_version = "V3.2"
        self.assertEqual(self.plan._format_of(self.operator), form)
        header = self._header(form)
        self.assertEqual(header[0], "IDENTIFIANT")
        self.assertEqual(header[-1], "NumeroDePrise")
        full, _histo = self._published(self.plan, "full", "histo", version=form)
        operator = Operator.__new__(Operator)
        operator.keys = ("IDENTIFIANT",) * 3
        operator.__init__(full)
        self.building.city = "BUGEY"
        [delta] = self._published(self.plan, "delta", version=form)
        operator.apply(delta)
        [full] = self._published(self.plan, "full", version=form)
        self.assertEqual(operator.lines, sorted(full.lines))

    def _columns_of_a_new_version(self):
        """The file of columns that V3.1 is downloaded as, edited in a spreadsheet."""
        text = base64.b64decode(self.form.definition_file).decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
        rows[0]["column"] = "IDENTIFIANT"
        rows.append(
            dict.fromkeys(rows[0], "") | {"column": "NumeroDePrise", "rank": 79}
        )
        out = io.StringIO()
        writer = csv.DictWriter(out, rows[0], delimiter=";")
        writer.writeheader()
        writer.writerows(row | {"versions": "V3.2"} for row in rows)
        return out.getvalue().encode()

    # -- preview ----------------------------------------------------------------------

    def test_the_preview_shows_ten_lines_of_the_network(self):
        for rank in range(3, 15):
            self._building(rank)
        networks = self.env["oiconnect.network"].search([("id", "!=", self.network.id)])
        networks.active = False
        preview = self.form.published_preview
        self.assertEqual(preview.count("<tr>"), 11)
        self.assertIn("IMB/01004/X/0001", preview)
        self.assertIn("<th>IdentifiantImmeuble</th>", preview)

    def test_the_preview_says_what_is_wrong(self):
        self.form.column_ids = [
            (0, 0, {"name": "Rien", "field_path": "building.nothing"})
        ]
        self.assertIn("building.nothing", self.form.published_preview)

    def test_the_preview_is_for_those_who_see_the_network(self):
        user = new_test_user(
            self.env, "formats", "base.group_user,oiconnect_base.group_exchange_read"
        )
        self.assertFalse(self.form.with_user(user).published_preview)
