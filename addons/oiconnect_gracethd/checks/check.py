"""Declaration of a check, and the tools that it works with."""

import re
from typing import NamedTuple

from odoo.tools import SQL

from ..catalogue import TABLES
from ..routes.graph import READ, Graph
from .look import Look

# A staging table that a query names
_NAMED = re.compile(r"%\((one_)?(t_\w+)\)s")
#: number → ``Check``
CHECKS = {}
#: metres within which two places are the same
TOLERANCE = 0.1


class Check(NamedTuple):
    """A check of a delivery, declared once by :func:`check`."""

    number: int
    title: str
    #: level by what the fault costs the network: 1 blocks … 4 is a note
    level: str
    #: level of a contract that refuses what the standard does not allow
    strict_level: str
    run: object


def check(number, title, level, strict_level=None):
    """Declare the function that runs the check ``number`` of the catalogue."""

    def declare(run):
        if number in CHECKS:
            raise ValueError(f"Check {number} is declared twice")
        CHECKS[number] = Check(number, title, level, strict_level or level, run)
        return run

    return declare


class CheckRun:
    """The checks over one staged delivery.

    :param stage: its ``DeliveryStage``
    :param log: its ``DeliveryLog``
    :param generation: "2" or "3"
    :param due: [(table, column or "", level)] that the grid wants
    :param graph: ``Graph`` of the delivery, which routes go on with; else one is made
        when a check asks for it, and dropped
    """

    def __init__(self, stage, log, generation, due, graph=None):
        self.stage = stage
        self.log = log
        self.cr = stage.cr
        self.generation = generation
        self.due = due
        self._sides = {}
        self._looks = {}
        #: table and columns → whether two rows have the same cells there
        self._doubles = {}
        self._graph = graph or Graph(stage.cr, stage.name)
        self._keeps_graph = bool(graph)

    def execute(self, tick):
        """Run all checks; ``tick(done, total)`` is called between them."""
        for rank, number in enumerate(sorted(CHECKS)):
            tick(rank, len(CHECKS))
            if self.log.levels[number] != "0":
                CHECKS[number].run(self)
                self.log.flush()

    def close(self):
        """Drop the side tables."""
        while self._sides:
            _name, table = self._sides.popitem()
            self.cr.execute(SQL("DROP TABLE %s", table))
        if not self._keeps_graph:
            self._graph.drop_all()

    # -- what checks are made of ------------------------------------------------------

    def table(self, name):
        return self.stage.table(name)

    def typed(self, alias, table, column):
        """Return the SQL of a value in its type, NULL when the cell says none."""
        if table in self.stage and column in self.look(table).plain_numbers:
            return SQL("%s::int", SQL.identifier(alias, column))
        return self.stage.typed(alias, table, column)

    def has(self, table, *columns):
        """Tell whether the delivery has the table, with these columns."""
        return table in self.stage and set(columns) <= set(self.stage.headers[table])

    def look(self, table):
        """Return the ``Look`` at a table, which is scanned the first time."""
        if table not in self._looks:
            self._looks[table] = Look(self, table)
        return self._looks[table]

    def has_doubles(self, table, *names):
        """Tell whether two rows have the same cells in some columns, none void.

        Cells that come in order, as those of files do, are sorted at no cost.
        """
        if (table, *names) not in self._doubles:
            cells = [SQL.identifier("s", name) for name in names]
            cell = cells[0] if len(cells) == 1 else SQL("(%s)", SQL(", ").join(cells))
            [(found,)] = self.fetch(
                """SELECT count(*) > count(DISTINCT %(cell)s) FROM %(table)s s
                    WHERE (%(cell)s) IS NOT NULL""",
                cell=cell,
                table=self.table(table),
            )
            self._doubles[table, *names] = found
        return self._doubles[table, *names]

    def rows(self, query, /, **params):
        """Return rows of SQL.

        ``%(t_name)s`` stands for the staging table, ``%(one_t_name)s`` for its first
        row of each key: what is joined, for a code that is on all rows of two tables
        would make each row of one meet all of the other.
        """
        tables = {}
        for prefix, name in _NAMED.findall(query):
            table = self.first_rows(name) if prefix else self.table(name)
            tables[prefix + name] = table
        return SQL(query, **tables, **params)

    def graph(self):
        """Return the ``Graph`` of the positions, built when a check asks for it.

        ``None`` when a code is on several rows: many of a table could meet many of
        another.
        """
        if not self._graph.is_built:
            if any(self.has_doubles(table, self.key(table)) for table in READ):
                return None
            self._graph.build(has_single_codes=True)
        return self._graph

    def first_rows(self, name):
        """Return the table itself, or one without the rows whose key came before."""
        key = SQL.identifier(self.key(name))
        if not self.has_doubles(name, self.key(name)):
            return self.table(name)
        return self.side(
            f"one_{name}",
            "SELECT DISTINCT ON (%(key)s) * FROM %(table)s ORDER BY %(key)s, line",
            key=key,
            table=self.table(name),
        )

    def report(self, number, table, query, /, **params):
        """Keep what ``query`` finds wrong with rows of ``table``.

        It gives: line, column, value, key of the message, params, x, y.
        """
        return self.log.insert(number, table, self.rows(query, **params))

    def fetch(self, query, /, **params):
        self.cr.execute(self.rows(query, **params))
        return self.cr.fetchall()

    def pages(self, size, query, /, **params):
        """Yield the rows of a query, ``size`` at a time; it is run once."""
        name = SQL.identifier(f"{self.stage.name}_page")
        query = self.rows(query, **params)
        self.cr.execute(SQL("DECLARE %s NO SCROLL CURSOR FOR %s", name, query))
        while rows := self.fetch("FETCH %(size)s FROM %(name)s", size=size, name=name):
            yield rows
        self.cr.execute(SQL("CLOSE %s", name))

    def known(self, name):
        """Return a side table, or nothing if no check requested it yet."""
        return self._sides.get(name)

    def side(self, name, query, /, *index, **params):
        """Return a side table, made the first time that a check asks for it."""
        if name not in self._sides:
            table = SQL.identifier(f"{self.stage.name}_{name}")
            self.cr.execute(
                SQL("CREATE UNLOGGED TABLE %s AS %s", table, self.rows(query, **params))
            )
            for columns in index:
                self.cr.execute(SQL("CREATE INDEX ON %s (%s)", table, SQL(columns)))
            self.cr.execute(SQL("ANALYZE %s", table))
            self._sides[name] = table
        return self._sides[name]

    # -- places -----------------------------------------------------------------------

    def box_nodes(self):
        """The node of each box: by its point, its local or its dwelling."""
        return self.side(
            "box_nodes",
            """SELECT bp.bp_code, COALESCE(pt.pt_nd_code, st.st_nd_code,
                          site.st_nd_code, sf.sf_nd_code) AS nd_code
                 FROM %(one_t_ebp)s bp
                 LEFT JOIN %(one_t_ptech)s pt ON pt.pt_code = bp.bp_pt_code
                 LEFT JOIN %(one_t_ltech)s lt ON lt.lt_code = bp.bp_lt_code
                 LEFT JOIN %(one_t_sitetech)s st ON st.st_code = lt.lt_st_code
                 LEFT JOIN %(one_t_local)s lc ON lc.lc_code = bp.bp_lc_code
                 LEFT JOIN %(one_t_site)s site ON site.st_code = lc.lc_st_code
                 LEFT JOIN %(one_t_suf)s sf ON sf.sf_code = bp.bp_sf_code
                WHERE bp.bp_code IS NOT NULL""",
            "bp_code",
            "nd_code",
        )

    def nodes(self):
        """The nodes with a place, and what they bear: a point, a site, a box."""
        return self.side(
            "nodes",
            """SELECT nd.nd_code, nd.x1 AS x, nd.y1 AS y,
                      EXISTS (SELECT FROM %(t_ptech)s pt
                               WHERE pt.pt_nd_code = nd.nd_code) AS point,
                      EXISTS (SELECT FROM %(t_sitetech)s st
                               WHERE st.st_nd_code = nd.nd_code)
                      OR EXISTS (SELECT FROM %(t_site)s st
                                  WHERE st.st_nd_code = nd.nd_code)
                      OR EXISTS (SELECT FROM %(t_suf)s sf
                                  WHERE sf.sf_nd_code = nd.nd_code) AS site,
                      EXISTS (SELECT FROM %(boxes)s b
                               WHERE b.nd_code = nd.nd_code) AS box
                 FROM %(one_t_noeud)s nd WHERE nd.x1 IS NOT NULL""",
            "nd_code",
            boxes=self.box_nodes(),
        )

    def spots(self):
        """The places of nodes, each once, and what the nodes there bear."""
        return self.side(
            "spots",
            """SELECT x, y, bool_or(point) AS point, bool_or(site) AS site,
                      bool_or(box) AS box
                 FROM %(nodes)s GROUP BY x, y""",
            "x, y",
            nodes=self.nodes(),
        )

    def key(self, table):
        return TABLES[table].key[0]
