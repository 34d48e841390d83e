from itertools import count
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.oiconnect_orders.tests.common import make_operator, open_pm

from ...models.exchanges import exchange_process
from ..common import HEADER_V13, ExchangeCase, make_file
from .turns import Workers

OPERATORS = 6


@tagged("post_install", "-at_install")
class TestExchangeTurn(ExchangeCase):
    """Files are processed in turn: whatever the others sent, none starves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        operators = [make_operator(cls.env, f"OCF{n}") for n in range(OPERATORS)]
        cls.accounts = cls.endpoint.browse()
        for operator in operators:
            open_pm(cls.env, cls.made, operator)
            cls.accounts |= cls.endpoint.copy(
                {
                    "name": operator.interop_code,
                    "operator_id": operator.id,
                    "login": operator.interop_code.lower(),
                }
            )
        # A line a batch: the number of lines is the number of turns.
        cls.startClassPatcher(patch.object(exchange_process, "BATCH", 1))

    def drop(self, account, lines=1):
        """A file of ``lines`` batches is dropped by an operator."""
        content = make_file(HEADER_V13, [self._wire() for _line in range(lines)])
        name = self._name(oc=account.operator_id.interop_code)
        return self.env["oiconnect.exchange"]._receive_file(account, name, content)

    def workers(self, number=1):
        """Workers whose every job takes one unit of time."""
        ticks = count()
        return Workers(self.env, number, cost=lambda: next(ticks))

    def ends(self, workers):
        """Run all; return at which time each file was done."""
        done = {}
        for exchange in workers.run():
            if exchange._is_settled():
                done.setdefault(exchange, workers.now)
        return done

    # ------------------------------------------------------------------

    def test_files_of_an_operator_follow_each_other(self):
        first, second, third = (self.drop(self.accounts[0]) for _rank in range(3))
        self.assertEqual(second.turn, first.turn + 1)
        self.assertEqual(third.turn, first.turn + 2)
        self.assertEqual(self.drop(self.accounts[1]).turn, first.turn)

    def test_the_priority_of_the_job_is_the_turn(self):
        exchange = self.drop(self.accounts[0])
        job = self.env["queue.job"].search(
            [("identity_key", "=", f"oiconnect-process-{exchange.id}")]
        )
        self.assertEqual(job.priority, 10 + exchange.turn)

    def test_a_small_file_does_not_wait_for_a_large_one(self):
        """OCF0 sends twenty batches; OCF1's one line is done in its first turn."""
        large = self.drop(self.accounts[0], lines=20)
        small = self.drop(self.accounts[1])
        done = self.ends(self.workers())
        # Opening a large file takes a job of its own; the small one takes one for all.
        self.assertLessEqual(done[small], 3)
        self.assertEqual(done[large], 20 + 1 + 1)

    def test_a_late_file_does_not_wait_for_a_hundred_of_another(self):
        many = [self.drop(self.accounts[0]) for _rank in range(30)]
        workers = self.workers()
        runner = workers.run()
        for _job in range(20):
            next(runner)
        before = workers.now
        late = self.drop(self.accounts[1])
        done = self.ends(workers)
        self.assertLessEqual(done[late] - before, 6)
        self.assertEqual(max(done, key=done.get), many[-1])

    def test_each_turn_has_one_batch_of_every_operator(self):
        """Files of 1, 2 … 6 batches, and ten files of OCF0: none is two ahead."""
        for rank, account in enumerate(self.accounts, 1):
            self.drop(account, lines=rank)
        for _rank in range(10):
            self.drop(self.accounts[0])
        batches = dict.fromkeys(self.accounts.operator_id, 0)
        lines = {op: 11 if rank == 0 else rank + 1 for rank, op in enumerate(batches)}
        for exchange in self.workers().run():
            operator = exchange.operator_id
            done = sum(self.done_lines(operator))
            batches[operator] = done
            waiting = [b for op, b in batches.items() if b < lines[op]]
            if waiting:
                self.assertLessEqual(done - min(waiting), 2)
        self.assertEqual(batches, lines)

    def done_lines(self, operator):
        return (
            self.env["oiconnect.exchange"]
            .search([("operator_id", "=", operator.id), ("direction", "=", "in")])
            .mapped("done_count")
        )

    def test_two_workers(self):
        large = [self.drop(self.accounts[0], lines=10) for _rank in range(3)]
        small = [self.drop(account) for account in self.accounts[1:]]
        done = self.ends(self.workers(2))
        self.assertLess(max(done[file] for file in small), min(done[f] for f in large))

    def test_an_endless_sender_starves_no_operator(self):
        """OCF0 drops a new file whenever one is done; OCF1's ten all get their turn."""
        own = [self.drop(self.accounts[1]) for _rank in range(10)]
        self.drop(self.accounts[0])
        workers, jobs = self.workers(), 0
        for exchange in workers.run():
            jobs += 1
            if exchange.operator_id == self.accounts[0].operator_id:
                if exchange._is_settled():
                    self.drop(self.accounts[0])
            if jobs > 60 or all(file._is_settled() for file in own):
                break
        self.assertEqual(set(map(type(own[0])._is_settled, own)), {True})
        self.assertLessEqual(jobs, 2 * 2 * 10 + 2)

    def test_a_file_that_never_ends_holds_no_turn_back(self):
        """A job that failed leaves its file behind: others count from now on."""
        stuck = self.drop(self.accounts[0])
        stuck._open_file()
        self.env["queue.job"].search(
            [("identity_key", "=", f"oiconnect-process-{stuck.id}")]
        ).write({"state": "failed"})
        self.drop(self.accounts[1], lines=8)
        list(self.workers().run())
        fresh = self.drop(self.accounts[2])
        self.assertGreaterEqual(fresh.turn, stuck.turn + 7)

    def test_planning_again_keeps_the_turn(self):
        """The safety net plans what waits: no file loses its place for it."""
        exchange = self.drop(self.accounts[0])
        turn = exchange.turn
        self.drop(self.accounts[0])
        exchange._plan_process()
        self.assertEqual(exchange.turn, turn)

    def test_files_of_ours_take_no_turn(self):
        self._take([self._wire()])
        sent = self._drain()
        self.assertTrue(sent)
        self.assertEqual(set(sent.mapped("turn")), {0})

    def test_looks_and_sendings_come_with_the_present_turn(self):
        """Else either would wait for all files, or all files for them."""
        self.drop(self.accounts[0], lines=5)
        list(self.workers().run())
        present = self.env["oiconnect.exchange"]._present_priority()
        self.assertGreaterEqual(present, 15)
        self.accounts[3]._plan_poll()
        self.accounts[3]._plan_send()
        jobs = self.env["queue.job"].search(
            [
                (
                    "identity_key",
                    "in",
                    [
                        self.accounts[3]._job_identity_key(purpose)
                        for purpose in ("poll", "send")
                    ],
                )
            ]
        )
        self.assertEqual(jobs.mapped("priority"), [present, present])

    def test_the_operator_that_waits_longest_is_answered_first(self):
        late, early = self.accounts[0].operator_id, self.accounts[1].operator_id
        for operator in (early, late):
            self.env["oiconnect.event"].create(
                {
                    "flow": "AR_CMD",
                    "operator_id": operator.id,
                    "network_id": self.network.id,
                    "version": "V1.3",
                    "payload": {"oc_reference": "OCT-1"},
                }
            )
        waiting = self.env["oiconnect.outbound"]._waiting_operators()
        self.assertEqual([op for op in waiting if op in early + late], [early, late])
