from lxml import etree

from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from odoo.addons.oiconnect_orders.tests.common import OrderCase

from .figures import FIGURES, counted_fields

# Figures that are the same thing shown twice: the bar of an object and its fields
BAR = ("total", "free", "wired", "reserved", "used", "out")
# Of each model with buttons, so many records are compared
SAMPLES = 20


@tagged("post_install", "-at_install")
class TestFigures(OrderCase):
    """A figure says what it counts, and is the same on every screen."""

    def setUp(self):
        super().setUp()
        self.extra = self._spare_routes()
        self.pto = self._laid_pto()
        self.order = self._order()
        free = self.extra.filtered(lambda route: route.state == "free")
        free[0].write({"state": "used", "operator_id": self.rival.id})
        free[1].state = "out_of_service"
        self.contact = self.env["oiconnect.operator.contact"].create(
            {"name": "Exemple", "operator_id": self.operator.id}
        )
        self.env.flush_all()

    def _spare_routes(self):
        """Wire four more fibres to the PBO, and lay one that no route takes."""
        position, fibre = self.routes[0].position_id, self.routes[0].fibre_id
        positions = self.env["oiconnect.pm.position"].create(
            [{"module_id": position.module_id.id, "name": f"X{n}"} for n in range(5)]
        )
        fibres = self.env["oiconnect.pbo.fibre"].create(
            [
                {
                    "cable_id": fibre.cable_id.id,
                    "tube": "BLEU",
                    "fibre": str(n),
                    "pbo_id": self.pbo.id,
                }
                for n in range(5)
            ]
        )
        return self.env["oiconnect.route"].create(
            [
                {"position_id": positions[n].id, "fibre_id": fibres[n].id}
                for n in range(4)
            ]
        )

    def _records(self):
        """Return the objects whose figures are compared."""
        route = self.routes[0]
        return {
            record._name: record
            for record in (
                self.pm,
                self.pbo,
                route.module_id,
                route.cable_id,
                self.network,
                self.operator,
            )
        }

    # ------------------------------------------------------------------
    # One definition
    # ------------------------------------------------------------------

    def test_each_figure_is_what_its_definition_counts(self):
        for name, record in self._records().items():
            for figure in counted_fields(record):
                with self.subTest(f"{name}: {figure}"):
                    self.assertIn(
                        figure,
                        FIGURES[name],
                        f"a new figure of {name}: say in tests/figures.py what it "
                        "counts, or show the one that exists",
                    )
                    model, domain = FIGURES[name][figure](record)
                    expected = self.env[model].search_count(domain)
                    self.assertEqual(record[figure], expected)

    def test_no_two_figures_of_an_object_have_one_name(self):
        for name, record in self._records().items():
            labels = record.with_context(lang="fr_FR").fields_get(
                list(counted_fields(record)), ["string"]
            )
            texts = [label["string"] for label in labels.values()]
            twice = {text for text in texts if texts.count(text) > 1}
            with self.subTest(name):
                self.assertFalse(twice, "the same words for two numbers")

    def test_the_bar_the_map_the_study_and_the_choice_of_a_route_agree(self):
        counts = [self.pbo[f"capacity_{name}"] for name in BAR]
        self.assertEqual(counts, [6, 2, 1, 1, 1, 1])
        for record in self._records().values():
            if "occupation" in record:
                with self.subTest(record._name):
                    bar = [record.occupation[name] for name in BAR]
                    self.assertEqual(bar, [record[f"capacity_{n}"] for n in BAR])
        card = dict(
            self.env["oiconnect.map"]._card("oiconnect.pbo", self.pbo.id)["lines"]
        )
        labels = self.pbo.fields_get(["capacity_free", "capacity_total"], ["string"])
        self.assertEqual(card[labels["capacity_free"]["string"]], "2")
        self.assertEqual(card[labels["capacity_total"]["string"]], "6")
        settings = self.env["oiconnect.route"]._settings_by_pbo([self.pbo.id])
        self.assertEqual(settings[self.pbo.id].free, 2)
        order = self._order()
        self.assertEqual(order.decision_ids[:1].controls[-1]["found"]["free"], 2)
        self.assertEqual(self.pbo.capacity_free, 1)

    def test_a_link_has_one_number_of_free_fibres(self):
        prdm = self.env["oiconnect.prdm"].create(
            {"reference": "OITO-PRDM-1", "network_id": self.network.id}
        )
        link = self.env["oiconnect.pm.link"].create(
            {
                "reference": "OITO-LNP-1",
                "network_id": self.network.id,
                "pm_id": self.pm.id,
                "prdm_id": prdm.id,
                "capacity": 24,
                "used_fibre_count": 4,
            }
        )
        self.assertEqual((link.free_fibre_count, link.capacity_free), (20, 20))
        fibres = self.env["oiconnect.pm.link.fibre"].create(
            [{"link_id": link.id, "number": number} for number in range(1, 5)]
        )
        fibres[0].write({"state": "used", "operator_id": self.operator.id})
        fibres[1].write({"state": "reserved", "operator_id": self.operator.id})
        fibres[2].state = "out_of_service"
        self.assertEqual((link.free_fibre_count, link.capacity_free), (1, 1))
        self.assertEqual((link.capacity, link.capacity_total), (4, 4))

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def test_the_number_on_a_button_is_that_of_the_list_that_it_opens(self):
        compared = set()
        for model, arch in self._forms():
            for button, figure in self._buttons(arch):
                for record in self._samples(model, figure):
                    with self.subTest(f"{record}: {figure}"):
                        action = self._pressed(record, button)
                        self.assertEqual(record[figure], self._shown(action, record))
                        compared.add(model._name)
        self.assertLessEqual(
            {
                "oiconnect.pm",
                "oiconnect.pbo",
                "oiconnect.building",
                "oiconnect.operator",
                "oiconnect.pm.service",
            },
            compared,
        )

    def _forms(self):
        """Yield our forms as administrators see them: ``(model, arch)``."""
        data = self.env["ir.model.data"].search(
            [("module", "=like", "oiconnect%"), ("model", "=", "ir.ui.view")]
        )
        views = self.env["ir.ui.view"].search(
            [
                ("id", "in", data.mapped("res_id")),
                ("type", "=", "form"),
                ("inherit_id", "=", False),
            ]
        )
        for view in views:
            model = self.env[view.model]
            if model._auto and not model._transient:
                arch = model.get_view(view.id, "form")["arch"]
                yield model, etree.fromstring(arch)

    def _buttons(self, arch):
        for button in arch.xpath("//button[contains(@class, 'oe_stat_button')]"):
            figures = button.xpath("./field[@widget='statinfo']/@name")
            if figures and button.get("name"):
                yield button, figures[0]

    def _samples(self, model, figure):
        """Return some records, those that count something first."""
        field = model._fields[figure]
        # A count of a check, whose date stands beside it, is not counted again.
        if field.type != "integer" or (field.store and not field.compute):
            return []
        records = model.search([], limit=SAMPLES, order="id desc")
        return records.sorted(lambda record: not record[figure])

    def _pressed(self, record, button):
        """Return the action of a button of a form."""
        context = safe_eval(button.get("context") or "{}", {"id": record.id})
        if button.get("type") == "object":
            return getattr(record.with_context(**context), button.get("name"))()
        xmlid = int(button.get("name"))
        return self.env["ir.actions.actions"]._for_xml_id(
            self.env["ir.actions.act_window"].browse(xmlid).xml_id
        )

    def _shown(self, action, record):
        """Return how many records the action shows at once."""
        if action.get("res_id"):
            return 1
        known = {"active_id": record.id, "uid": self.env.uid}
        domain, context = (
            safe_eval(value, known) if isinstance(value, str) else value or empty
            for value, empty in (
                (action.get("domain"), []),
                (action.get("context"), {}),
            )
        )
        model = self.env[action["res_model"]]
        view_id = action.get("search_view_id") or [False]
        arch = model.get_view(view_id[0], "search")["arch"]
        for node in etree.fromstring(arch).iter("filter"):
            if context.get(f"search_default_{node.get('name')}"):
                domain = domain + safe_eval(node.get("domain"), known)
        return model.search_count(domain)

    # ------------------------------------------------------------------
    # Charts
    # ------------------------------------------------------------------

    def test_no_chart_piles_up_shares_and_averages(self):
        """Three operators at 93 % are not 280 %."""
        views = self.env["ir.ui.view"].search(
            [("type", "=", "graph"), ("model", "=like", "oiconnect.%")]
        )
        self.assertTrue(views)
        for view in views:
            model = self.env[view.model]
            arch = etree.fromstring(model.get_view(view.id, "graph")["arch"])
            measures = [
                node.get("name")
                for node in arch.iter("field")
                if node.get("type") == "measure"
            ]
            shares = [m for m in measures if model._fields[m].aggregator != "sum"]
            if shares:
                with self.subTest(view.xml_id):
                    self.assertEqual(arch.get("stacked"), "0", shares)
                    self.assertEqual(arch.get("type", "bar"), "bar", shares)
