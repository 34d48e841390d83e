from odoo import api, models
from odoo.tools import SQL

from .technician_report import coloured

# Boxes that are read together
_BATCH = 50
#: column by which splices and fibres name a box: its model
BOXES = {"splice_box_id": "oiconnect.splice.box", "pbo_id": "oiconnect.pbo"}
#: of cables: what starts and what ends at such a box
_ENDS = {
    "splice_box_id": ("start_box_id", "end_box_id"),
    "pbo_id": ("start_pbo_id", "end_pbo_id"),
}
#: what says which box it is and where, of what a box has
_FACTS = (
    "pm_id",
    "nro_id",
    "physical_type",
    "type_id",
    "place",
    "localisation",
    "tray_count",
    "state",
)


class BoxPlan(models.AbstractModel):
    """Content of boxes for technicians: cables, trays, each splice and its way."""

    _name = "oiconnect.box.plan"
    _inherit = "oiconnect.technician.report"
    _description = "Box plans"

    @api.model
    @api.private
    def _boxes(self, records):
        """Return ``[(column of BOXES, [ids])]`` of boxes, or of those of PMs."""
        records = self._readable(records)
        self.env["oiconnect.trace"]._flush()
        column = next((key for key in BOXES if BOXES[key] == records._name), None)
        if column:
            return [(column, records.ids)]
        behind = [("pm_id", "in", records.ids)]
        return [
            (column, self.env[model].search(behind, order="pm_id, reference, id").ids)
            for column, model in BOXES.items()
        ]

    @api.model
    @api.private
    def _line_count(self, boxes):
        """Return how many lines the plans of these boxes have."""
        return sum(
            self.env.execute_query(
                SQL("SELECT count(*) FROM (%s) line", _lines(column, ids))
            )[0][0]
            for column, ids in boxes
        )

    @api.model
    @api.private
    def _plans(self, boxes):
        """Yield the plan of each box: ``box, kind, facts, cables, trays, lines``."""
        colours = self.env["oiconnect.trace"]._colours()
        for column, ids in boxes:
            for start in range(0, len(ids), _BATCH):
                yield from self._batch(column, ids[start : start + _BATCH], colours)

    def _batch(self, column, ids, colours):
        boxes = self.env[BOXES[column]].sudo().browse(ids)
        cables = self._cables(column, ids)
        lines = self._plan_lines(column, ids, colours)
        for box in boxes:
            own = lines.get(box.id, [])
            trays = dict.fromkeys(line["tray"] for line in own if line["tray"])
            yield {
                "box": box,
                "kind": self._kind(box),
                "facts": self._facts(box),
                "cables": cables.get(box.id, []),
                "trays": [
                    (tray, sum(line["tray"] == tray for line in own)) for tray in trays
                ],
                "lines": own,
            }

    def _kind(self, box):
        if box._name == "oiconnect.pbo":
            return self.env._("PBO")
        labels = dict(box._fields["kind"]._description_selection(self.env))
        return labels[box.kind]

    def _facts(self, box):
        """Return the ``(label, text)`` that say which box it is and where."""
        facts = []
        for name in _FACTS:
            if name not in box._fields or not box[name]:
                continue
            field, value = box._fields[name], box[name]
            if field.type == "many2one":
                value = value.display_name
            elif field.type == "selection":
                value = dict(field._description_selection(self.env))[value]
            facts.append((field._description_string(self.env), value))
        return facts

    # ------------------------------------------------------------------
    # Cables
    # ------------------------------------------------------------------

    def _cables(self, column, ids):
        """Return ``{box id: [cable]}``, those that come in first."""
        found = {}
        sides = {
            "in": self.env._("Comes in"),
            "out": self.env._("Goes out"),
            "both": self.env._("Comes in and goes out"),
        }
        for box, side, cable_id in self.env.execute_query(_cables(column, ids)):
            found.setdefault(box, []).append((side, cable_id))
        cables = (
            self.env["oiconnect.pbo.cable"]
            .sudo()
            .browse({cable for pairs in found.values() for _side, cable in pairs})
        )
        known = {cable.id: cable for cable in cables}
        kinds = dict(cables._fields["kind"]._description_selection(self.env))
        return {
            box: [
                {
                    "side": sides[side],
                    "reference": known[cable].reference,
                    "kind": kinds[known[cable].kind],
                    "tubes": known[cable].tube_count or "",
                    "fibres": known[cable].fibres_per_tube or "",
                    "length": round(known[cable].length_m) or "",
                    "start": known[cable].start_name or "",
                    "end": known[cable].end_name or "",
                }
                for side, cable in pairs
            ]
            for box, pairs in found.items()
        }

    # ------------------------------------------------------------------
    # Lines
    # ------------------------------------------------------------------

    def _plan_lines(self, column, ids, colours):
        """Return ``{box id: [line]}`` in the order of trays."""
        rows = self.env.execute_query_dict(_lines_query(column, ids))
        ways = self._ways([row["upstream_id"] for row in rows])
        splice = self.env["oiconnect.splice"]
        kinds = dict(splice._fields["kind"]._description_selection(self.env))
        none = ("", "", "", False)
        ends = {"pto": self.env._("To the socket"), None: self.env._("Waits")}
        found = {}
        for row in rows:
            state, position, end, wired = ways.get(row["upstream_id"], none)
            found.setdefault(row["box_id"], []).append(
                {
                    "tray": row["tray"] or "",
                    "slot": row["slot"] or "",
                    "upper": _end(row, "upper", colours),
                    "lower": _end(row, "lower", colours),
                    "kind": kinds.get(row["kind"]) or ends["pto" if wired else None],
                    "state": state,
                    "position": position,
                    # A fibre that waits leads nowhere: its last place is this box.
                    "end": end if wired or row["downstream_id"] else "",
                }
            )
        return found


def _end(row, side, colours):
    """Return ``(cable, (tube, colour), (fibre, colour))`` of one side of a line."""
    return (
        row[f"{side}_cable"] or "",
        coloured(colours, row[f"{side}_tube"]),
        coloured(colours, row[f"{side}_fibre"]),
    )


def _lines(column, ids):
    """Return the query of the splices of boxes, and of the fibres that end there."""
    return SQL(
        """
        SELECT splice.%(column)s AS box_id, upstream_id, downstream_id, kind, tray, slot
          FROM oiconnect_splice splice WHERE splice.%(column)s = ANY(%(ids)s)
         UNION ALL
        SELECT fibre.%(column)s, fibre.id, NULL, NULL, NULL, NULL
          FROM oiconnect_pbo_fibre fibre
         WHERE fibre.%(column)s = ANY(%(ids)s) AND NOT EXISTS (
               SELECT FROM oiconnect_splice splice WHERE splice.upstream_id = fibre.id)
        """,
        column=SQL.identifier(column),
        ids=ids,
    )


def _lines_query(column, ids):
    return SQL(
        """
        SELECT line.*, upper_cable.reference AS upper_cable, upper.tube AS upper_tube,
               upper.fibre AS upper_fibre, lower_cable.reference AS lower_cable,
               lower.tube AS lower_tube, lower.fibre AS lower_fibre
          FROM (%s) line
          JOIN oiconnect_pbo_fibre upper ON upper.id = line.upstream_id
          JOIN oiconnect_pbo_cable upper_cable ON upper_cable.id = upper.cable_id
          LEFT JOIN oiconnect_pbo_fibre lower ON lower.id = line.downstream_id
          LEFT JOIN oiconnect_pbo_cable lower_cable ON lower_cable.id = lower.cable_id
         ORDER BY box_id, line.tray IS NULL,
               CASE WHEN line.tray ~ '^[0-9]{1,9}$' THEN line.tray::int END, line.tray,
               NULLIF(line.slot, 0), upper_cable, upper.sequence, upper.id
        """,
        _lines(column, ids),
    )


def _cables(column, ids):
    """Return the query of the cables of boxes: box, side, cable."""
    start, end = map(SQL.identifier, _ENDS[column])
    return SQL(
        """
        SELECT box_id,
               CASE WHEN count(DISTINCT side) = 2 THEN 'both' ELSE min(side) END AS way,
               seen.cable_id
          FROM (SELECT %(end)s AS box_id, 'in' AS side, id AS cable_id
                  FROM oiconnect_pbo_cable WHERE %(end)s = ANY(%(ids)s)
                 UNION ALL
                SELECT %(start)s, 'out', id
                  FROM oiconnect_pbo_cable WHERE %(start)s = ANY(%(ids)s)
                 UNION ALL
                SELECT %(column)s, 'in', upstream_cable_id
                  FROM oiconnect_splice WHERE %(column)s = ANY(%(ids)s)
                 UNION ALL
                SELECT %(column)s, 'out', downstream_cable_id
                  FROM oiconnect_splice WHERE %(column)s = ANY(%(ids)s)
                 UNION ALL
                SELECT %(column)s, 'in', cable_id
                  FROM oiconnect_pbo_fibre WHERE %(column)s = ANY(%(ids)s)) seen
          JOIN oiconnect_pbo_cable cable ON cable.id = seen.cable_id
         GROUP BY box_id, seen.cable_id, cable.reference
         ORDER BY box_id, min(side), cable.reference
        """,
        start=start,
        end=end,
        column=SQL.identifier(column),
        ids=ids,
    )
