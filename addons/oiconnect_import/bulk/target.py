"""Mapping of a staging table to one model: columns, key, relations, history."""

from dataclasses import replace

from odoo.tools import SQL

from odoo.addons.oiconnect_base.time_zone import local_today

from . import conditions
from .archive import BulkFileError

# Type of a field: types of columns that can feed it
_FEEDS = {
    "char": ("text", "comment", "code"),
    "text": ("text", "comment", "code"),
    "integer": ("integer",),
    "float": ("integer", "decimal"),
    "date": ("date",),
    "boolean": ("boolean",),
    "selection": ("code",),
}
_UPPER = ("street_number_suffix", "manager_street_number_suffix")
_ADDRESS = (
    "street_number",
    "street_number_suffix",
    "street_type",
    "street_name",
    "building_name",
    "postal_code",
    "city",
)
_PLACE = ("projection", "x", "y")
_NUMBERS = ("integer", "float")
_TEXTS = ("char", "text")
# What a reader takes away around a cell
_BLANKS = "".join(filter(str.isspace, map(chr, range(0x3001))))


class Relation:
    """A many2one column that the file gives by the code of its record."""

    def __init__(self, field, table, key, alias, condition=None):
        self.field = field
        self.table = SQL.identifier(table)
        self.key = SQL.identifier(key)
        self.name = alias
        self.alias = SQL.identifier(alias)
        self.condition = condition or SQL("TRUE")
        self.known = self.table

    def settle(self, stage, owner):
        """Find the records from now on in a table of this run.

        The planner knows how many there are, which it does not of the records that
        this transaction made: it would compare each line with each of them.
        """
        self.known = stage.side(
            f"{owner}_{self.name}",
            SQL(
                "SELECT id, %s FROM %s %s WHERE %s",
                self.key,
                self.table,
                self.alias,
                self.condition,
            ),
        )
        self.condition = SQL("TRUE")

    def join(self, cell):
        """Return the join that finds the record by ``cell``."""
        return SQL(
            "LEFT JOIN %(known)s %(alias)s ON %(alias)s.%(key)s = %(cell)s AND "
            "%(condition)s",
            known=self.known,
            alias=self.alias,
            key=self.key,
            cell=cell,
            condition=self.condition,
        )

    @property
    def id(self):
        return SQL("%s.id", self.alias)

    def label(self, value):
        """Return what the history calls the record of id ``value``."""
        return SQL("(SELECT %s FROM %s WHERE id = %s)", self.key, self.table, value)


class Target:
    """Columns of one model that a file feeds, as SQL over its staging table.

    :param prefix: of the fields of the format: "building" for "building.state"
    :param shared: other columns of the file that feed it: {field: field of format}
    :param relations: {field of the format: ``Relation``}

    Only the columns that the file has are touched. ``constants`` are the columns of a
    new record that no file gives, ``preserved`` those that an empty cell leaves as
    they are, ``silent`` those that alone make no change; ``reference`` is what the
    history calls the record.
    """

    constants = {}
    preserved = ()
    silent = ()
    reference = ("reference",)

    def __init__(self, env, stage, prefix, model, shared=(), relations=()):
        self.env = env
        self.stage = stage
        self.prefix = prefix
        self.model = env[model]
        self.table = SQL.identifier(self.model._table)
        self.relations = {
            field: relation
            for field, relation in dict(relations).items()
            if field in stage
        }
        self.fields = self._own_fields(prefix) | {
            name: field for name, field in dict(shared).items() if field in stage
        }
        self.values = {
            name: self._value(name, stage.columns[field])
            for name, field in self.fields.items()
        }
        for relation in self.relations.values():
            self.values[relation.field] = relation.id

    def _own_fields(self, prefix):
        own = {
            field.removeprefix(f"{prefix}."): field
            for field in self.stage.columns
            if field.startswith(f"{prefix}.")
        }
        return {
            name: field
            for name, field in own.items()
            if name in self.model._fields and field not in self.relations
        }

    def _value(self, name, column):
        field = self.model._fields[name]
        fits = column.type in _FEEDS.get(field.type, ())
        if fits and field.type == "selection":
            keys = {key for _wire, key in column.pairs}
            fits = keys <= set(field.get_values(self.env))
        if not fits:
            raise BulkFileError("bad_binding", column=column.name, field=column.field)
        value = conditions.typed(column, self.stage.cell(column.field))
        if name in _UPPER:
            return SQL("upper(%s)", value)
        digits = field.type == "float" and field.get_digits(self.env)
        return SQL("round(%s::numeric, %s)", value, digits[1]) if digits else value

    # -- derived columns --------------------------------------------------------------

    @property
    def has_address(self):
        return "address" in self.model._fields

    @property
    def has_place(self):
        return all(name in self.values for name in _PLACE)

    def settle(self):
        """Take stock of the records that the lines name, once they are all made."""
        for relation in self.relations.values():
            relation.settle(self.stage, self.model._table)

    def joins(self):
        """Return the joins that the values need."""
        joins = [
            relation.join(self.stage.cell(field))
            for field, relation in self.relations.items()
        ]
        if "insee_code" in self.values:
            joins.append(
                SQL(
                    "LEFT JOIN oiconnect_commune commune ON commune.insee_code = %s",
                    self.values["insee_code"],
                )
            )
        return SQL(" ").join(joins)

    def written(self, record=None):
        """Return {column: value} of a line, the address's parts among them.

        :param record: alias of the record that the line changes, if any
        """
        values = self._line_values(record)
        if record:
            values |= {
                name: self._unless_same(name, SQL.identifier(record, name), value)
                for name, value in values.items()
            }
        if "insee_code" in values:
            values["commune_id"] = SQL("commune.id")
        if "state" in values and "abandoned_date" in self.model._fields:
            values["abandoned_date"] = self._abandoned_date(record)
        return values

    def _line_values(self, record):
        """Return {column: value} of a line, as it tells them of ``record`` if any."""
        values = dict(self.values)
        if not record:
            return values
        for name in self.preserved:
            if name in values:
                stored = SQL.identifier(record, name)
                values[name] = SQL("COALESCE(%s, %s)", values[name], stored)
        return values | (self._place_values(record) if self.has_place else {})

    def _place_values(self, record):
        """A line without coordinates says nothing of an object of other projection.

        Nor does its projection, that of another object of the line, of one that has no
        coordinates.
        """
        stored = {name: SQL.identifier(record, name) for name in _PLACE}
        elsewhere = self.is_elsewhere(record)
        unplaced = SQL("COALESCE(%(x)s, 0) = 0 AND COALESCE(%(y)s, 0) = 0", **stored)
        unchanged = dict.fromkeys(("x", "y"), elsewhere) | {
            "projection": SQL("(%s OR %s AND %s)", elsewhere, self._bare, unplaced)
        }
        return {
            name: SQL(
                "CASE WHEN %s THEN %s ELSE %s END",
                unchanged[name],
                stored[name],
                self.values[name],
            )
            for name in _PLACE
        }

    @property
    def _bare(self):
        return SQL("%s IS NULL AND %s IS NULL", self.values["x"], self.values["y"])

    def is_elsewhere(self, record):
        """Return the condition that a line cannot give the place of ``record``."""
        return SQL(
            "%s AND %s <> %s",
            self._bare,
            self.values["projection"],
            SQL.identifier(record, "projection"),
        )

    def _same(self, name, stored, value):
        """Return the condition that ``stored`` would be written as ``value``, if any.

        A file has no word for an optional number that is zero, nor the database for a
        yes or no that was not given; a text is written as it is, in quotes, or without
        the signs that a reader would trip over.
        """
        kind = self.model._fields[name].type
        column = self.stage.columns.get(self.fields.get(name))
        if kind in _NUMBERS and not (column and column.mandatory):
            return SQL("COALESCE(%s, 0) = COALESCE(%s, 0)", stored, value)
        if kind == "boolean":
            return SQL("COALESCE(%s, FALSE) = COALESCE(%s, FALSE)", stored, value)
        if kind in _TEXTS:
            plain_stored, plain_value = [
                SQL("translate(%s, %s, %s)", text, *self.stage.plain)
                for text in (stored, value)
            ]
            return SQL(
                """(%(stored)s IS NOT DISTINCT FROM %(value)s
                    OR NULLIF(btrim(%(plain_stored)s, %(blanks)s), '')
                       IS NOT DISTINCT FROM %(plain_value)s)""",
                stored=stored,
                value=value,
                plain_stored=plain_stored,
                plain_value=plain_value,
                blanks=_BLANKS,
            )
        return None

    def _unless_same(self, name, stored, value):
        same = self._same(name, stored, value)
        return (
            SQL("CASE WHEN %s THEN %s ELSE %s END", same, stored, value)
            if same
            else value
        )

    def _abandoned_date(self, record):
        """Return the date of abandonment: the known one, or that of the file."""
        known = SQL("NULL::date")
        if record:
            known = SQL(
                "CASE WHEN %s = 'abandoned' THEN %s END",
                SQL.identifier(record, "state"),
                SQL.identifier(record, "abandoned_date"),
            )
        return SQL(
            "CASE WHEN %s = 'abandoned' THEN COALESCE(%s, %s, %s) END",
            self.values["state"],
            known,
            self.values.get("last_change_date", SQL("NULL::date")),
            local_today(),
        )

    def address_parts(self, record=None):
        """Return the parts of the address that the file does not give."""
        if not self.has_address:
            return {}
        return {
            name: SQL.identifier(record, name) if record else SQL("NULL::varchar")
            for name in _ADDRESS
            if name not in self.values
        }

    def differs(self, record):
        """Return the condition that a line changes the record of alias ``record``."""
        return SQL(" OR ").join(
            self._differs(name, SQL.identifier(record, name), value)
            for name, value in self._line_values(record).items()
            if name not in self.silent
        )

    def _differs(self, name, stored, value):
        differs = SQL("%s IS DISTINCT FROM %s", stored, value)
        same = self._same(name, stored, value)
        return SQL("(%s AND (%s) IS NOT TRUE)", differs, same) if same else differs

    def point(self):
        """Return the projection and coordinates of a line."""
        return SQL(", ").join(self.values[name] for name in _PLACE)

    # -- history ----------------------------------------------------------------------

    def tracked(self):
        """Return the names of the columns whose changes are stored."""
        return [name for name in self.model._tracked_fields if name in self.values]

    def text(self, name, value):
        """Return the SQL of a value as the history keeps it."""
        for relation in self.relations.values():
            if relation.field == name:
                return SQL("%s::text", relation.label(value))
        if self.model._fields[name].type == "float":
            return SQL("%s::float8::text", value)
        return SQL("%s::text", value)


def tightened(env, file_format, models):
    """Return the columns of a format with no more room than the database gives.

    :param models: {prefix of the fields of the format: model that they feed}
    """
    return tuple(
        _tightened_column(env, column, models) for column in file_format.columns
    )


def _tightened_column(env, column, models):
    prefix, _dot, name = column.field.partition(".")
    field = prefix in models and env[models[prefix]]._fields.get(name)
    room = getattr(field, "size", None) or (9 if column.type == "integer" else 0)
    if not room or 0 < column.length <= room:
        return column
    return replace(column, length=room)
