"""Two databases that differ only in what one operator must not see of another.

Each text and each date of the rival's records is another one in the second database,
and so are the words of staff, on whosever records they are. What the rules of the
database allow is changed; what they refuse (codes, references with a form) stays.
"""

import psycopg2
from psycopg2 import sql

MARK = "ZQ"
TEXTS = ("character varying", "text")
DATES = ("date", "timestamp without time zone")
#: tables in which our own people write, and what they write there
WORDS = {
    "mail_message": ("body", "subject"),
    "mail_activity": ("note", "summary"),
    "oiconnect_todo": ("detail",),
    "oiconnect_decision": ("override_comment", "comment"),
}
COLUMNS = """
    SELECT c.table_name, c.column_name, c.data_type
      FROM information_schema.columns c
      JOIN information_schema.columns o
        ON o.table_name = c.table_name AND o.table_schema = c.table_schema
       AND o.column_name = 'operator_id'
      JOIN pg_class k ON k.oid = to_regclass(quote_ident(c.table_name))
       AND k.relkind IN ('r', 'p') AND NOT k.relispartition
     WHERE c.table_schema = 'public' AND c.data_type = ANY(%s)
     ORDER BY 1, 2
"""
#: these say whose a row is, which is not a word of it
UNCHANGED = {"res_model", "state", "flow", "channel", "version", "active", "token"}


def part(database, rival):
    """Change what is the rival's, and what staff wrote; return the changed columns.

    :param rival: code of an operator
    """
    with psycopg2.connect(dbname=database) as connection, connection.cursor() as cursor:
        cursor.execute(COLUMNS, ([*TEXTS, *DATES],))
        wanted = [
            (table, column, kind, True)
            for table, column, kind in cursor.fetchall()
            if column not in UNCHANGED
        ]
        wanted += [
            (table, column, "text", False)
            for table, columns in WORDS.items()
            for column in columns
        ]
        return [
            f"{table}.{column}"
            for table, column, kind, is_rival in wanted
            if _change(cursor, table, column, kind, rival if is_rival else None)
        ]


def _change(cursor, table, column, kind, rival):
    """Change a column, of the rival's rows or of all; return how many rows it took."""
    name = sql.Identifier(column)
    value = (
        sql.SQL("{} - interval '3 days'").format(name)
        if kind in DATES
        else sql.SQL("left('{}' || {}, greatest(length({}), 2))").format(
            sql.SQL(MARK), name, name
        )
    )
    query = sql.SQL("UPDATE {} SET {} = {} WHERE {} IS NOT NULL").format(
        sql.Identifier(table), name, value, name
    )
    if rival:
        query += sql.SQL(
            " AND operator_id = (SELECT id FROM oiconnect_operator"
            " WHERE interop_code = {})"
        ).format(sql.Literal(rival))
    cursor.execute("SAVEPOINT change")
    try:
        cursor.execute(query)
        changed = cursor.rowcount
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("RELEASE SAVEPOINT change")
    except psycopg2.Error:
        cursor.execute("ROLLBACK TO SAVEPOINT change")
        return 0
    return changed
