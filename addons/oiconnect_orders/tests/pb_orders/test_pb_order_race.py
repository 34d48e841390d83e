# pylint: disable=invalid-commit
# Transactions see each other only by what they commit.

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.oiconnect_base.exceptions import BusyError
from odoo.addons.oiconnect_infra.tests.network_race import NetworkRaceCase

from ..common import make_network, make_operator


@tagged("post_install", "-at_install", "-standard_db_readonly")
class TestPbOrderRace(NetworkRaceCase):
    """Two operators at the same moment: a PB is ordered once."""

    tables = (
        "oiconnect_todo",
        "oiconnect_delay_count",
        "oiconnect_delay_miss",
        "oiconnect_event",
        "oiconnect_pb_order",
        "oiconnect_route",
        "oiconnect_pm_position",
        "oiconnect_pbo_fibre",
        "oiconnect_pbo_cable",
        "oiconnect_pm_module",
        "oiconnect_building",
        "oiconnect_pbo",
        "oiconnect_technical_pm",
        "oiconnect_pm",
    )

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            self._make(self._env(cr))
        self.addCleanup(self._clean)
        self._open_cursor()

    def _make(self, env):
        made = make_network(env, "OIRP", "ZP")
        places = made["building"] | made["other_building"]
        places.write({"state": "on_demand", "pbo_ids": [Command.set(made["pbo"].ids)]})
        self.network_id = made["network"].id
        self.operator_ids = (
            make_operator(env, "OCR1") | make_operator(env, "OCR2")
        ).ids
        self.names = places.mapped("identifier")
        self.pm_reference = made["pm"].reference

    def _clean(self):
        self.cr.rollback()
        super()._clean()

    def _erase_network(self, cr):
        for table in ("oiconnect_workflow_step", "oiconnect_decision"):
            cr.execute(
                SQL(
                    """
                    DELETE FROM %s line USING oiconnect_pb_order gone
                    WHERE line.res_model = 'oiconnect.pb.order'
                        AND line.res_id = gone.id AND gone.network_id = %s
                    """,
                    SQL.identifier(table),
                    self.network_id,
                )
            )
        return super()._erase_network(cr)

    def _order(self, cr, rank, place):
        """Take the order of operator ``rank`` in; return its state."""
        env = self._env(cr)
        line = {
            "oc_reference": f"RACE-{rank}",
            "building_identifier": self.names[place],
            "pm_reference": self.pm_reference,
            "order_date": "2026-03-14",
        }
        [(order, _refusals)] = env["oiconnect.pb.order"]._receive_in_turn(
            [line],
            env["oiconnect.operator"].browse(self.operator_ids[rank]),
            env["oiconnect.network"].browse(self.network_id),
        )
        env.flush_all()
        return order.state

    def _states(self):
        with self.registry.cursor() as cr:
            own = [("network_id", "=", self.network_id)]
            return self._env(cr)["oiconnect.pb.order"].search(own).mapped("state")

    def test_the_same_address(self):
        """The database refuses the second; tried again, its receipt does."""
        self.assertEqual(self._order(self.cr, 0, 0), "ar_ok")
        rival = self._start_rival(lambda cr: self._order(cr, 1, 0))
        self._wait_until_blocked(rival)
        self.cr.commit()
        rival.join()
        self.assertIsInstance(rival.error, ValidationError)
        self.assertEqual(self._states(), ["ar_ok"])
        again = self._start_rival(lambda cr: self._order(cr, 1, 0))
        again.join()
        self.assertEqual(again.found, "ar_ko")

    def test_two_addresses_behind_one_pbo(self):
        self.assertEqual(self._order(self.cr, 0, 0), "ar_ok")
        rival = self._start_rival(lambda cr: self._order(cr, 1, 1))
        self._wait_until_blocked(rival)
        self.cr.commit()
        rival.join()
        self.assertIsNone(rival.error)
        self.assertEqual(rival.found, "ar_ko")
        self.assertEqual(sorted(self._states()), ["ar_ko", "ar_ok"])

    def test_cancelled_while_it_is_laid(self):
        """The cancellation is to be sent again, and then comes too late."""
        self._order(self.cr, 0, 0)
        self.cr.commit()
        orders = self._env(self.cr)["oiconnect.pb.order"]
        order = orders.search([("network_id", "=", self.network_id)])
        order._fire("lay")

        def cancel(cr):
            self._env(cr)["oiconnect.pb.order"].browse(order.id)._fire("cancel")

        rival = self._start_rival(cancel)
        rival.join()
        self.assertIsInstance(rival.error, BusyError)
        order.env.flush_all()
        self.cr.commit()
        self.assertEqual(self._states(), ["laid"])
