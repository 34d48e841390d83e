"""Files of the past months: those that operators dropped, and our answers."""

import base64
import re
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from zipfile import ZipFile

from odoo.tools import SQL

from odoo.addons.oiconnect_base.time_zone import to_utc
from odoo.addons.oiconnect_import import protocol
from odoo.addons.oiconnect_import.protocol.errors import PayloadError
from odoo.addons.oiconnect_orders.protocol_time import local_iso, local_now

from .clock import go_to

# Answers leave a moment after the last of their messages.
SENDING = timedelta(minutes=2)
# No job, and no mail of what is left to do.
AT_ONCE = {"queue_job__no_delay": True, "mail_activity_quick_update": True}


class Files:
    """Plays both ends of the border, without a server between them."""

    def __init__(self, env, network):
        self.env = env(context=dict(env.context, **AT_ONCE))
        self.network = network
        self.received = self.env["oiconnect.exchange"]
        self._names = Counter()
        self._forms = {}
        # Keys of groups of messages → the file that they answer
        self._sources = {}
        self.operators = {
            operator.interop_code: operator
            for operator in self.env["oiconnect.operator"].search([])
        }
        self.endpoints = {
            endpoint.operator_id.interop_code: endpoint
            for endpoint in self.env["oiconnect.endpoint"]
            .with_context(active_test=False)
            .search([("network_id", "=", network.id)])
        }

    # ------------------------------------------------------------------
    # What operators drop
    # ------------------------------------------------------------------

    def drop(self, flow, lines):
        """Take in files of ``flow``: one per operator and day.

        :param lines: ``[(operator code, local time, payload)]``
        """
        files = defaultdict(list)
        for code, moment, payload in lines:
            files[code, moment.date()].append((moment, payload))
        vals_list = []
        for (code, _day), found in sorted(files.items(), key=lambda item: item[0][1]):
            moment = max(moment for moment, _payload in found)
            payloads = [payload for _moment, payload in found]
            vals_list.append(self._arrival_vals(flow, code, moment, payloads))
        exchanges = self.env["oiconnect.exchange"].create(vals_list)
        for exchange in exchanges:
            exchange._process()
        self.received |= exchanges

    def _arrival_vals(self, flow, code, moment, payloads):
        """Return the values of a file that comes after the others of its day."""
        form = self._form(flow, code)
        written = protocol.write(form, payloads)
        if written.errors:
            raise PayloadError(written.errors)
        name = self._name(flow, code, form.version, moment, payloads[0])
        exchanges = self.env["oiconnect.exchange"]
        vals, file_name = exchanges._arrival_vals(self.endpoints[code], name)
        return {
            **vals,
            **exchanges._content_vals(written.content),
            "name_date": file_name.date,
            "name_sequence": file_name.sequence,
            "previous_number": file_name.sequence - 1,
            # It came in its turn, though it is not played in that order.
            "is_late": False,
        }

    def drop_wrong_files(self, code):
        """The operator's last file once more, not the same; and one of no version."""
        last = self.received.filtered(
            lambda exchange: (
                exchange.operator_id == self.operators[code]
                and exchange.flow_id.code == "CR_MES"
            )
        )
        last = last.sorted("name")[-1]
        moment, content = last.create_date, last._content()
        unknown = re.sub(r"_V\d+_", "_V99_", last.name)
        wrong = ((last.name, content.rstrip()), (unknown, content))
        for hours, (name, content) in enumerate(wrong, 1):
            go_to(self.env, moment + timedelta(hours=hours))
            last._receive_file(self.endpoints[code], name, content)

    def _form(self, flow, code):
        """Return the format as a careless hand has it: nothing is mandatory."""
        if (flow, code) not in self._forms:
            form = self.env["oiconnect.flow"]._by_code(flow)
            form = form._format_for(self.operators[code])
            columns = [
                replace(column, rule="F", **_unchecked(column))
                for column in form.columns
            ]
            self._forms[flow, code] = replace(form, columns=tuple(columns))
        return self._forms[flow, code]

    def _name(self, flow, code, version, moment, payload):
        """Return the next free name of the day, as in the protocol.

        Names of the PM protocol tell the PM that the first line is about.
        """
        flow = self.env["oiconnect.flow"]._by_code(flow)
        earlier = self._names[flow, code, moment.date()]
        self._names[flow, code, moment.date()] += 1
        return flow._build_file_name(
            self.operators[code],
            self.network,
            version,
            moment.date(),
            earlier + 1,
            payload.get("pm_reference") or "0",
        )

    # ------------------------------------------------------------------
    # What we answered
    # ------------------------------------------------------------------

    def answer(self):
        """Put every message in the file of its day, as sent then."""
        days = defaultdict(list)
        events = self.env["oiconnect.event"].search(
            [("state", "=", "pending"), ("network_id", "=", self.network.id)],
            order="id",
        )
        for event in events:
            day = _moment(event).date()
            days[day, event.operator_id, event.flow, self._source(event)].append(event)
        files = sorted(days.items(), key=lambda item: item[0][0])
        self._send(
            [(operator, flow, found) for (_day, operator, flow, _), found in files]
        )

    def _source(self, event):
        """Return what goes together besides: one file in, or one order's archive."""
        terms = self.env["oiconnect.outbound"]._terms(event.flow, event.operator_id)
        if terms.grouping == "order":
            return event.id
        return event.group_key if terms.grouping == "source" else None

    def _send(self, files):
        """Write files, and note that each went out on the day of its last message.

        :param files: ``[(operator, flow, events)]``
        """
        made = [self._file_vals(*file) for file in files]
        exchanges = self.env["oiconnect.exchange"].create(
            [vals for vals, _included in made]
        )
        files = {
            exchange: included
            for exchange, (_vals, included) in zip(exchanges, made, strict=True)
        }
        self.env["oiconnect.event"]._hand_over(files)
        exchanges._note_reported()
        self._age(exchanges)

    def _age(self, exchanges):
        """Let files that were made at once be of the time at which each was sent."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                WITH file AS (
                    UPDATE oiconnect_exchange
                       SET create_date = sent_date, write_date = sent_date
                     WHERE id = ANY(%s) RETURNING id, sent_date
                )
                UPDATE oiconnect_exchange_line line SET date = file.sent_date
                  FROM file WHERE file.id = line.exchange_id
                """,
                exchanges.ids,
            )
        )
        self.env.invalidate_all()

    def _file_vals(self, operator, flow, events):
        """Return the values of a file, and its messages."""
        outbound = self.env["oiconnect.outbound"]
        moment = max(_moment(event) for event in events)
        first, code = events[0], operator.interop_code
        form = outbound._agreed_format(outbound._flow_of(first), first)
        name = self._name(flow, code, form.version, moment, first.payload)
        vals, included = outbound._file_vals(
            self.env["oiconnect.event"].union(*events),
            source=self._answered(frozenset(event.group_key for event in events)),
            name=name,
            endpoint=self.endpoints[code],
        )
        if name.endswith(".zip"):
            vals |= self._rename_inside(vals["content"], moment)
        left = min(moment + SENDING, local_now())
        vals |= {
            "state": "out_sent",
            "sent_date": to_utc(left).replace(microsecond=0),
            "attempt_count": 1,
        }
        return vals, included

    def _answered(self, keys):
        if keys not in self._sources:
            self._sources[keys] = self.env["oiconnect.outbound"]._answered(keys)
        return self._sources[keys]

    def _rename_inside(self, content, moment):
        """Let the files of an archive bear its day."""
        today, day = (f"{date:%Y%m%d}" for date in (local_now(), moment))
        with ZipFile(BytesIO(base64.b64decode(content))) as archive:
            files = {
                part.replace(today, day): archive.read(part)
                for part in archive.namelist()
            }
        return self.env["oiconnect.exchange"]._content_vals(protocol.zip_files(files))


def _moment(event):
    """Return the local time of a message; some flows tell the day only."""
    date = event.payload["date"]
    return datetime.fromisoformat(date if "T" in date else local_iso(event.create_date))


def _unchecked(column):
    """A code or a phone number is written as it comes, right or wrong."""
    if column.type in ("code", "phone"):
        return {"type": "text", "values": ""}
    return {}
