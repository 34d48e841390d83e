import base64

from ..protocol.protocol_common import shipped_format
from .import_common import ImportCase

CPN_NAME = "OICONNECT_01_OICN_PM_CPN_V30_20260901_00.csv"
PMS = ("OICN-99001-0001", "OICN-99001-0002", "OICN-99002-0001")
#: a link in service, as in the example of the protocol
LINE = {
    "CodeOI": "OICN",
    "ReferencePM": PMS[0],
    "ReferencePRDM": "OICN-PRDM-0001",
    "ReferenceNRO": "99001NRO1",
    "TypeNRO": "NRO-PON-PTP",
    "EtatNRO": "DEPLOYE",
    "EtatLienPMPRDM": "DEPLOYE",
    "DateInstallationLienPMPRDM": "20250301",
    "ReferenceLienPMPRDM": "OICN-LNP-0001",
    "LongueurLienPMPRDM": "2,15",
    "LongueurMaxLignes": "4,80",
    "CapaciteLienPMPRDM": "36",
    "NbFODisponibles": "24",
    "CodeInseeNRO": "99001",
    "CommuneNRO": "VILLE EXEMPLE",
    "TypeProjectionGeographique": "RGF93",
    "CoordonneeNROX": "870000,00",
    "CoordonneeNROY": "6547000,00",
    "DateDerniereModification": "20250302",
}
#: what a link without reference leaves of a line: the PM, and what it reaches
WITHOUT_LINK = dict.fromkeys(
    (
        "ReferenceLienPMPRDM",
        "EtatLienPMPRDM",
        "DateInstallationLienPMPRDM",
        "LongueurLienPMPRDM",
        "CapaciteLienPMPRDM",
        "NbFODisponibles",
    ),
    "",
)
#: the example of the protocol (interop-infra.md §8)
SAMPLE = [
    LINE,
    LINE
    | {
        "ReferencePM": PMS[1],
        "EtatLienPMPRDM": "EN COURS DE DEPLOIEMENT",
        "DateInstallationLienPMPRDM": "20261015",
        "ReferenceLienPMPRDM": "OICN-LNP-0002",
        "LongueurLienPMPRDM": "2,90",
        "LongueurMaxLignes": "",
        "CapaciteLienPMPRDM": "",
        "NbFODisponibles": "",
        "DateDerniereModification": "20260701",
    },
    LINE
    | WITHOUT_LINK
    | {
        "ReferencePM": PMS[2],
        "ReferencePRDM": "",
        "EtatLienPMPRDM": "PLANIFIE",
        "DateInstallationLienPMPRDM": "20270601",
        "LongueurMaxLignes": "",
        "DateDerniereModification": "20260701",
    },
]


def cpn_header(version="V3.0"):
    return shipped_format("CPN", version).header


def cpn_file(lines, header=None):
    """A file of ``lines``, dicts by names of columns."""
    header = header or cpn_header()
    rows = [";".join(header)]
    rows += [";".join(line.get(name, "") for name in header) for line in lines]
    return "\r\n".join(rows).encode() + b"\r\n"


def cpn_line(changes=(), **fields):
    return LINE | dict(changes) | fields


class CpnCase(ImportCase):
    """A network with PMs, as the IPE makes them before any CPN."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.network = cls._make_network("OICN")
        cls.pms = cls.env["oiconnect.pm"].create(
            [
                {"reference": reference, "network_id": cls.network.id}
                for reference in PMS
            ]
        )

    def _upload_cpn(self, lines, name=CPN_NAME, header=None, **values):
        content = lines if isinstance(lines, bytes) else cpn_file(lines, header)
        return self.imports.create(
            {
                "network_id": self.network.id,
                "file_name": name,
                "file": base64.b64encode(content),
                **values,
            }
        )

    def _import_cpn(self, lines, **values):
        record = self._upload_cpn(lines, **values)
        self.assertFalse(record.problem)
        record._apply()
        return record

    def _link(self, reference="OICN-LNP-0001"):
        return self._found("pm.link", "reference", reference)

    def _nro(self, reference="99001NRO1"):
        return self._found("nro", "reference", reference)

    def _prdm(self, reference="OICN-PRDM-0001"):
        return self._found("prdm", "reference", reference)

    def _made(self, record):
        """Objects (created, changed) of each kind, those that are not (0, 0)."""
        return {
            kind: counts[:2]
            for kind, counts in self._counts(record).items()
            if any(counts[:2])
        }
