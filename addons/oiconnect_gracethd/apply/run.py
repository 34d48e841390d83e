"""The application of a checked delivery to the network, all of it or nothing.

It is plain SQL in the transaction of whoever calls. What is refused has left the
staging tables before; what cannot be brought to the network is reported, and left out.
"""

from dataclasses import dataclass, field
from typing import Any

from odoo.tools import SQL

from ..routes.links import rebuild_links
from ..routes.result import rebuild_routes
from . import (
    boxes,
    cables,
    dwellings,
    incomplete,
    links,
    network,
    repeated,
    rows,
    sites,
    splices,
    unmade,
    wiring,
)
from .journal import Journal
from .merge import Counts, Merger
from .outlines import outlines
from .places import draw_lines, place_points
from .previews import previews

#: what the standard leaves open, as it is chosen when nothing is said
SETTINGS = {
    "module": "drawer",
    "reference": "codeext",
    "pto": "linecod",
    "cable": "codeext",
    "pm": "refpm",
    "prdm": False,
    "buildings": True,
    "outlines": True,
    "preassigned": "free",
    "operator": None,
    "connectors": 4,
    "colours": {},
}


@dataclass
class ApplyRun:
    """Parameters of an application: for whom, where and how.

    :param generation: versions of the standard, "2" or "3"
    :param epsg: projection of the delivery
    :param head: network_id, company_id, user_id, date, reason and batch
    :param address_sql: ``address_sql(alias)``: an address on one line
    :param tracked: ``tracked(model)``: columns whose changes the history keeps
    :param dated: ``dated(model)``: operators receive the day of the last change
    :param today: that day
    :param report: ``report(fraction)``
    :param journal: what is done, recorded for its undoing
    :param keep_outlines: ``keep_outlines({id of a PM: GeoJSON})`` returns the number of
        outlines created, changed and unchanged
    :param is_check: what each choice would give is looked at
    :param voided: table of the cells that were read as void, with what they said
    :param hanging: ``Hanging`` of the rows that were left out, if some were
    """

    head: dict
    import_id: int
    generation: str = ""
    epsg: int = 0
    settings: dict = field(default_factory=lambda: dict(SETTINGS))
    address_sql: Any = None
    tracked: Any = None
    dated: Any = lambda model: False
    today: Any = None
    report: Any = lambda fraction: None
    journal: Any = None
    keep_outlines: Any = None
    is_check: bool = False
    voided: Any = None
    hanging: Any = None


class Application:
    """One run: describe, merge in order, keep the rows.

    :param base: ``Base`` of the delivery; what its checks built of it is gone on with
    :param tell: ``tell(table, key, query, params)``; the query gives line and value,
        and for a finding with a place (``is_placed``) params, longitude and latitude
    :param others: ``OtherTables``, rows that are stored unchanged
    """

    def __init__(self, base, epsg, run, tell, others=None):
        self.base = base
        self.cr = cr = base.cr
        self.epsg = epsg
        self.run = run
        run.journal = Journal(cr, run)
        self.tell = tell
        self.others = others
        self.merger = Merger(self.base, run, tell)
        #: field of the import → what each of its choices would give
        self.previews = {}

    def execute(self, tables):
        """Apply; return the ``Counts`` of each model.

        :param tables: names of the tables that the delivery has
        """
        self._describe()
        if self.run.is_check:
            self.previews = previews(self.base, self.run)
        self._merge_sites()
        self._merge_boxes()
        self._merge_cables()
        self._merge_wiring()
        self._keep_rows(tables)
        self.run.journal.close()
        self.run.report(1)
        self.base.drop_all()
        return self.merger.counts

    def _describe(self):
        """Rebuild the routes, and say what each row is in the network."""
        base = self.base
        if not base.is_built:
            base.build()
        self.run.report(0.1)
        repeated.leave_out(base, self.run)
        rebuild_routes(base)
        rebuild_links(base)
        if self.run.hanging:
            self.run.hanging.report(self.tell)
        self.run.report(0.25)
        place_points(base, self.epsg)
        draw_lines(base, self.epsg)
        network.describe(base, self.run.settings)
        dwellings.describe(base)
        wiring.describe(base, self.run.settings)
        links.describe(base, self.run.settings)
        incomplete.describe(base)
        self.run.report(0.4)

    def _merge(self, make):
        self.merger.merge(make(self.base, self.run))

    def _merge_sites(self):
        self._merge(sites.nro)
        if self.run.settings["prdm"]:
            self._merge(sites.prdm)
        self.tell("t_zsro", "apply_elsewhere", sites.elsewhere(self.base, self.run), {})
        self._merge(sites.pm)
        self._merge(sites.technical_pm)
        if self.run.settings["outlines"] and self.run.keep_outlines:
            self._draw_outlines()

    def _draw_outlines(self):
        numbers = [0, 0, 0]
        for found, bad in outlines(self.base, self.epsg):
            pms = SQL("t.pm_id = ANY(%s)", list(found))
            with self.run.journal.watched("oiconnect_zone", pms):
                counts = self.run.keep_outlines(found)
            numbers = [sum(pair) for pair in zip(numbers, counts, strict=True)]
            if bad:
                query = SQL(
                    "SELECT line, zs_code AS value FROM %s WHERE line = ANY(%s)",
                    self.base.table("t_zsro"),
                    bad,
                )
                self.tell("t_zsro", "apply_bad_outline", query, {})
        if any(numbers):
            self.merger.counts.append(Counts("oiconnect.zone", *numbers))

    def _merge_boxes(self):
        for table, query in boxes.without_pm(self.base):
            self.tell(table, "apply_no_pm", query, {})
        self._merge(boxes.splice_box)
        self._merge(boxes.pbo)
        self._merge(dwellings.building)
        self._merge(dwellings.level)
        self._merge(dwellings.pto)
        self.tell("t_ebp", "apply_no_address", dwellings.without_address(self.base), {})
        dwellings.serve_buildings(self.base, self.run)
        self.run.report(0.55)

    def _merge_cables(self):
        self.tell("t_cable", "apply_drawn_ends", network.drawn_ends(self.base), {})
        self._merge(cables.cable)
        self._merge(cables.fibre)
        self.run.report(0.7)

    def _merge_wiring(self):
        base, run = self.base, self.run
        splices.describe(base, self.tell)
        splices.undo_contradicted(base, run, self.tell)
        self._merge(links.link)
        self._merge(links.link_fibre)
        self._merge(wiring.module)
        self._merge(wiring.position)
        self._merge(splices.splice)
        self._merge(wiring.route)
        self.tell("t_position", "apply_no_connector", wiring.unwired(base), {})
        wiring.follow_ends(base, run)
        links.follow_patches(base, run)
        unmade.report(base, run, self.tell)
        incomplete.report(base, run, self.tell)
        self.run.report(0.85)

    def _keep_rows(self, tables):
        base = self.base
        module = "t_tiroir" if self.run.settings["module"] == "drawer" else "t_cassette"
        records = {
            "t_znro": ["nro"],
            "t_zsro": ["pm"],
            "t_ebp": ["splice.box", "pbo", "pto"],
            "t_adresse": ["building"],
            "t_cable": ["pbo.cable"],
            "t_fibre": ["pbo.fibre"],
            "t_position": ["pm.position", "splice"],
            module: ["pm.module"],
        }
        rows.keep(
            base,
            self.run,
            tables,
            {
                table: [
                    (
                        f"oiconnect.{name}",
                        base.table(f"n_{name.replace('.', '_')}"),
                    )
                    for name in names
                ]
                for table, names in records.items()
            },
        )
        if self.others:
            rows.keep_others(self.run, self.others)
