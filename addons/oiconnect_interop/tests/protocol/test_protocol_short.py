"""A line that was cut short: one error, which says how many columns came."""

import pytest

from odoo.addons.oiconnect_import.protocol import CsvReader

from .protocol_common import FLOWS, shipped_format, shipped_versions


def _lines(file_format, *counts):
    """Read lines of so many cells, each filled with what no column refuses as text."""
    rows = [file_format.header, *(["1"] * count for count in counts)]
    content = "\r\n".join(file_format.separator.join(row) for row in rows).encode()
    return list(file_format.parse_rows(CsvReader(content)))


@pytest.mark.parametrize("flow", FLOWS)
def test_each_flow_tells_a_line_cut_short_once(flow):
    for version in shipped_versions(flow):
        file_format = shipped_format(flow, version)
        count = file_format.least_cells(file_format.header) - 1
        (line,) = _lines(file_format, count)
        (error,) = line.errors
        assert (error.message_key, error.code) == ("too_few_cells", "FIMP16")
        assert error.params == {"count": count, "limit": len(file_format.header)}
        assert (error.line, error.column) == (2, "")


def test_forty_columns_of_the_ipe_where_seventy_eight_are_expected():
    (line,) = _lines(shipped_format("IPE", "V3.1"), 40)
    assert [error.message for error in line.errors] == [
        "The line has 40 columns instead of 78: it was cut short, send it again whole."
    ]


def test_a_line_may_leave_out_the_optional_columns_of_its_end():
    file_format = shipped_format("CMD_ACCES", "V1.3")
    least = file_format.least_cells(file_format.header)
    (line,) = _lines(file_format, least)
    assert "too_few_cells" not in [error.message_key for error in line.errors]


def test_a_line_cut_short_still_gives_its_reference():
    (line,) = _lines(shipped_format("CMD_ACCES", "V1.3"), 20)
    assert line.payload["oc_reference"] == "1"


def test_errors_that_follow_from_shifted_cells_are_not_reported():
    file_format = shipped_format("CMD_ACCES", "V1.3")
    for text, key in (('"1', "bad_quotes"), ("1" + ";1" * 40, "too_many_cells")):
        content = f"{';'.join(file_format.header)}\r\n{text}\r\n".encode()
        (line,) = file_format.parse_rows(CsvReader(content))
        assert [error.message_key for error in line.errors] == [key]
