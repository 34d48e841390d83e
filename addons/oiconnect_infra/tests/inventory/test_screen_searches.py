from typing import NamedTuple

from lxml import etree

from odoo.tests import new_test_user
from odoo.tools.safe_eval import safe_eval

from .inventory_common import EDITORS, InventoryCase


class Screen(NamedTuple):
    """Searches in the search bar of a screen, and what each alone finds."""

    #: (field, text, what the record is called)
    typed: tuple
    #: (filter of the menu, what the record is called)
    chosen: tuple = ()
    #: (field, one of its groups, records in it)
    grouped: tuple = ()


SCREENS = {
    "menu_prdm": Screen(
        typed=(
            ("Référence", "ESSAI-01", "PRDM-ESSAI-01"),
            ("État", "Déployé", "PRDM-ESSAI-01"),
            ("Nombre minimal de logements", "300", "PRDM-ESSAI-01"),
            ("Nombre minimal de logements, au moins", "500", "PRDM-ESSAI-02"),
            ("NRO", "NRO-ESSAI", "PRDM-ESSAI-01"),
        ),
        chosen=(("Planifié", "PRDM-ESSAI-02"),),
        grouped=(("État", "Déployé", 1),),
    ),
    "menu_pm": Screen(
        typed=(
            ("Référence", "ESSAI-01", "PM-ESSAI-01"),
            ("État", "Planifié", "PM-ESSAI-02"),
            ("Autorisation de commande", "Fermée", "PM-ESSAI-02"),
            ("Lot", "LOT-ESSAI", "PM-ESSAI-01"),
            ("PM techniques", "PMT-ESSAI", "PM-ESSAI-01"),
        ),
        chosen=(("Fermés à la commande", "PM-ESSAI-02"),),
        grouped=(("Autorisation de commande", "Ouverte", 1),),
    ),
    "menu_pm_link": Screen(
        typed=(
            ("Référence", "ESSAI-01", "LIEN-ESSAI-01"),
            ("PM", "PM-ESSAI-02", "LIEN-ESSAI-02"),
            ("PRDM", "ESSAI-01", "LIEN-ESSAI-01"),
            ("État", "Planifié", "LIEN-ESSAI-02"),
        ),
        chosen=(("Sans fibre libre", "LIEN-ESSAI-01"),),
        grouped=(("État", "Déployé", 1),),
    ),
    "menu_pbo": Screen(
        typed=(
            ("Référence", "ESSAI-01", "PBO-ESSAI-01"),
            ("Type", "Façade", "PBO-ESSAI-01"),
            ("Type de raccordement PTO", "Aérien", "PBO-ESSAI-02"),
            ("PM", "PM-ESSAI-02", "PBO-ESSAI-02"),
        ),
        grouped=(("Type", "Façade", 1),),
    ),
    "menu_building": Screen(
        typed=(
            ("Identifiant", "X/0001", "IMB/99001/X/0001"),
            ("État", "Cible", "IMB/99001/X/0002"),
            ("Adresse", "12 rue des tilleuls", "IMB/99001/X/0001"),
            ("Logements", "18", "IMB/99001/X/0001"),
            ("Logements, au moins", "10", "IMB/99001/X/0001"),
            ("Type", "Pavillon", "IMB/99001/X/0002"),
            ("PM", "PM-ESSAI-01", "IMB/99001/X/0001"),
        ),
        chosen=(("Sans PM", "IMB/99001/X/0002"),),
        grouped=(("Type", "Pavillon", 1),),
    ),
    "menu_pto": Screen(
        typed=(
            ("Référence", "ESSA-0001", "ZZ-ESSA-0001"),
            ("Immeuble", "X/0001", "ZZ-ESSA-0001"),
            ("Immeuble", "12 rue des tilleuls", "ZZ-ESSA-0001"),
            ("PBO", "PBO-ESSAI-02", "ZZ-ESSA-0002"),
        ),
        chosen=(("Existante", "ZZ-ESSA-0001"),),
        grouped=(("État", "Existante", 1),),
    ),
    "menu_pm_module": Screen(
        typed=(
            ("Nom", "tiroir essai", "TIROIR ESSAI"),
            ("Position", "P1", "TIROIR ESSAI"),
            ("Référence câble", "CB-ESSAI-01", "TIROIR ESSAI"),
        ),
        chosen=(("D’un opérateur", "TIROIR OCAA"),),
        grouped=(("PM", "PM-ESSAI-01", 2),),
    ),
    "menu_pbo_cable": Screen(
        typed=(
            ("Module", "tiroir essai", "CB-ESSAI-01"),
            ("Position", "P1", "CB-ESSAI-01"),
            ("Référence câble", "CB-ESSAI-02", "CB-ESSAI-02"),
            ("PM", "PM-ESSAI-02", "CB-ESSAI-02"),
        ),
        grouped=(("PM", "PM-ESSAI-01", 1),),
    ),
    "menu_route": Screen(
        typed=(
            ("Nom", "ESSAI / P1", "ESSAI / P1"),
            ("Position", "p2", "ESSAI / P2"),
            ("PBO", "PBO-ESSAI-02", "ESSAI / P2"),
            ("Câble au module", "CB-ESSAI-02", "ESSAI / P2"),
            ("Câble au PBO", "CB-ESSAI-02", "ESSAI / P2"),
            ("Tube", "1", "ESSAI / P1"),
            ("Fibre", "ROSE", "ESSAI / P2"),
            ("Prise (PTO)", "ESSA-0001", "ESSAI / P1"),
            ("Immeuble", "X/0001", "ESSAI / P1"),
        ),
        chosen=(
            ("Utilisée", "ESSAI / P1"),
            ("Non utilisée", "ESSAI / P2"),
        ),
        grouped=(("État", "Utilisée", 1),),
    ),
    "menu_nro": Screen(
        typed=(
            ("Référence", "NRO-ESSAI", "NRO-ESSAI"),
            ("État", "Déployé", "NRO-ESSAI"),
            ("Type de NRO", "NRO-PTP", "NRO-VIDE"),
        ),
        chosen=(("Planifié", "NRO-VIDE"),),
        grouped=(("Type de NRO", "NRO-PTP", 1),),
    ),
    "menu_technical_pm": Screen(
        typed=(
            ("Référence", "PMT-ESSAI", "PMT-ESSAI"),
            ("PM", "PM-ESSAI-02", "PMT-VIDE"),
            ("Type de matériel", "baie", "PMT-VIDE"),
        ),
        chosen=(("Sur rendez-vous", "PMT-VIDE"),),
        grouped=(("PM", "PM-ESSAI-01", 1),),
    ),
    "menu_lot": Screen(
        typed=(
            ("Référence", "LOT-ESSAI", "LOT-ESSAI"),
            ("Nom", "plaine", "LOT-VIDE"),
            ("PM", "PM-ESSAI-01", "LOT-ESSAI"),
        ),
    ),
    "menu_pb_batch": Screen(
        typed=(
            ("Référence", "LOTPB-ESSAI", "LOTPB-ESSAI"),
            ("PM", "PM-ESSAI-02", "LOTPB-PREVU"),
            ("Opérateur", "OCAA", "LOTPB-ESSAI"),
            ("Adresses", "X/0001", "LOTPB-ESSAI"),
        ),
        chosen=(
            ("Livrés", "LOTPB-ESSAI"),
            ("À livrer", "LOTPB-PREVU"),
        ),
        grouped=(("PM", "PM-ESSAI-01", 1),),
    ),
    "menu_manager": Screen(
        typed=(
            ("Nom", "syndic essai", "SYNDIC ESSAI"),
            ("SIRET", "73282932000074", "RÉGIE VIDE"),
        ),
        chosen=(
            ("Sans SIRET", "SYNDIC ESSAI"),
            ("Sans immeuble", "RÉGIE VIDE"),
        ),
    ),
}


class TestScreenSearches(InventoryCase):
    """The search bar of each screen, in French, as the user guide tells.

    The tour of the inventory uses one of them in the browser.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.user = new_test_user(cls.env, "inventaire", ",".join(EDITORS), lang="fr_FR")

    def test_what_is_typed_finds_one_record(self):
        for menu, screen in SCREENS.items():
            model, bar = self._open(menu)
            self.assertGreater(model.search_count([]), 1)
            for label, text, name in screen.typed:
                with self.subTest(menu, label=label):
                    domain = self._typed(model, self._named(model, bar, label), text)
                    self._assert_finds(model, domain, name)

    def test_a_filter_of_the_menu_finds_one_record(self):
        for menu, screen in SCREENS.items():
            model, bar = self._open(menu)
            for label, name in screen.chosen:
                with self.subTest(menu, label=label):
                    [node] = bar.xpath("//filter[@string=$label]", label=label)
                    self._assert_finds(model, safe_eval(node.get("domain")), name)

    def test_groups_tell_their_numbers(self):
        for menu, screen in SCREENS.items():
            model, bar = self._open(menu)
            for label, value, count in screen.grouped:
                with self.subTest(menu, label=label):
                    self.assertEqual(self._groups(model, bar, label)[value], count)

    def _open(self, menu):
        """Return the model of a screen as its user has it, and its search bar."""
        action = self.env.ref(f"oiconnect_infra.{menu}").action
        # Screens of our own that always leave something out would need it here.
        self.assertFalse(safe_eval(action.domain or "[]"))
        model = self.env[action.res_model].with_user(self.user)
        model = model.with_context(lang="fr_FR")
        views = model.get_views([(action.search_view_id.id, "search")])
        return model, etree.fromstring(views["views"]["search"]["arch"])

    def _named(self, model, bar, label):
        """Return the field that the search bar calls ``label``."""
        described = model.fields_get(attributes=["string"])
        [node] = [
            node
            for node in bar.iter("field")
            if (node.get("string") or described[node.get("name")]["string"]) == label
        ]
        return node

    def _typed(self, model, node, text):
        """Return the domain of a text typed in a field, as the web client makes it."""
        name, operator = node.get("name"), "ilike"
        described = model.fields_get([name], ["type", "selection"])[name]
        if described["type"] == "selection":
            operator = "="
            [text] = [key for key, label in described["selection"] if label == text]
        elif described["type"] == "integer":
            text, operator = int(text), "="
        if node.get("filter_domain"):
            return safe_eval(node.get("filter_domain"), {"self": text})
        return [(name, node.get("operator", operator), text)]

    def _assert_finds(self, model, domain, name):
        [record] = model.search(domain)
        self.assertIn(name, record.display_name)

    def _groups(self, model, bar, label):
        """Return ``{what a group is called: its number of records}``."""
        [node] = bar.xpath("//filter[@string=$label]", label=label)
        name = safe_eval(node.get("context"))["group_by"]
        described = model.fields_get([name], ["selection"])[name]
        labels = dict(described.get("selection", ()))
        return {
            labels[value] if labels else value[1]: count
            for value, count in self._counted(model, name)
        }

    def _counted(self, model, name):
        for group in model.formatted_read_group([], [name], ["__count"]):
            if group[name]:
                yield group[name], group["__count"]
