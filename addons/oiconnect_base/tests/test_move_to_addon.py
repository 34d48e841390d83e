from odoo.tests import TransactionCase
from odoo.tools import SQL

from odoo.addons.oiconnect_base.upgrade import move_to_addon

FORMER, ADDON = "oiconnect_test_former", "oiconnect_test_apart"


class TestMoveToAddon(TransactionCase):
    """What one addon declared goes to another, the records stay."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.modules = cls.env["ir.module.module"].create(
            [
                {"name": FORMER, "state": "installed"},
                {"name": ADDON, "state": "uninstalled"},
            ]
        )
        cls.model = cls.env["ir.model"]._get("oiconnect.network")
        cls.other = cls.env["ir.model"]._get("oiconnect.operator")
        cls.constraints = {
            name: cls._constraint(name, model)
            for name, model in (
                ("oiconnect_network_apart_uniq", cls.model),
                ("oiconnect_network_stays_uniq", cls.model),
                ("oiconnect_operator_uniq", cls.other),
                ("oiconnect_operator_door_uniq", cls.other),
            )
        }
        for name in (
            "model_oiconnect_network",
            "field_oiconnect_network__name",
            "field_oiconnect_network__stays",
            "field_oiconnect_network_mixin__name",
            "selection__oiconnect_network__state__open",
            "door_view_form",
            "window_view_form",
        ):
            cls._identify(name, "ir.ui.view", 1)

    @classmethod
    def _constraint(cls, name, model):
        constraint = cls.env["ir.model.constraint"].create(
            {
                "name": name,
                "module": cls.modules[0].id,
                "model": model.id,
                "type": "u",
            }
        )
        cls._identify(f"constraint_{name}", constraint._name, constraint.id)
        return constraint

    @classmethod
    def _identify(cls, name, model, res_id):
        cls.env["ir.model.data"].create(
            {"module": FORMER, "name": name, "model": model, "res_id": res_id}
        )

    def _names(self, addon):
        data = self.env["ir.model.data"].search([("module", "=", addon)])
        return set(data.mapped("name"))

    def _move(self, names=("^door_",)):
        self.env.flush_all()
        move_to_addon(
            self.env.cr,
            FORMER,
            ADDON,
            names,
            models=["oiconnect.network"],
            constraints=["_door_"],
            stays=["stays"],
        )
        self.env.invalidate_all()

    def test_what_is_of_the_models_or_named_so_moves(self):
        self._move()
        self.assertEqual(
            self._names(ADDON),
            {
                "model_oiconnect_network",
                "field_oiconnect_network__name",
                "selection__oiconnect_network__state__open",
                "door_view_form",
                "constraint_oiconnect_network_apart_uniq",
                "constraint_oiconnect_operator_door_uniq",
            },
        )
        self.assertEqual(
            self._names(FORMER),
            {
                "field_oiconnect_network__stays",
                "field_oiconnect_network_mixin__name",
                "window_view_form",
                "constraint_oiconnect_network_stays_uniq",
                "constraint_oiconnect_operator_uniq",
            },
        )
        moved = {
            name
            for name, constraint in self.constraints.items()
            if constraint.module == self.modules[1]
        }
        self.assertEqual(
            moved, {"oiconnect_network_apart_uniq", "oiconnect_operator_door_uniq"}
        )

    def test_the_addon_is_installed_with_what_it_has(self):
        self._move()
        self.assertEqual(self.modules[1].state, "to install")

    def test_nothing_happens_where_nothing_is_there(self):
        self.env.cr.execute(SQL("DELETE FROM ir_model_data WHERE module = %s", FORMER))
        self._move()
        self.assertEqual(self.modules[1].state, "uninstalled")
        self.assertEqual(
            {constraint.module for constraint in self.constraints.values()},
            {self.modules[0]},
        )
