import base64
import io
import zipfile

from odoo.tests.common import TransactionCase

from ..protocol.protocol_common import shipped_format

FILE_NAME = "TEST_01_OITI_PM_IPEZMD_V31_20260901_00.csv"
VERSION = "V3.1"

#: a house in service behind a cabinet in service, which breaks no rule
LINE = {
    "IdentifiantImmeuble": "IMB/01004/X/0001",
    "CodeInseeImmeuble": "01004",
    "CodePostalImmeuble": "01500",
    "CommuneImmeuble": "AMBERIEU-EN-BUGEY",
    "CodeAdresseImmeuble": "010042AB01",
    "TypeVoieImmeuble": "RUE",
    "NomVoieImmeuble": "DES TILLEULS",
    "NumeroVoieImmeuble": "12",
    "NombreLogementsAdresseIPE": "1",
    "EtatImmeuble": "DEPLOYE",
    "DateCablageAdresse": "20250415",
    "DateDerniereModification": "20250416",
    "ReferencePM": "OITI-01004-0001",
    "EtatPM": "DEPLOYE",
    "DateInstallationPM": "20250310",
    "TypeEmplacementPM": "PME-Armoire de rue",
    "CapaciteMaxPM": "720",
    "CodeInseePM": "01004",
    "CodePostalPM": "01500",
    "CommunePM": "AMBERIEU-EN-BUGEY",
    "TypeVoiePM": "RUE",
    "NomVoiePM": "DES TILLEULS",
    "NumeroVoiePM": "0",
    "TypeIngenierie": "MONO",
    "FibreDedieeLibre": "N",
    "NombreLogementsPM": "5",
    "DateMiseEnServiceCommercialePM": "20250620",
    "NombrePMTechniques": "1",
    "TypeImmeuble": "PAVILLON",
    "TypeProjectionGeographique": "RGF93",
    "CoordonneePMX": "871234,12",
    "CoordonneePMY": "6548765,40",
    "CoordonneeImmeubleX": "871301,55",
    "CoordonneeImmeubleY": "6548801,02",
    "RefRegroupementPM": "LOT-01-01",
    "EmplacementActifDisponible": "N",
    "QualiteAdressePM": "PRECISE",
    "DatePremiereMADPM": "20250320",
    "AccordGestionnaireImmeubleNecessaire": "N",
    "TypeZone": "3",
    "DateDebutAcceptationCmdAcces": "20250515",
    "DateDebutFournitureCRCmdAcces": "20250620",
    "LongueurLigneImmeuble": "1,42",
    "TypePBO": "AERIEN POTEAU ENEDIS",
    "TypeRaccoPBPTO": "AERIEN",
    "CodeOI": "OITI",
}
#: what makes of a line a building whose manager signed
SIGNED = {
    "EtatImmeuble": "SIGNE",
    "TypeImmeuble": "IMMEUBLE",
    "DateSignatureConvention": "20260702",
    "GestionnaireImmeuble": "SYNDIC EXEMPLE",
    "CodePostalGestionnaire": "01500",
    "CommuneGestionnaire": "AMBERIEU-EN-BUGEY",
    "NomVoieGestionnaire": "DE LA MAIRIE",
    "AccordGestionnaireImmeubleNecessaire": "O",
}
#: names of the columns of the PM, and what makes of a line an address without PM
PM_COLUMNS = [
    column.name
    for column in shipped_format("IPE", VERSION).columns
    if column.field.startswith("pm.")
]
WITHOUT_PM = dict.fromkeys(PM_COLUMNS, "") | {
    "EtatImmeuble": "CIBLE",
    "FibreDedieeLibre": "",
}


def ipe_line(rank=1, changes=(), **fields):
    """A line of its own building, with ``changes`` by names of columns."""
    own = {
        "IdentifiantImmeuble": f"IMB/01004/X/{rank:04d}",
        "CodeAdresseImmeuble": f"010042AB{rank:02d}",
        "NumeroVoieImmeuble": str(rank),
    }
    return LINE | own | dict(changes) | fields


def ipe_header(version=VERSION):
    return shipped_format("IPE", version).header


def ipe_file(lines, header=None, encoding="utf-8"):
    """A file of ``lines``, dicts by names of columns."""
    header = header or ipe_header()
    rows = [";".join(header)]
    rows += [";".join(line.get(name, "") for name in header) for line in lines]
    return "\r\n".join(rows).encode(encoding) + b"\r\n"


def zipped(*entries):
    """A zip file of (name, content)."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return target.getvalue()


class ImportCase(TransactionCase):
    """A network of its own, and imports that run in the transaction of the test."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # No test reads the message that an import was created.
        quiet = {"mail_create_nolog": True, "mail_create_nosubscribe": True}
        cls.imports = cls.env["oiconnect.import"].with_context(**quiet)
        cls.network = cls._make_network("OITI")

    @classmethod
    def _make_network(cls, oi_code):
        return cls.env["oiconnect.network"].create(
            {
                "name": f"Réseau {oi_code}",
                "code": "TEST_01",
                "oi_code": oi_code,
                "pto_prefix": "ZT",
            }
        )

    def _upload(self, content, name=FILE_NAME, network=None, **values):
        """Create the import of a file given as bytes or lines."""
        if isinstance(content, list):
            content = ipe_file(content)
        return self.imports.create(
            {
                "network_id": (network or self.network).id,
                "file_name": name,
                "file": base64.b64encode(content),
                **values,
            }
        )

    def _import(self, content, name=FILE_NAME, network=None, **values):
        """Import a file; return the import, done."""
        record = self._upload(content, name, network, **values)
        self.assertFalse(record.problem)
        record._apply()
        return record

    def _check_file(self, content, name=FILE_NAME, **values):
        """Check a file, as the job of a check does; return the import."""
        record = self._upload(content, name, **values)
        self.assertFalse(record.problem)
        record.dry_run = True
        record._apply()
        return record

    def _apply_checked(self, record):
        """Apply a file that was checked, as the job does."""
        record.dry_run = False
        record._apply()
        return record.state

    def _building(self, rank=1):
        return self._found("building", "identifier", f"IMB/01004/X/{rank:04d}")

    def _pm(self, reference="OITI-01004-0001"):
        return self._found("pm", "reference", reference)

    def _found(self, model, name, value):
        return self.env[f"oiconnect.{model}"].search(
            [(name, "=", value), ("network_id", "=", self.network.id)]
        )

    def _counts(self, record):
        return {
            item.model.removeprefix("oiconnect."): (
                item.created,
                item.changed,
                item.unchanged,
            )
            for item in record.count_ids
        }

    def _errors(self, record):
        """Errors and warnings as (line, column, code)."""
        return [(item.line, item.column, item.code) for item in record.error_ids]

    def _changes(self, record):
        return self.env["oiconnect.change"].search(
            [("batch", "=", record._batch())], order="id"
        )
