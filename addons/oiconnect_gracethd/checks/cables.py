"""Checks 8, 9, 10, 26, 32 and 33: cables and their fibres."""

from odoo.tools import SQL

from ..reading.others import NOTE
from ..reading.problems import Problem
from .check import check
from .words import _lt

_LEAST, _MOST = 2, 780


def _capacity(run, number, key, limit, condition):
    if not run.has("t_cable", "cb_capafo"):
        return
    run.report(
        number,
        "t_cable",
        """SELECT s.line, 'cb_capafo', s.cb_capafo, %(key)s,
                  jsonb_build_object('value', s.cb_capafo, 'limit', %(limit)s::int),
                  NULL::float8, NULL::float8
             FROM %(t_cable)s s WHERE %(condition)s""",
        key=key,
        limit=limit,
        condition=condition,
    )


def _fibres(run):
    return run.typed("s", "t_cable", "cb_capafo")


@check(8, _lt("The capacity of a cable is too small"), "3")
def too_small(run):
    _capacity(
        run,
        8,
        "capacity_small",
        _LEAST,
        SQL("%s < %s AND NOT %s", _fibres(run), _LEAST, _is_single_drop(run)),
    )
    _report_single_drops(run)


def _is_single_drop(run):
    """Return the condition that the cable ``s`` is a drop of one fibre."""
    return SQL("(COALESCE(s.cb_typelog, '') = 'RA' AND %s = 1)", _fibres(run))


def _report_single_drops(run):
    """Drops of one fibre are how most are laid: one note for all of them."""
    if not run.has("t_cable", "cb_capafo"):
        return
    [(count,)] = run.fetch(
        "SELECT count(*) FROM %(t_cable)s s WHERE %(single)s",
        single=_is_single_drop(run),
    )
    if count:
        file = run.stage.files["t_cable"]
        problem = Problem(
            "t_cable", file, "single_drops", {"count": count}, check=8, level=NOTE
        )
        run.log.problem(problem)


@check(9, _lt("The capacity of a cable is too big"), "3")
def too_big(run):
    condition = SQL("%s > %s", _fibres(run), _MOST)
    _capacity(run, 9, "capacity_big", _MOST, condition)


@check(10, _lt("Cables of one reference have different capacities"), "3")
def capacities_differ(run):
    run.report(
        10,
        "t_cable",
        """SELECT s.line, 'cb_capafo', s.cb_capafo, 'capacities_differ',
                  jsonb_build_object('value', s.cb_capafo, 'reference', s.cb_rf_code,
                                     'first', s.first, 'other', s.other),
                  NULL::float8, NULL::float8
             FROM (SELECT s.line, s.cb_capafo, s.cb_rf_code, %(capacity)s AS capacity,
                          first_value(s.line) OVER same AS first,
                          first_value(%(capacity)s) OVER same AS other
                     FROM %(t_cable)s s
                    WHERE s.cb_rf_code IS NOT NULL AND %(capacity)s IS NOT NULL
                   WINDOW same AS (PARTITION BY s.cb_rf_code ORDER BY s.line)) s
            WHERE s.capacity <> s.other""",
        capacity=run.typed("s", "t_cable", "cb_capafo"),
    )


@check(26, _lt("A tube and a number are twice in a cable"), "2")
def fibres_doubled(run):
    if not _may_be_doubled(run):
        return
    run.report(
        26,
        "t_fibre",
        """SELECT s.line, 'fo_numtub, fo_nintub', concat_ws(', ', s.tube, s.number),
                  'fibre_doubled',
                  jsonb_build_object('tube', s.tube, 'number', s.number,
                                     'cable', s.fo_cb_code, 'first', s.first),
                  NULL::float8, NULL::float8
             FROM (SELECT s.*, min(s.line) OVER same AS first
                     FROM (SELECT s.line, s.fo_cb_code, %(tube)s AS tube,
                                  %(number)s AS number FROM %(t_fibre)s s) s
                    WHERE s.tube IS NOT NULL AND s.number IS NOT NULL
                   WINDOW same AS (PARTITION BY s.fo_cb_code, s.tube, s.number)) s
            WHERE s.line > s.first""",
        tube=run.typed("s", "t_fibre", "fo_numtub"),
        number=run.typed("s", "t_fibre", "fo_nintub"),
    )


def _may_be_doubled(run):
    """Tell whether fibres may have one tube and number: some do, or are written oddly.

    Cells that are digits are equal, without the zeros before, when their numbers are.
    """
    if "t_fibre" not in run.stage:
        return False
    if run.look("t_fibre").has_odd_numbers:
        return True
    [(found,)] = run.fetch(
        """SELECT count(*) > count(DISTINCT
                      hashtextextended(ltrim(fo_numtub, '0'),
                      hashtextextended(ltrim(fo_nintub, '0'),
                      hashtextextended(COALESCE(fo_cb_code, ''), 0))))
             FROM %(t_fibre)s s
            WHERE (fo_numtub, fo_nintub) IS NOT NULL"""
    )
    return found


@check(32, _lt("The fibres of a cable join more than two boxes"), "3")
def more_than_two_boxes(run):
    # Cables of version 2 go through boxes uncut: those of version 3 are cut at each.
    if run.generation != "3":
        return
    run.report(
        32,
        "t_cable",
        """SELECT cb.line, 'cb_code', cb.cb_code, 'more_than_two_boxes',
                  jsonb_build_object('count', j.times, 'boxes', left(j.boxes, 200)),
                  NULL::float8, NULL::float8
             FROM (SELECT fo.fo_cb_code, count(DISTINCT cs.cs_bp_code) AS times,
                          string_agg(DISTINCT cs.cs_bp_code, ', ') AS boxes
                     FROM (SELECT ps_1 AS fo_code, ps_cs_code FROM %(t_position)s
                           UNION ALL
                           SELECT ps_2, ps_cs_code FROM %(t_position)s) ps
                     JOIN %(one_t_fibre)s fo ON fo.fo_code = ps.fo_code
                     JOIN %(one_t_cassette)s cs ON cs.cs_code = ps.ps_cs_code
                    GROUP BY 1 HAVING count(DISTINCT cs.cs_bp_code) > 2) j
             JOIN %(one_t_cable)s cb ON cb.cb_code = j.fo_cb_code""",
    )


@check(33, _lt("The box of a cable's end is not on the node of that end"), "3")
def box_elsewhere(run):
    for box, node in (("cb_bp1", "cb_nd1"), ("cb_bp2", "cb_nd2")):
        run.report(
            33,
            "t_cable",
            """SELECT cb.line, %(column)s, cb.%(box)s, 'box_elsewhere',
                      jsonb_build_object('box', cb.%(box)s, 'node', cb.%(node)s,
                                         'found', b.nd_code),
                      NULL::float8, NULL::float8
                 FROM %(t_cable)s cb JOIN %(boxes)s b ON b.bp_code = cb.%(box)s
                WHERE cb.%(node)s <> b.nd_code""",
            column=box,
            box=SQL.identifier(box),
            node=SQL.identifier(node),
            boxes=run.box_nodes(),
        )
