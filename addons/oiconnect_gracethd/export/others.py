"""Rows of tables that the standard does not know, given back as they came."""

from odoo.tools import SQL

from .geometry import Projection

_CURSOR = SQL.identifier("gx_rows")


class OtherRows:
    """Rows of one such table.

    :param layout: how it is made, as ``TableFile.layout()`` of the reading says, and
        the projection ``epsg`` of its places
    """

    def __init__(self, cr, name, layout):
        self.cr = cr
        self.name = name
        columns = layout["columns"]
        known = {column["name"].lower() for column in columns}
        #: columns of other deliveries of the same table come last
        more = [{"name": name} for name in self._columns() if name not in known]
        self.layout = layout | {"columns": columns + more}
        self._projection = Projection(layout["epsg"])

    def _columns(self):
        self.cr.execute(SQL(_COLUMNS, self.name))
        return [name for (name,) in self.cr.fetchall()]

    def rows(self, fetched):
        """Yield (texts in the order of the columns, geometry or ``None``).

        :param fetched: yields the rows of the cursor
        """
        names = [column["name"].lower() for column in self.layout["columns"]]
        query = SQL(_ROWS, self.name)
        self.cr.execute(SQL("DECLARE %s NO SCROLL CURSOR FOR %s", _CURSOR, query))
        for cells, epsg in fetched():
            found = cells | (cells.get("extra") or {})
            raw = cells.get("geom")
            yield (
                [found.get(name) or "" for name in names],
                raw and self._projection.received(raw, epsg),
            )
        self.cr.execute(SQL("CLOSE %s", _CURSOR))


_COLUMNS = """
    SELECT DISTINCT e.name FROM gx_row k
      JOIN oiconnect_gracethd_object o ON o.id = k.id
     CROSS JOIN LATERAL jsonb_object_keys(
           (o.cells - 'extra' - 'geom') || COALESCE(o.cells->'extra', '{}')) e(name)
     WHERE k.table_name = %s ORDER BY 1
"""
_ROWS = """
    SELECT o.cells, o.epsg FROM gx_row k
      JOIN oiconnect_gracethd_object o ON o.id = k.id
     WHERE k.table_name = %s ORDER BY k.line, k.code
"""
