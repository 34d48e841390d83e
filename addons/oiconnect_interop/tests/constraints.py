"""Which rules of the database the lines of operators may break, and who answers.

``constraints.csv`` is the one list: for each constraint of each table that is written
while lines are handled, the code that the line is answered with and the story or test
that reaches it, or why no line of an operator can.
"""

import csv
import re
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from odoo.tools import SQL

DECLARED = Path(__file__).with_name("constraints.csv")
ROOT = Path(__file__).parents[3]
STORIES = ROOT / "tests" / "stories"
# What is done of lines: when their file is read, and when their orders are studied.
HANDLERS = {"oiconnect.exchange": "_process_batch", "oiconnect.access.order": "_study"}

# A part of a table is the table.
WRITTEN = """
SELECT c.relname, sum(n_tup_ins + n_tup_upd)::bigint
  FROM pg_stat_xact_user_tables t
  JOIN pg_class c ON c.oid = COALESCE(pg_partition_root(t.relid), t.relid)
 GROUP BY c.relname
"""
# Rules that the database enforces on the tables, but for keys and who wrote when.
LISTED = """
WITH tables AS (
    SELECT oid, relname FROM pg_class
     WHERE relkind IN ('r', 'p') AND relname = ANY(%(tables)s)
), columns AS (
    SELECT t.oid, t.relname, a.attname, a.attnum, a.attnotnull, a.atttypmod,
           a.atttypid::regtype::text AS type
      FROM tables t JOIN pg_attribute a ON a.attrelid = t.oid
     WHERE a.attnum > 0 AND NOT a.attisdropped
       AND a.attname NOT IN ('id', 'create_uid', 'create_date', 'write_uid',
                             'write_date')
), keys AS (
    SELECT c.conrelid AS oid, unnest(c.conkey) AS attnum
      FROM pg_constraint c WHERE c.contype = 'f'
)
SELECT t.relname, 'check', c.conname FROM tables t
  JOIN pg_constraint c ON c.conrelid = t.oid AND c.contype = 'c'
UNION ALL
SELECT t.relname, 'exclusion', c.conname FROM tables t
  JOIN pg_constraint c ON c.conrelid = t.oid AND c.contype = 'x'
UNION ALL
SELECT t.relname, 'unique', i.relname FROM tables t
  JOIN pg_index x ON x.indrelid = t.oid AND x.indisunique AND NOT x.indisprimary
  JOIN pg_class i ON i.oid = x.indexrelid
UNION ALL
SELECT c.relname, 'key', c.attname FROM columns c JOIN keys USING (oid, attnum)
UNION ALL
SELECT relname, 'required', attname FROM columns WHERE attnotnull
UNION ALL
SELECT relname, 'length', attname FROM columns
 WHERE type LIKE 'character%%' AND atttypmod > 0
UNION ALL
SELECT relname, 'number', attname FROM columns
 WHERE (type IN ('integer', 'smallint') OR type LIKE 'numeric%%' AND atttypmod > 0)
   AND NOT EXISTS (
       SELECT FROM keys k WHERE k.oid = columns.oid AND k.attnum = columns.attnum
   )
UNION ALL
SELECT DISTINCT c.relname, 'index', c.attname FROM columns c
  JOIN pg_index x ON x.indrelid = c.oid AND c.attnum = ANY(x.indkey)
  JOIN pg_class i ON i.oid = x.indexrelid
  JOIN pg_am m ON m.oid = i.relam AND m.amname = 'btree'
 WHERE c.type IN ('text', 'character varying') AND c.atttypmod < 0
"""


class DatabaseRule(NamedTuple):
    """One rule of the database.

    ``kind`` is "check", "exclusion", "unique", "key" (of another table), "required",
    "length", "number" (the largest one) or "index" (the longest text); ``name`` is
    that of the constraint, or of the column that has it.
    """

    table: str
    kind: str
    name: str


class Answer(NamedTuple):
    """What becomes of a line that reaches a rule: its code and proof, or why none."""

    code: str
    proof: str
    why: str


def listed(cr, tables):
    """Return the rules of ``tables``."""
    cr.execute(SQL(LISTED, tables=sorted(tables)))
    return {DatabaseRule(*row) for row in cr.fetchall()}


def declared():
    """Return ``{rule: answer}`` of the list."""
    with DECLARED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))[1:]
    found = {DatabaseRule(*row[:3]): Answer(*row[3:]) for row in rows}
    assert len(found) == len(rows), "a rule stands twice"
    return found


def problems(rules, answers):
    """Return what is wrong between the rules of the database and the list."""
    unhandled = [
        f"{_name(rule)}: no line in {DECLARED.name}" for rule in rules - set(answers)
    ]
    gone = [f"{_name(rule)}: gone from the database" for rule in set(answers) - rules]
    unproved = [
        f"{_name(rule)}: {problem}"
        for rule, answer in answers.items()
        if (problem := _unproved(answer))
    ]
    return sorted(unhandled + gone + unproved)


def _name(rule):
    return f"{rule.table} {rule.kind} {rule.name}"


def _unproved(answer):
    if answer.why:
        return "both reached and not" if answer.code or answer.proof else None
    if not re.fullmatch("F[A-Z]{3}[0-9]{2}", answer.code):
        return "neither a code nor a reason why no line reaches it"
    text = _proof_text(answer.proof)
    if text is None:
        return f"{answer.proof} is neither a story nor a test"
    return None if answer.code in text else f"{answer.proof} does not say {answer.code}"


def _proof_text(proof):
    """Return the text of a story, or of the test ``path::name``; None without it."""
    path, _colons, name = proof.partition("::")
    if not name:
        story = STORIES / f"{path}.story"
        return story.read_text(encoding="utf-8") if story.is_file() else None
    file = ROOT / path
    if not file.is_file():
        return None
    text = file.read_text(encoding="utf-8")
    _before, found, after = text.partition(f"    def {name}(")
    return after.partition("\n    def ")[0] if found else None


@contextmanager
def tables_written(env):
    """Give the set of the tables that are written while lines are handled."""
    tables = set()
    with ExitStack() as stack:
        for model, name in HANDLERS.items():
            method = getattr(env.registry[model], name)
            spied = _spied(method, tables)
            stack.enter_context(patch.object(env.registry[model], name, spied))
        yield tables


def _spied(method, tables):
    def spied(records, *arguments, **keywords):
        before = _counts(records.env)
        result = method(records, *arguments, **keywords)
        after = _counts(records.env)
        tables.update(
            name for name, count in after.items() if count != before.get(name, 0)
        )
        return result

    return spied


def _counts(env):
    """Return how often each table was written, by whatever path, so far."""
    env.flush_all()
    env.cr.execute(WRITTEN)
    return dict(env.cr.fetchall())
