from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase
from odoo.tools import mute_logger

LOGGER = "odoo.addons.oiconnect_base.models.upgrade.ir_ui_view"
PARENT = "oiconnect_base.commune_view_list"


class TestUpgradeViews(TransactionCase):
    """The end of an upgrade, as if a column of the list of communes had gone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.views = cls.env["ir.ui.view"]
        cls.parent = cls.env.ref(PARENT)

    def _make(self, name, arch, parent=None):
        parent = parent or self.parent
        return self.views.create(
            {
                "name": name,
                "model": parent.model,
                "inherit_id": parent.id,
                "arch": f"<data>{arch}</data>",
            }
        )

    def _after(self, field, name="kind"):
        return f'<field name="{field}" position="after"><field name="{name}"/></field>'

    def _remove_column(self, name):
        """Deliver the list without a column, as the upgrade of the addon does."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            UPDATE ir_ui_view SET arch_db = (
                SELECT jsonb_object_agg(
                    key, regexp_replace(value, '<field name="' || %s || '"[^>]*/>', '')
                ) FROM jsonb_each_text(arch_db)
            ) WHERE id = %s
            """,
            (name, self.parent.id),
        )
        self.env.invalidate_all()

    def _end(self):
        with self.assertLogs(LOGGER, "WARNING") as logs:
            self.views._restore_edited()
            self.views._deactivate_incompatible()
        return logs.output

    def test_a_view_that_does_not_fit_is_deactivated_and_others_stay_active(self):
        bad = self._make("Ours, with codes", self._after("postal_codes"))
        good = self._make("Ours, with kinds", self._after("department"))
        self._remove_column("postal_codes")
        [line] = self._end()
        self.assertFalse(bad.active)
        self.assertIn("postal_codes", bad.upgrade_error)
        self.assertTrue(good.active)
        self.assertFalse(good.upgrade_error)
        self.assertIn(f"“Ours, with codes” (id {bad.id}, of oiconnect.commune)", line)
        self.assertNotIn("\n", line)

    def test_a_view_of_its_own_whose_field_went_is_deactivated(self):
        view = self.views.create(
            {
                "name": "Ours alone",
                "model": "oiconnect.commune",
                "arch": '<list><field name="name"/></list>',
            }
        )
        self.env.flush_all()
        self.env.cr.execute(
            """
            UPDATE ir_ui_view
               SET arch_db = '{"en_US": "<list><field name=\\"gone\\"/></list>"}'
             WHERE id = %s
            """,
            (view.id,),
        )
        self.env.invalidate_all()
        self._end()
        self.assertFalse(view.active)
        self.assertIn("gone", view.upgrade_error)

    def test_it_is_reactivated_once_it_fits(self):
        view = self._make("Ours", self._after("postal_codes"))
        self._remove_column("postal_codes")
        self._end()
        administrator = self.env.ref("base.user_admin")
        view = view.with_user(administrator)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            view.action_reactivate()
        self.assertFalse(view.active)
        view.arch = f"<data>{self._after('department')}</data>"
        view.action_reactivate()
        self.assertTrue(view.active)
        self.assertFalse(view.upgrade_error)

    def test_a_view_that_completes_a_removed_one_stays_inactive(self):
        completed = self._make("Former", self._after("department"))
        self.env["ir.model.data"].create(
            {
                "module": "oiconnect_base",
                "name": "former_view",
                "model": "ir.ui.view",
                "res_id": completed.id,
            }
        )
        view = self._make("Ours", self._after("postal_codes"), completed)
        with (
            patch.object(self.registry, "updated_modules", ["oiconnect_base"]),
            patch.object(self.registry, "loaded_xmlids", {PARENT}),
            self.assertLogs(LOGGER, "WARNING"),
        ):
            self.views._detach_from_removed()
        self.assertFalse(view.active or completed.active)
        self.assertTrue(view.upgrade_error)
        self.assertFalse(completed._external_identifiers())

    # -- while addons are upgraded -----------------------------------------------------

    def _loaded(self, views, *xmlids):
        """Return which of ``views`` count once ``xmlids`` have been loaded."""
        with (
            patch.object(self.registry, "_init_modules", {"base", "oiconnect_base"}),
            patch.object(self.registry, "updated_modules", ["oiconnect_base"]),
            patch.object(self.registry, "loaded_xmlids", set(xmlids)),
        ):
            return views._filter_loaded_views(set())

    def test_a_view_counts_once_the_upgrade_has_loaded_it(self):
        ours, of_odoo = self.parent, self.env.ref("base.view_partner_form")
        both = ours | of_odoo
        self.assertEqual(self._loaded(both, "oiconnect_base.other"), of_odoo)
        self.assertEqual(self._loaded(both, PARENT), both)

    # -- views of ours that administrators edited and protected ------------------------

    def _edit(self, arch):
        self.parent.with_context(lang="en_US").arch = arch
        self.parent._external_identifiers().noupdate = True
        self.env.flush_all()

    def _deliver(self, arch):
        data = {"xml_id": PARENT, "values": {"arch": arch}}
        self.views._load_records([data], update=True)

    def test_an_edited_view_that_fits_is_given_back(self):
        self._edit('<list><field name="name"/><field name="kind"/></list>')
        self._deliver('<list><field name="name"/></list>')
        self.assertNotIn("kind", self.parent.arch)
        self.views._restore_edited()
        self.assertIn("kind", self.parent.arch)
        self.assertTrue(self.parent._external_identifiers().noupdate)
        self.assertFalse(self.parent.edited_arch or self.parent.upgrade_error)

    @mute_logger(LOGGER)
    def test_an_edited_view_that_does_not_fit_leaves_what_is_delivered(self):
        self._edit('<list><field name="name"/></list>')
        self._deliver('<list><field name="name"/><field name="kind"/></list>')
        self.env.flush_all()
        self.env.cr.execute(
            """
            UPDATE ir_ui_view
               SET edited_arch = '{"en_US": "<list><field name=\\"gone\\"/></list>"}'
             WHERE id = %s
            """,
            (self.parent.id,),
        )
        self.env.invalidate_all()
        self.views._restore_edited()
        self.assertIn("kind", self.parent.arch)
        self.assertIn("gone", self.parent.upgrade_error)
        parent = self.parent.with_user(self.env.ref("base.user_admin"))
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            parent.action_reactivate()
        self.env.cr.execute(
            "UPDATE ir_ui_view SET edited_arch = arch_db WHERE id = %s", (parent.id,)
        )
        self.env.invalidate_all()
        parent.action_reactivate()
        self.assertTrue(parent._external_identifiers().noupdate)
        self.assertFalse(parent.edited_arch or parent.upgrade_error)
