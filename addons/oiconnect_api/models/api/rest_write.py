from datetime import UTC

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

from odoo.addons.oiconnect_base.isolated_savepoint import isolated_savepoint
from odoo.addons.oiconnect_base.resource import Dialog
from odoo.addons.oiconnect_base.workflow import Origin

from ...rest import versions
from ...rest.dispatcher import problem_of
from ...rest.problem import Problem
from ...rest.resources import resource_of
from .rest import _dumps, etag

_MANY = ("one2many", "many2many")


def _path(pointer):
    """Return where a pointer leads within a row; that of a whole row is the row's."""
    return pointer.removeprefix("#").removesuffix("/")


class _Undo(Exception):
    """Takes back what was only tried."""


class Rest(models.AbstractModel):
    """Operations of the REST API on declared resources: what is written.

    A key of an operator says here what it says by files and web services: see
    ``rest_operator.py``.
    """

    _inherit = "oiconnect.rest"

    # ------------------------------------------------------------------
    # One record
    # ------------------------------------------------------------------

    @api.model
    @api.private
    def _create(self, caller, description, body, key=None, request=b""):
        """Create one record; return ``(JSON text, ETag, id)``.

        :param key: header Idempotency-Key, with the ``request`` that it stands for
        """
        if caller.operator_id:
            text, record_id = self._tell(caller, description, body, key, request)
            return text, etag(text), record_id
        self._check_writes(caller, description, description.created)

        def make():
            record = self._created(
                caller, description, [self._values(caller, description, body)]
            )
            return self._whole(caller, description, record)[0], str(record.id)

        text, record_id = self._once(caller, description, key, request, make)
        return text, etag(text), record_id

    @api.model
    @api.private
    def _change(self, caller, description, record_id, body, if_match):
        """Change one record of the version that was read; return ``(text, ETag)``."""
        record = self._to_write(caller, description, record_id, if_match)
        record.write(self._values(caller, description, body))
        self._check_stays(caller, description, record)
        return self._whole(caller, description, record)

    @api.model
    @api.private
    def _delete(self, caller, description, record_id, if_match):
        record = self._to_write(caller, description, record_id, if_match)
        record.unlink()
        self.env.flush_all()

    @api.model
    @api.private
    def _act(self, caller, description, record_id, event, body, key=None, request=b""):
        """Do with one record what its screen does; return ``(text, ETag)``."""
        request = f"{description.resource.path}/{record_id}/".encode() + request
        if caller.operator_id:
            text, _record_id = self._tell(
                caller, description, body, key, request, event, record_id
            )
            return text, etag(text)
        self._check_writes(caller, description, event in description.events)
        record = self._find(caller, description, record_id, level="write")
        record.check_access("write")

        def make():
            values = self._values(caller, description, body)
            self._decide(
                record.with_context(workflow=Origin("rest")), description, event, values
            )
            return self._whole(caller, description, record)[0], None

        text, _nothing = self._once(caller, description, key, request, make)
        return text, etag(text)

    @api.model
    def _decide(self, record, description, event, values):
        how = description.events[event]
        if how is None:
            return record.with_context(event=event).action_fire()
        if not isinstance(how, Dialog):
            return getattr(record, how)()
        dialog = self.with_env(record.env).env[how.model]
        values = {**values, **how.target(record), "event": event}
        return dialog.create(values).action_confirm()

    # ------------------------------------------------------------------
    # Many records: all or none
    # ------------------------------------------------------------------

    @api.model
    @api.private
    def _create_many(self, caller, description, rows, key=None, request=b""):
        """Create many records; return the JSON text of all.

        :raises Problem: with what is wrong with each row; then none is created
        """
        if caller.operator_id:
            return self._tell_many(caller, description, rows, key, request)
        self._check_writes(caller, description, description.created)

        def make():
            vals_list = self._tried(
                rows,
                lambda row: self._created(
                    caller, description, [self._values(caller, description, row)]
                ),
                lambda: self._created(
                    caller,
                    description,
                    [self._values(caller, description, row) for row in rows],
                ),
            )
            return self._whole_many(caller, description, vals_list), None

        return self._once(caller, description, key, b"bulk" + request, make)[0]

    @api.model
    @api.private
    def _change_many(self, caller, description, rows):
        """Change many records; return the JSON text of all, in the same order."""
        self._check_writes(caller, description)
        # Always in one order: of two requests at once, none waits for the other twice.
        model = caller.env[description.model]
        self._lock(model.browse(sorted({row.id for row in rows})).exists())

        def change(row):
            tag = row.etag or "*"
            record = self._to_write(caller, description, row.id, tag)
            record.write(self._values(caller, description, row, ("id", "etag")))
            self._check_stays(caller, description, record)
            self.env.flush_all()
            return record

        records = model.browse()
        errors = []
        for rank, row in enumerate(rows):
            with isolated_savepoint(self.env.cr) as attempt:
                records += change(row)
            errors += self._row_errors(rank, attempt.error)
        if errors:
            raise Problem(422, "invalid", errors=errors)
        return self._whole_many(caller, description, records)

    @api.model
    def _tried(self, rows, one, every):
        """Return what ``every`` returns; if that fails, what is wrong with each row."""
        with isolated_savepoint(self.env.cr) as attempt:
            result = every()
        if not attempt.error:
            return result
        if isinstance(attempt.error, AccessError):
            raise attempt.error
        errors = []
        with isolated_savepoint(self.env.cr):
            for rank, row in enumerate(rows):
                with isolated_savepoint(self.env.cr) as tried:
                    one(row)
                errors += self._row_errors(rank, tried.error)
            # Nothing of what was tried stays.
            raise _Undo
        if errors:
            raise Problem(422, "invalid", errors=errors)
        raise attempt.error

    @api.model
    def _row_errors(self, rank, error):
        """Return what is wrong with one row of a body, as errors of a problem."""
        if error is None:
            return []
        problem = problem_of(self._in_words(error))
        row_error = {"pointer": f"#/rows/{rank}", "detail": problem.description}
        within = [one for one in problem.errors if "pointer" in one]
        return [
            {
                **row_error,
                **one,
                "pointer": row_error["pointer"] + _path(one["pointer"]),
            }
            for one in within
        ] or [row_error]

    @api.model
    def _in_words(self, error):
        """Return what the database refuses as the words that screens show."""
        constraint = getattr(getattr(error, "diag", None), "table_name", None)
        if not constraint:
            return error
        for name, model in self.env.registry.items():
            if model._table == constraint and model._auto:
                return UserError(self.env[name]._sql_error_to_message(error))
        return error

    @api.model
    def _whole_many(self, caller, description, records):
        names = self._names(caller, description)
        return _dumps({"data": self._serialized(records, description, names)})

    # ------------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------------

    @api.model
    def _check_writes(self, caller, description, is_ours=True):
        self._check_scope(caller, description, "write")
        if caller.operator_id or not is_ours:
            raise Problem(403, "no-scope")

    @api.model
    def _to_write(self, caller, description, record_id, if_match):
        """Return the record, locked, of the version that the caller read."""
        self._check_writes(caller, description)
        record = self._find(caller, description, record_id, level="write")
        if not if_match:
            raise Problem(428, "no-version")
        self._lock(record)
        if if_match != "*":
            record.invalidate_recordset()
            tag = self._whole(caller, description, record)[1]
            if not versions.names(if_match, tag):
                raise Problem(412, "other-version")
        return record

    @api.model
    def _lock(self, records):
        records.sudo().lock_for_update(allow_referencing=True)

    @api.model
    def _values(self, caller, description, body, left_out=()):
        """Return what a body gives as values to write.

        :raises Problem: it names records that the caller does not see
        """
        model = caller.env[description.model]
        given = {}
        if body:
            given = body.model_dump(exclude_unset=True, exclude=set(left_out))
        values, errors = {}, []
        for name, value in given.items():
            field = model._fields.get(name)
            if field is None or not field.relational:
                values[name] = self._plain(value)
                continue
            ids = [value] if field.type == "many2one" else value
            if value and not self._are_seen(caller, field.comodel_name, ids):
                errors.append({"pointer": f"#/{name}", "detail": "unknown"})
            many = field.type in _MANY
            values[name] = [Command.set(value or [])] if many else value or False
        if errors:
            raise Problem(422, "invalid", errors=errors)
        return values

    @api.model
    def _plain(self, value):
        if getattr(value, "tzinfo", None):
            return value.astimezone(UTC).replace(tzinfo=None)
        return False if value is None else value

    @api.model
    def _are_seen(self, caller, model_name, ids):
        """Tell whether the caller sees all records that it names."""
        domain = Domain("id", "in", ids)
        model = caller.env[model_name].with_context(active_test=False)
        if resource := resource_of(self.env, model_name):
            domain &= self._visible(caller, resource)
        elif "network_id" in model._fields:
            domain &= Domain("network_id", "in", caller.network_ids)
        try:
            return model.search_count(domain) == len(set(ids))
        except AccessError:
            return False

    @api.model
    def _created(self, caller, description, vals_list):
        model = caller.env[description.model]
        if "network_id" in description.created and len(caller.network_ids) == 1:
            [network_id] = caller.network_ids
            vals_list = [{"network_id": network_id, **vals} for vals in vals_list]
        records = model.with_context(workflow=Origin("rest")).create(vals_list)
        records = records.with_env(model.env)
        self._check_stays(caller, description, records)
        self.env.flush_all()
        return records

    @api.model
    def _check_stays(self, caller, description, records):
        """Refuse what would leave the networks of the key."""
        domain = self._visible(caller, description.resource)
        if records.sudo().filtered_domain(domain) != records.sudo():
            errors = [{"pointer": "#/network_id", "detail": "unknown"}]
            raise Problem(422, "invalid", errors=errors)

    @api.model
    def _once(self, caller, description, key, request, make):
        """Return ``(text, location)`` that ``make`` returns, made once for a key."""
        if not key:
            return make()
        replays = self.env["oiconnect.api.replay"].sudo()
        whole = description.resource.path.encode() + b"\n" + request
        row, is_new = replays._claim(caller.key_id, key, whole)
        if not is_new:
            return row.body, row.location
        try:
            text, location = make()
        except Problem:
            # What was refused was not done, whatever stays of it.
            row.unlink()
            raise
        row.write({"body": text, "location": location})
        return text, location
