from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.oiconnect_base.plural import plural

from ..bulk.hanging import HANGING


class Import(models.Model):
    """What of a delivery is left out, and what hangs on it, before it is applied."""

    _inherit = "oiconnect.import"

    gracethd_left_out = fields.Text(
        "Left out, by check", compute="_compute_gracethd_left_out"
    )

    @api.depends("error_ids.is_left_out")
    @api.depends_context("lang")
    def _compute_gracethd_left_out(self):
        for record in self:
            lines = record._left_out_lines() if record._is_delivery() else ()
            record.gracethd_left_out = "\n".join(lines)

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_view_left_out(self):
        """Open the rows that are left out, and what hangs on them, by check."""
        self.ensure_one()
        action = self.action_view_errors()
        return action | {
            "domain": [*action["domain"], ("is_left_out", "=", True)],
            "context": action["context"] | {"search_default_group_code": 1},
        }

    # ------------------------------------------------------------------
    # The verdict
    # ------------------------------------------------------------------

    def _verdict_text(self):
        if not self._is_delivery():
            return super()._verdict_text()
        if self._is_applied_in_part():
            return self._left_out_text()
        count = self.error_line_count
        return plural(
            self.env,
            count,
            self.env._("One row is in error: nothing of the delivery is applied."),
            self.env._(
                "%s rows are in error: nothing of the delivery is applied.", count
            ),
        )

    def _is_applied_in_part(self):
        if self.state in ("refused", "failed") or self.on_error == "nothing":
            return False
        blocking = [("import_id", "=", self.id), ("level", "=", "1")]
        return not self.error_ids.search_count(blocking, limit=1)

    def _left_out_text(self):
        """Say in numbers what is left out, and what hangs on it."""
        count, hanging = self._left_out_count(), self._hanging_texts()
        if not count:
            return self.env._(
                "Cells that cannot be read are left void, and their rows are applied."
            )
        count_text = plural(
            self.env,
            count,
            self.env._("One row is left out"),
            self.env._("%s rows are left out", count),
        )
        if not hanging:
            return self.env._("%s, and nothing hangs on that.", count_text)
        return self.env._(
            "%(rows)s, and with that: %(hanging)s.",
            rows=count_text,
            hanging=", ".join(hanging),
        )

    def _left_out_domain(self):
        return Domain("import_id", "=", self._origin.id) & Domain(
            "is_left_out", "=", True
        )

    def _left_out_count(self):
        """Return how many rows are left out by themselves."""
        groups = self.error_ids._read_group(
            self._left_out_domain() & Domain("message_key", "not in", list(HANGING)),
            ["table_name"],
            ["line:count_distinct"],
        )
        return sum(count for _table, count in groups)

    def _hanging_texts(self):
        """Return the texts of how many things hang on the rows left out, by kind."""
        counts = dict(
            self.error_ids._read_group(
                self._left_out_domain() & Domain("message_key", "in", list(HANGING)),
                ["message_key"],
                ["__count"],
            )
        )
        broken = counts.pop("apply_route_fibre_absent", 0)
        if broken:
            counts["hangs_route"] = counts.get("hangs_route", 0) + broken
        return [
            self._hanging_text(key, counts[key]) for key in HANGING if key in counts
        ]

    def _hanging_text(self, key, count):
        env = self.env
        texts = {
            "hangs_route": plural(
                env, count, env._("one route"), env._("%s routes", count)
            ),
            "hangs_splice": plural(
                env, count, env._("one splice"), env._("%s splices", count)
            ),
            "hangs_fibre": plural(
                env, count, env._("one fibre"), env._("%s fibres", count)
            ),
            "hangs_link": plural(
                env,
                count,
                env._("one NRO–PM link fibre"),
                env._("%s NRO–PM link fibres", count),
            ),
        }
        return texts[key]

    def _left_out_lines(self):
        """Yield a line for each check, and for what the network cannot take."""
        domain = self._left_out_domain() & Domain(
            "message_key", "not in", list(HANGING)
        )
        groups = self.error_ids._read_group(
            domain, ["code", "table_name"], ["line:count_distinct"], order="code"
        )
        by_code = {}
        for code, table, count in groups:
            by_code.setdefault(code, []).append(f"{table} {count}")
        for code, tables in by_code.items():
            yield self.env._(
                "%(check)s: %(tables)s",
                check=self._left_out_title(code),
                tables=", ".join(tables),
            )

    def _left_out_title(self, code):
        error = self.error_ids.new({"code": code})
        return error._rule_title()
