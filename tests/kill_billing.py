"""A month is billed: each record on one invoice, each operator once."""

import multiprocessing
from collections import Counter
from contextlib import contextmanager
from datetime import date
from unittest.mock import patch

import kill_points
from kill_place import Work
from kill_points import CRON, STATEMENT, after, before
from odoo_process import beside, environment

RUN, ROW = "oiconnect.billing.run", "oiconnect.billing.run.operator"
MONTH, NEXT_MONTH = "2025-01", "2025-02"
HELD_SINCE, HAPPENED = "2024-06-10", "2025-01-15"
# The day from which nothing is held any more: ten days of January are owed
ENDED, LAST_DAY, OWED = "2025-01-11", "2025-01-10", 10.0
HELD_IN = {
    "oiconnect_access_order": (ENDED, "operator_id"),
    "oiconnect_link_order_fibre": (
        ENDED,
        "(SELECT operator_id FROM oiconnect_link_order WHERE id = held.order_id)",
    ),
    "oiconnect_pm_service": (LAST_DAY, "operator_id"),
    "oiconnect_cofinancing": (LAST_DAY, "operator_id"),
    "oiconnect_link_service": (LAST_DAY, "operator_id"),
}
OPERATORS = 3
ACCESSES = 2
# One a day, in January
PRICE = 31.0
# What the first operator owes of a source, where it is not the price of one record:
# a line taken over is held by the former operator for 14 days, by the new one for 17;
# up-to-date information is requested for a PM held for a day.
OWED_OF = {"access": PRICE * ACCESSES + 14 + 17, "pm_service": PRICE + 1}
# The same, of each record, once all has ended
OWED_OF_ENDED = {"access": [OWED, OWED, 14.0], "pm_service": [1.0, OWED]}
LIMIT = 60


class BillingRun(Work):
    """Three operators with two accesses each; one has no address yet.

    The first one owes something of every source that models declare.
    """

    MOMENTS = {
        "it is started": after(RUN, "_start"),
        "its start is committed": before(RUN, "_freeze"),
        "what is due is frozen": after(RUN, "_freeze"),
        "that is committed": before(ROW, "_make_invoices"),
        "an invoice is made": before(ROW, "_tie"),
        "it is tied to its accesses": after(ROW, "_tie"),
        "it is committed": before(ROW, "_make_invoices", 2),
        "the second is tied": after(ROW, "_tie"),
        "an operator is at fault": before(ROW, "_keep_error"),
        "its error is noted": after(ROW, "_keep_error"),
        "it is about to end": before(RUN, "_fire"),
        "it has ended": after(RUN, "_fire"),
        "its end is committed": after(CRON, "_commit_progress", 3),
    }
    # When something may end that is being billed
    ENDS = {
        "some sources are looked at": after(STATEMENT, "freeze", 3),
        "what is due is frozen, and not committed": after(RUN, "_freeze"),
        "that is committed": before(ROW, "_make_invoices"),
        "its invoice is tied": after(ROW, "_tie"),
    }

    def __init__(self, found, place):
        from odoo.addons.oiconnect_billing.tests.common import Billing
        from odoo.addons.oiconnect_billing.tests.sources import Sources

        super().__init__(found, place)
        self.company_id = place.company_id(found)
        number = next(place.numbers)
        with environment(found) as env:
            company = env["res.company"].browse(self.company_id)
            billing = Billing(env, f"TK{number}", company)
            # A code has four signs.
            codes = [f"O{number:02X}{rank}" for rank in range(OPERATORS)]
            operators = [billing.operator(code) for code in codes]
            operators[-1].partner_id.street = False
            for operator in operators * ACCESSES:
                billing.access(operator, HELD_SINCE)
            declared = self._declared(env)
            sources = Sources(billing)
            for key, (_model, source) in declared.items():
                billing.product(
                    PRICE, network_id=billing.network.id, name=key, source=key
                )
                if key != "access":
                    since = HAPPENED if source.is_event else HELD_SINCE
                    getattr(sources, key)(operators[0], since)
            self.keys = list(declared)
            self.network_id = billing.network.id
            self.run_ids = billing.run(MONTH).ids
            self.operator_ids = [operator.id for operator in operators]

    @property
    def run_id(self):
        return self.run_ids[0]

    def at_each_source(self):
        """Return the calls at which what a source owes has just been frozen."""
        return [after(STATEMENT, "freeze", rank + 1) for rank in range(len(self.keys))]

    def run(self, found):
        for run_id in self.run_ids:
            self._run_one(found, run_id)

    def _run_one(self, found, run_id):
        with self._in_the_background():
            with environment(found) as env:
                run = env[RUN].browse(run_id)
                if run.state == "draft":
                    run.action_compute()
            with environment(found) as env:
                env[RUN]._cron_process()

    @contextmanager
    def _in_the_background(self):
        from odoo.addons.oiconnect_billing.models import billing_run_process

        with (
            patch.object(billing_run_process, "AT_ONCE", 0),
            patch.object(billing_run_process, "BATCH", 1),
        ):
            yield

    def run_twice_at_once(self):
        """Two runs of the month, each in its process: both come to freeze at once."""
        with environment(self.found) as env:
            other = env[RUN].browse(self.run_id).copy()
            self.run_ids = [self.run_id, other.id]
        barrier = multiprocessing.get_context("fork").Barrier(2, timeout=LIMIT)
        processes = [
            beside(self.found, self._run_beside, run_id, barrier)
            for run_id in self.run_ids
        ]
        for process in processes:
            process.join(LIMIT)
        assert not any(process.is_alive() for process in processes)
        assert not barrier.broken
        # Who came second begins again.
        self.run(self.found)

    def _run_beside(self, found, run_id, barrier):
        with kill_points.at(found, before(RUN, "_freeze"), barrier.wait):
            self._run_one(found, run_id)

    def end_all(self):
        """All that the first operator holds ends, in another transaction."""
        with environment(self.found) as env:
            for table, (day, holder) in HELD_IN.items():
                env.cr.execute(
                    f"UPDATE {table} AS held SET end_date = %s"
                    f" WHERE end_date IS NULL AND {holder} = %s",
                    [f"{day} 12:00:00", self.operator_ids[0]],
                )

    # ------------------------------------------------------------------

    def assert_nothing_billed(self):
        with environment(self.found) as env:
            run = env[RUN].browse(self.run_ids)
            assert not run.item_ids
            assert not run.row_ids
            assert not run.move_ids

    def assert_done(self):
        with environment(self.found) as env:
            runs = env[RUN].browse(self.run_ids)
            assert set(runs.mapped("state")) <= {"failed", "done"}
            self._assert_billed(runs, self.operator_ids[:-1])
            faulty = runs.row_ids.filtered(lambda row: row.state == "error")
            assert set(faulty.operator_id.ids) == {self.operator_ids[-1]}
            assert len(faulty) == len(faulty.run_id)
            # Once its address is known, it is invoiced too, and no one else again.
            faulty.operator_id.partner_id.street = "2 rue d'Essai"
            for run in runs.filtered(lambda run: run.state == "failed"):
                run.action_compute()
            assert set(runs.mapped("state")) == {"done"}
            self._assert_billed(runs, self.operator_ids)

    def _assert_billed(self, runs, operator_ids):
        moves = runs.move_ids
        assert sorted(moves.oiconnect_operator_id.ids) == operator_ids
        assert len(moves) == len(runs.row_ids.move_id) == len(operator_ids)
        lines = runs.item_ids.line_ids
        owed = dict.fromkeys(self.keys, PRICE) | OWED_OF
        for move in moves:
            own = lines.filtered(lambda line, move=move: line.move_id == move)
            amounts = Counter()
            for line in own:
                amounts[line.source] += line.amount
            first = move.oiconnect_operator_id.id == operator_ids[0]
            assert amounts == (owed if first else {"access": PRICE * ACCESSES})
            assert move.amount_untaxed == sum(own.mapped("amount"))
        assert all(lines.move_id.mapped("oiconnect_run_id"))
        # Each record once
        records = [(line.source, line.res_id) for line in lines]
        assert len(records) == len(set(records))
        assert set(lines.mapped("period")) == {date.fromisoformat(f"{MONTH}-01")}

    def assert_ended_are_settled(self):
        """A held line owes its days, whatever the run could know of its end."""
        with environment(self.found) as env:
            run = env[RUN].browse(self.run_id)
            later = {"month": f"{NEXT_MONTH}-01", "network_id": self.network_id}
            runs = run | run.create(later)
            runs[-1].action_compute()
            sums = Counter()
            for line in runs.item_ids.line_ids:
                if line.operator_id.id == self.operator_ids[0]:
                    sums[line.source, line.res_id] += line.amount
            for key, (_model, source) in self._declared(env).items():
                owed = [PRICE] if source.is_event else OWED_OF_ENDED.get(key, [OWED])
                found = [sums[one] for one in sums if one[0] == key and sums[one]]
                assert sorted(found) == owed, key
            for move in runs.move_ids:
                assert move.amount_untaxed_signed == sum(
                    move.oiconnect_item_ids.mapped("amount")
                )

    def _declared(self, env):
        return env["oiconnect.billing.source"]._declared()
