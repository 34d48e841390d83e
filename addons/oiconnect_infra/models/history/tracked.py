import json
from contextlib import contextmanager

from lxml.builder import E

from odoo import api, fields, models

from odoo.addons.oiconnect_base.time_zone import local_today

# What a record is called in the history of another one: the first that it has.
_KEYS = ("reference", "identifier", "interop_code", "code", "name")
_GROUPS = "oiconnect_base.group_infra_read,oiconnect_base.group_link_read"


def change_key(record):
    """Return what ``record`` is called in the history."""
    name = next((key for key in _KEYS if key in record._fields), "display_name")
    return record[name] or record.display_name


def _gone_note():
    """Return what forms show where months of the history were dropped."""
    return E.div(
        E.field(name="changes_gone", nolabel="1"),
        {"class": "alert alert-info", "role": "status"},
        groups=_GROUPS,
        invisible="not changes_gone",
    )


class Tracked(models.AbstractModel):
    """Log each change of the ``_tracked_fields`` of a model in its history.

    One read of the old values and one insertion serve a whole recordset.
    """

    _name = "oiconnect.tracked"
    _description = "Object with a history of changes"

    _tracked_fields = ()
    # Those that the published files do not contain: they do not date it
    _undated_fields = ()

    change_ids = fields.One2many(
        "oiconnect.change",
        "res_id",
        string="History of changes",
        domain=lambda self: [("res_model", "=", self._name)],
        readonly=True,
        copy=False,
        groups=_GROUPS,
    )
    changes_gone = fields.Char(
        "Changes not kept", compute="_compute_changes_gone", groups=_GROUPS
    )

    @api.depends("create_date")
    @api.depends_context("lang")
    def _compute_changes_gone(self):
        changes = self.env["oiconnect.change"]
        for record in self:
            known = record._origin.id
            record.changes_gone = known and changes._gone_note(record.create_date)

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Say above each history that its beginning is not retained any more."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "form":
            for history in arch.xpath("//field[@name='change_ids']"):
                history.addprevious(_gone_note())
        return arch, view

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._log_records("create")
        return records

    def write(self, vals):
        names = [name for name in self._tracked_fields if self._is_changed(name, vals)]
        if not names:
            return super().write(vals)
        with self._tracking(names, vals):
            return super().write(vals)

    @api.model
    def _is_changed(self, name, vals):
        """Tell whether writing ``vals`` may change a field: it is one, or follows."""
        if name in vals:
            return True
        sources = self.pool.field_depends.get(self._fields[name], ())
        return any(source.partition(".")[0] in vals for source in sources)

    @contextmanager
    def _tracking(self, names, vals=()):
        """Log what becomes of the fields ``names`` of the records."""
        before = self._tracked_values(names)
        yield
        changes = self._compare(before, self._tracked_values(names))
        self._log_changes(changes)
        dated = {
            record.id
            for record, name, *_texts in changes
            if name not in self._undated_fields
        }
        self.browse(dated)._after_change(vals)

    def unlink(self):
        # Before anything is read: whether the record exists is not disclosed.
        self.check_access("unlink")
        self._log_records("unlink")
        return super().unlink()

    def _after_change(self, vals):
        """Hook: ``self`` are the records whose dated fields ``vals`` changed."""

    # ------------------------------------------------------------------
    # Values
    # ------------------------------------------------------------------

    def _tracked_values(self, names):
        """Return ``{record id: {field name: text}}``."""
        return {
            record.id: {name: self._tracked_text(record, name) for name in names}
            for record in self.sudo()
        }

    @api.model
    def _tracked_text(self, record, name):
        """Return the value of a field as it is stored in the history."""
        value = record[name]
        kind = self._fields[name].type
        if kind == "boolean":
            return "true" if value else "false"
        if kind in ("integer", "float"):
            return f"{value:.15g}"
        if kind == "many2one":
            return change_key(value) if value else None
        if kind == "many2many":
            return ", ".join(sorted(map(change_key, value))) or None
        return str(value) if value else None

    def _compare(self, before, after):
        """Return ``[(record, field name, old text, new text)]``."""
        return [
            (record, name, old, after[record.id][name])
            for record in self
            for name, old in before[record.id].items()
            if after[record.id][name] != old
        ]

    # ------------------------------------------------------------------
    # History
    # ------------------------------------------------------------------

    def _log_changes(self, changes):
        heads = {record.id: record._change_head("write") for record, *_rest in changes}
        self.env["oiconnect.change"].sudo()._log(
            [
                heads[record.id] | {"field": name, "before": old, "after": new}
                for record, name, old, new in changes
            ]
        )
        self.invalidate_recordset(["change_ids"], flush=False)

    def _log_records(self, kind):
        """Log the creation or the deletion of the records."""
        if not self._tracked_fields:
            return
        rows = [record._change_head(kind) for record in self.sudo()]
        if kind == "unlink":
            self._log_parts()
            for row, values in zip(rows, self.sudo()._snapshots(), strict=True):
                row["snapshot"] = json.dumps(values, default=str)
        self.env["oiconnect.change"].sudo()._log(rows)

    def _log_parts(self):
        """Log what the database deletes with the records."""
        for name, field in self._fields.items():
            if field.type != "one2many" or not field.inverse_name:
                continue
            parts = self.env[field.comodel_name]
            inverse = parts._fields[field.inverse_name]
            if hasattr(parts, "_tracked_fields") and (
                getattr(inverse, "ondelete", None) == "cascade"
            ):
                self.sudo().with_context(active_test=False)[name]._log_records("unlink")

    def _change_head(self, kind):
        return {
            "res_model": self._name,
            "res_id": self.id,
            "reference": change_key(self),
            "kind": kind,
            "network_id": self.network_id.id,
        }

    def _snapshots(self):
        """Return all columns of each record, and what it was linked to by its name."""
        names = [
            name
            for name, field in self._fields.items()
            if field.store and field.column_type
        ]
        links = [
            name
            for name in self._tracked_fields
            if self._fields[name].type == "many2many"
        ]
        return [
            values | texts
            for values, texts in zip(
                self.read(names, load=None),
                self._tracked_values(links).values(),
                strict=True,
            )
        ]


class Published(models.AbstractModel):
    """Object published to operators, with the date of its last change."""

    _name = "oiconnect.published"
    _inherit = "oiconnect.tracked"
    _description = "Published object of the network"
    _event_fields = ("last_change_date",)

    last_change_date = fields.Date(
        "Last change", default=lambda self: local_today(), copy=False
    )

    def _after_change(self, vals):
        result = super()._after_change(vals)
        if self and "last_change_date" not in vals:
            self.sudo().write({"last_change_date": local_today()})
        return result
