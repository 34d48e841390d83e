from odoo.tests import tagged

from .import_common import ImportCase, ipe_line

# Another value in columns of each kind: texts, codes, numbers, dates, flags, links
CHANGED = {
    "CodePostalImmeuble": "01501",
    "CommuneImmeuble": "AMBERIEU",
    "CodeAdresseImmeuble": "010042AB02",
    "TypeVoieImmeuble": "IMPASSE",
    "NomVoieImmeuble": "DES ERABLES",
    "NumeroVoieImmeuble": "14",
    "NombreLogementsAdresseIPE": "3",
    "DateCablageAdresse": "20250416",
    "FibreDedieeLibre": "O",
    "TypeImmeuble": "IMMEUBLE",
    "CoordonneeImmeubleX": "871302,5",
    "CoordonneeImmeubleY": "6548802,02",
    "TypeZone": "2",
    "LongueurLigneImmeuble": "2,10",
    "TypePBO": "FACADE",
    "TypeEmplacementPM": "PME-Shelter",
    "CapaciteMaxPM": "900",
    "CodePostalPM": "01501",
    "CommunePM": "AMBERIEU",
    "NomVoiePM": "DES ERABLES",
    "NumeroVoiePM": "2",
    "TypeIngenierie": "BI",
    "NombreLogementsPM": "7",
    "NombrePMTechniques": "2",
    "CoordonneePMX": "871235,12",
    "CoordonneePMY": "6548766,40",
    "RefRegroupementPM": "LOT-01-02",
    "EmplacementActifDisponible": "O",
    "QualiteAdressePM": "APPROXIMATIVE",
    "DateDerniereModification": "20250501",
}


@tagged("post_install", "-at_install")
class TestImportHistory(ImportCase):
    """The SQL merge tells the same changes as the screens would."""

    def _texts(self, record):
        """Return what the history would keep of each tracked column."""
        record.invalidate_recordset()
        return record._tracked_values(record._tracked_fields)[record.id]

    def _history_values(self, done, record):
        return {
            line.field: (line.before or None, line.after or None)
            for line in self._changes(done)
            if (line.res_model, line.res_id) == (record._name, record.id)
        }

    def test_each_column_that_the_file_changes_before_and_after(self):
        self._import([ipe_line(1)])
        records = (self._building(), self._pm())
        before = [self._texts(record) for record in records]
        done = self._import([ipe_line(1, CHANGED)])
        changed = 0
        for record, old in zip(records, before, strict=True):
            new = self._texts(record)
            expected = {
                name: (old[name], new[name]) for name in old if old[name] != new[name]
            }
            with self.subTest(record._name):
                self.assertEqual(self._history_values(done, record), expected)
            changed += len(expected)
        self.assertGreaterEqual(changed, 25)

    def test_what_the_file_creates_has_its_line(self):
        done = self._import([ipe_line(1), ipe_line(2)])
        lines = self._changes(done).filtered(lambda line: line.kind == "create")
        made = {(line.res_model, line.res_id) for line in lines}
        for record in (self._building(1), self._building(2), self._pm()):
            self.assertIn((record._name, record.id), made)

    def test_an_import_that_changes_nothing_tells_nothing(self):
        self._import([ipe_line(1, CHANGED)])
        self.assertFalse(self._changes(self._import([ipe_line(1, CHANGED)])))
