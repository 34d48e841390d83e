import base64

from odoo.tests.common import Form, TransactionCase, tagged

from odoo.addons.oiconnect_orders.tests.common import make_network

from .imports.import_common import FILE_NAME, ipe_file, ipe_line


@tagged("post_install", "-at_install")
class TestTwoNetworks(TransactionCase):
    """Who has several networks is never given one that nothing says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.env["res.company"].create({"name": "Deux réseaux"})
        cls.env = cls.env(
            context=dict(cls.env.context, allowed_company_ids=company.ids)
        )
        cls.first = make_network(cls.env, code="OIZ8", prefix="Z8")
        cls.second = make_network(cls.env, code="OIZ9", prefix="Z9")

    def _models(self):
        """Yield the models of which people choose the network."""
        for name, model in self.env.items():
            field = model._fields.get("network_id")
            if name.startswith("oiconnect.") and not model._abstract and field:
                if not (field.readonly or field.related):
                    yield model

    def test_no_model_presets_one_of_several(self):
        models = list(self._models())
        self.assertGreater(len(models), 20)
        preset = [
            model._name
            for model in models
            if model.default_get(["network_id"]).get("network_id")
        ]
        self.assertEqual(preset, [])

    def test_the_only_one_is_preset(self):
        self.second["network"].active = False
        found = self.env["oiconnect.pm"].default_get(["network_id"])
        self.assertEqual(found["network_id"], self.first["network"].id)

    def test_whatever_is_chosen_in_a_form_says_the_network(self):
        for model in self._models():
            if not hasattr(type(model), "_implies_network"):
                continue
            for name, field in model._fields.items():
                if model._implies_network(field):
                    with self.subTest(model=model._name, field=name):
                        self.assertTrue(model._has_onchange(field, ()))

    def test_a_pbo_is_of_the_network_of_its_pm(self):
        form = Form(self.env["oiconnect.pbo"])
        self.assertFalse(form.network_id)
        form.pm_id = self.second["pm"]
        self.assertEqual(form.network_id, self.second["network"])
        form.pm_id = self.first["pm"]
        self.assertEqual(form.network_id, self.first["network"])

    def test_a_file_is_of_the_network_whose_code_it_bears(self):
        chosen = self._choose_file("OIZ9")
        self.assertEqual(chosen.network_id, self.second["network"])
        self.assertEqual((chosen.kind, chosen.flow_version), ("ipe", "V3.1"))

    def test_where_several_have_its_code_the_network_is_chosen_after_the_file(self):
        self.second["network"].oi_code = "OIZ8"
        chosen = self._choose_file("OIZ8")
        self.assertFalse(chosen.network_id)
        chosen.network_id = self.second["network"]
        self.assertEqual((chosen.kind, chosen.flow_version), ("ipe", "V3.1"))
        self.assertFalse(chosen.problem)

    def test_a_file_that_was_refused_is_read_again_for_another_network(self):
        chosen = self._choose_file("OIZ9", self.first["network"])
        self.assertTrue(chosen.problem)
        self.assertFalse(chosen.kind)
        chosen.network_id = self.second["network"]
        self.assertEqual((chosen.kind, chosen.flow_version), ("ipe", "V3.1"))

    def _choose_file(self, code, network=None):
        """Return an import as a form has it when its file was just chosen."""
        content = base64.b64encode(ipe_file([ipe_line(CodeOI=code)]))
        name = FILE_NAME.replace("OITI", code)
        values = {"network_id": network and network.id, "file_name": name}
        chosen = self.env["oiconnect.import"].new(values | {"file": content})
        chosen._apply_onchange_methods("file", {})
        return chosen
