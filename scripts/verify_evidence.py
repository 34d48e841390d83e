"""Computes the seals of the evidence again from the rows of a database, without Odoo.

It may be a restored backup on a machine of somebody else. What was changed is named by
its network, seal and kind of row; the exit code is then 1.
"""

import argparse
import sys
from contextlib import closing
from typing import NamedTuple

import psycopg2
from oictools import settings

sys.path.insert(0, str(settings.ADDONS / "oiconnect_interop"))
from evidence import (  # noqa: E402
    BEGINNING,
    SOURCES,
    Part,
    part_again,
    seal_digest,
)

SEALS = """
    SELECT seal.id, network.code, seal.number,
           to_char(seal.date, 'YYYY-MM-DD HH24:MI:SS'), seal.previous, seal.digest
      FROM oiconnect_seal seal
      JOIN oiconnect_network network ON network.id = seal.network_id
     ORDER BY network.code, seal.number
"""
PARTS = """
    SELECT source, ids::text, row_count, digest FROM oiconnect_seal_part
     WHERE seal_id = %s
"""


class Found(NamedTuple):
    """Result of the verification.

    :param faults: sentences
    :param heads: ``{network: (number, digest)}`` of the last seals
    :param digests: ``{(network, number): digest}``
    :param erased: rows that changed since they were sealed, and say so
    """

    faults: list
    heads: dict
    digests: dict
    erased: int


def verify(connection):
    """Verify all chains of a database."""
    faults, heads, digests, erased = [], {}, {}, 0
    sources = {source.name: source for source in SOURCES}
    with connection.cursor() as cursor:
        cursor.execute(SEALS)
        for seal_id, network, number, date, previous, digest in cursor.fetchall():
            where = f"{network} {number}"
            before, known = heads.get(network, (0, BEGINNING))
            if number != before + 1 or previous != known:
                faults.append(f"{where}: does not follow the seal before it")
            cursor.execute(PARTS, (seal_id,))
            parts = [Part(*row) for row in cursor.fetchall()]
            if seal_digest(previous, network, number, date, parts) != digest:
                faults.append(f"{where}: the seal itself was changed")
            for part in parts:
                count, again, erased_rows = _again(cursor, sources[part.source], part)
                erased += erased_rows
                if count != part.row_count:
                    gone = part.row_count - count
                    faults.append(f"{where}: {part.source}: {gone} rows are gone")
                elif again != part.digest:
                    faults.append(f"{where}: {part.source}: rows were changed")
            heads[network] = (number, digest)
            digests[network, number] = digest
    return Found(faults, heads, digests, erased)


def _again(cursor, source, part):
    cursor.execute(part_again(source), {"source": source.name, "ids": part.ids})
    return cursor.fetchone()


def unknown_heads(found, heads):
    """Return a sentence for each head that the chains do not have."""
    faults = []
    for head in heads:
        network, number, digest = head.split()
        if found.digests.get((network, int(number))) != digest:
            faults.append(f"{network} {number}: is not what was sent ({digest})")
    return faults


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", nargs="?", default=settings.DATABASE)
    parser.add_argument("--head", action="append", default=[])
    arguments = parser.parse_args()
    with closing(psycopg2.connect(dbname=arguments.database)) as connection:
        found = verify(connection)
    faults = found.faults + unknown_heads(found, arguments.head)
    for fault in faults:
        print(f"CHANGED  {fault}")
    for network, (number, digest) in found.heads.items():
        print(f"{network} {number} {digest}")
    print(f"{len(found.digests)} seals, {len(faults)} faults")
    if found.erased:
        print(f"{found.erased} rows were emptied since, as the law wants, and say so")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
