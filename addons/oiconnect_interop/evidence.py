"""Evidence and its chain of digests. No ORM: a script verifies with this alone.

Rows that were written are sealed by network, in parts: the leaf of a row is the SHA-256
of its columns as JSON, the digest of a part that of its leaves in the order of their
ids, and the digest of a seal that of the seal before it and of its parts. So whoever
changes a row later has to change all seals since, and operators have the last of them.

A column that the law has erased (words about customers) is proved by its former leaf,
which a trigger stores: a row that changed is seen, and the chain holds.
"""

import hashlib
import json
from typing import NamedTuple

#: digest before the first seal of a network
BEGINNING = "0" * 64


class Source(NamedTuple):
    """A kind of row that is evidence.

    :param columns: what is sealed of a row, none of which changes by the trade
    :param condition: which rows are, in SQL
    :param is_growing: rows come with the highest ids; else any row may become evidence
    :param network: SQL of the network of a ``row``; empty: that of the record it names
    """

    name: str
    table: str
    columns: tuple
    condition: str = "TRUE"
    is_growing: bool = True
    network: str = ""


_NETWORK_OF_KEY = (
    "(SELECT min(r.network_id) FROM oiconnect_api_key_network_rel r"
    " WHERE r.api_key_id = row.id)"
)

#: one whose table no installed addon makes has no rows
SOURCES = (
    Source(
        "steps",
        "oiconnect_workflow_step",
        (
            *("id", "res_model", "res_id", "event", "source", "target", "date"),
            *("user_id", "channel", "note"),
        ),
    ),
    Source(
        "messages",
        "oiconnect_event",
        (
            *("id", "flow", "version", "channel", "operator_id", "network_id"),
            *("res_model", "res_id", "payload", "create_date"),
        ),
        "operator_id IS NOT NULL",
        network="row.network_id",
    ),
    Source(
        "decisions",
        "oiconnect_decision",
        (
            *("id", "res_model", "res_id", "user_id", "date", "channel", "kind"),
            *("outcome", "controls", "note"),
        ),
    ),
    Source(
        "keys",
        "oiconnect_api_key",
        ("id", "public_id", "operator_id", "user_id", "create_date", "create_uid"),
        network=_NETWORK_OF_KEY,
    ),
    Source(
        "revocations",
        "oiconnect_api_key",
        ("id", "public_id", "revoked_date"),
        "revoked_date IS NOT NULL",
        is_growing=False,
        network=_NETWORK_OF_KEY,
    ),
)


def leaf(source: Source, row: str) -> str:
    """Return the SQL of the leaf of a row: 32 bytes.

    :param row: name of the row
    """
    columns = ", ".join(f"{row}.{column}" for column in source.columns)
    return f"sha256(convert_to(json_build_array({columns})::text, 'UTF8'))"


class Part(NamedTuple):
    """Part of a seal: one source.

    :param ids: of its rows, as PostgreSQL writes an int8multirange
    :param digest: hexadecimal
    """

    source: str
    ids: str
    row_count: int
    digest: str


def seal_digest(previous: str, network: str, number: int, date: str, parts) -> str:
    """Return the digest of a seal: of the one before it, and of all that it has.

    :param network: its code
    :param date: naive UTC, ``YYYY-MM-DD HH:MM:SS``
    """
    values = [previous, network, number, date, sorted(map(list, parts))]
    content = json.dumps(values, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()


#: what was sealed of a source, computed again from the rows: leaves of before stand for
#: those of rows that changed since
PART_AGAIN = """
    SELECT count(*),
           COALESCE(encode(sha256(string_agg(
               COALESCE(former.leaf, {leaf}), ''::bytea
               ORDER BY sealed.id)), 'hex'), ''),
           count(former.leaf)
      FROM {table} sealed
      LEFT JOIN oiconnect_seal_leaf former
        ON former.source = %(source)s AND former.row_id = sealed.id
     WHERE sealed.id::bigint <@ %(ids)s::int8multirange
       AND sealed.id BETWEEN lower(%(ids)s::int8multirange)
                         AND upper(%(ids)s::int8multirange)
"""


def part_again(source: Source) -> str:
    """Return the query of (rows, digest, rows that changed since) of a part."""
    return PART_AGAIN.format(leaf=leaf(source, "sealed"), table=source.table)
