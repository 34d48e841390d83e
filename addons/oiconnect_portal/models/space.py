from dataclasses import dataclass

from odoo import api, models
from odoo.exceptions import MissingError
from odoo.fields import Domain
from odoo.tools import format_date, format_datetime, formatLang
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_base.models.timeline_mixin import (
    BAD,
    ENDED,
    GOOD,
    NEUTRAL,
    WAITING,
)

from ..pages import PAGES

_lt = LazyTranslate(__name__)
ROWS = 20
#: entries of a story, the newest first
MAX_ENTRIES = 100
# Files and keys have no timeline that says it
_STYLES = {
    "in_done": GOOD,
    "in_partial": WAITING,
    "in_refused": BAD,
    "in_anomaly": BAD,
    "out_sent": GOOD,
    "out_expired": BAD,
    "active": GOOD,
    "held": WAITING,
    "expired": ENDED,
    "revoked": ENDED,
    "confirmed": GOOD,
    "done": GOOD,
    "customer_absent": BAD,
    "cancelled": ENDED,
    "expired_visit": ENDED,
}


@dataclass
class ListQuery:
    """Query of a list, as the address says it."""

    page: int = 1
    shown: str = "open"
    sort: str = ""
    search: str = ""
    choices: dict | None = None


class Space(models.AbstractModel):
    """Space of the people of an operator: they see all with their own rights.

    Records are looked for as the user, whom rules show those of its operator only; what
    is then read as the system (steps, messages) is of a record found so.
    """

    _name = "oiconnect.portal.space"
    _description = "Operator's space"

    @api.model
    def _operator(self):
        return self.env["oiconnect.operator"]._of_user()

    @api.model
    def _networks(self):
        """Return the networks on which the operator may ask; real ones are first."""
        networks = self.env["oiconnect.network"].sudo()
        domain = Domain("company_id", "in", self.env.companies.ids)
        return networks.search(domain).sorted("is_sandbox")

    # ------------------------------------------------------------------
    # Lists
    # ------------------------------------------------------------------

    @api.model
    def _list(self, page, query):
        """Return ``(rows, how many in all)`` of a list, as the user may read it."""
        model = self.env[page.model]
        domain = self._list_domain(page, query)
        total = model.search_count(domain)
        orders = {key: order for key, _label, order in page.sorts}
        records = model.search_fetch(
            domain,
            page.columns,
            order=orders.get(query.sort, page.sorts[0][2]),
            limit=ROWS,
            offset=ROWS * (max(query.page, 1) - 1),
        )
        return self._rows(page, records), total

    @api.model
    def _rows(self, page, records):
        """Return the rows of records of a page: ``{"id", "cells"}``."""
        return [
            {"id": row["id"], "cells": self._cells(records, page.columns, row)}
            for row in records.read(page.columns)
        ]

    @api.model
    def _list_domain(self, page, query):
        domain = page.domain
        if page.open is not None and query.shown != "all":
            domain &= page.open if query.shown == "open" else ~page.open
        if query.search:
            domain &= Domain.OR(
                Domain(name, "ilike", query.search) for name in page.search
            )
        for name, value in (query.choices or {}).items():
            if name in page.choices and value:
                domain &= Domain(name, "=", value)
        return domain

    @api.model
    def _choices(self, page):
        """Return ``[(field, label, [(value, label)])]``: what filters the list."""
        model = self.env[page.model]
        described = model.fields_get(page.choices, ["string", "selection"])
        return [
            (name, described[name]["string"], described[name]["selection"])
            for name in page.choices
        ]

    @api.model
    def _open_count(self, page):
        domain = page.domain if page.open is None else page.domain & page.open
        return self.env[page.model].search_count(domain)

    # ------------------------------------------------------------------
    # One record
    # ------------------------------------------------------------------

    @api.model
    def _find(self, page, record_id):
        """Return the record of an address, with the user's rights.

        :raises MissingError: it is unknown, or another operator's: answered alike
        """
        found = self.env[page.model]
        if 0 < record_id < 2**31:
            domain = page.domain & Domain("id", "=", record_id)
            found = found.search(domain)
        if not found:
            raise MissingError(self.env._("There is nothing at this address."))
        return found

    @api.model
    def _sheet(self, record):
        """Return the cells of all that the operator sees of a record."""
        names = record._shown_resource().operator_fields
        [row] = record.read(names)
        cells = self._cells(record, names, row)
        return [cell for cell in cells if cell["text"]]

    @api.model
    def _cells(self, records, names, row):
        kinds = records.fields_get(names, ["string", "type", "selection"])
        return [self._cell(records, name, kinds[name], row[name]) for name in names]

    @api.model
    def _cell(self, records, name, kind, value):
        """Return a value as people read it, with its label and the colour of a state"""
        text = self._text(kind, value)
        styles = {**_STYLES, **getattr(records, "_timeline_styles", {})}
        style = styles.get(value, NEUTRAL) if name == "state" else None
        return {"name": name, "label": kind["string"], "text": text, "style": style}

    @api.model
    def _text(self, kind, value):
        match kind["type"]:
            case "boolean":
                return self.env._("Yes") if value else ""
            case "selection":
                return dict(kind["selection"]).get(value, "")
            case "many2one":
                return value[1] if value else ""
            case "datetime":
                return format_datetime(self.env, value, dt_format="short")
            case "date":
                return format_date(self.env, value)
            case "float":
                return formatLang(self.env, value) if value else ""
        return str(value) if value or value == 0 and value is not False else ""

    # ------------------------------------------------------------------
    # Its story
    # ------------------------------------------------------------------

    @api.model
    def _story(self, record):
        """Return the entries of what happened to a record that the user found.

        Steps without the words of our people, and the messages to its operator.
        """
        if "step_ids" not in record._fields:
            return []
        known = record.sudo()
        own = known.event_ids.filtered(
            lambda event: event.operator_id == known.operator_id
        )
        entries = [self._step(known, step) for step in known.step_ids[:MAX_ENTRIES]]
        entries += [self._message(known, event) for event in own[:MAX_ENTRIES]]
        return sorted(entries, key=lambda one: one["date"], reverse=True)

    @api.model
    def _step(self, known, step):
        styles = getattr(known, "_timeline_styles", {})
        states = [step.source_label, step.target_label]
        return {
            "date": step.date,
            "when": format_datetime(self.env, step.date, dt_format="short"),
            "icon": "fa-flag",
            "title": step.event_label,
            "text": " → ".join(filter(None, dict.fromkeys(states))),
            "style": styles.get(step.target, NEUTRAL),
        }

    @api.model
    def _message(self, known, event):
        payload = event.payload or {}
        label, reason = event.flow, payload.get("reason_code")
        if hasattr(known, "_flow_label"):
            label, reason = known._flow_label(event.flow), known._reason_label(reason)
        bad = payload.get("result") == "KO" or payload.get("reason_code")
        return {
            "date": event.create_date,
            "when": format_datetime(self.env, event.create_date, dt_format="short"),
            "icon": "fa-paper-plane",
            "title": label,
            "text": " · ".join(filter(None, (payload.get("result"), reason))),
            "style": BAD if bad else NEUTRAL,
        }

    @api.model
    def _related(self, page, record):
        """Return ``[(page, rows)]`` of what belongs to a record, as the user reads it.

        Appointments and tickets of an order; the order of an appointment.
        """
        found = []
        if page.key == "acces":
            visits = Domain("order_id", "=", record.id)
            found.append((PAGES["rendez-vous"], visits))
            if record.service_reference:
                line = Domain("service_reference", "=", record.service_reference)
                found.append((PAGES["tickets"], line))
        if page.key == "rendez-vous":
            order = Domain("id", "=", record.sudo().order_id.id)
            found.append((PAGES["acces"], order))
        return [
            (one, rows)
            for one, domain in found
            if (rows := self._rows(one, self.env[one.model].search(domain, limit=ROWS)))
        ]
