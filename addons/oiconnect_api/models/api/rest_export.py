from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, Query

from odoo.addons.oiconnect_base.odoo_internals import cached_values
from odoo.addons.oiconnect_interop.bulk.publish.output import copy_lines

from ...rest.export import GEOJSON, framed
from .rest import _JSON_VALUES, _dumps

#: rows of a transaction
BATCH = 5000
# Empty is false or 0, as the ORM has it
_NEVER_NULL = {"boolean": SQL("FALSE"), "integer": SQL("0"), "float": SQL("0")}
_NEVER_NULL["monetary"] = _NEVER_NULL["float"]
_MOMENT = "replace(%s::text, ' ', 'T') || 'Z'"
_POSITION = "'[' || %s || ',' || %s || ']'"


class Rest(models.AbstractModel):
    """Whole lists, in batches that PostgreSQL writes as JSON.

    Records are found by the ORM, with the rules and filters of the list. Between two
    batches there is no transaction: however slow its reader, an export holds nothing.
    """

    _inherit = "oiconnect.rest"

    @api.model
    @api.private
    def _export(self, caller, description, parameters, form):
        """Return an iterator of the bytes of a file.

        The first batch is made at once: a refusal is reported as a problem.

        :param parameters: parameters of the list by their names
        """
        self._check_scope(caller, description)
        domain = self._visible(caller, description.resource)
        domain &= self._filter_domain(caller, description, parameters)
        if form == GEOJSON:
            self._check_visible(caller, description, "format", ("x", "y"))
        names = self._chosen_names(caller, description, parameters.get("fields"))
        what = (description, domain, names, form == GEOJSON)
        first = self._export_batch(caller.env, *what, after=0)
        return framed(form, self._export_batches(caller.env, what, first))

    @api.model
    def _export_batches(self, env, what, batch):
        registry = env.registry
        while batch:
            lines, last = batch
            yield lines
            with registry.cursor(readonly=True) as cr:
                own = env(cr=cr)
                batch = own["oiconnect.rest"]._export_batch(own, *what, after=last)

    @api.model
    def _export_batch(self, env, description, domain, names, on_map, after):
        """Return ``(lines of bytes, last id)`` of what follows an id, None if none."""
        model = env[description.model]
        domain &= Domain("id", ">", after)
        others = [name for name in names if not _is_column(description.kinds[name])]
        records = model.search_fetch(domain, others or ["id"], order="id", limit=BATCH)
        if not records:
            return None
        env.flush_all()
        query = Query(env, model._table, SQL.identifier(model._table))
        # One value: the nodes of an array of 5,000 would be parsed one by one.
        ids = "{%s}" % ",".join(map(str, records._ids))
        query.add_where(
            SQL("%s = ANY(%s::int[])", SQL.identifier(model._table, "id"), ids)
        )
        columns = self._export_columns(records, description, names, query)
        row = SQL(
            "(SELECT row_to_json(exported) FROM (SELECT %s) AS exported)", columns
        )
        if on_map:
            row = self._feature(model, description, query, row)
        query.order = SQL.identifier(model._table, "id")
        blocks = []
        copy_lines(env.cr, query.select(row), blocks.append)
        return b"".join(blocks), records._ids[-1]

    # ------------------------------------------------------------------
    # Values, as the list tells them
    # ------------------------------------------------------------------

    @api.model
    def _export_columns(self, records, description, names, query):
        kinds = description.kinds
        plain = [name for name in names if _is_column(kinds[name])]
        references = [name for name in plain if kinds[name].type == "many2one"]
        columns = {
            name: self._export_value(records, kinds[name], query) for name in plain
        }
        columns |= self._export_references(records, kinds, references, query)
        columns |= self._export_others(
            records, kinds, [name for name in names if name not in columns], query
        )
        return SQL(", ").join(
            SQL("%s AS %s", columns[name], SQL.identifier(name)) for name in names
        )

    @api.model
    def _export_value(self, records, field, query):
        column = records._field_to_sql(records._table, field.name, query)
        if field.type == "datetime":
            return SQL(_MOMENT, column)
        if field.type in _NEVER_NULL:
            return SQL("COALESCE(%s, %s)", column, _NEVER_NULL[field.type])
        return column

    @api.model
    def _export_references(self, records, kinds, names, query):
        """Return ``{name: SQL}`` of relations: their ids, and the names of screens."""
        if not names:
            return {}
        columns = {
            name: records._field_to_sql(records._table, name, query) for name in names
        }
        # Hashed one after the other: an array_agg(DISTINCT …) sorts.
        page = query.select(
            *(SQL("%s AS %s", columns[name], SQL.identifier(name)) for name in names)
        )
        distinct = SQL(", ").join(
            SQL("ARRAY(SELECT DISTINCT %s FROM page)", SQL.identifier(name))
            for name in names
        )
        [ids] = records.env.execute_query(
            SQL("WITH page AS MATERIALIZED (%s) SELECT %s", page, distinct)
        )
        joined = {}
        for name, values in zip(names, ids, strict=True):
            others = records.env[kinds[name].comodel_name].sudo()
            others = others.browse(value for value in values if value)
            others.fetch(["display_name"])
            texts = {
                one.id: _dumps({"id": one.id, "name": one.display_name})
                for one in others
            }
            joined[name] = _joined(query, name, columns[name], texts)
        return joined

    @api.model
    def _export_others(self, records, kinds, names, query):
        """Return ``{name: SQL}`` of what no column holds: the ORM reads it."""
        if not names:
            return {}
        key = SQL.identifier(records._table, "id")
        joined = {}
        for name in names:
            field, tell = kinds[name], _JSON_VALUES[kinds[name].type]
            empty = _dumps(tell(field.convert_to_read(records.browse()[name], records)))
            texts = {
                record.id: _dumps(tell(field.convert_to_read(record[name], record)))
                for record in _with_values(records, field)
            }
            joined[name] = _joined(query, name, key, texts, empty)
        return joined

    # ------------------------------------------------------------------
    # Places
    # ------------------------------------------------------------------

    @api.model
    def _feature(self, model, description, query, row):
        """Return the SQL of a feature of GeoJSON."""
        return SQL(
            """concat('{"type":"Feature","id":', %s, ',"geometry":', %s,
                      ',"properties":', %s, '}')""",
            SQL.identifier(model._table, "id"),
            self._geometry(model, description.resource.ends, query),
            row,
        )

    @api.model
    def _geometry(self, model, ends, query):
        tables = [model._table]
        if ends:
            tables = [
                query.left_join(
                    model._table,
                    end,
                    model.env[model._fields[end].comodel_name]._table,
                    "id",
                    end,
                )
                for end in ends
            ]
        places = [
            (SQL.identifier(table, "longitude"), SQL.identifier(table, "latitude"))
            for table in tables
        ]
        text = SQL(" || ',' || ").join(SQL(_POSITION, *place) for place in places)
        is_placed = SQL(" AND ").join(SQL("%s <> 0", place[1]) for place in places)
        kind, form = (
            ("LineString", SQL("'[' || %s || ']'", text))
            if ends
            else (
                "Point",
                text,
            )
        )
        return SQL(
            """CASE WHEN %s THEN '{"type":"' || %s || '","coordinates":' || %s || '}'
                    ELSE 'null' END""",
            is_placed,
            kind,
            form,
        )


def _is_column(field):
    return bool(field.column_type and (field.store or field.related))


def _with_values(records, field):
    """Return ``records`` without those whose list is known to be empty."""
    if field.type not in ("one2many", "many2many"):
        return records
    cached = cached_values(field, records.env)
    return records.browse(key for key in records._ids if cached.get(key, True))


def _joined(query, name, key, texts, other="null"):
    """Join ``{key: JSON text}`` to a query; return the SQL of the JSON.

    :param other: JSON text of all other keys
    """
    alias = query.make_alias(query.table, f"{name}_json")
    query.add_join(
        "LEFT JOIN",
        alias,
        SQL(
            "(SELECT key::int, value FROM json_each(%s::json))",
            "{%s}" % ",".join(f'"{key}":{text}' for key, text in texts.items()),
        ),
        SQL("%s = %s", SQL.identifier(alias, "key"), key),
    )
    return SQL("COALESCE(%s, %s::json)", SQL.identifier(alias, "value"), other)
