import logging

from odoo import fields, models
from odoo.tools import SQL

from ...isolated_savepoint import isolated_savepoint

_logger = logging.getLogger(__name__)


class IrUiView(models.Model):
    """Views that no longer fit do not stop an upgrade.

    Those of addons count once the upgrade has loaded them: until then, the database has
    them as the former version had. What administrators made is checked at the end, and
    deactivated where it does not fit.
    """

    _inherit = "ir.ui.view"

    upgrade_error = fields.Text(
        "Why an upgrade deactivated it", readonly=True, copy=False
    )

    #: what administrators made of a view of ours, in all languages, as ``arch_db``
    edited_arch = fields.Json("Edited structure", readonly=True, copy=False)

    def write(self, vals):
        result = super().write(vals)
        # Odoo has refused to reactivate a view that does not fit.
        if vals.get("active"):
            self.filtered("upgrade_error").sudo().upgrade_error = False
        return result

    def action_reactivate(self):
        """Use the views again.

        :raises ValidationError: one of them still does not fit
        """
        self.check_access("write")
        edited = self.filtered("edited_arch")
        edited._exchange_edited_arch()
        edited._check_xml()
        edited._protect()
        self.active = True

    # ------------------------------------------------------------------
    # Views of addons
    # ------------------------------------------------------------------

    def _filter_loaded_views(self, check_view_ids):
        """Leave out the views that this upgrade has not loaded yet."""
        views = super()._filter_loaded_views(check_view_ids)
        return views - (views - views.browse(check_view_ids))._of_former_version()

    def _of_former_version(self):
        """Return those that the running upgrade is still to load, or to delete."""
        loaded = self.pool.loaded_xmlids
        rows = self.env.execute_query(
            SQL(
                """
                SELECT data.res_id, data.module || '.' || data.name
                  FROM ir_model_data data
                  JOIN ir_module_module module ON module.name = data.module
                 WHERE data.model = 'ir.ui.view' AND data.res_id = ANY(%s)
                   AND (module.state = 'to upgrade' OR module.name = ANY(%s))
                """,
                self.ids,
                self.pool.updated_modules,
            )
        )
        # Odoo forgets what it loaded once it has deleted the rest.
        return self.browse(id for id, xmlid in rows if loaded and xmlid not in loaded)

    # ------------------------------------------------------------------
    # Views of ours that administrators edited and protect from updates
    # ------------------------------------------------------------------

    def _load_records(self, data_list, update=False):
        if update:
            self._set_edited_arch_aside(
                [data["xml_id"] for data in data_list if not data.get("noupdate")]
            )
        return super()._load_records(data_list, update)

    def _set_edited_arch_aside(self, xmlids):
        """Let protected views be loaded as delivered: what completes them needs it.

        What administrators made of them is stored in ``edited_arch`` until the end.
        """
        self.flush_model(["arch_db"])
        self.env.cr.execute(
            SQL(
                """
                WITH freed AS (
                    UPDATE ir_model_data SET noupdate = FALSE
                     WHERE model = 'ir.ui.view' AND noupdate
                       AND module || '.' || name = ANY(%s)
                    RETURNING res_id
                )
                UPDATE ir_ui_view SET edited_arch = arch_db
                 WHERE id IN (SELECT res_id FROM freed)
                """,
                [name for name in xmlids if name.startswith("oiconnect_")],
            )
        )
        if self.env.cr.rowcount:
            self.invalidate_model(["edited_arch"])

    def _restore_edited(self):
        """Give protected views what administrators made of them, where it fits."""
        for view in self.with_context(active_test=False).search(
            [("edited_arch", "!=", False)]
        ):
            view._exchange_edited_arch()
            if reason := view._incompatibility():
                view._exchange_edited_arch()
                view._report_deactivation(reason)
            else:
                view._protect()

    def _exchange_edited_arch(self):
        self.flush_recordset(["arch_db", "edited_arch"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE ir_ui_view SET edited_arch = arch_db, arch_db = edited_arch
                 WHERE id = ANY(%s)
                """,
                self.ids,
            )
        )
        self._forget_arch()

    def _protect(self):
        self._external_identifiers().write({"noupdate": True})
        self.sudo().write({"edited_arch": False, "upgrade_error": False})

    def _forget_arch(self):
        self.invalidate_model()
        self.env.registry.clear_cache("templates")

    # ------------------------------------------------------------------
    # Views of administrators
    # ------------------------------------------------------------------

    def _made_by_administrators(self):
        """Return the views of no addon, in the order in which they are applied."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM ir_ui_view view
                 WHERE NOT EXISTS (
                    SELECT FROM ir_model_data data
                     WHERE data.model = 'ir.ui.view' AND data.res_id = view.id
                       AND data.module = ANY(%s)
                 )
                 ORDER BY priority, id
                """,
                list(self.pool._init_modules),
            )
        )
        return self.browse(id for (id,) in rows)

    def _detach_from_removed(self):
        """Deactivate views that complete one which this upgrade is about to delete.

        Odoo would delete them with it. It stays, inactive, as a view of no addon.
        """
        for view in self._made_by_administrators():
            removed = view._completed_views()._of_former_version()
            if removed:
                removed._external_identifiers().unlink()
                (removed | view)._set_active(False)
                view._report_deactivation(
                    self.env._("The view that it completes is gone from this version.")
                )

    def _completed_views(self):
        """Return the view that this one completes, the one that that completes, …"""
        view, found = self.inherit_id, self.browse()
        while view:
            found |= view
            view = view.inherit_id
        return found

    def _external_identifiers(self):
        domain = [("model", "=", self._name), ("res_id", "in", self.ids)]
        return self.env["ir.model.data"].search(domain)

    def _deactivate_incompatible(self):
        """Deactivate the administrators' views that no longer fit."""
        views = self._made_by_administrators().filtered("active")
        views = views.filtered(lambda view: view._incompatibility())
        # One that does not fit fails all those of the same screen: they are tried again
        # in their order, each beside those that fitted.
        views._set_active(False)
        for view in views:
            view._set_active(True)
            if reason := view._incompatibility():
                view._set_active(False)
                view._report_deactivation(reason)

    def _incompatibility(self):
        """Return why the view does not fit what it completes, None if it does."""
        with isolated_savepoint(self.env.cr) as attempt:
            self.with_context(load_all_views=True)._check_xml()
        return attempt.error and str(attempt.error)

    def _set_active(self, active):
        """Write ``active`` without Odoo's check of the whole screen."""
        self.flush_recordset(["active"])
        self.env.cr.execute(
            SQL(
                "UPDATE ir_ui_view SET active = %s WHERE id = ANY(%s)", active, self.ids
            )
        )
        self._forget_arch()

    def _report_deactivation(self, reason):
        self.upgrade_error = reason
        _logger.warning(
            "The view “%s” (id %s, of %s) was deactivated: it does not fit this version"
            " (Configuration / Deactivated views says why).",
            self.name,
            self.id,
            self.model or "reports",
        )
