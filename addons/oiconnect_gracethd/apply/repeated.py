"""Positions that repeat the fibres of an earlier one."""

from odoo.tools import SQL


def leave_out(base, run):
    """Leave out the positions that repeat others: what the check found says so."""
    lines = base.leave_out_repeated()
    if lines:
        base.cr.execute(
            SQL(
                """UPDATE oiconnect_import_error SET is_left_out = TRUE
                    WHERE import_id = %s AND table_name = 't_position'
                      AND message_key = 'fibre_twice' AND line = ANY(%s)""",
                run.import_id,
                lines,
            )
        )
