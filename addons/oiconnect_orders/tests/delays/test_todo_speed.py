from odoo.tests.common import tagged
from odoo.tools import SQL

from ..clock_common import ClockCase

ROWS = 20_000
PAGE = 80


@tagged("post_install", "-at_install")
class TestTodoSpeed(ClockCase):
    """However long the work list: its first screen reads what it shows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.cr.execute(
            SQL(
                """
                INSERT INTO oiconnect_todo (
                    res_model, res_id, kind, name, network_id, company_id,
                    operator_id, user_id, due_date, warning_date, state
                )
                SELECT 'oiconnect.access.order', n,
                    CASE n %% 400 WHEN 0 THEN 'late' ELSE 'resume' END,
                    'OCT-' || n, %s, %s, CASE n %% 50 WHEN 0 THEN %s ELSE %s END,
                    CASE n %% 40 WHEN 0 THEN %s END,
                    now() + n * interval '1 minute', now(),
                    CASE n %% 20 WHEN 0 THEN 'open' ELSE 'done' END
                FROM generate_series(1, %s) n
                """,
                cls.network.id,
                cls.network.company_id.id,
                cls.operator.id,
                cls.rival.id,
                cls.env.uid,
                ROWS,
            )
        )
        cls.env.cr.execute("ANALYZE oiconnect_todo")

    def _plan(self, *domain):
        query = self.todos._search(domain, order=self.todos._order, limit=PAGE)
        self.env.cr.execute(SQL("EXPLAIN (ANALYZE, TIMING OFF) %s", query.select()))
        return "\n".join(line for (line,) in self.env.cr.fetchall())

    def test_every_filter_of_the_list_has_its_index(self):
        to_do = ("state", "=", "open")
        for index, domain in (
            ("open_idx", [to_do]),
            ("open_idx", [to_do, ("due_date", "<", "now")]),
            ("kind_idx", [to_do, ("kind", "=", "late")]),
            ("operator_idx", [to_do, ("operator_id", "=", self.operator.id)]),
            ("user_idx", [to_do, ("user_id", "=", self.env.uid)]),
            ("due_idx", [("state", "=", "done")]),
            ("due_idx", []),
        ):
            with self.subTest(index=index, domain=domain):
                plan = self._plan(*domain)
                self.assertIn(f"oiconnect_todo_{index}", plan)
                self.assertNotIn("Seq Scan", plan)
                self.assertNotIn("Sort", plan, "read in its order")
