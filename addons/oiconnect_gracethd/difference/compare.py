"""Rows that only one of two deliveries has, and those whose columns differ."""

from odoo.tools import SQL

from ..apply.base import Base
from ..apply.places import LINES, draw_lines
from ..bulk.staging import STAGED
from ..catalogue import TABLES
from ..reading.projection import to_degrees

#: ends of the columns that tell what people call a row, in order
_NAMES = (
    *("refpm", "r3_code", "nroref", "batcode", "linecod", "codeext", "etiquet"),
    *("nom", "reper", "numero"),
)
#: columns whose value says that an object is abandoned
_ABANDONED = {"avct": "A", "abandon": "1", "ietat": "AB", "etatpm": "AB", "etat": "AB"}
_PAGE = 20_000
#: name of the column of places and lines: its values are not stored
SHAPE = "geom"


class Comparison:
    """The rows of a difference.

    :param record: the ``oiconnect.gracethd.difference``
    :param new: ``Side``
    :param old: ``Side``
    """

    def __init__(self, record, new, old):
        self.cr = record.env.cr
        self.id = record.id
        self.company_id = record.company_id.id
        self.new = new
        self.old = old

    def execute(self, tick):
        """Keep what differs in the tables of both; return those of one of them only."""
        both = sorted(self.new.tables & self.old.tables)
        for rank, table in enumerate(both):
            tick(rank, len(both))
            self._compare(table)
            self._place(table)
        self._to_degrees()
        self._draw(self.new, False)
        self._draw(self.old, True)
        return sorted(self.new.tables ^ self.old.tables)

    # -- rows --------------------------------------------------------------------------

    def _compare(self, table):
        names = self._columns(table)
        pairs = [(SQL.identifier("o", n), SQL.identifier("n", n), n) for n in names]
        if TABLES[table].form and self.new.epsg == self.old.epsg:
            pairs.append((SQL("md5(o.geom)"), SQL("md5(n.geom)"), SHAPE))
        differs = SQL(" OR ").join(
            SQL("%s IS DISTINCT FROM %s", old, new) for old, new, _name in pairs
        )
        values = SQL(", ").join(
            SQL("(%s, %s::text, %s::text)", name, old, new) for old, new, name in pairs
        )
        self.cr.execute(
            SQL(
                _COMPARED,
                id=self.id,
                company=self.company_id,
                table=table,
                code=self._code(table),
                name=SQL("COALESCE(%s, %s)", _name(table, "n"), _name(table, "o")),
                gone=_abandoned(table, "n"),
                was_gone=_abandoned(table, "o"),
                new=self.new.rows(table),
                old=self.old.rows(table),
                same=self._same(table),
                key=SQL.identifier(TABLES[table].key[0]),
                differs=differs or SQL("FALSE"),
                values=values or SQL("(''::text, ''::text, ''::text)"),
                shape=SHAPE,
            )
        )

    def _columns(self, table):
        """Return the columns to compare: a version has some that the other has not."""
        new, old = self.new.columns(table), self.old.columns(table)
        same = self.new.run.generation == self.old.run.generation
        return sorted(new | old if same else new & old)

    def _same(self, table):
        return SQL(" AND ").join(
            SQL("n.%s = o.%s", SQL.identifier(name), SQL.identifier(name))
            for name in TABLES[table].key
        )

    def _code(self, table):
        return SQL(
            "concat_ws('|', %s)",
            SQL(", ").join(
                SQL("COALESCE(n.%s, o.%s)", SQL.identifier(name), SQL.identifier(name))
                for name in TABLES[table].key
            ),
        )

    # -- places ------------------------------------------------------------------------

    def _place(self, table):
        """Give the rows their place: of the delivery that has them."""
        for side, is_gone in ((self.new, False), (self.old, True)):

            def query(joins, x, y, side=side, is_gone=is_gone):
                return SQL(
                    """UPDATE oiconnect_gracethd_difference_line d
                          SET longitude = f.x, latitude = f.y
                         FROM (SELECT DISTINCT ON (r.id) r.id, %(x)s AS x, %(y)s AS y
                                 FROM oiconnect_gracethd_difference_line r
                                 JOIN %(table)s s ON s.line = r.row_number
                                 %(joins)s
                                WHERE r.difference_id = %(id)s
                                  AND r.table_name = %(name)s
                                  AND (r.what = 'absent') = %(is_gone)s
                                  AND %(x)s IS NOT NULL) f
                        WHERE f.id = d.id""",
                    table=side.stage.table(table),
                    id=self.id,
                    name=table,
                    is_gone=is_gone,
                    joins=joins,
                    x=x,
                    y=y,
                )

            side.place(table, query)

    def _draw(self, side, is_gone):
        """Give the lines of cables to these and to their cables."""
        base = Base(self.cr, side.stage.name)
        draw_lines(base, side.epsg)
        self.cr.execute(
            SQL(
                """UPDATE oiconnect_gracethd_difference_line d
                      SET line = l.line, south = l.south, west = l.west,
                          north = l.north, east = l.east
                     FROM (SELECT r.id, COALESCE(s.cl_cb_code, r.code) AS cable
                             FROM oiconnect_gracethd_difference_line r
                             LEFT JOIN %s s ON s.line = r.row_number
                                  AND r.table_name = 't_cableline'
                            WHERE r.difference_id = %s
                              AND r.table_name IN ('t_cable', 't_cableline')
                              AND (r.what = 'absent') = %s) q
                     JOIN %s l ON l.code = q.cable
                    WHERE q.id = d.id""",
                side.stage.table("t_cableline"),
                self.id,
                is_gone,
                base.table(LINES),
            )
        )
        base.drop_all()

    def _to_degrees(self):
        for epsg, is_gone in ((self.new.epsg, False), (self.old.epsg, True)):
            last = 0
            while rows := self._page(last, is_gone):
                ids, xs, ys = zip(*rows, strict=True)
                longitudes, latitudes = to_degrees(epsg, xs, ys)
                self.cr.execute(
                    SQL(
                        """UPDATE oiconnect_gracethd_difference_line d
                              SET longitude = CASE WHEN p.ok THEN p.x END,
                                  latitude = CASE WHEN p.ok THEN p.y END
                             FROM (SELECT id, x, y, x BETWEEN -180 AND 180
                                          AND y BETWEEN -90 AND 90 AS ok
                                     FROM unnest(%s::int[], %s::float8[], %s::float8[])
                                       AS u(id, x, y)) p
                            WHERE p.id = d.id""",
                        list(ids),
                        longitudes,
                        latitudes,
                    )
                )
                last = ids[-1]

    def _page(self, last, is_gone):
        self.cr.execute(
            SQL(
                """SELECT id, longitude, latitude
                     FROM oiconnect_gracethd_difference_line
                    WHERE difference_id = %s AND id > %s AND longitude IS NOT NULL
                      AND (what = 'absent') = %s
                    ORDER BY id LIMIT %s""",
                self.id,
                last,
                is_gone,
                _PAGE,
            )
        )
        return self.cr.fetchall()


def _named(table, ends):
    """Yield the columns of a table with the ends of names, those of its key apart."""
    for end in ends:
        for name in STAGED[table]:
            if name.partition("_")[2] == end and name not in TABLES[table].key:
                yield end, name


def _name(table, alias):
    names = [SQL.identifier(alias, name) for _end, name in _named(table, _NAMES)]
    return SQL("COALESCE(%s, NULL)", SQL(", ").join(names)) if names else SQL("NULL")


def _abandoned(table, alias):
    """Return the SQL of whether a row says that its object is abandoned."""
    conditions = [
        SQL("%s = %s", SQL.identifier(alias, name), _ABANDONED[end])
        for end, name in _named(table, _ABANDONED)
    ]
    conditions += [
        SQL("%s IS NOT NULL", SQL.identifier(alias, name))
        for _end, name in _named(table, ("abddate",))
    ]
    return (
        SQL("COALESCE(%s, FALSE)", SQL(" OR ").join(conditions))
        if conditions
        else SQL("FALSE")
    )


_COMPARED = """
    INSERT INTO oiconnect_gracethd_difference_line
           (difference_id, company_id, table_name, code, reference, what, row_number,
            changes, column_names)
    SELECT %(id)s, %(company)s, %(table)s, %(code)s, COALESCE(%(name)s, %(code)s),
           CASE WHEN n.line IS NULL THEN 'absent'
                WHEN o.line IS NULL THEN 'created'
                WHEN %(gone)s AND NOT %(was_gone)s THEN 'abandoned'
                ELSE 'changed' END,
           COALESCE(n.line, o.line), d.changes, d.names
      FROM (SELECT * FROM %(new)s n0 WHERE %(key)s IS NOT NULL) n
      FULL JOIN (SELECT * FROM %(old)s o0 WHERE %(key)s IS NOT NULL) o ON %(same)s
      LEFT JOIN LATERAL (
           SELECT jsonb_object_agg(
                      c.name, CASE WHEN c.name = %(shape)s THEN '[]'::jsonb
                                   ELSE jsonb_build_array(c.old, c.new) END) AS changes,
                  string_agg(c.name, ', ' ORDER BY c.name) AS names
             FROM (VALUES %(values)s) c(name, old, new)
            WHERE c.old IS DISTINCT FROM c.new) d
        ON n.line IS NOT NULL AND o.line IS NOT NULL
     WHERE n.line IS NULL OR o.line IS NULL OR %(differs)s
     ORDER BY 4
"""
