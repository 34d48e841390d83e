"""Checks 27 to 30: positions, boxes and locals."""

from odoo.tools import SQL

from .check import check
from .words import _lt


def _fibre_twice(run, number, side):
    """Report the positions whose fibre an earlier one has: they are those to correct.

    A fibre in several positions of a splitter is no fault.
    """
    if "t_position" not in run.stage:
        return
    column = f"ps_{side}"
    positions = _that_share(run, side, column)
    if not positions:
        return
    run.report(
        number,
        "t_position",
        """SELECT s.line, %(column)s, s.fibre, 'fibre_twice',
                  jsonb_build_object('column', %(column)s::text, 'value', s.fibre,
                                     'first', s.first),
                  NULL::float8, NULL::float8
             FROM (SELECT s.line, %(cell)s AS fibre, min(s.line) OVER same AS first
                     FROM %(positions)s
                   WINDOW same AS (PARTITION BY %(cell)s)) s
            WHERE s.line > s.first""",
        column=column,
        cell=SQL.identifier("s", column),
        positions=positions,
    )


def _that_share(run, side, column):
    """Return the SQL of the positions that may have a fibre of others, None: none."""
    graph = run.graph()
    if not graph and not run.has_doubles("t_position", column):
        return None
    positions = run.rows(
        """%(t_position)s s
            WHERE %(cell)s IS NOT NULL AND %(shared)s
              AND NOT EXISTS (SELECT FROM %(t_cassette)s cs
                               WHERE cs.cs_code = s.ps_cs_code AND cs.cs_type = 'S')""",
        cell=SQL.identifier("s", column),
        shared=SQL("s.line IN (%s)", graph.sharing(side)) if graph else SQL("TRUE"),
    )
    # Mostly none: several processes may count them, one alone inserts.
    [(count,)] = run.fetch("SELECT count(*) FROM %(positions)s", positions=positions)
    return positions if count else None


@check(27, _lt("A fibre is upstream of two positions"), "3", "2")
def upstream_twice(run):
    _fibre_twice(run, 27, 1)


@check(28, _lt("A fibre is downstream of two positions"), "3", "2")
def downstream_twice(run):
    _fibre_twice(run, 28, 2)


@check(29, _lt("A box has neither point nor local"), "3", "2")
def box_without_place(run):
    run.report(
        29,
        "t_ebp",
        """SELECT s.line, 'bp_pt_code', s.bp_code, 'box_without_place',
                  jsonb_build_object('box', s.bp_code), NULL::float8, NULL::float8
             FROM %(t_ebp)s s
            WHERE COALESCE(s.bp_pt_code, s.bp_lt_code, s.bp_sf_code, s.bp_lc_code)
                  IS NULL""",
    )


@check(30, _lt("Two SRO zones have the same local"), "3", "2")
def local_of_two_zones(run):
    run.report(
        30,
        "t_zsro",
        """SELECT s.line, %(column)s, s.place, 'local_of_two_zones',
                  jsonb_build_object('value', s.place, 'first', s.first),
                  NULL::float8, NULL::float8
             FROM (SELECT s.line, COALESCE(s.zs_lc_code, s.zs_lt_code) AS place,
                          min(s.line) OVER same AS first, count(*) OVER same AS times
                     FROM %(t_zsro)s s
                    WHERE COALESCE(s.zs_lc_code, s.zs_lt_code) IS NOT NULL
                   WINDOW same AS (
                       PARTITION BY COALESCE(s.zs_lc_code, s.zs_lt_code))) s
            WHERE s.times > 1""",
        column="zs_lc_code" if run.generation == "3" else "zs_lt_code",
    )
