import base64

from odoo import api, models
from odoo.exceptions import UserError

from ...optical.drawing import draw, paged
from .trace import KINDS

PAGE = 12
# Paths in one file or on paper: more are not read by anybody.
MOST = 300
# Height of a drawing beside the width of the page: what a page in landscape leaves
RATIO = 0.58


class Trace(models.AbstractModel):
    """Drawing and table of a point, for the screen, files and print."""

    _inherit = "oiconnect.trace"

    @api.model
    @api.readonly
    def show(self, model, res_id, tube=None, offset=0, limit=PAGE):
        """Return the drawing and the table of the paths through a record."""
        record = self._origin(model, res_id)
        answer = self._head(record)
        if model == "oiconnect.prdm":
            return answer | {"groups": self._prdm_groups(record)}
        tubes = self._tubes(record)
        if tubes and tube not in [name for name, _count in tubes]:
            tube = tubes[0][0]
        keys = self._keys([self._point(record, tube)])
        limit = min(limit, MOST)
        paths = self._paths(keys[offset : offset + limit])
        lines = self._lines(paths, {(model, record.id)})
        return answer | {
            "tubes": tubes,
            "tube": tube if tubes else None,
            "total": len(keys),
            "offset": offset,
            "limit": limit,
            "svg": str(self._draw(lines)),
            "columns": self._columns(),
            "rows": self._table_rows(lines, offset),
            "flaws": self._flaw_rows(lines, offset),
        }

    @api.model
    @api.private
    def _whole(self, record, parts, tube=None):
        """Return the drawing and the table of all paths of a record, for a file.

        :param parts: of the network, that it is or takes
        """
        lines = self._all_lines(parts, tube)
        return self._head(record) | {
            "svg": str(self._draw(lines)),
            "columns": self._columns(),
            "rows": self._table_rows(lines),
        }

    @api.model
    @api.private
    def _printed(self, model, res_id, tube=None):
        """Return what is printed: drawings that fit a page each, gaps, the table."""
        record = self._origin(model, res_id)
        lines = self._all_lines(record, tube)
        flaws = [row for row in self._flaw_rows(lines, 0) if not row["mild"]]
        return self._head(record) | {
            "summary": self.env._(
                "Paths: %(paths)s · to fix: %(flaws)s",
                paths=len(lines),
                flaws=len(flaws),
            ),
            "images": [
                {"address": _image(self._draw(page)), "width": f"{share:.1%}"}
                for page, share in paged(lines, RATIO)
            ],
            "flaws": flaws,
            # The path is the heading of its rows: it needs no columns
            "columns": self._columns()[2:],
            "paths": [
                {
                    "number": number,
                    "title": line.title,
                    "detail": line.detail,
                    "length": round(line.length),
                    "rows": self._table_rows([line]),
                }
                for number, line in enumerate(lines, 1)
            ],
        }

    def _all_lines(self, parts, tube=None):
        keys = self._keys([self._point(part, tube) for part in parts])
        here = {(part._name, part.id) for part in parts}
        return self._lines(self._paths(keys[:MOST]), here)

    def _columns(self):
        """Return the headings of the table."""
        return [
            self.env._("No."),
            self.env._("Route"),
            self.env._("Part"),
            self.env._("Reference"),
            self.env._("Detail"),
            self.env._("Tube"),
            self.env._("Fibre"),
            self.env._("Length (m)"),
            self.env._("Operator"),
        ]

    def _origin(self, model, res_id):
        """Return the record one starts from, if the user may read it."""
        if model not in KINDS:
            raise UserError(
                self.env._("No fibre can be followed from there: open a PTO, a route…")
            )
        # An object of another company is reported as one that is no more.
        self.env[model].check_access("read")
        number = int(res_id) if str(res_id).isdecimal() else 0
        records = self.env[model].with_context(active_test=False)
        record = records.search([("id", "=", number)])
        if not record:
            raise UserError(
                self.env._("This object is no more: go back to the list and open it.")
            )
        return self.env[model].browse(record.id)

    def _head(self, record):
        kind = self.env["ir.model"].sudo()._get(record._name).name
        return {
            "model": record._name,
            "id": record.id,
            "kind": kind,
            "name": record.display_name,
            "title": f"{kind} {record.display_name}",
        }

    def _point(self, record, tube):
        if tube:
            return "tube", (record.id, tube)
        return KINDS[record._name], record.id

    def _tubes(self, record):
        """Return the tubes of a cable, with their fibres: ``[(tube, count)]``."""
        if record._name != "oiconnect.pbo.cable":
            return []
        return [
            (tube, count)
            for tube, count, _first in self.env["oiconnect.pbo.fibre"]._read_group(
                [("cable_id", "=", record.id)],
                ["tube"],
                ["__count", "sequence:min"],
                order="sequence:min, tube",
            )
        ]

    def _draw(self, lines):
        labels = self._labels()
        labels |= {"link_fibre": self.env._("Link"), "fibre": self.env._("PBO cable")}
        return draw(lines, labels, self.env._("You are here"))

    # ------------------------------------------------------------------
    # Table
    # ------------------------------------------------------------------

    @api.model
    def _table_rows(self, lines, offset=0):
        """Return one row a hop: what the drawing shows, in words."""
        return [
            {
                "path": rank,
                "route": line.title,
                "label": hop.label,
                "title": hop.flaw.text if hop.flaw else hop.title,
                "detail": " · ".join(filter(None, hop.lines)),
                "tube": hop.tube and hop.tube.label,
                "tube_hex": hop.tube and hop.tube.hex,
                "fibre": hop.fibre and hop.fibre.label,
                "fibre_hex": hop.fibre and hop.fibre.hex,
                "length": round(hop.length),
                "operator": hop.operator,
                "model": hop.model,
                "id": hop.id,
                "here": hop.is_here,
                "flaw": bool(hop.flaw),
                "mild": bool(hop.flaw and hop.flaw.is_mild),
            }
            for rank, line in enumerate(lines, offset + 1)
            for hop in line.hops
        ]

    def _flaw_rows(self, lines, offset):
        return [
            {
                "path": rank,
                "code": flaw.code,
                "text": flaw.text,
                "mild": flaw.is_mild,
                "model": flaw.model,
                "id": flaw.id,
                "fix": flaw.fix,
            }
            for rank, line in enumerate(lines, offset + 1)
            for flaw in line.flaws
        ]

    # ------------------------------------------------------------------
    # PRDM
    # ------------------------------------------------------------------

    def _prdm_groups(self, prdm):
        """Return one line a link: thousands of routes are counted, not drawn."""
        self._flush()
        self.env["oiconnect.pm.link"].flush_model()
        self.env.cr.execute(
            """
            SELECT link.id, link.reference, pm.reference, pm.city,
                link.length_km, count(DISTINCT fibre.id), count(position.id),
                count(route.id), count(route.id) FILTER (WHERE route.state = 'used')
            FROM oiconnect_pm_link link
            JOIN oiconnect_pm pm ON pm.id = link.pm_id
            LEFT JOIN oiconnect_pm_link_fibre fibre ON fibre.link_id = link.id
            LEFT JOIN oiconnect_pm_position position
                ON position.link_fibre_id = fibre.id
            LEFT JOIN oiconnect_route route ON route.position_id = position.id
            WHERE link.prdm_id = %s
            GROUP BY link.id, pm.id ORDER BY link.reference
            """,
            [prdm.id],
        )
        names = ("id", "name", "pm", "city", "length", "fibres", "positions", "routes")
        return [
            dict(zip((*names, "used"), row, strict=True))
            for row in self.env.cr.fetchall()
        ]


def _image(drawing):
    """Return a drawing as the address of an image."""
    content = base64.b64encode(str(drawing).encode()).decode()
    return f"data:image/svg+xml;base64,{content}"
