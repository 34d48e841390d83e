from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import SQL

from ...const import NETWORK_STATES
from ...models.inventory.building import _STATES as BUILDING_STATES
from ...rules.paths import BUILDING_PATHS, PM_PATH, building_move_allowed, following
from ..rule_cases import MANAGER, TODAY, RuleCase

STATES = [state for state, _label in BUILDING_STATES]
PM_STATES = [state for state, _label in NETWORK_STATES]
# Before: after, as the protocol has it; abandoned besides at any time.
WITH_AGREEMENT = {
    ("target", "signed"),
    ("target", "on_demand"),
    ("signed", "deploying"),
    ("signed", "on_demand"),
    ("deploying", "deployed"),
    ("on_demand", "on_demand_deploying"),
    ("on_demand_deploying", "on_demand"),
    ("on_demand_deploying", "deployed"),
}
WITHOUT_AGREEMENT = (WITH_AGREEMENT - {("target", "signed")}) | {
    ("target", "deploying")
}
PM_MOVES = {("planned", "deploying"), ("deploying", "deployed")}


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestStatePath(RuleCase):
    """From one state to the next: who may, messages, effects."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "oiconnect_base.group_infra_{0},oiconnect_base.group_link_{0}"
        cls.user = new_test_user(cls.env, "terrain", groups.format("user"))
        cls.manager = new_test_user(cls.env, "chef", groups.format("manager"))

    def _as(self, user, record, state, **more):
        """``record`` in ``state`` for the moment, in the hands of ``user``."""
        record.write({"state": state, **more})
        record.flush_recordset()
        return record.with_user(user)

    def _moves(self, record, states, **more):
        """Return the moves that a user may do, trying them all."""
        done = set()
        for before in states:
            for after in states:
                own = self._as(self.user, record, before, **more)
                try:
                    own.write({"state": after})
                except UserError as error:
                    self.assertIn(record.display_name, str(error))
                else:
                    done.add((before, after))
        return done

    def _expected(self, moves, states):
        stays = {(state, state) for state in states}
        return moves | stays | {(state, "abandoned") for state in states}

    def test_a_building_with_an_agreement_keeps_to_its_path(self):
        done = self._moves(self.building, STATES, manager_agreement_required=True)
        self.assertEqual(done, self._expected(WITH_AGREEMENT, STATES))

    def test_a_building_without_agreement_keeps_to_its_path(self):
        done = self._moves(self.building, STATES)
        self.assertEqual(done, self._expected(WITHOUT_AGREEMENT, STATES))

    def test_a_pm_keeps_to_its_path(self):
        done = self._moves(self.pm, PM_STATES)
        self.assertEqual(done, self._expected(PM_MOVES, PM_STATES))

    def test_sql_and_python_agree_on_the_path(self):
        """The import judges moves by SQL."""
        for agreement in (True, False, None):
            for before in STATES:
                for after in STATES:
                    condition = building_move_allowed(agreement, before, after)
                    [[allowed]] = self.env.execute_query(SQL("SELECT %s", condition))
                    path = BUILDING_PATHS[bool(agreement)]
                    self.assertEqual(allowed, after in following(path, before))
        self.assertEqual(PM_PATH.keys(), set(PM_STATES))
        self.assertEqual(BUILDING_PATHS[True].keys(), set(STATES))

    def test_the_agreement_given_with_the_move_counts(self):
        own = self._as(self.user, self.building, "target")
        own.write({"state": "signed", **MANAGER})
        self.assertEqual(own.state, "signed")

    # -- refusals and reasons ----------------------------------------------------------

    def test_the_refusal_says_where_the_building_may_go(self):
        own = self._as(self.user, self.building, "target").with_context(lang="fr_FR")
        with self.assertRaises(UserError) as caught:
            own.write({"state": "deployed"})
        self.assertEqual(
            str(caught.exception),
            "IMB/99001/X/0001 ne passe pas de « Cible » à « Déployé » : de là, l’étape "
            "suivante est En cours de déploiement, Raccordable sur demande ou "
            "Abandonné."
            "\nDemandez à un administrateur si une correction est nécessaire.",
        )

    def test_a_manager_leaves_the_path_and_says_why(self):
        own = self._as(self.manager, self.building, "deployed")
        with self.assertRaises(UserError) as caught:
            own.write({"state": "target"})
        self.assertIn("Reason of the change", str(caught.exception))
        own.write({"state": "target", "state_reason": " PBO jamais posé "})
        self.assertEqual(own.state, "target")
        change = self.env["oiconnect.change"].search(
            [("res_model", "=", "oiconnect.building"), ("field", "=", "state")],
            limit=1,
        )
        self.assertEqual(
            (change.before, change.after, change.reason, change.user_id),
            ("deployed", "target", "PBO jamais posé", self.manager),
        )

    def test_a_reason_does_not_open_the_path_to_users(self):
        own = self._as(self.user, self.building, "deployed")
        with self.assertRaises(UserError):
            own.write({"state": "target", "state_reason": "Erreur"})

    def test_several_buildings_are_in_one_message(self):
        other = self.net.building("IMB/99001/X/0002", state="deployed")
        both = (self._as(self.user, self.building, "target") | other).with_user(
            self.user
        )
        with self.assertRaises(UserError) as caught:
            both.write({"state": "deploying"})
        self.assertIn("X/0002", str(caught.exception))
        self.assertNotIn("X/0001", str(caught.exception))
        self.assertEqual(self.building.state, "target", "all or nothing")

    def test_a_first_state_is_free(self):
        made = (
            self.env["oiconnect.building"]
            .with_user(self.user)
            .create(
                {
                    "network_id": self.network.id,
                    "identifier": "IMB/99001/X/0003",
                    "state": "deployed",
                }
            )
        )
        self.assertEqual(made.state, "deployed")

    # -- forms -------------------------------------------------------------------------

    def test_the_form_warns_before_it_is_saved(self):
        self._as(self.manager, self.building, "deployed")
        with Form(self.building.with_user(self.manager)) as form:
            self.assertFalse(form.state_warning)
            form.state = "target"
            self.assertIn("does not go from “Deployed” to “Target”", form.state_warning)
            form.state_reason = "PBO jamais posé"
        self.assertEqual(self.building.state, "target")

    def test_the_banner_follows_what_is_typed(self):
        with Form(self.building) as form:
            self.assertFalse(form.warning_alert)
            form.cabling_date = False
            self.assertIn("R9c", form.warning_alert)
            form.cabling_date = "2025-04-15"
            self.assertFalse(form.warning_alert)
        with Form(self.pm) as form:
            form.engineering_type = False
            self.assertIn("R3", form.blocking_alert)
            form.engineering_type = "MONO"
            self.assertFalse(form.blocking_alert)

    def test_a_new_form_is_not_scolded(self):
        form = Form(self.env["oiconnect.building"])
        self.assertFalse(form.warning_alert or form.blocking_alert)
        self.assertFalse(form.state_warning)

    def test_buttons_lead_to_the_next_states(self):
        own = self._as(self.user, self.building, "target")
        self.assertEqual(own.next_states, ";deploying;on_demand;abandoned;")
        own.with_context(to_state="deploying").action_move()
        self.assertEqual(own.next_states, ";deployed;abandoned;")

    # -- what follows from a state -----------------------------------------------------

    def test_what_is_abandoned_is_published_three_months(self):
        self.assertTrue(self.building.published)
        self.building.state = "abandoned"
        self.assertEqual(self.building.abandoned_date, TODAY)
        buildings = self.env["oiconnect.building"]
        mine = [("id", "=", self.building.id)]
        for day, published in (
            ("2026-09-01", True),
            ("2026-12-01", True),
            ("2026-12-02", False),
        ):
            with self.subTest(day), freeze_time(day):
                self.building.invalidate_recordset()
                self.assertEqual(self.building.published, published)
                for wanted in (True, False):
                    found = buildings.search([*mine, ("published", "=", wanted)])
                    self.assertEqual(bool(found), published == wanted)
        self.building.state = "target"
        self.assertFalse(self.building.abandoned_date)

    def test_without_date_the_last_change_tells(self):
        self.building.write(
            {
                "state": "abandoned",
                "abandoned_date": False,
                "last_change_date": "2026-05-31",
            }
        )
        self.building.flush_recordset()
        self.assertFalse(self.building.published)
        self.assertFalse(
            self.env["oiconnect.building"].search(
                [("id", "=", self.building.id), ("published", "=", True)]
            )
        )

    def test_a_first_delivery_does_not_change(self):
        own = self.pm.with_user(self.user)
        own.write({"first_delivery_date": "2025-03-20"})
        with self.assertRaises(UserError) as caught:
            own.write({"first_delivery_date": "2025-03-21"})
        self.assertIn("First made available", str(caught.exception))
        chief = self.pm.with_user(self.manager)
        chief.write({"first_delivery_date": "2025-03-21", "state_reason": "Saisie"})
        self.assertEqual(self.pm.first_delivery_date, date(2025, 3, 21))

    def test_a_pm_opens_three_months_after_its_first_delivery(self):
        made = self.net.pm("OICN-99001-0007", first_delivery_date="2024-11-30")
        self.assertEqual(made.commercial_date, date(2025, 2, 28))
        with Form(self.net.pm("OICN-99001-0008")) as form:
            form.first_delivery_date = "2026-01-31"
            self.assertEqual(form.commercial_date, date(2026, 4, 30))

    def test_a_pm_without_operator_is_delivered_when_it_is_installed(self):
        pm = self.net.pm("OICN-99001-0008", state="deploying")
        with Form(pm) as form:
            form.installation_date = "2026-08-20"
            form.state = "deployed"
            self.assertEqual(form.first_delivery_date, date(2026, 8, 20))
            self.assertEqual(form.commercial_date, date(2026, 11, 20))

    # -- a PBO is ordered for all addresses behind it ----------------------------------

    def _street(self, *states):
        """Buildings behind the PBO of the first one, in ``states``."""
        made = self.building.browse()
        for rank, state in enumerate(states, 2):
            made |= self.net.building(
                f"IMB/99001/X/000{rank}", state=state, pm_id=self.pm.id
            )
        made.pbo_ids = self.pbo
        return made

    def test_all_addresses_behind_an_ordered_pbo_are_being_deployed(self):
        street = self._street("on_demand", "on_demand", "target", "deployed")
        own = self._as(self.user, self.building, "on_demand")
        own.with_context(to_state="on_demand_deploying").action_move()
        self.assertEqual(
            (own | street).mapped("state"),
            ["on_demand_deploying"] * 3 + ["target", "deployed"],
        )
        change = street[0].change_ids[0]
        self.assertEqual((change.before, change.after), ("on_demand", own.state))
        self.assertEqual(change.reason, "Behind the same PBO as IMB/99001/X/0001")
        self.assertEqual(change.user_id, self.user)
        self.assertEqual(street[0].last_change_date, TODAY)

    def test_an_order_that_is_withdrawn_takes_them_all_back(self):
        street = self._street("on_demand_deploying", "deploying")
        own = self._as(self.user, self.building, "on_demand_deploying")
        own.write({"state": "on_demand"})
        self.assertEqual(street.mapped("state"), ["on_demand", "deploying"])

    def test_one_more_address_on_demand_does_not_withdraw_an_order(self):
        street = self._street("on_demand_deploying")
        self._as(self.user, self.building, "target").write({"state": "on_demand"})
        self.assertEqual(street.state, "on_demand_deploying")

    def test_another_pbo_is_another_order(self):
        street = self._street("on_demand", "on_demand")
        other = self.net.pbo(self.pm, "PBO-99-001-001-0002")
        street[0].pbo_ids = self.pbo | other
        street[1].pbo_ids = other
        own = self._as(self.user, self.building, "on_demand")
        own.write({"state": "on_demand_deploying"})
        self.assertEqual(street.mapped("state"), ["on_demand_deploying", "on_demand"])

    def test_a_refused_move_takes_no_other_along(self):
        street = self._street("on_demand")
        own = self._as(self.user, self.building, "deployed")
        with self.assertRaises(UserError):
            own.write({"state": "on_demand_deploying"})
        self.assertEqual(street.state, "on_demand")

    # -- dates -------------------------------------------------------------------------

    def test_any_change_dates_the_last_one(self):
        """R13: by the form, whoever writes."""
        for record, values in (
            (self.building, {"city": "AUTRE VILLE"}),
            (self.pm, {"authorisation": "closed"}),
        ):
            with self.subTest(record._name):
                self.assertEqual(record.last_change_date, date(2026, 8, 20))
                record.with_user(self.user).write(values)
                self.assertEqual(record.last_change_date, TODAY)
