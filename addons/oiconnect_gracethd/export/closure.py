"""Received rows without a record that belong to a part of the network."""

from odoo.tools import SQL

from ..catalogue import TABLES, columns_of

#: tables whose rows are of all parts: what refers to them is not so of this one
_SHARED = (
    *("t_noeud", "t_organisme", "t_reference", "t_document", "t_znro"),
    "t_cheminement",
)
#: the most references from one row to another that are followed
ROUNDS = 30


def leave_hanging(received):
    """Leave out the rows without record that refer to one of ``gx_gone``."""
    cr = received.cr
    for number in range(ROUNDS):
        cr.execute("SELECT DISTINCT table_name FROM gx_gone WHERE round = %s", [number])
        gone = {name for (name,) in cr.fetchall()}
        if not gone:
            return
        for generation in received.generations:
            for table, references in _references(generation):
                for name, to in references:
                    if to in gone:
                        cr.execute(SQL(_HANGING, table, to, name, number, number + 1))


def _references(generation):
    """Yield (table, [(column, table that it refers to)]); a patch is of its table."""
    for table in TABLES.values():
        if generation not in table.versions:
            continue
        found = [
            (column.name, column.references)
            for column in columns_of(table.name, generation)
            if column.references
        ]
        if table.patch_of:
            found.append((table.key[0], table.patch_of))
        if found:
            yield table.name, found


def restrict(received):
    """Leave out the rows that are not of the exported part.

    Those with a record are of the part that their record is of. The others follow what
    they refer to, unless they refer to a record of another part; and what a row refers
    to comes with it. So do the paths between two nodes of the part.

    Of a table that the standard does not know, a row is of the part when one of its
    columns says the code of a row that is.
    """
    cr, work = received.cr, received.work
    edges = [edge for name in received.generations for edge in _edges(name)]
    if received.layouts:
        edges.append(SQL(_NAMING, others=list(received.layouts)))
    work.make("gx_edge", SQL(" UNION ALL ").join(edges or [SQL(_NO_EDGE)]), "child")
    cr.execute("CREATE INDEX ON gx_edge (parent); ANALYZE gx_edge")
    work.make("gx_in", SQL(" UNION ALL ").join(_seeds(received.records)), "id")
    work.make(
        "gx_barred",
        SQL(
            """SELECT DISTINCT e.child AS id FROM gx_edge e
                 JOIN gx_row k ON k.id = e.parent
                WHERE k.res_model = ANY(%s)
                  AND NOT EXISTS (SELECT FROM gx_in i WHERE i.id = k.id)""",
            list(received.records),
        ),
        "id",
    )
    cr.execute("ALTER TABLE gx_in ADD COLUMN round int DEFAULT 0")
    number = _follow(cr, 0)
    cr.execute(SQL(_PATHS, next=number + 1))
    _follow(cr, number + 1)
    cr.execute(
        """DELETE FROM gx_row k
            WHERE NOT EXISTS (SELECT FROM gx_in i WHERE i.id = k.id)"""
    )


def _follow(cr, first):
    """Add to ``gx_in`` what its rows of round ``first`` lead to; return the last."""
    for number in range(first, first + ROUNDS):
        cr.execute(SQL(_MORE, last=number, next=number + 1, shared=list(_SHARED)))
        if not cr.rowcount:
            return number
    return first + ROUNDS


def _edges(generation):
    """Yield queries of (child, parent): a row, and one that it refers to."""
    for table, references in _references(generation):
        values = SQL(", ").join(
            SQL("(%s, o.cells->>%s)", to, name) for name, to in references
        )
        yield SQL(
            """SELECT k.id AS child, p.id AS parent
                 FROM gx_row k
                 JOIN oiconnect_gracethd_object o ON o.id = k.id
                CROSS JOIN LATERAL (VALUES %s) v(tab, code)
                 JOIN gx_row p ON p.table_name = v.tab AND p.code = v.code
                WHERE k.table_name = %s AND k.generation = %s""",
            values,
            table,
            generation,
        )


def _seeds(records):
    for model, (scope, _table) in records.items():
        yield SQL(
            """SELECT k.id FROM gx_row k JOIN %s t ON t.id = k.res_id
                WHERE k.res_model = %s""",
            SQL.identifier(scope),
            model,
        )


# Codes of the standard have letters: numbers are those of anything
_NAMING = """
    SELECT DISTINCT k.id AS child, p.id AS parent
      FROM gx_row k
      JOIN oiconnect_gracethd_object o ON o.id = k.id
     CROSS JOIN LATERAL jsonb_each_text(
               (o.cells - 'extra' - 'geom') || COALESCE(o.cells->'extra', '{}')
           ) v(name, code)
      JOIN gx_row p ON p.code = v.code AND p.code ~ '[A-Za-z]'
           AND p.table_name <> ALL(%(others)s)
     WHERE k.table_name = ANY(%(others)s)
"""
_NO_EDGE = "SELECT NULL::int AS child, NULL::int AS parent WHERE FALSE"
_PATHS = """
    INSERT INTO gx_in (id, round)
    SELECT k.id, %(next)s FROM gx_row k
      JOIN oiconnect_gracethd_object o ON o.id = k.id
      JOIN gx_row a ON a.table_name = 't_noeud' AND a.code = o.cells->>'cm_ndcode1'
      JOIN gx_row b ON b.table_name = 't_noeud' AND b.code = o.cells->>'cm_ndcode2'
     WHERE k.table_name = 't_cheminement'
       AND EXISTS (SELECT FROM gx_in i WHERE i.id = a.id)
       AND EXISTS (SELECT FROM gx_in i WHERE i.id = b.id)
       AND NOT EXISTS (SELECT FROM gx_in i WHERE i.id = k.id)
"""
_HANGING = """
    WITH gone AS (
        DELETE FROM gx_row k USING oiconnect_gracethd_object o, gx_gone g
         WHERE o.id = k.id AND k.table_name = %s AND k.res_id IS NULL
           AND g.table_name = %s AND o.cells->>%s = g.code AND g.round = %s
     RETURNING k.table_name, k.code)
    INSERT INTO gx_gone SELECT DISTINCT table_name, code, %s FROM gone
"""
_MORE = """
    INSERT INTO gx_in (id, round)
    SELECT DISTINCT e.parent, %(next)s FROM gx_in i
      JOIN gx_edge e ON e.child = i.id
     WHERE i.round = %(last)s AND NOT EXISTS (SELECT FROM gx_in o WHERE o.id = e.parent)
    UNION
    SELECT e.child, %(next)s FROM gx_in i
      JOIN gx_edge e ON e.parent = i.id
      JOIN gx_row p ON p.id = i.id AND p.table_name <> ALL(%(shared)s)
      JOIN gx_row k ON k.id = e.child AND k.res_id IS NULL
     WHERE i.round = %(last)s AND NOT EXISTS (SELECT FROM gx_in o WHERE o.id = e.child)
       AND NOT EXISTS (SELECT FROM gx_barred b WHERE b.id = e.child)
"""
