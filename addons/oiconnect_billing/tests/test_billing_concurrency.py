# pylint: disable=invalid-commit
# Two transactions see each other only by what they commit.

import threading
import time
from functools import partial
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name
from odoo.tools import SQL, mute_logger

from odoo.addons.oiconnect_billing.due import freeze

from .common import Billing

WAIT = 20
BLOCKED = """
    SELECT count(*) FROM pg_stat_activity
    WHERE pid = %s AND wait_event_type = 'Lock'
"""
TABLES = (
    ("oiconnect_billing_item", "network_id"),
    ("oiconnect_billing_run", "network_id"),
    ("oiconnect_billing_product", "network_id"),
    ("oiconnect_access_order", "network_id"),
    ("oiconnect_pto", "network_id"),
    ("oiconnect_building", "network_id"),
    ("oiconnect_change", "network_id"),
    ("oiconnect_network", "id"),
)


@tagged("post_install", "-at_install", "-standard_db_readonly")
class TestBillingConcurrency(BaseCase):
    """Two users who bill the same accesses at the same moment, on real cursors."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            billing = Billing(env, "T93", env.ref("base.main_company"))
            operator = billing.operator("OCX9")
            product = billing.product(network_id=billing.network.id)
            runs = billing.run("2025-01") | billing.run("2025-01")
            billing.access(operator, "2024-06-10")
            billing.access(operator, "2025-01-15")
            self.network_id = billing.network.id
            self.operator_id, self.product_id = operator.id, product.id
            self.service_id, self.run_ids = billing.service.id, runs.ids
        self.addCleanup(self._clean)
        self.cr = self.registry.cursor()
        self.addCleanup(self.cr.close)

    def _clean(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            cr.execute(
                "DELETE FROM oiconnect_workflow_step"
                " WHERE res_model = 'oiconnect.billing.run' AND res_id = ANY(%s)",
                [self.run_ids],
            )
            cr.execute(
                "DELETE FROM oiconnect_billing_line WHERE product_id = %s",
                [self.product_id],
            )
            cr.execute("ALTER TABLE oiconnect_change DISABLE TRIGGER append_only")
            for table, column in TABLES:
                self._delete(cr, table, column)
            cr.execute("ALTER TABLE oiconnect_change ENABLE TRIGGER append_only")
            env["product.product"].browse(self.service_id).unlink()
            operator = env["oiconnect.operator"].browse(self.operator_id)
            partner = operator.partner_id
            operator.unlink()
            partner.unlink()

    def _delete(self, cr, table, column):
        cr.execute(
            SQL(
                "DELETE FROM %s WHERE %s = %s",
                SQL.identifier(table),
                SQL.identifier(column),
                self.network_id,
            )
        )

    def _freeze(self, cr, rank):
        env = api.Environment(cr, SUPERUSER_ID, {})
        run = env["oiconnect.billing.run"].browse(self.run_ids[rank])
        product = env["oiconnect.billing.product"].browse(self.product_id)
        freeze(env, run, product._plan(run.month))
        return run.item_ids.ids

    def _start_rival(self):
        rival = Rival(self)
        self.addCleanup(rival.join, WAIT)
        rival.start()
        deadline = time.monotonic() + WAIT
        with self.registry.cursor() as cr:
            while time.monotonic() < deadline:
                cr.execute(BLOCKED, [rival.pid])
                if cr.fetchone()[0]:
                    return rival
                cr.rollback()
                time.sleep(0.01)
        return self.fail("the second transaction does not wait for the first")

    def _billed(self):
        """Return ``{run: accesses billed}``."""
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT run_id, sum(line_count) FROM oiconnect_billing_item"
                " WHERE network_id = %s GROUP BY run_id",
                [self.network_id],
            )
            return dict(cr.fetchall())

    def test_two_runs_at_once_bill_each_access_once(self):
        self.assertEqual(len(self._freeze(self.cr, 0)), 2)
        rival = self._start_rival()
        self.cr.commit()
        rival.join(WAIT)
        self.assertEqual((rival.tries, rival.items), (2, []))
        self.assertEqual(self._billed(), {self.run_ids[0]: 2})

    def test_a_rollback_leaves_the_accesses_to_the_one_who_waits(self):
        self._freeze(self.cr, 0)
        rival = self._start_rival()
        self.cr.rollback()
        rival.join(WAIT)
        self.assertEqual((rival.tries, len(rival.items)), (1, 2))
        self.assertEqual(self._billed(), {self.run_ids[1]: 2})

    def test_a_run_that_someone_computes_is_refused_to_another(self):
        env = api.Environment(self.cr, SUPERUSER_ID, {})
        env["oiconnect.billing.run"].browse(self.run_ids[0])._fire("start")
        env.flush_all()
        with self.registry.cursor() as cr:
            other = api.Environment(cr, SUPERUSER_ID, {})
            run = other["oiconnect.billing.run"].browse(self.run_ids[0])
            with self.assertRaisesRegex(UserError, "someone else"):
                run._fire("start")
        self.cr.rollback()


class Rival(threading.Thread):
    """A second user, with his own cursor, whose request is tried again as usual."""

    def __init__(self, case):
        super().__init__(daemon=True)
        self.case = case
        self.tries = 0
        self.items = None
        self.pid = None

    def run(self):
        with (
            mute_logger("odoo.sql_db", "odoo.service.model"),
            patch("odoo.service.model.random.uniform", return_value=0.01),
            self.case.registry.cursor() as cr,
        ):
            cr.execute("SELECT pg_backend_pid()")
            [self.pid] = cr.fetchone()
            cr.rollback()
            retrying(partial(self._try, cr), api.Environment(cr, SUPERUSER_ID, {}))

    def _try(self, cr):
        self.tries += 1
        self.items = self.case._freeze(cr, 1)
