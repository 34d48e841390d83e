import logging
import re
from itertools import count

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Datetime, Domain
from odoo.tools import SQL

from odoo.addons.oiconnect_base.isolated_savepoint import isolated_savepoint
from odoo.addons.oiconnect_base.log_redaction import redacted_traceback
from odoo.addons.oiconnect_base.time_zone import local_today
from odoo.addons.oiconnect_import import protocol
from odoo.addons.oiconnect_import.models.runs.failure_text import unexpected
from odoo.addons.oiconnect_import.protocol.file_order import ordered_files
from odoo.addons.oiconnect_orders.protocol_time import from_local

from ..flows.flow import Terms

_logger = logging.getLogger(__name__)

# Lines of one file: an answer to a file of the largest size allowed fits.
LINES_PER_FILE = 1_000_000
# Orders are numbered in the order of the lines received: so are their answers.
LINE_ORDER = "res_model, res_id, id"
# What leaves by files: other channels have drains of their own.
PENDING = Domain("state", "=", "pending") & Domain("channel", "=", "file")


class Outbound(models.AbstractModel):
    """Writes the messages of the outbox to files: grouped, named and stored."""

    _name = "oiconnect.outbound"
    _description = "Sending of flows"

    @api.model
    def _cron_drain(self):
        """Put pending messages in files: one transaction an operator."""
        operators = self._waiting_operators()
        self.env["ir.cron"]._commit_progress(remaining=len(operators))
        for operator in operators:
            self._drain_isolated(operator)
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _drain_isolated(self, operator):
        """Drain ``operator`` in a savepoint."""
        with isolated_savepoint(self.env.cr) as attempt:
            self._drain(operator)
        if attempt.error:
            _logger.error(
                "The files of %s cannot be written: %s",
                operator.display_name,
                redacted_traceback(attempt.error),
            )

    def _waiting_operators(self):
        """Return who waits for messages, the longest first."""
        groups = self.env["oiconnect.event"]._read_group(
            PENDING, ["operator_id"], ["id:min"], order="id:min"
        )
        return [operator for operator, _first in groups]

    def _drain(self, operator):
        """Write the files of ``operator``; return the exchanges made."""
        if not self._lock(operator):
            # Another worker is at it, and may not see what came meanwhile.
            self.env["oiconnect.event"]._wake_drain()
            return self.env["oiconnect.exchange"]
        self._skip_unwanted(operator)
        made = self.env["oiconnect.exchange"]
        for domain in self._files_to_write(operator):
            events = self.env["oiconnect.event"].search(
                domain, order=LINE_ORDER, limit=LINES_PER_FILE
            )
            made |= self._write_isolated(events)
        made._plan_send()
        return made

    def _write_isolated(self, events):
        """Write the file of ``events`` in a savepoint; mark those that fail.

        No message is to blame for a disk that is full: all wait until there is room.
        """
        with isolated_savepoint(self.env.cr, (OSError,)) as attempt:
            made = self._write_file(events)
        if not attempt.error:
            return made
        events.write({"state": "error", "error": self._unwritten_reason(attempt.error)})
        return self.env["oiconnect.exchange"]

    def _unwritten_reason(self, error):
        if isinstance(error, UserError):
            return str(error)
        _logger.error("A file cannot be written: %s", redacted_traceback(error))
        return unexpected(self.env, error)

    def _lock(self, operator):
        """Names are numbered by operator and day: one at a time.

        To wait would not do: this transaction would not see what the other wrote.
        """
        self.env.cr.execute(
            "SELECT pg_try_advisory_xact_lock(hashtext('oiconnect.outbound'), %s)",
            (operator.id,),
        )
        return self.env.cr.fetchone()[0]

    # ------------------------------------------------------------------
    # What goes together
    # ------------------------------------------------------------------

    def _skip_unwanted(self, operator):
        """Skip what the operator does not take as a file."""
        unwanted = self.env["oiconnect.flow.terms"].search(
            [("operator_id", "=", operator.id), ("is_sent", "=", False)]
        )
        for flow in unwanted.flow_id:
            events = PENDING & Domain("operator_id", "=", operator.id)
            events = self.env["oiconnect.event"].search(
                events & Domain("flow", "=", flow.code)
            )
            if flow.carrier_flow_id:
                events = self._merge_into_flow(
                    events, flow.carrier_flow_id.code, flow.carried_field
                )
            events.write({"state": "skipped"})

    def _merge_into_flow(self, events, flow, key):
        """Copy the values ``key`` of ``events`` to the messages of ``flow``.

        :return: the events that were carried; a report that left before its order
            cannot carry it, and the order leaves as a file of its own
        """
        self.env.cr.execute(
            """
            UPDATE oiconnect_event carrier
               SET payload = carrier.payload || jsonb_build_object(
                       %(key)s, message.payload -> %(key)s
                   )
              FROM oiconnect_event message
             WHERE message.id = ANY(%(ids)s)
               AND carrier.res_model = message.res_model
               AND carrier.res_id = message.res_id
               AND carrier.flow = %(flow)s
               AND carrier.state = 'pending' AND carrier.channel = 'file'
            RETURNING message.id
            """,
            {"key": key, "ids": events.ids, "flow": flow},
        )
        carried = [event_id for (event_id,) in self.env.cr.fetchall()]
        self.env["oiconnect.event"].invalidate_model(["payload"])
        return events.browse(carried)

    def _files_to_write(self, operator):
        """Return the domain of the messages of each file, in the order they leave.

        The oldest goes first, but none before a file that has earlier messages of the
        same records: no operator reads the report of an order before its receipt.
        """
        pending = PENDING & Domain("operator_id", "=", operator.id)
        groups, held = self._groups_to_write(pending, operator)
        if held:
            pending &= Domain("id", "not in", self._blocked_by_pending(operator, held))
            groups, _held = self._groups_to_write(pending, operator)
        files = {}
        for *key, first in groups:
            files[tuple(key)] = min(first, files.get(tuple(key), first))
        pairs = self._file_pairs(operator) if len(files) > 1 else ()
        return [
            domain
            for key in ordered_files(files, pairs)
            for domain in self._split(
                pending & self._file_domain(*key), self._terms(key[1], operator)
            )
        ]

    def _file_pairs(self, operator):
        """Return ``{(file, file)}``: a record has a message in both, in this order."""
        self.env["oiconnect.event"].flush_model()
        self.env.cr.execute(
            """
            SELECT DISTINCT *
              FROM (SELECT LAG(network_id) OVER record,
                           LAG(flow) OVER record AS earlier,
                           LAG(version) OVER record, LAG(group_key) OVER record,
                           network_id, flow, version, group_key
                      FROM oiconnect_event
                     WHERE operator_id = %s AND state = 'pending'
                       AND channel = 'file' AND res_id IS NOT NULL
                    WINDOW record AS (PARTITION BY res_model, res_id ORDER BY id)
                   ) waiting
             WHERE earlier IS NOT NULL
            """,
            [operator.id],
        )
        return {
            (self._file_key(operator, *row[:4]), self._file_key(operator, *row[4:]))
            for row in self.env.cr.fetchall()
        }

    def _file_key(self, operator, network_id, flow, version, group_key):
        """Return what messages of one file have in common."""
        terms = self._terms(flow, operator)
        source = (terms.grouping == "source" and group_key) or False
        # An answer is in the version of what it answers.
        has_own_version = source or not terms.version
        return network_id, flow, (version or False) if has_own_version else None, source

    def _groups_to_write(self, pending, operator):
        """Return ``[(network, flow, version, source, first id)]``, and who must wait.

        The file of an answer that comes whole waits until the file that it answers is
        read: the second list has the keys of such answers.
        """
        found = self.env["oiconnect.event"]._read_group(
            pending, ["network_id", "flow", "version", "group_key"], ["id:min"]
        )
        groups, held = [], []
        for network, flow, version, group_key, first in found:
            key = self._file_key(operator, network.id, flow, version, group_key)
            source = key[3]
            if source and not self._is_closed(source):
                held.append(source)
                continue
            groups.append((*key, first))
        return groups, held

    def _blocked_by_pending(self, operator, held):
        """Return the query of the messages that may not leave before those that wait.

        No operator gets the report (CR) of an order before its earlier messages.
        """
        # One look at what waits: a join goes wrong as long as no statistics know it.
        return SQL(
            """(
                SELECT id FROM (
                    SELECT id, min(id) FILTER (WHERE group_key = ANY(%s))
                        OVER (PARTITION BY res_model, res_id) AS first_held
                      FROM oiconnect_event
                     WHERE operator_id = %s AND state = 'pending'
                       AND channel = 'file' AND res_id IS NOT NULL
                ) waiting
                WHERE id > first_held
            )""",
            held,
            operator.id,
        )

    def _split(self, file, terms):
        """Return the domains of the files that the messages of ``file`` make."""
        if terms.grouping != "order":
            return [file]
        if terms.file_template.endswith(".zip"):
            # An archive is of one message.
            events = self.env["oiconnect.event"].search(file, order="id")
            return [Domain("id", "=", event.id) for event in events]
        records = self.env["oiconnect.event"]._read_group(
            file, ["res_model", "res_id"], order="id:min"
        )
        return [
            file & Domain("res_model", "=", model) & Domain("res_id", "=", res_id)
            for model, res_id in records
        ]

    def _terms(self, code, operator):
        flow = self.env["oiconnect.flow"]._by_code(code)
        return flow._terms(operator) if flow else Terms("run", "")

    def _is_closed(self, group_key):
        source = self.env["oiconnect.exchange"].browse(_source_id(group_key)).exists()
        return not source or source._is_settled()

    def _file_domain(self, network_id, flow, version, source):
        domain = Domain("network_id", "=", network_id) & Domain("flow", "=", flow)
        if version is not None:
            domain &= Domain("version", "=", version)
        return domain & Domain("group_key", "=", source) if source else domain

    # ------------------------------------------------------------------
    # One file
    # ------------------------------------------------------------------

    def _write_file(self, events):
        """Make the file of ``events``; a message that does not fit stays out."""
        exchange = self.env["oiconnect.exchange"]
        vals, written = self._file_vals(events)
        if written:
            exchange = exchange.create(vals)
            written._hand_over({exchange: written})
            exchange._note_reported()
        return exchange

    def _file_vals(self, events, source=None, **known):
        """Return the values of the exchange of ``events``, and those that it tells.

        A message that does not fit stays out; if none does, there are no values.

        :param source: the file that they answer, or none, if that is known
        :param known: the ``name`` and the ``endpoint`` of the file, if not the next
        """
        first = events[0].with_prefetch()
        flow = self._flow_of(first)
        form = self._agreed_format(flow, first)
        if source is None:
            source = self._answered(events._group_keys())
        events = self._in_line_order(events, source)
        written, accepted = self._write_lines(form, events)
        if len(accepted) < len(events):
            source = self._answered(accepted._group_keys())
        vals = accepted and self._exchange_vals(accepted, flow, form, written, **known)
        return vals and vals | {"source_id": source.id}, accepted

    def _write_lines(self, form, events):
        """Return what is written of ``events``, and those of which it is.

        A message whose lines are not all written leaves none.
        """
        lines, owners = self._lines_of(events)
        written = protocol.write(form, lines)
        accepted = self._set_aside(events, owners, written.errors)
        ids = set(accepted.ids)
        if accepted and written.line_count != sum(owner.id in ids for owner in owners):
            return self._write_lines(form, accepted)
        return written, accepted

    def _lines_of(self, events):
        """Return the lines of ``events``, and for each the message that it is of."""
        lines, owners = [], []
        for event, payload in zip(events, events._payloads(), strict=True):
            made = event._lines(payload)
            lines += made
            owners += [event] * len(made)
        return lines, owners

    def _flow_of(self, event):
        flow = self.env["oiconnect.flow"]._by_code(event.flow)
        if not flow:
            raise UserError(
                self.env._(
                    "The flow %s is archived or gone: restore it, then send this "
                    "message again, or tell on the page of the operator that it takes "
                    "none.",
                    event.flow,
                )
            )
        return flow

    def _agreed_format(self, flow, event):
        """Return the format of the file, as agreed with the operator."""
        operator = event.operator_id
        terms = flow._terms(operator)
        version = event.version
        if terms.version and terms.grouping != "source":
            version = terms.version
        form = flow._format_for(operator, version or "")
        if terms.encoding:
            form = form.encoded(terms.encoding)
        if terms.labels:
            form = form.labelled(self._reason_labels(operator))
        return form

    def _reason_labels(self, operator):
        reasons = self.env["oiconnect.reason"].sudo()
        reasons = reasons.with_context(active_test=False, lang=operator.lang)
        return {reason.code: reason.name for reason in reasons.search([])}

    def _in_line_order(self, events, source):
        """Sort the answers to the file ``source`` as its lines are."""
        by_source = self._terms(events[0].flow, events[0].operator_id)
        if not source or by_source.grouping != "source":
            return events
        places = self.env["oiconnect.exchange.line"]._places(source, events)
        return events.browse(sorted(events.ids, key=places.get))

    def _set_aside(self, events, owners, errors):
        """Mark the messages that the format refuses; return the others.

        :param owners: the message of each line
        """
        flow = self.env["oiconnect.flow"]
        refused = {}
        for error in errors:
            text = flow._error_text(error)
            refused.setdefault(owners[error.line - 1], []).append(text)
        for event, texts in refused.items():
            error_text = " ".join(dict.fromkeys(texts))
            event.write({"state": "error", "error": error_text})
        return events.filtered(lambda event: event not in refused)

    def _exchange_vals(self, events, flow, form, written, name=None, endpoint=None):
        first = events[0].with_prefetch()
        endpoint = endpoint or self._endpoint(first.operator_id, first.network_id)
        name = name or self._file_name(first, flow, form.version)
        content = written.content
        if name.endswith(".zip"):
            content = self._archive(first, name, content)
        return {
            "name": name,
            "direction": "out",
            "state": "out_ready",
            "network_id": first.network_id.id,
            "operator_id": first.operator_id.id,
            "endpoint_id": endpoint.id,
            "flow_id": flow.id,
            "version": form.version,
            "encoding": form.encoding,
            **self.env["oiconnect.exchange"]._content_vals(content),
            "line_count": written.line_count,
            "done_count": written.line_count,
            "message": False
            if endpoint
            else self.env._("The operator has no connection: download the file."),
        }

    def _archive(self, event, name, content):
        """Return the archive of a message: its file, and what is attached to it."""
        [payload] = event._payloads()
        files = {f"{name.removesuffix('.zip')}.csv": content}
        parts = self.env[event.res_model]._message_parts(event.flow, payload)
        for part, value in parts.items():
            if isinstance(value, bytes):
                files[f"{_safe(payload.get('pm_reference'))}_{part}"] = value
                continue
            flow = self.env["oiconnect.flow"]._by_code(part)
            form = self._agreed_format(flow, event)
            part_name = self._file_name(event, flow, form.version)
            files[part_name] = protocol.write(form, value).content
        return protocol.zip_files(files)

    def _answered(self, keys):
        """Return the one file that messages of the group ``keys`` answer, if any."""
        ids = {_source_id(key) for key in keys} - {0}
        sources = self.env["oiconnect.exchange"].browse(ids).exists()
        return sources if len(sources) == 1 else sources.browse()

    def _endpoint(self, operator, network):
        return self.env["oiconnect.endpoint"].search(
            [("operator_id", "=", operator.id), ("network_id", "=", network.id)],
            limit=1,
        )

    def _file_name(self, event, flow, version):
        """Return the next free name of the day (the protocol's last ``_NN``).

        The PM protocol names a file by the PM that it is about. Files of the day are
        counted by their dates, those of the transactions that made them: one that
        lasted beyond midnight made the first name of the new day already.
        """
        key = "pm_reference" if flow.protocol == "pm" else flow.key_field
        reference = _safe(event.payload.get(key))
        today = local_today()
        operator, network = event.operator_id, event.network_id
        sent = Domain("operator_id", "=", operator.id)
        sent &= Domain("network_id", "=", network.id)
        sent &= Domain("flow_id", "=", flow.id) & Domain("direction", "=", "out")
        exchanges = self.env["oiconnect.exchange"]
        start = Datetime.to_string(_day_start(today))
        made = exchanges.search_count(sent & Domain("create_date", ">=", start))
        known = None
        for number in count(made + 1):
            name = flow._build_file_name(
                operator, network, version, today, number, reference
            )
            # A name without number is what it is.
            is_free = not exchanges.search_count(sent & Domain("name", "=", name), 1)
            if is_free or name == known:
                return name
            known = name


def _safe(reference):
    """Return the reference as a part of a file name."""
    return re.sub(r"[^A-Za-z0-9.]+", "-", reference or "").strip("-.") or "0"


def _source_id(group_key):
    """Return the id in ``exchange:<id>``, or 0."""
    kind, _colon, number = (group_key or "").partition(":")
    return int(number) if kind == "exchange" else 0


def _day_start(day):
    """Return the naive UTC time at which ``day`` begins in Paris."""
    return from_local(f"{day.isoformat()}T00:00:00")
