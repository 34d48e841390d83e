"""Large GraceTHD deliveries, written as they are generated."""

import tempfile
import zipfile
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from . import gracethd_file
from .gracethd import PLAIN, Traits, blocks
from .gracethd_catalogue import TABLES, columns_of
from .gracethd_file import STANDARD, tables_of

#: shapefiles have the columns that have a value: those of the standard are 250 wide
_SHAPES = STANDARD._replace(sparse=True)


def write_zip(
    path: Path, pms: int, seed: int = 1, traits: Traits = PLAIN
) -> dict[str, int]:
    """Write the delivery of a network of ``pms`` PMs; return the rows by table.

    The csv files are written NRO by NRO; rows that have a place stay in memory.
    """
    counts: Counter[str] = Counter()
    shapes: gracethd_file.Tables = {}
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder, opened = Path(name), {}
        for block, _routes, _links in blocks(pms, seed, traits):
            for table, rows in tables_of(block.tables, STANDARD.version).items():
                counts[table] += len(rows)
                if TABLES[table].form:
                    shapes.setdefault(table, []).extend(rows)
                    continue
                columns = columns_of(table, STANDARD.generation)
                if table not in opened:
                    file = (folder / f"{table}.csv").open("wb")
                    opened[table] = stack.enter_context(file)
                    file.write(gracethd_file.csv_head(columns, STANDARD))
                content = gracethd_file.csv_rows(columns, rows, STANDARD)
                opened[table].write(content)
        for file in opened.values():
            file.flush()
        with zipfile.ZipFile(
            path, "w", zipfile.ZIP_DEFLATED, compresslevel=1
        ) as archive:
            for table in opened:
                archive.write(folder / f"{table}.csv", f"{table}.csv")
            for table in list(shapes):
                rows = shapes.pop(table)
                for member, content in gracethd_file.shape_files(table, rows, _SHAPES):
                    archive.writestr(member, content)
    return dict(counts)
