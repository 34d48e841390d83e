import hashlib
import json
from datetime import UTC

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...rest import cursor
from ...rest.description import describe
from ...rest.problem import Problem

_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Rest(models.AbstractModel):
    """Operations of the REST API on declared resources: what is read.

    Each gets a ``Caller``; nothing is visible but the fields and the records that the
    resource declares for it, with the rights of a user or those of an operator.
    """

    _name = "oiconnect.rest"
    _description = "REST API"

    @api.model
    @api.private
    def _describe(self, model_name):
        """Return the description of a resource, independent of the user."""
        return describe(self.sudo().with_context(lang=None).env, model_name)

    # ------------------------------------------------------------------
    # What a caller may see
    # ------------------------------------------------------------------

    @api.model
    @api.private
    def _check_scope(self, caller, description, level="read"):
        """Refuse what the key does not open (403)."""
        given = caller.levels.get(description.resource.path)
        if given != "write" and given != level:
            raise Problem(403, "no-scope")
        if caller.operator_id and not description.resource.operator_fields:
            raise Problem(403, "no-scope")

    @api.model
    @api.private
    def _visible(self, caller, resource):
        """Return the domain of the records that a caller sees."""
        domain = Domain.TRUE
        if resource.network:
            domain = Domain(resource.network, "in", caller.network_ids)
        if caller.operator_id:
            domain &= resource.operator_domain(caller.operator_id)
        return domain

    @api.model
    @api.private
    def _names(self, caller, description):
        """Return the fields that a caller sees."""
        if caller.operator_id:
            return description.operator_names
        if not description.restricted:
            return description.names
        model = caller.env[description.model]
        hidden = {
            name
            for name in description.restricted
            if not model._has_field_access(description.kinds[name], "read")
        }
        return tuple(name for name in description.names if name not in hidden)

    @api.model
    def _chosen_names(self, caller, description, text):
        """Return the requested fields, in the order of the resource."""
        names = self._names(caller, description)
        if text is None:
            return names
        requested = {name.strip() for name in text.split(",")}
        if unknown := requested.difference(names):
            errors = [
                {"parameter": "fields", "detail": f"unknown field: {name}"}
                for name in sorted(unknown)
            ]
            raise Problem(422, "invalid", errors=errors)
        return tuple(name for name in names if name in requested or name == "id")

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------

    @api.model
    @api.private
    def _list(self, caller, description, parameters):
        """Return one page of records as JSON text.

        :param parameters: parameters of the list by their names
        """
        self._check_scope(caller, description)
        resource = description.resource
        domain = self._visible(caller, resource)
        filters = self._filter_domain(caller, description, parameters)
        names = self._chosen_names(caller, description, parameters.get("fields"))
        order = parameters.get("sort") or "id"
        self._check_visible(caller, description, "sort", {order.lstrip("-")} - {"id"})
        mark = cursor.fingerprint(
            {
                name: parameters[name]
                for name in sorted(parameters)
                if name not in _OF_PAGE
            }
        )
        model = caller.env[description.model]
        kind = _SORTED.get(model._fields[order.lstrip("-")].type, str)
        after = parameters["cursor"] and cursor.read(
            parameters["cursor"], order, mark, kind
        )
        limit = parameters["limit"]
        page = self._page(model, domain & filters, order, after, names, limit + 1)
        rows, more = page[:limit], page[limit:]
        page_data = {"data": self._serialized(rows, description, names), "next": None}
        if more:
            last = self._sorted_value(rows[-1], order)
            page_data["next"] = cursor.write(order, mark, last, rows[-1].id)
        if parameters.get("count"):
            page_data["count"] = model.search_count(domain & filters)
        return _dumps(page_data)

    @api.model
    def _filter_domain(self, caller, description, parameters):
        """Return the domain of the requested filters."""
        domains = []
        for name, one in description.filters.items():
            value = parameters.get(name)
            if value is None:
                continue
            self._check_visible(caller, description, name, one.paths)
            if one.kind == "datetime":
                value = value.astimezone(UTC).replace(tzinfo=None)
            domains.append(one.domain(value))
        for name in parameters.get("filter") or ():
            text = description.named[name]
            domain = Domain(description.ready(text, caller.env.uid))
            paths = {leaf.field_expr for leaf in domain.iter_conditions()}
            self._check_visible(caller, description, "filter", paths)
            domains.append(domain)
        return Domain.AND(domains)

    @api.model
    def _check_visible(self, caller, description, parameter, paths):
        """Refuse to an operator to filter or sort by fields that it does not see."""
        if caller.operator_id and not set(paths) <= {*description.operator_names}:
            errors = [{"parameter": parameter, "detail": "not for keys of operators"}]
            raise Problem(422, "invalid", errors=errors)

    @api.model
    def _page(self, model, domain, order, after, names, limit):
        """Return the records after a cursor: those without value come last.

        Each search begins in the index of the column, at the value of the cursor.
        """
        column, is_down = order.lstrip("-"), order.startswith("-")
        names = {*names, column}
        direction = "DESC" if is_down else "ASC"
        if column == "id":
            if after:
                domain &= Domain("id", "<" if is_down else ">", after[1])
            return model.search_fetch(
                domain, names, limit=limit, order=f"id {direction}"
            )
        found = model.browse()
        if not after or after[0] is not None:
            valued = domain & Domain(column, "!=", False)
            if after:
                valued &= self._after(column, is_down, *after)
            # Of a relation, by its column: not by how its records are sorted
            path = f"{column}.id" if model._fields[column].relational else column
            by = f"{path} {direction}, id {direction}"
            found = model.search_fetch(valued, names, limit=limit, order=by)
        if len(found) < limit:
            empty = domain & Domain(column, "=", False)
            if after and after[0] is None:
                empty &= Domain("id", "<" if is_down else ">", after[1])
            found += model.search_fetch(
                empty, names, limit=limit - len(found), order=f"id {direction}"
            )
        return found

    @api.model
    def _after(self, column, is_down, value, row_id):
        """Return the domain of what comes after a row, to the microsecond.

        Odoo compares times by the second: rows of one second would be lost.
        """
        sign = SQL("<") if is_down else SQL(">")

        def to_sql(model, alias, query):
            return SQL(
                "(%s, %s) %s (%s, %s)",
                SQL.identifier(alias, column),
                SQL.identifier(alias, "id"),
                sign,
                value,
                row_id,
            )

        return Domain.custom(to_sql=to_sql)

    @api.model
    def _sorted_value(self, record, order):
        value = record[order.lstrip("-")]
        if isinstance(value, models.BaseModel):
            return value.id or None
        if hasattr(value, "isoformat"):
            return value.isoformat(sep=" ") if hasattr(value, "hour") else str(value)
        return value if value or value == 0 and value is not False else None

    @api.model
    @api.private
    def _find(self, caller, description, record_id, names=(), level="read"):
        """Return the record of an address.

        :raises Problem: it is unknown, or not for the caller: both are reported alike
        """
        self._check_scope(caller, description, level)
        domain = self._visible(caller, description.resource)
        model = caller.env[description.model].with_context(active_test=False)
        record = model.browse()
        if 0 < record_id < 2**31:
            domain &= Domain("id", "=", record_id)
            record = model.search_fetch(domain, names, limit=1)
        if not record:
            raise Problem(404, "unknown")
        return record

    @api.model
    @api.private
    def _read(self, caller, description, record_id, fields=None):
        """Return ``(JSON text, ETag)``: that of the whole record, None of a part."""
        self._check_scope(caller, description)
        names = self._chosen_names(caller, description, fields)
        record = self._find(caller, description, record_id, names)
        text = _dumps(self._serialized(record, description, names)[0])
        return text, etag(text) if fields is None else None

    @api.model
    @api.private
    def _content(self, caller, description, record_id):
        """Return ``(name, bytes)`` of the file of a record."""
        record = self._find(caller, description, record_id)
        field = record._fields[description.resource.content]
        if not record._has_field_access(field, "read"):
            raise Problem(403, "no-right")
        attachment = record.sudo()._attachment()
        if not attachment:
            raise Problem(404, "unknown")
        with attachment._oiconnect_open() as stream:
            return record.name, stream.read()

    @api.model
    @api.private
    def _whole(self, caller, description, record):
        """Return ``(JSON text, ETag)`` of a record as it is now."""
        names = self._names(caller, description)
        text = _dumps(self._serialized(record, description, names)[0])
        return text, etag(text)

    @api.model
    def _serialized(self, records, description, names):
        """Return records as JSON values, as they are in the cache or the database."""
        converters = [
            (name, _JSON_VALUES[description.kinds[name].type]) for name in names
        ]
        for name in names:
            if description.kinds[name].type == "many2one":
                # No more than what it is called by: its own columns may be many.
                records.sudo()[name].fetch(["display_name"])
        rows = records.read(names)
        return [
            {name: convert(row[name]) for name, convert in converters} for row in rows
        ]


def etag(text):
    """Return the entity tag of a whole record."""
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


# Types of values in cursors, where they are no text
_SORTED = {"integer": int, "many2one": int}
_OF_PAGE = ("cursor", "limit", "fields", "count", "sort")


def _text(value):
    return None if value is False else value


def _same(value):
    return value


def _reference(value):
    return {"id": value[0], "name": value[1]} if value else None


def _moment(value):
    """Return a time as PostgreSQL writes it: of the fraction, no trailing zeros."""
    if not value:
        return None
    text = value.isoformat()
    return f"{text.rstrip('0') if value.microsecond else text}Z"


def _day(value):
    return value.isoformat() if value else None


_JSON_VALUES = {
    "char": _text,
    "text": _text,
    "html": _text,
    "selection": _text,
    "json": _text,
    "integer": _same,
    "float": _same,
    "monetary": _same,
    "boolean": _same,
    "many2one": _reference,
    "many2many": _same,
    "one2many": _same,
    "date": _day,
    "datetime": _moment,
}
