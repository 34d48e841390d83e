import csv
import io

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests.common import TransactionCase
from odoo.tools import SQL

from odoo.addons.oiconnect_import.bulk import conditions
from odoo.addons.oiconnect_import.bulk.staging import Stage, clean
from odoo.addons.oiconnect_import.protocol import Column, CsvReader, Format
from odoo.addons.oiconnect_import.protocol.problems import ValueProblem
from odoo.addons.oiconnect_import.protocol.values import parser_of

from ..protocol.protocol_common import shipped_format
from .import_common import LINE, SIGNED

CHECKED = settings(
    max_examples=30, deadline=None, suppress_health_check=list(HealthCheck)
)
COLUMNS = [
    *shipped_format("IPE", "V3.1").columns,
    Column("Sans limite", "free"),
    Column("Motif", "pattern", values=r"/\d{2}(?=A)A/"),
    Column("Nombre", "number", type="integer"),
    Column("Instant", "moment", type="datetime"),
]
# One of each kind: columns of the same type, length and values read the same
KINDS = list(
    {
        (column.type, column.length, column.values, column.mandatory): column
        for column in COLUMNS
    }.values()
)
SAMPLES = {**LINE, **SIGNED, "Nombre": "123456789", "Motif": "12A"}

SIGNS = "0123456789-+,.=@ ONonéÉ/_AZ'\"\\|€"
odd = st.text(alphabet=SIGNS, min_size=1, max_size=24)
numbers = st.one_of(
    st.integers().map(str),
    st.decimals(allow_nan=False, allow_infinity=False, places=3).map(str),
    st.from_regex(r"[+-]?[0-9]{1,12}[.,]?[0-9]{0,4}", fullmatch=True),
)
dates = st.one_of(
    st.dates().map(lambda day: f"{day:%Y%m%d}".zfill(8)),
    st.integers(18_000_000, 21_991_399).map(str),
)
known = st.sampled_from(
    [wire for column in COLUMNS for wire, _key in column.pairs]
    + [value for value in SAMPLES.values() if value]
)
# A good value with one sign too many, or another sign: what errors look like
touched = st.builds(
    lambda text, sign, place, cut: text[:place] + sign + text[place + cut :],
    known,
    st.sampled_from(SIGNS),
    st.integers(0, 12),
    st.booleans(),
)
cells = (
    st.one_of(odd, numbers, dates, known, known.map(str.lower), touched, touched)
    .filter(str.isprintable)
    .map(clean)
    .filter(bool)
)


class TestImportConditions(TransactionCase):
    """The filter in SQL and the parsers in Python are of one mind."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.cr.execute(
            SQL("CREATE TEMPORARY TABLE good_dates AS %s", conditions.good_dates())
        )

    def _passing(self, column, texts):
        """Return the texts that the filter lets through, with their typed values."""
        cell = SQL('v.cell COLLATE "C"')
        good = conditions.valid_cell_condition(column, cell, SQL("good_dates"))
        self.env.cr.execute(
            SQL(
                "SELECT v.cell, %s FROM unnest(%s::text[]) AS v(cell) WHERE %s",
                SQL("CASE WHEN %s THEN %s END", good, conditions.typed(column, cell)),
                texts,
                good,
            )
        )
        return dict(self.env.cr.fetchall())

    def test_few_lines_have_the_same_good_dates(self):
        """But for 29 February, which is read by the parsers."""
        cr = self.env.cr
        cr.execute(
            "CREATE TEMPORARY TABLE few AS SELECT"
            " year::text || to_char(month, 'FM00') || to_char(day, 'FM00') AS c1"
            " FROM generate_series(2003, 2042) year, generate_series(0, 13) month,"
            " generate_series(0, 32) day"
        )
        found = conditions.good_dates_of(SQL("few"), [SQL("s.c1")])
        cr.execute(
            SQL(
                "SELECT day FROM good_dates WHERE day NOT LIKE '%%0229'"
                " EXCEPT SELECT day FROM (%(few)s) f UNION ALL"
                " (SELECT day FROM (%(few)s) f EXCEPT SELECT day FROM good_dates)",
                few=found,
            )
        )
        self.assertEqual(cr.fetchall(), [])
        cr.execute(SQL("SELECT count(*) FROM (%s) f", found))
        self.assertEqual(cr.fetchone(), (36 * 365,))

    @CHECKED
    @given(st.lists(cells, min_size=20, max_size=40))
    def test_what_the_sieve_lets_through_is_good(self, texts):
        for column in KINDS:
            parse = parser_of(column)
            for text, value in self._passing(column, texts).items():
                self.assertEqual(_comparable(value), parse(text), column.name)

    @CHECKED
    @given(st.lists(cells, min_size=20, max_size=40))
    def test_a_fixed_cell_gives_the_value_that_was_read(self, texts):
        for column in KINDS:
            for text in texts:
                value = _read(column, text)
                if value is not None:
                    self._check_fixed(column, value)

    def _check_fixed(self, column, value):
        fixed = conditions.stage_text(column, value)
        if column.type == "integer" and abs(value) >= 10**9:
            return
        typed = conditions.typed(column, SQL("%s::text", fixed))
        self.env.cr.execute(SQL("SELECT %s", typed))
        self.assertEqual(_comparable(self.env.cr.fetchone()[0]), value, column.name)

    def test_plain_values_need_no_closer_look(self):
        for column in COLUMNS[:78]:
            sample = SAMPLES.get(column.name)
            if sample:
                with self.subTest(column=column.name):
                    self.assertIn(sample, self._passing(column, [sample]))

    def test_pattern_that_means_something_else_to_the_database_is_not_trusted(self):
        column = next(item for item in COLUMNS if item.name == "Motif")
        self.assertFalse(self._passing(column, ["12A"]))
        self.assertEqual(_read(column, "12A"), "12A")


def _read(column, text):
    try:
        return parser_of(column)(text)
    except ValueProblem:
        return None


def _comparable(value):
    return value.isoformat() if hasattr(value, "isoformat") else value


class TestImportStaging(TransactionCase):
    """What is copied is what was read."""

    FORMAT = Format(
        "T", "V1.0", tuple(Column(name, name.lower(), "comment") for name in "ABC")
    )

    def _staged(self, content):
        reader = CsvReader(content)
        stage = Stage(self.env.cr, "oiconnect_stage_test", self.FORMAT, reader.header)
        stage.create()
        stage.load(reader, lambda lines: None)
        self.env.cr.execute(
            SQL("SELECT line, note, %s FROM %s ORDER BY line", stage.cells, stage.table)
        )
        rows = self.env.cr.fetchall()
        stage.drop()
        return rows

    @CHECKED
    @given(
        st.lists(
            st.tuples(
                *[st.text(st.characters(exclude_categories=["Cs"]), max_size=9)] * 3
            ),
            min_size=1,
            max_size=8,
        )
    )
    def test_any_text_comes_back(self, rows):
        rows = [
            tuple(cell.replace("\0", "").replace("\r", "") for cell in row)
            for row in rows
        ]
        text = io.StringIO()
        writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL)
        writer.writerows([("A", "B", "C"), ("é", "è", "à"), *rows])
        staged = [row[2:] for row in self._staged(text.getvalue().encode())]
        wanted = [tuple(clean(cell) or None for cell in row) for row in rows]
        self.assertEqual(
            [row for row in staged[1:] if any(row)],
            [row for row in wanted if any(row)],
        )

    def test_line_numbers_are_those_of_the_file(self):
        rows = self._staged(b'A;B;C\r\n1;2;3\r\n\r\n"x\r\ny";5;6\r\n7;8;9\r\n')
        self.assertEqual([row[0] for row in rows], [2, 4, 6])

    def test_notes_tell_control_characters_and_bad_lines(self):
        rows = self._staged(b"A;B;C\r\n1;\x07;3\r\n1;2;3;4\r\n5;6;7\r\n")
        self.assertEqual(rows[0][1], "!")
        self.assertIn("too_many_cells", rows[1][1])
        self.assertIsNone(rows[2][1])
