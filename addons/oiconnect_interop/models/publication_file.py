import hashlib

from odoo import fields, models

from ..bulk.publish.output import Wire, copy_lines, zipped
from .publication import FLOW_CODES
from .stored_file import measure

# Files of one kind that have a name of their own on one day
_A_DAY = 100


class Publication(models.Model):
    """The file itself: named, written to a zip as it goes, and kept."""

    _inherit = "oiconnect.publication"

    def _write_file(self, form, header, query):
        """Make the zip of the lines of ``query``, and say that it is published."""
        self.ensure_one()
        name = self._file_name()
        wire = Wire(form)
        attachments = self.env["ir.attachment"].sudo()
        with attachments._oiconnect_new_file() as raw:
            with zipped(raw, name) as put:
                put(wire.header(header))
                self._tell("write")
                lines = copy_lines(
                    self.env.cr, query, lambda block: put(self._told(wire, block))
                )
            digest, size = measure(raw, hashlib.sha256())
            attachments._oiconnect_keep_file(
                raw,
                {
                    "name": _packed(name),
                    "res_model": self._name,
                    "res_id": self.id,
                    "res_field": "file",
                    "mimetype": "application/zip",
                    "type": "binary",
                },
            )
        self._keep(name, digest, size, lines, wire.replaced)

    def _told(self, wire, block):
        """Return the bytes of a block of lines, and tell that it is there."""
        self._tell("write", block.count(b"\n"))
        return wire.lines(block)

    def _keep(self, name, digest, size, lines, replaced):
        self.invalidate_recordset(["file"])
        self.write(
            {
                "name": _packed(name),
                "sha256": digest,
                "size": size,
                "line_count": lines,
                "state": "done",
                "message": bool(replaced)
                and self.env._(
                    "Characters that %(encoding)s does not have, replaced by the "
                    "nearest ones: %(count)s.",
                    count=replaced,
                    encoding=self._encoding(),
                ),
                "end_date": fields.Datetime.now(),
            }
        )
        self._tell_written()

    def _flow(self):
        """Return the flow of this kind of file."""
        return self.env["oiconnect.flow"]._by_code(FLOW_CODES[self.kind])

    def _encoding(self):
        """Return the encoding of the file, False once its format is no more."""
        return self.format_id and self.format_id._protocol_format().encoding

    def _file_name(self):
        """Return the name of the csv file: the next one of its day."""
        flow = self._flow()
        day = self.plan_id._day(self.as_of)
        names = [
            flow._build_file_name(
                self.operator_id, self.network_id, self.version, day, rank
            )
            for rank in range(_A_DAY)
        ]
        return next((name for name in names if not self._is_taken(name)), names[-1])

    def _is_taken(self, name):
        domain = [("name", "=", _packed(name)), ("network_id", "=", self.network_id.id)]
        return bool(self.search_count(domain, limit=1))


def _packed(name):
    """Return the name of the zip file that holds ``name``."""
    return f"{name.removesuffix('.csv')}.zip"
