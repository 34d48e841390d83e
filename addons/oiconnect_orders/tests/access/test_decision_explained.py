import re
from pathlib import Path

from lxml import html

from odoo.tests import new_test_user, tagged

from ... import controls
from ...controls.story import BY_NAME
from ...models.access import study
from ..appointment_common import AppointmentCase

CODE = re.compile(r'"(F[A-Z]{3}\d\d)"')
PARTS = ("given", "known", "where")


def codes_of_controls():
    """Return the codes that controls refuse with, as their sources name them."""
    files = [
        *Path(controls.__path__[0]).glob("*.py"),
        Path(study.__file__),
    ]
    return {code for file in files for code in CODE.findall(file.read_text())}


@tagged("post_install", "-at_install")
class TestDecisionExplained(AppointmentCase):
    """Each refusal says what was given, what we have, and where to look.

    A method ``case_…`` makes the order that is refused with this code.
    """

    # ------------------------------------------------------------------
    # The story, as a person reads it
    # ------------------------------------------------------------------

    def _explained(self, order, user=None):
        """Return ``{part: text}`` of the control that failed, and where links lead."""
        order.invalidate_recordset()
        if user:
            order = order.with_user(user)
        story = order.with_context(lang="fr_FR").decision_story
        line = html.fromstring(f"<div>{story}</div>").xpath(
            "//li[contains(@class, 'text-danger')]"
        )[-1]
        parts = {
            part: " ".join(line.xpath(f".//span[@class='o_oic_{part}']//text()"))
            for part in PARTS
        }
        return parts, line.xpath(".//span[@class='o_oic_where']//a/@href")

    def test_each_refusal_says_what_was_given_what_we_have_and_where_to_look(self):
        cases = {
            name.removeprefix("case_"): getattr(self, name)
            for name in dir(self)
            if name.startswith("case_")
        }
        self.assertEqual(
            set(cases), codes_of_controls(), "a code has no case here that explains it"
        )
        raw = self._raw_values()
        for code, case in cases.items():
            with self.subTest(code):
                savepoint = self.env.cr.savepoint()
                order = case()
                self.assertEqual(order.reason_id.code, code)
                parts, links = self._explained(order)
                for part, text in parts.items():
                    self.assertTrue(text, f"nothing on what is {part}")
                    self.assertFalse(raw & set(re.findall("« (.+?) »", text)), text)
                self.assertTrue(links)
                for link in links:
                    self.assertRegex(
                        link, r"^/odoo/(oiconnect\.[a-z.]+/\d+|action-.+)$"
                    )
                savepoint.close(rollback=True)
                self.env.invalidate_all()

    def _raw_values(self):
        """Return the keys of what is shown by labels: no user should read them."""
        keys = set()
        for control in BY_NAME.values():
            for model, field in control.labels.values():
                described = self.env[model]._fields[field]
                for key, label in described._description_selection(self.env):
                    if key != label:
                        keys.add(key)
        return keys

    def test_every_control_says_where_to_look(self):
        for name, control in BY_NAME.items():
            with self.subTest(name):
                self.assertTrue(control.where, "add where= to the control")
                for key in control.where:
                    self.assertTrue(hasattr(self.orders, f"_where_{key}"), key)

    def test_a_pto_elsewhere_is_shown_with_its_place(self):
        parts, links = self._explained(self.case_FIMP03())
        self.assertIn(self.other_building.identifier, parts["known"])
        self.assertIn(f"/odoo/oiconnect.building/{self.other_building.id}", links)

    def test_the_order_that_holds_the_pto_is_one_click_away(self):
        order = self.case_FIMP19()
        holder = self.env["oiconnect.access.order"].search(
            [("pto_id", "=", order.pto_id.id), ("state", "=", "connecting")]
        )
        parts, links = self._explained(order)
        self.assertIn(holder.oc_reference, parts["known"])
        self.assertEqual(links[0], f"/odoo/oiconnect.access.order/{holder.id}")

    def test_known_staircases_are_listed(self):
        parts, _links = self._explained(self.case_FADR03())
        self.assertIn("« A »", parts["known"])
        self.assertIn("« Z »", parts["given"])

    def test_a_telephone_number_is_shown_only_to_readers_of_customers(self):
        order = self.case_FCLI01()
        reader = new_test_user(
            self.env, "pourquoi_lect", "oiconnect_base.group_access_read", lang="fr_FR"
        )
        self.assertIn("bonjour", self._explained(order)[0]["given"])
        self.assertNotIn("bonjour", self._explained(order, reader)[0]["given"])

    def test_who_may_not_open_the_network_gets_no_link_to_it(self):
        order = self.case_FIMP10()
        reader = new_test_user(
            self.env, "pourquoi_seul", "oiconnect_base.group_access_read"
        )
        _parts, links = self._explained(order, reader)
        may = self.building.with_user(reader).has_access("read")
        self.assertEqual(bool(links), may)

    # ------------------------------------------------------------------
    # One case a code
    # ------------------------------------------------------------------

    def case_FIMP12(self):
        return self._receive(self._line(requested_type="XX"))

    def case_FIMP13(self):
        first = self._order()
        return self._receive(self._line(oc_reference=first.oc_reference))

    def case_FIMP15(self):
        return self._receive(self._line(order_date=None))

    def case_FIMP16(self):
        return self._receive(self._line(order_date="2099-01-01T10:00:00"))

    def case_FADR01(self):
        return self._order(building_identifier="INCONNU")

    def case_FADR02(self):
        self.building.building_name = "A"
        return self._order(building_name="Z")

    def _level(self):
        self.env["oiconnect.building.level"].create(
            {"building_id": self.building.id, "staircase": "A", "floor": "1"}
        )

    def case_FADR03(self):
        self._level()
        return self._order(staircase="Z")

    def case_FADR04(self):
        self._level()
        return self._order(staircase="A", floor="9")

    def case_FIMP10(self):
        other = self.building.copy(
            {"identifier": "OITO/B/9", "pm_id": self.pm.id, "state": "target"}
        )
        return self._order(building_identifier=other.identifier)

    def case_FIMP11(self):
        self.building.commercial_date = "2099-01-01"
        return self._order()

    def case_FIMP07(self):
        return self._order(pm_reference="NONE")

    def case_FIMP08(self):
        return self._order(pm_reference=self.other_pm.reference)

    def case_FIMP09(self):
        self.pm.authorisation = "closed"
        return self._order()

    def case_FIMP04(self):
        return self._order(pm_service_reference="XPM-INCONNU")

    def case_FIMP05(self):
        self.service.copy({"reference": "XPM-AILLEURS", "pm_id": self.other_pm.id})
        return self._order(pm_service_reference="XPM-AILLEURS")

    def case_FIMP06(self):
        return self._order(requested_type="COFI")

    def case_FIMP01(self):
        return self._order(existing_socket=True)

    def case_FIMP02(self):
        return self._order(pto_reference="ZO-NONE-0001")

    def _order_on_pto(self, laid, **values):
        pto = self._laid_pto(**values)
        return self._order(existing_socket=laid, pto_reference=pto.reference)

    def case_FIMP03(self):
        return self._order_on_pto(True, building=self.other_building)

    def case_FIMP17(self):
        return self._order_on_pto(True, state="to_build")

    def case_FIMP18(self):
        return self._order_on_pto(False)

    def case_FIMP19(self):
        first = self._order_on_pto(True)
        return self._order(existing_socket=True, pto_reference=first.pto_id.reference)

    def _at_position(self, port):
        self.network.check_oc_position = True
        pto = self._laid_pto()
        return self._order(
            connection_type="OI",
            existing_socket=True,
            pto_reference=pto.reference,
            info_1="B2",
            info_2="T1",
            info_3=port,
        )

    def case_FINT08(self):
        return self._at_position("99")

    def case_FINT09(self):
        self.env["oiconnect.operator.position"].create(
            {"service_id": self.service.id, "rack": "B2", "drawer": "T1", "port": "07"}
        )
        self._at_position("07")
        return self._at_position("07")

    def case_FCLI01(self):
        return self._order(customer_contact1="bonjour")

    def case_FRDV03(self):
        return self._oi_order(appointment_reference="OITO-ERDV-9999999999")

    def case_FRDV04(self):
        booked = self._book()
        booked._fire("cancel")
        return self._oi_order(booked)

    def case_FRDV05(self):
        booked = self._book()
        booked.product = "FTTO_ACCES"
        return self._oi_order(booked)

    def case_FRDV06(self):
        return self._oi_order(self._book(building_id=self.other_building.id))

    def case_FINT01(self):
        return [self._order() for _n in range(3)][-1]

    def case_FINT02(self):
        self.routes.position_id.dedicated_operator_id = self.rival
        return self._order()
