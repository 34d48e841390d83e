"""Rows of one table: those of the network, and those that deliveries gave."""

from odoo.tools import SQL

from ..bulk.staging import STAGED
from ..catalogue import TABLES, columns_of

#: tables whose rows several records of a delivery may share: the last that changed
#: says where they are
_SHARED = {
    "t_noeud": "nd_majdate",
    "t_ptech": "pt_majdate",
    "t_sitetech": "st_majdate",
    "t_site": "st_majdate",
    "t_ltech": "",
    "t_local": "",
    "t_baie": "",
    # In exports of the other generation: places of an unknown tray are in a known one
    "t_cassette": "",
}


class TableRows:
    """Queries of the rows of one table of an export.

    Rows of the network that a delivery gave are queried only where they say something
    else since: mostly there are none.
    """

    def __init__(self, work, table, generation):
        self.work = work
        self.cr = work.cr
        self.table = table
        self.source = TABLES[table].patch_of or table
        #: columns of the deliveries that the standard, or the generation, does not know
        self.unknown = [*self._foreign_columns(generation), *self._unknown_columns()]

    def _foreign_columns(self, generation):
        """Return the columns of the other generation, or of a patch, that came.

        Those of a patch that came as a table of its own come back in that.
        """
        own = {column.name for column in columns_of(self.table, generation)}
        names = [name for name in STAGED[self.table] if name not in own]
        if not names:
            return []
        patches = {
            patch.name: [name for name in patch.columns if name in names]
            for patch in TABLES.values()
            if patch.patch_of == self.table
        }
        self.cr.execute(
            SQL(
                """SELECT DISTINCT e.name
                     FROM gx_row k
                     JOIN oiconnect_gracethd_object o ON o.id = k.id
                    CROSS JOIN LATERAL jsonb_object_keys(o.cells) e(name)
                    WHERE k.table_name = %s AND e.name = ANY(%s)""",
                self.table,
                names,
            )
        )
        found = {name for (name,) in self.cr.fetchall()}
        for patch, columns in patches.items():
            if not found.isdisjoint(columns) and self._came(patch):
                found -= set(columns)
        return [name for name in names if name in found]

    def _came(self, table):
        self.cr.execute(
            SQL("SELECT EXISTS (SELECT FROM gx_row WHERE table_name = %s)", table)
        )
        return self.cr.fetchone()[0]

    def _unknown_columns(self):
        self.cr.execute(
            SQL(
                """SELECT DISTINCT e.name
                     FROM (SELECT id, table_name FROM gx_row UNION ALL
                           SELECT id, table_name FROM gx_hint) k
                     JOIN oiconnect_gracethd_object o ON o.id = k.id
                    CROSS JOIN LATERAL jsonb_object_keys(o.cells->'extra') e(name)
                    WHERE k.table_name = %s ORDER BY 1""",
                self.table,
            )
        )
        return [name for (name,) in self.cr.fetchall()]

    def query(self, query):
        """Return the query of all rows.

        :param query: that of the rows of the network, ``None`` when it has none
        """
        if query is None or not self._has_fresh():
            return SQL(_RECEIVED, self.table)
        key = SQL.identifier(TABLES[self.source].key[0])
        order, once = SQL("q.%s", key), SQL()
        if self.source in _SHARED:
            once = SQL("DISTINCT ON (q.%s)", key)
            if latest := _SHARED[self.source]:
                order = SQL("%s, q.%s DESC", order, SQL.identifier(latest))
        self.work.make(
            "gx_fresh",
            SQL(
                _FRESH,
                query=query,
                source=self.source,
                key=key,
                once=once,
                order=order,
            ),
        )
        return SQL(_ALL, table=self.table, source=self.source, key=key)

    def _has_fresh(self):
        """Tell whether the network has a row that no delivery gave as it is."""
        self.cr.execute(
            SQL(
                """SELECT EXISTS (
                       SELECT code FROM %s
                       EXCEPT
                       SELECT code FROM gx_row
                        WHERE table_name = %s AND changed IS NULL)""",
                SQL.identifier(f"gx_code_{self.source}"),
                self.source,
            )
        )
        return self.cr.fetchone()[0]


class RowMerger:
    """Makes the row that is written of one that ``TableRows`` asks for.

    :param found: names of the columns of the query
    :param unknown: columns that the standard does not know
    :param codes: {table: codes} that rows received in the other generation may name
    """

    def __init__(self, table, generation, found, unknown, projection, codes):
        self.table = TABLES[table]
        self.projection = projection
        self._places = {name: rank for rank, name in enumerate(found)}
        known = [c for c in columns_of(table, generation) if c.type != "geometry"]
        self._unknown = unknown
        self._known = [column.name for column in known]
        # Of rows of the other generation: what refers to a row may not be there
        self._hinted = {
            column.name: codes.get(column.references)
            for column in known
            if column.name not in self._places
            and (not column.references or column.references in codes)
        }
        self.names = [*self._known, *unknown]

    def merge(self, row):
        """Return (values, geometry), ``None`` for the row of a patch without values."""
        own = {name: row[rank] for name, rank in self._places.items()}
        cells, changed = own["gx_cells"], own["gx_changed"] or ()
        if own["gx_is_received"]:
            values = self._merged_values(own, cells or {}, changed)
        else:
            hint = own["gx_hint"] or {}
            values = [
                self._hint(name, hint) if name in self._hinted else own.get(name)
                for name in self._known
            ]
        if self.table.patch_of and not cells and not self._says(values):
            return None
        extra = (cells or own["gx_hint"] or {}).get("extra") or {}
        received = cells or {}
        values += [extra.get(name, received.get(name)) for name in self._unknown]
        return values, self._geometry(own, cells, changed)

    def _hint(self, name, hint):
        value, codes = hint.get(name), self._hinted[name]
        return value if codes is None or value in codes else None

    def _merged_values(self, own, cells, changed):
        return [
            own.get(name)
            if (name in changed and name in self._places)
            or (name in self.table.key and name not in cells)
            else cells.get(name)
            for name in self._known
        ]

    def _says(self, values):
        return any(
            value is not None and name not in self.table.key
            for name, value in zip(self._known, values, strict=True)
        )

    def _geometry(self, own, cells, changed):
        form = self.table.form
        if not form:
            return None
        raw = (cells or {}).get("geom")
        if own["gx_is_received"] and "geom" not in changed:
            return raw and self.projection.received(raw, own["gx_epsg"])
        return getattr(self.projection, form)(own)


_RECEIVED = """
    SELECT o.cells AS gx_cells, o.epsg AS gx_epsg, NULL::text[] AS gx_changed,
           TRUE AS gx_is_received, NULL::jsonb AS gx_hint
      FROM gx_row k
      JOIN oiconnect_gracethd_object o ON o.id = k.id
     WHERE k.table_name = %s ORDER BY k.line, k.code
"""
_FRESH = """
    SELECT %(once)s q.*, h.cells AS gx_hint FROM (%(query)s) q
      LEFT JOIN (
           SELECT h.code, o.cells FROM gx_hint h
             JOIN oiconnect_gracethd_object o ON o.id = h.id
            WHERE h.table_name = %(source)s) h ON h.code = q.%(key)s::text
     WHERE NOT EXISTS (
           SELECT FROM gx_row k WHERE k.table_name = %(source)s
              AND k.code = q.%(key)s::text AND k.changed IS NULL)
     ORDER BY %(order)s
"""
# A patch completes a row that came: ``m`` is that of its table
_ALL = """
    SELECT f.*, k.cells AS gx_cells, k.epsg AS gx_epsg,
           CASE WHEN f.%(key)s IS NOT NULL THEN m.changed END AS gx_changed,
           m.id IS NOT NULL OR k.code IS NOT NULL AS gx_is_received
      FROM gx_fresh f
      FULL JOIN (
           SELECT k.code, k.line, o.cells, o.epsg FROM gx_row k
             JOIN oiconnect_gracethd_object o ON o.id = k.id
            WHERE k.table_name = %(table)s) k ON k.code = f.%(key)s::text
      LEFT JOIN gx_row m ON m.table_name = %(source)s
           AND m.code = COALESCE(k.code, f.%(key)s::text)
     ORDER BY k.line, k.code, f.%(key)s
"""
