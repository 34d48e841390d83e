import base64
import io
import zipfile
from datetime import date

from odoo.tests.common import TransactionCase

from ..imports.import_common import ipe_file, ipe_line


class PublishedCase(TransactionCase):
    """A network of its own, whose files are made in the transaction of the test."""

    versions = ("V3.0", "V3.1")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.network = cls.env["oiconnect.network"].create(
            {"name": "Publié", "code": "PUB_01", "oi_code": "OITI", "pto_prefix": "TI"}
        )
        cls.formats = {
            (family, version): cls._format(family.upper(), version)
            for family in ("ipe", "cpn")
            for version in cls.versions
        }
        cls.pm = cls._pm("OITI-01004-0001")

    @classmethod
    def _format(cls, flow, version):
        return cls.env["oiconnect.flow.format"].search(
            [
                ("flow_id.code", "=", flow),
                ("version", "=", version),
                ("operator_id", "=", False),
            ]
        )

    @classmethod
    def _plan(cls, family="ipe", **vals):
        return cls.env["oiconnect.publication.plan"].create(
            {"name": family, "network_id": cls.network.id, "family": family} | vals
        )

    @classmethod
    def _pm(cls, reference, **vals):
        """A cabinet in service, that breaks no rule."""
        return cls.env["oiconnect.pm"].create(
            {
                "reference": reference,
                "network_id": cls.network.id,
                "state": "deployed",
                "installation_date": date(2025, 3, 10),
                "location_type": "cabinet",
                "insee_code": "01004",
                "postal_code": "01500",
                "city": "AMBERIEU-EN-BUGEY",
                "street_name": "DES TILLEULS",
                "street_number": "0",
                "engineering_type": "MONO",
                "dwelling_count": 5,
                "projection": "RGF93",
                "x": 871234.12,
                "y": 6548765.4,
                "first_delivery_date": date(2025, 3, 20),
                "commercial_date": date(2025, 6, 20),
            }
            | vals
        )

    @classmethod
    def _building(cls, rank=1, **vals):
        """A house to come behind the cabinet, that breaks no rule."""
        return cls.env["oiconnect.building"].create(
            {
                "identifier": f"IMB/01004/X/{rank:04d}",
                "network_id": cls.network.id,
                "pm_id": cls.pm.id,
                "insee_code": "01004",
                "postal_code": "01500",
                "city": "AMBERIEU-EN-BUGEY",
                "address_code": f"010042AB{rank:02d}",
                "street_name": "DES TILLEULS",
                "street_number": str(rank),
                "building_type": "house",
                "zone_type": "3",
                "projection": "RGF93",
                "x": 871301.55,
                "y": 6548801.02,
            }
            | vals
        )

    def _publish(self, plan, *steps, version="V3.1"):
        """Make the files of ``steps``; return their publications in this order.

        :param version: that of a format of all operators, or a format
        """
        form = self.formats.get((plan.family, version), version)
        publications = self.env["oiconnect.publication"].create(
            [
                {
                    "plan_id": plan.id,
                    "network_id": plan.network_id.id,
                    "kind": plan._kind(step),
                    "format_id": form.id,
                    "version": form.version,
                    "operator_id": form.operator_id.id,
                }
                for step in sorted(steps, key=("delta", "full", "histo").index)
            ]
        )
        publications._produce()
        by_step = {publication._step(): publication for publication in publications}
        return [by_step[step] for step in steps]

    def _published(self, plan, *steps, version="V3.1"):
        """Make the files of ``steps``; return the ``WireFile`` of each, all good."""
        publications = self._publish(plan, *steps, version=version)
        for item in publications:
            messages = [item.message, *item.issue_ids.mapped("title")]
            self.assertEqual(item.state, "done", messages)
        return [WireFile(publication) for publication in publications]

    def _import(self, content, name):
        """Import ``content``; return the import."""
        record = self.env["oiconnect.import"].create(
            {
                "network_id": self.network.id,
                "file_name": name,
                "file": base64.b64encode(content),
            }
        )
        self.assertFalse(record.problem)
        record._apply()
        return record

    def _imported(self, *lines):
        """Import an IPE of ``lines``, dicts by names of columns."""
        content = ipe_file(lines or [ipe_line()])
        return self._import(content, "PUB_01_OITI_PM_IPEZMD_V31_20260901_00.csv")


class WireFile:
    """A published file as an operator reads it."""

    def __init__(self, publication):
        self.publication = publication
        publication.invalidate_recordset(["file"])
        self.raw = base64.b64decode(publication.with_context(bin_size=False).file)
        with zipfile.ZipFile(io.BytesIO(self.raw)) as pack:
            [self.name] = pack.namelist()
            self.content = pack.read(self.name)
        encoding = publication.format_id._protocol_format().encoding
        lines = self.content.decode(encoding).split("\r\n")
        assert lines.pop() == ""
        self.header = lines[0].split(";")
        self.lines = lines[1:]

    @property
    def rows(self):
        """The lines as dicts by names of columns."""
        rows = [line.split(";") for line in self.lines]
        assert all(len(row) == len(self.header) for row in rows)
        return [dict(zip(self.header, row, strict=True)) for row in rows]


class Operator:
    """An operator that reads our files: stores a full one, then applies deltas."""

    keys = ("IdentifiantImmeuble", "CodeAdresseImmeuble", "BatimentImmeuble")

    def __init__(self, full):
        self.header = full.header
        self.known = {self._key(line): line for line in full.lines}
        assert len(self.known) == len(full.lines)

    def _key(self, line):
        row = dict(zip(self.header, line.split(";"), strict=True))
        first, *others = (row[name] for name in self.keys)
        return first or tuple(others)

    def apply(self, delta):
        """Apply the lines of a delta in the order of the file."""
        assert delta.header[2:] == self.header
        for line in delta.lines:
            kind, _date, line = line.split(";", 2)
            key = self._key(line)
            if kind == "S":
                assert self.known.pop(key) == line
            else:
                assert (kind == "M") == (key in self.known)
                self.known[key] = line

    @property
    def lines(self):
        return sorted(self.known.values())


class CpnOperator(Operator):
    """The same with the CPN."""

    keys = ("ReferencePM", "ReferencePMTechnique", "ReferenceLienPMPRDM")

    def _key(self, line):
        row = dict(zip(self.header, line.split(";"), strict=True))
        return tuple(row[name] for name in self.keys)
