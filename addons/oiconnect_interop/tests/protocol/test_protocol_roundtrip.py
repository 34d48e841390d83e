"""Property: what a format writes, it reads back, whatever the payload."""

import datetime
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.oiconnect_import.protocol import Column, CsvReader, Format, write
from odoo.addons.oiconnect_import.protocol.columns import Column as AnyColumn
from odoo.addons.oiconnect_import.protocol.payloads import nest

from .protocol_common import FLOWS, shipped_format, shipped_versions

pytestmark = pytest.mark.slow
SIGNS = st.characters(exclude_categories=["Cs", "Cc"])
ENCODINGS = ("utf-8", "utf-8-sig", "cp1252")
SEPARATORS = (";", ",", "\t", "|")


def is_safe(text):
    """Text that a format takes as it is: trimmed, no formula, not "nothing"."""
    return text == text.strip() and text != "_NA_" and text[:1] not in "=+-@"


@cache
def value_of(column: AnyColumn):
    """Strategy of the payload values that ``column`` accepts."""
    limit = column.length or 40
    # A sign, a comma and four decimals beside
    most = 10 ** max(0, min(8, limit - 6))
    if column.pattern:
        return st.from_regex(column.pattern, fullmatch=True).filter(
            lambda text: len(text) <= limit and text.isascii()
        )
    texts = st.text(SIGNS, min_size=1, max_size=limit).filter(is_safe)
    free = st.text(
        st.one_of(SIGNS, st.sampled_from('\r\n\t;"')), min_size=1, max_size=limit
    ).filter(lambda text: text == text.strip() and text != "_NA_")
    by_type = {
        "text": texts,
        "comment": free,
        "integer": st.integers(0, 10 ** min(limit, 9) - 1),
        "decimal": st.decimals(-most, most, places=4).map(float),
        "date": st.dates(datetime.date(1900, 1, 1)).map(datetime.date.isoformat),
        "datetime": st.datetimes(datetime.datetime(1900, 1, 1)).map(
            lambda moment: moment.replace(second=0, microsecond=0).isoformat()
        ),
        "boolean": st.booleans(),
        "code": st.sampled_from([key for _wire, key in column.pairs] or [""]),
        "reason": st.sampled_from(["FIMP15", "FADR01", "RET01"]),
        "phone": st.from_regex(r"\+?[0-9]{6,15}", fullmatch=True).filter(str.isascii),
        "contact": st.sampled_from(["0600000001", "a.b@example.org"]),
    }
    return by_type[column.type]


@cache
def payload_of(file_format):
    """Strategy of whole payloads: mandatory values always, others sometimes."""
    values = {}
    for column in file_format.columns:
        value = value_of(column)
        if not column.mandatory:
            value = st.one_of(st.none(), value)
        values[column.path] = value
    return st.fixed_dictionaries(values).map(
        lambda found: nest({k: v for k, v in found.items() if v is not None})
    )


def read_back(file_format, payloads):
    written = write(file_format, payloads)
    assert written.errors == []
    reader = CsvReader(written.content, file_format.separator)
    lines = list(file_format.parse_rows(reader))
    assert [line.errors for line in lines] == [()] * len(payloads)
    return [line.payload for line in lines]


@pytest.mark.parametrize(
    ("flow", "version"),
    [(flow, version) for flow in FLOWS for version in shipped_versions(flow)],
)
@settings(max_examples=5)
@given(data=st.data())
def test_every_shipped_format_reads_what_it_writes(flow, version, data):
    file_format = shipped_format(flow, version)
    payloads = data.draw(st.lists(payload_of(file_format), min_size=1, max_size=3))
    assert read_back(file_format, payloads) == payloads


NASTY = (
    Column("Référence", "reference", rule="M"),
    Column("Commentaire libre", "comment", "comment"),
    Column("Autre", "routes.1.note", "comment"),
)
nasty_text = st.text(st.sampled_from('ab é;,|\t"\r\n0='), min_size=1).filter(
    lambda text: text == text.strip()
)


@settings(max_examples=300)
@given(
    separator=st.sampled_from(SEPARATORS),
    encoding=st.sampled_from(ENCODINGS),
    line_end=st.sampled_from(["\r\n", "\n"]),
    texts=st.lists(st.tuples(nasty_text, nasty_text), min_size=1, max_size=5),
)
def test_separators_quotes_and_breaks_survive(separator, encoding, line_end, texts):
    file_format = Format(
        "X", "V1", NASTY, separator=separator, encoding=encoding, line_end=line_end
    )
    payloads = [
        {"reference": "R", "comment": comment, "routes": [{}, {"note": note}]}
        for comment, note in texts
    ]
    assert read_back(file_format, payloads) == payloads


@settings(max_examples=100)
@given(texts=st.lists(nasty_text, min_size=1, max_size=5))
def test_line_numbers_are_those_of_physical_lines(texts):
    file_format = Format("X", "V1", NASTY, line_end="\n")
    content = write(
        file_format, [{"reference": "R", "comment": text} for text in texts]
    ).content
    numbers = [number for number, _cells, _problem in CsvReader(content)]
    expected, line = [], 2
    for text in texts:
        expected.append(line)
        line += text.count("\n") + 1
    assert numbers == expected


@settings(max_examples=100)
@given(text=nasty_text)
def test_naive_readers_can_split_unquoted_files(text):
    file_format = Format("X", "V1", NASTY, quoting="none")
    written = write(file_format, [{"reference": "R", "comment": text}])
    _header, line, end = written.content.decode().split("\r\n")
    assert end == ""
    assert len(line.split(";")) == 3
    assert '"' not in line
