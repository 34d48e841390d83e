import hashlib
from functools import partial

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.oiconnect_base.bulk import expect_many_rows
from odoo.addons.oiconnect_base.time_zone import local_today
from odoo.addons.oiconnect_import.models.ir_attachment import measure
from odoo.addons.oiconnect_import.models.runs.failure_text import (
    cause,
    met_another_transaction,
)
from odoo.addons.oiconnect_infra.geo import projection as geo

from ..export import NetworkExport, RangeUsedUp
from ..writing import FolderWriter, GeopackageWriter

_EPSG = geo.EPSG | geo.SURVEY_EPSG
_MEGABYTE = 1024 * 1024
#: version → writer, end of the name, type of content
_FILES = {
    "2.0.2": (FolderWriter, "zip", "application/zip"),
    "3.0": (GeopackageWriter, "gpkg", "application/geopackage+sqlite3"),
    "3.0_files": (partial(FolderWriter, generation="3"), "zip", "application/zip"),
}


class GracethdExport(models.Model):
    """Making: one job, whose work is one transaction that sees one moment."""

    _inherit = "oiconnect.gracethd.export"
    _waiting_state = "waiting"
    _complete_states = ("done",)
    # Two exports of a network would give the same new codes
    _exclusive_field = "network_id"
    _reported_errors = (UserError,)

    progress_ids = fields.One2many(
        "oiconnect.gracethd.export.progress", "export_id", "Course", readonly=True
    )

    def _queue(self):
        self.write({"state": "waiting", "message": False, "end_date": False})
        for export in self:
            export.with_delay(
                identity_key=export._job_identity_key(),
                description=self.env._("GraceTHD export of %s", export.network_id.name),
            )._run()

    def _job_identity_key(self):
        return f"oiconnect-gracethd-export-{self.id}"

    def _has_job(self):
        """Tell whether a job is there that will make, or makes, the file."""
        return bool(self._keys_with_job([self._job_identity_key()]))

    def _error_text(self, error):
        return str(error)

    def _cancelled_text(self):
        return self.env._("Cancelled: no file was made.")

    def _broken_text(self, error):
        return self.env._("No file was made: %s", cause(self.env, error))

    def _is_tried_again(self, error):
        return met_another_transaction(error)

    def _perform(self):
        self.ensure_one()
        self.env.flush_all()
        expect_many_rows(self.env.cr)
        attachments = self.env["ir.attachment"].sudo()
        maker, end, mimetype = _FILES[self.version]
        name = f"{self._file_name()}.{end}"
        with attachments._oiconnect_new_file() as raw:
            export = self._network_export()
            try:
                with maker(raw, _EPSG[self.projection]) as writer:
                    counts = export.run(writer)
            except RangeUsedUp as error:
                raise UserError(
                    self.env._(
                        "The range of codes is used up at table %s: ask for another "
                        "range, and export again.",
                        error.table,
                    )
                ) from error
            _digest, size = measure(raw, hashlib.sha256())
            attachments._oiconnect_keep_file(
                raw, self, "file", name=name, mimetype=mimetype
            )
        message = "\n".join(self._result_lines(export))
        self._keep(name, size, sum(counts.values()), message)

    def _network_export(self):
        pms = self._exported_pms()
        return NetworkExport(
            self.env.cr,
            pms.ids,
            self.nro_ids.ids,
            _EPSG[self.projection],
            {
                "network_id": self.network_id.id,
                "company_id": self.company_id.id,
                "first": int(self.first_code),
                "last": int(self.last_code),
            },
            self.env["oiconnect.gracethd.export.progress"]._reporter(self),
            self._is_whole(pms),
        )

    def _exported_pms(self):
        """Return the chosen PMs and those of the chosen NROs."""
        return self.pm_ids | self.nro_ids.pm_ids

    def _is_whole(self, pms):
        """Tell whether all NROs and PMs of the network are exported."""
        own = Domain("network_id", "=", self.network_id.id)
        return not any(
            self.env[name].search_count(own & Domain("id", "not in", ids), limit=1)
            for name, ids in (
                ("oiconnect.nro", self.nro_ids.ids),
                ("oiconnect.pm", pms.ids),
            )
        )

    def _file_name(self):
        day = local_today().strftime("%Y%m%d")
        return f"GRACETHD-{self.network_id.code}-{day}-{self.id}"

    def _result_lines(self, export):
        """Yield what is to be known of the file."""
        if export.unplaced:
            yield self.env._("Objects without a place on the map: %s", export.unplaced)
        if export.left_out:
            yield self.env._(
                "Rows received in another version that are not given back in this one: "
                "%s. What the network says of them is there under other codes; an "
                "export in the version of the delivery gives all of them back.",
                ", ".join(f"{table} {count}" for table, count in export.left_out),
            )

    def _keep(self, name, size, rows, message):
        self.invalidate_recordset(["file"])
        self.write(
            {
                "name": name,
                "size": size / _MEGABYTE,
                "row_count": rows,
                "state": "done",
                "end_date": fields.Datetime.now(),
                "message": message or False,
            }
        )
