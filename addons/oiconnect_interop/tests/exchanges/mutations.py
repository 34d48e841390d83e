"""Files as no protocol wants them: a good file and a few accidents, by a seed.

Plain Python. What is known of each: the lines that no accident touched, which must have
their effect as if nothing were wrong with the others.
"""

import codecs
from typing import NamedTuple

from .mutated_bytes import BYTE_ACCIDENTS, WRAPPINGS

VALUES = (
    "",
    " ",
    "=HYPERLINK(1)",
    "+33",
    "-1",
    "@cmd",
    "0",
    "99999999999",
    "20261332 25:61",
    "20260230",
    "N/A",
    "NULL",
    "é" * 40,
    "x" * 300,
    "x" * 5000,
    "\u202efdp.exe",
    "\U0001f600",
    "a\u0301\u0301",
    "\xa0",
    "\u2028",
    "\x0b",
    "\x85",
    "\x1b[31m",
    "\ufeff",
    "\ufffd",
    "\t",
    "';--",
    "%s %(x)s {0}",
    "<b>x</b>",
    "../../x",
    "inf",
    "1e400",
    "\u0661\u0662",
    "OUI",
    "KO",
    "FIMP99",
)


class Mutant(NamedTuple):
    """A file, the ranks of the lines that nothing touched, and what was done."""

    content: bytes
    untouched: frozenset
    accidents: tuple


class Draft:
    """A file in the making: its records, and which are still as they were."""

    def __init__(self, random, header, rows):
        self.random = random
        self.header = list(header)
        #: (rank of the line or None, cells)
        self.lines = [(rank, list(row)) for rank, row in enumerate(rows)]
        self.untouched = set(range(len(rows)))
        self.end = "\r\n"
        self.last_end = True
        self.encoding = "utf-8"
        self.separator = ";"
        self.is_quoted = False
        #: rank → the encoding of that line
        self.encodings = {}

    def spoil(self, *ranks):
        self.untouched -= set(ranks)

    def spoil_all(self):
        self.untouched.clear()

    def any_line(self):
        return self.random.randrange(len(self.lines))

    # -- columns --------------------------------------------------------------------

    def columns_shuffled(self):
        order = self.random.sample(range(len(self.header)), len(self.header))
        self.each_record(lambda cells: [cells[n] for n in order if n < len(cells)])
        if any(len(cells) != len(self.header) for _rank, cells in self.lines):
            self.spoil_all()

    def each_record(self, change):
        self.header = change(self.header)
        self.lines = [(rank, change(cells)) for rank, cells in self.lines]

    def column_added(self):
        place = self.random.randint(0, len(self.header))
        name = f"Inconnue{self.random.randrange(1000)}"
        self.lines = [
            (rank, [*cells[:place], self.random.choice(("", "x")), *cells[place:]])
            for rank, cells in self.lines
        ]
        self.header.insert(place, name)

    def column_removed(self):
        place = self.random.randrange(len(self.header))
        self.each_record(lambda cells: cells[:place] + cells[place + 1 :])
        self.spoil_all()

    def column_renamed(self):
        place = self.random.randrange(len(self.header))
        name = self.header[place]
        self.header[place] = self.random.choice(
            (name.upper(), name[:-1], f"{name}x", "", name[::-1], self.header[0], "=x")
        )
        self.spoil_all()

    def column_doubled(self):
        place = self.random.randrange(len(self.header))
        self.each_record(lambda cells: [*cells, *cells[place : place + 1]])
        self.spoil_all()

    def header_spaced(self):
        place = self.random.randrange(len(self.header))
        self.header[place] = f" {self.header[place]}  "

    def hundreds_of_columns(self):
        self.header += [f"C{n}" for n in range(self.random.choice((300, 600)))]
        self.spoil_all()

    # -- lines ----------------------------------------------------------------------

    def line_doubled(self):
        rank, cells = self.lines[self.any_line()]
        self.lines.insert(self.random.randint(0, len(self.lines)), (None, list(cells)))
        self.spoil(rank)

    def line_removed(self):
        rank, _cells = self.lines.pop(self.any_line())
        self.spoil(rank)

    def lines_shuffled(self):
        self.random.shuffle(self.lines)

    def blank_line(self):
        cells = [""] * self.random.choice((1, 2, len(self.header)))
        self.lines.insert(self.random.randint(0, len(self.lines)), (None, cells))

    def header_repeated(self):
        self.lines.insert(
            self.random.randint(0, len(self.lines)), (None, list(self.header))
        )

    def line_of_junk(self):
        count = self.random.randint(1, len(self.header))
        cells = [self.random.choice(VALUES) for _n in range(count)]
        self.lines.insert(self.random.randint(0, len(self.lines)), (None, cells))

    def lines_joined(self):
        place = self.any_line()
        rank, cells = self.lines[place]
        if place + 1 < len(self.lines):
            other, more = self.lines.pop(place + 1)
            self.spoil(other)
            cells += more
        self.spoil(rank)

    # -- cells ----------------------------------------------------------------------

    def value_replaced(self):
        for _n in range(self.random.choice((1, 1, 2, 5))):
            rank, cells = self.lines[self.any_line()]
            if cells:
                place = self.random.randrange(len(cells))
                cells[place] = self.random.choice(VALUES)
                self.spoil(rank)

    def text_replaced(self):
        rank, cells = self.lines[self.any_line()]
        if cells:
            text = "".join(
                chr(self.random.choice((self.random.randrange(32, 256), 0x20AC)))
                for _n in range(self.random.randint(1, 60))
            )
            cells[self.random.randrange(len(cells))] = text
            self.spoil(rank)

    def cells_swapped(self):
        rank, cells = self.lines[self.any_line()]
        if len(cells) > 1:
            one, other = self.random.sample(range(len(cells)), 2)
            cells[one], cells[other] = cells[other], cells[one]
            self.spoil(rank)

    def cells_missing(self):
        rank, cells = self.lines[self.any_line()]
        del cells[self.random.randint(0, len(cells)) :]
        self.spoil(rank)

    def cells_in_excess(self):
        rank, cells = self.lines[self.any_line()]
        cells += [self.random.choice(("", "x"))] * self.random.choice((1, 3, 700))
        self.spoil(rank)

    def break_in_a_cell(self):
        rank, cells = self.lines[self.any_line()]
        if cells:
            cells[self.random.randrange(len(cells))] = 'un "deux"; \r\ntrois\n'
            self.spoil(rank)
            if self.end == "\r":
                self.spoil_all()

    # -- encodings, ends, separators ------------------------------------------------

    def another_encoding(self):
        self.encoding = self.random.choice(("utf-8-sig", "cp1252"))

    def a_line_in_another_encoding(self):
        rank, _cells = self.lines[self.any_line()]
        if rank is not None:
            self.encodings[rank] = self.random.choice(("cp1252", "cp437", "utf-16-le"))
            self.spoil(rank)

    def another_end(self):
        self.end = self.random.choice(("\n", "\r", "", "\r\r\n"))
        if self.end == "\r":
            self.untouched -= self.broken_ranks()

    def broken_ranks(self):
        """A file of CR only has no LF in its values."""
        texts = ["".join(cells) for _rank, cells in self.lines]
        return set(self.untouched) if any("\n" in text for text in texts) else set()

    def no_last_end(self):
        self.last_end = False

    def another_separator(self):
        self.separator = self.random.choice((",", "\t", "|", ";;"))
        self.spoil_all()

    def all_quoted(self):
        self.is_quoted = True

    # -- bytes ----------------------------------------------------------------------

    def records(self):
        """Return ``[(rank, bytes)]``; the rank of the header is -1."""
        records = [(-1, self.record(self.header, self.encoding))]
        for rank, cells in self.lines:
            encoding = self.encodings.get(rank, self.encoding)
            records.append((rank, self.record(cells, encoding)))
        return records

    def record(self, cells, encoding):
        text = self.separator.join(map(self.cell, cells))
        encoding = "utf-8" if encoding == "utf-8-sig" else encoding
        return text.encode(encoding, "replace")

    def cell(self, text):
        if self.is_quoted or any(sign in text for sign in ';"\r\n'):
            return '"' + text.replace('"', '""') + '"'
        return text

    def ends(self, count):
        """Return the bytes after each of ``count`` records."""
        ends = [
            (self.end or self.random.choice(("\n", "\r\n"))).encode()
            for _n in range(count)
        ]
        if not self.last_end:
            ends[-1] = b""
        return ends


DRAFT_ACCIDENTS = (
    Draft.columns_shuffled,
    Draft.column_added,
    Draft.column_removed,
    Draft.column_renamed,
    Draft.column_doubled,
    Draft.header_spaced,
    Draft.hundreds_of_columns,
    Draft.line_doubled,
    Draft.line_removed,
    Draft.lines_shuffled,
    Draft.blank_line,
    Draft.header_repeated,
    Draft.line_of_junk,
    Draft.lines_joined,
    *[Draft.value_replaced] * 6,
    Draft.text_replaced,
    Draft.cells_swapped,
    Draft.cells_missing,
    Draft.cells_in_excess,
    Draft.break_in_a_cell,
    Draft.another_encoding,
    Draft.a_line_in_another_encoding,
    Draft.another_end,
    Draft.no_last_end,
    Draft.another_separator,
    Draft.all_quoted,
)


def mutate(random, header, rows):
    """Return a :class:`Mutant` of the file of ``header`` and ``rows``."""
    draft, accidents = Draft(random, header, rows), []
    for _n in range(random.choice((0, 1, 1, 1, 2, 3))):
        accident = random.choice(DRAFT_ACCIDENTS)
        if draft.lines:
            accident(draft)
            accidents.append(accident.__name__)
    records = draft.records()
    touched = set()
    for _n in range(random.choice((0, 0, 1, 2)) if accidents else 1):
        # The header is no more than one in ten.
        first = int(len(records) > 1 and random.random() < 0.9)
        place = random.randrange(first, len(records))
        rank, raw = records[place]
        if raw:
            accident = random.choice(BYTE_ACCIDENTS)
            records[place] = rank, accident(random, raw)
            touched.add(place)
            accidents.append(accident.__name__.strip("_"))
    content, whole = _joined(draft, records, touched)
    content, whole = _wrapped(random, draft, content, accidents, whole)
    untouched = frozenset() if whole else frozenset(draft.untouched)
    return Mutant(content, untouched, tuple(accidents))


def _joined(draft, records, touched):
    """Return the file, and whether nothing is known of its lines."""
    for place in touched:
        draft.spoil(records[place][0])
        # A quote that opens there may close in a later record that has some.
        if b'"' in records[place][1]:
            later = records[place + 1 :]
            if any(b'"' in raw for _rank, raw in later):
                draft.spoil(*(rank for rank, _raw in later))
    ends = draft.ends(len(records))
    pieces = [raw + end for (_rank, raw), end in zip(records, ends, strict=True)]
    if draft.encoding == "utf-8-sig":
        pieces[0] = codecs.BOM_UTF8 + pieces[0]
    content = b"".join(pieces)
    if draft.random.random() < 0.08:
        content = _cut(draft, records, pieces)
    return content, (
        0 in touched
        or len(content) <= len(pieces[0])
        or b"\0" in content
        or (draft.end == "\r" and b"\n" in content)
        or max(len(raw) for _rank, raw in records) > 60_000
    )


def _cut(draft, records, pieces):
    """Let the file break off: what came whole before is as it was."""
    length = draft.random.randrange(sum(map(len, pieces)) + 1)
    begin = 0
    for (rank, raw), piece in zip(records, pieces, strict=True):
        if begin + len(raw) > length:
            draft.spoil(rank)
        begin += len(piece)
    return b"".join(pieces)[:length]


def _wrapped(random, draft, content, accidents, whole):
    """Return the file after what happened to it on its way, one in ten."""
    if random.random() > 0.1:
        return content, whole
    name, change = random.choice(list(WRAPPINGS.items()))
    accidents.append(name)
    return change(random, content), True
