import hashlib
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, float_compare, format_date

from odoo.addons.oiconnect_base.time_zone import local_today

from ...annex import FEE, RECORD
from ...dispute_file import REFERENCES, Problem, read

OF_OPERATOR = """
    JOIN account_move AS move ON move.id = item.move_id AND move.state = 'posted'
   WHERE item.operator_id = %(operator)s AND item.company_id = %(company)s
"""
BY_NUMBER = f"""
    SELECT wanted.rank, billed.id AS billed_id, item.id AS item_id
      FROM unnest(%(ranks)s::int[], %(numbers)s::bigint[]) AS wanted (rank, number)
      JOIN oiconnect_billing_line AS billed ON billed.id = wanted.number
      JOIN oiconnect_billing_item AS item ON item.id = billed.item_id
    {OF_OPERATOR}
"""
BY_FEE = f"""
    SELECT wanted.rank, NULL::int AS billed_id, item.id AS item_id
      FROM unnest(%(ranks)s::int[], %(numbers)s::bigint[]) AS wanted (rank, number)
      JOIN oiconnect_billing_item AS item
        ON item.id = wanted.number AND item.line_count = 0
    {OF_OPERATOR}
"""
# Records of a source by what the operator calls them
RECORDS = """
    SELECT named.%(column)s, named.record_id FROM %(source)s AS named
     WHERE named.%(column)s = ANY(%(names)s)
"""
# Their lines of the month: one probe of the unique index of billed lines per record
# (OFFSET 0 keeps it so)
BY_RECORD = f"""
    SELECT DISTINCT wanted.rank, billed.id AS billed_id, item.id AS item_id
      FROM unnest(%(ranks)s::int[], %(records)s::int[], %(months)s::date[])
           AS wanted (rank, record_id, month)
     CROSS JOIN LATERAL (
           SELECT line.id, line.item_id FROM oiconnect_billing_line AS line
            WHERE line.res_id = wanted.record_id AND line.period = wanted.month
              AND line.product_id = ANY(%(products)s) OFFSET 0
     ) AS billed
      JOIN oiconnect_billing_item AS item ON item.id = billed.item_id
    {OF_OPERATOR}
"""


class BillingDispute(models.Model):
    """Import of an operator's file: whole, or not at all with all that is wrong."""

    _inherit = "oiconnect.billing.dispute"

    @api.model
    def _import_file(self, operator, company, content, file_name):
        """Return ``(dispute, [Problem])`` of a file; one of them is empty.

        As superuser code: the caller has checked who asks.
        """
        checksum = hashlib.sha256(content).hexdigest()
        if problem := self._known_file(operator, company, checksum):
            return self.browse(), [problem]
        contested, problems = read(content, self._headers())
        found = self._find(operator, company, contested)
        problems += self._problems(company, contested, found)
        if problems:
            return self.browse(), sorted(problems)
        dispute = self.create(
            {
                "name": self.env["ir.sequence"].next_by_code(self._name),
                "operator_id": operator.id,
                "company_id": company.id,
                "received_date": fields.Datetime.now(),
                "due_date": self._due_date(company),
                "user_id": self._handled_by(),
                "file_name": file_name,
                "checksum": checksum,
            }
        )
        dispute._add_lines(contested, found)
        dispute._keep_file(content)
        return dispute, []

    @api.model
    def _handled_by(self):
        return self.env.user.id if self.env.user._is_internal() else False

    @api.model
    def _due_date(self, company):
        days = company.oiconnect_dispute_answer_days
        return days and local_today() + timedelta(days=days)

    def _keep_file(self, content):
        self.env["ir.attachment"].create(
            {
                "name": self.file_name or f"{self.name}.csv",
                "res_model": self._name,
                "res_id": self.id,
                "raw": content,
            }
        )

    @api.model
    def _known_file(self, operator, company, checksum):
        known = self.search(
            [
                ("operator_id", "=", operator.id),
                ("company_id", "=", company.id),
                ("checksum", "=", checksum),
            ]
        )
        return known and Problem(0, "", known.name, "same_file")

    @api.model
    def _headers(self):
        """Return ``{key: [header]}``: as the annex has them in any language."""
        headers = defaultdict(list)
        current = self.env.lang or "en_US"
        installed = [code for code, _name in self.env["res.lang"].get_installed()]
        for lang in dict.fromkeys([current, *installed, "en_US"]):
            localized = self.with_context(lang=lang)
            columns = localized.env["account.move"]._oiconnect_annex_columns()
            columns["contested"] = localized.env._("Amount contested")
            columns["reason"] = localized.env._("Reason")
            for key, header in columns.items():
                headers[key].append(header)
        return headers

    # ------------------------------------------------------------------
    # Which lines are contested
    # ------------------------------------------------------------------

    @api.model
    def _find(self, operator, company, contested):
        """Return ``{line of the file: {(billed line's id, item's id)}}``."""
        self.env.flush_all()
        owner = {"operator": operator.id, "company": company.id}
        by_kind = defaultdict(list)
        for one in contested:
            by_kind[one.kind].append(one)
        queries = [
            SQL(
                query,
                ranks=[one.line for one in by_kind[kind]],
                numbers=[one.number for one in by_kind[kind]],
                **owner,
            )
            for kind, query in ((RECORD, BY_NUMBER), (FEE, BY_FEE))
            if by_kind[kind]
        ]
        if by_kind[""]:
            queries += self._queries_by_name(by_kind[""], company, owner)
        found = defaultdict(set)
        for query in queries:
            for rank, billed_id, item_id in self.env.execute_query(query):
                found[rank].add((billed_id, item_id))
        self._keep_named_product(contested, found)
        return found

    @api.model
    def _queries_by_name(self, contested, company, owner):
        products = self.env["oiconnect.billing.product"].with_context(active_test=False)
        own = products.search([("company_id", "=", company.id)])
        for sold in own.grouped("source").values():
            for column in REFERENCES:
                named = [one for one in contested if one.references.get(column)]
                if not named:
                    continue
                records = self._records_of(sold[0]._source(), column, named)
                pairs = [
                    (one.line, record_id, one.month)
                    for one in named
                    for record_id in records[one.references[column]]
                ]
                if pairs:
                    ranks, record_ids, months = map(list, zip(*pairs, strict=True))
                    yield SQL(
                        BY_RECORD,
                        ranks=ranks,
                        records=record_ids,
                        months=months,
                        products=sold.ids,
                        **owner,
                    )

    @api.model
    def _records_of(self, source, column, contested):
        """Return ``{reference: ids of the records of a source that are called so}``."""
        names = {one.references[column] for one in contested}
        query = SQL(
            RECORDS,
            source=source.names(),
            column=SQL.identifier(column),
            names=list(names),
        )
        records = defaultdict(list)
        for name, record_id in self.env.execute_query(query):
            records[name].append(record_id)
        return records

    @api.model
    def _keep_named_product(self, contested, found):
        """Of several lines of a record in a month, keep those of the product named."""
        unsure = [one for one in contested if len(found[one.line]) > 1 and one.product]
        items = {item_id for one in unsure for _line_id, item_id in found[one.line]}
        names = {
            item.id: item.product_id.name
            for item in self.env["oiconnect.billing.item"].browse(items)
        }
        for one in unsure:
            named = {pair for pair in found[one.line] if names[pair[1]] == one.product}
            found[one.line] = named or found[one.line]

    # ------------------------------------------------------------------
    # What is wrong
    # ------------------------------------------------------------------

    @api.model
    def _problems(self, company, contested, found):
        pairs = {pair for several in found.values() for pair in several}
        billed = self._billed(pairs)
        answers = self._already_contested(pairs)
        seen, problems = {}, []
        for one in contested:
            several = found[one.line]
            if len(several) != 1:
                code = "several" if several else "unknown"
                problems.append(Problem(one.line, "", one.value, code))
                continue
            [pair] = several
            if pair in seen:
                problems.append(Problem(one.line, "", one.value, "twice"))
            elif pair in answers:
                value = f"{one.value} ({answers[pair]})"
                problems.append(Problem(one.line, "", value, "contested"))
            seen[pair] = one
            problems += self._problems_of_amount(one, *billed[pair], company)
        return problems

    @api.model
    def _billed(self, pairs):
        """Return ``{(line id, item id): (amount, invoice)}``."""
        lines = self.env["oiconnect.billing.line"].browse(
            [line_id for line_id, _item_id in pairs if line_id]
        )
        items = self.env["oiconnect.billing.item"].browse({item for _, item in pairs})
        amounts = {line.id: line.amount for line in lines}
        invoices = {item.id: item.move_id for item in items}
        fees = {item.id: item.amount for item in items}
        return {
            (line_id, item_id): (
                amounts[line_id] if line_id else fees[item_id],
                invoices[item_id],
            )
            for line_id, item_id in pairs
        }

    @api.model
    def _already_contested(self, pairs):
        """Return ``{(line id, item id): the dispute that contests it}``."""
        known = self.env["oiconnect.billing.dispute.line"].search(
            [
                ("item_id", "in", [item_id for _line_id, item_id in pairs]),
                ("state", "!=", "withdrawn"),
            ]
        )
        return {
            (line.line_id.id or None, line.item_id.id): line.dispute_id.name
            for line in known
        }

    @api.model
    def _problems_of_amount(self, one, amount, invoice, company):
        if amount <= 0:
            yield Problem(one.line, "", one.value, "credit")
        elif float_compare(float(one.amount), amount, precision_digits=2) > 0:
            column = self.env._("Amount contested")
            value = f"{one.amount} > {amount:.2f}"
            yield Problem(one.line, column, value.replace(".", ","), "more")
        days = company.oiconnect_dispute_days
        today = local_today()
        if days and invoice.invoice_date + timedelta(days=days) < today:
            day = format_date(self.env, invoice.invoice_date)
            yield Problem(one.line, "", f"{invoice.name} ({day})", "late")

    @api.model
    def _advice(self, code):
        """Return what to do about a problem."""
        texts = {
            "not_csv": self.env._(
                "This is no csv file: save it as csv, with semicolons, and send it "
                "again."
            ),
            "quotes": self.env._(
                "A quotation mark is not closed: remove or double it, then look at "
                "what follows."
            ),
            "too_many": self.env._("Contest this many lines at most by one file."),
            "nothing": self.env._("No line is contested: fill in this column."),
            "column": self.env._(
                "This column is missing: begin with the annex of the invoice, and add "
                "it."
            ),
            "cells": self.env._(
                "The line has more cells than the header: remove them."
            ),
            "number": self.env._(
                "Copy the line number from the annex, L or F included."
            ),
            "unnamed": self.env._(
                "Give the line number of the annex, or your reference and the month."
            ),
            "month": self.env._("Write the month as 02/2025."),
            "amount": self.env._("Write an amount above 0, as 12,50."),
            "reason": self.env._("Say why this line is contested."),
            "long": self.env._("Shorten the reason: 1,000 characters at most."),
            "unknown": self.env._(
                "No posted invoice of this operator has this line: check its number or "
                "its reference and month."
            ),
            "several": self.env._(
                "Several lines are called so in this month: give the line number of "
                "the annex."
            ),
            "twice": self.env._("The file contests this line twice: keep one."),
            "contested": self.env._(
                "This line is contested already: read the answer there, or withdraw it "
                "first."
            ),
            "credit": self.env._("This line gives money back: it cannot be contested."),
            "more": self.env._("Contest what was billed at most."),
            "late": self.env._(
                "The time to contest this invoice is over: remove its lines."
            ),
            "same_file": self.env._(
                "This very file was imported already: look at that dispute."
            ),
        }
        return texts[code]

    # ------------------------------------------------------------------
    # Its lines
    # ------------------------------------------------------------------

    def _add_lines(self, contested, found):
        """Keep what was billed beside what is said of it: all lines at once."""
        pairs = [next(iter(found[one.line])) for one in contested]
        lines = self.env["oiconnect.billing.line"].browse(
            [line_id for line_id, _item_id in pairs if line_id]
        )
        items = self.env["oiconnect.billing.item"].browse([item for _, item in pairs])
        known = {line.id: line for line in lines}
        vals_list = [
            {
                "dispute_id": self.id,
                "operator_id": self.operator_id.id,
                "company_id": self.company_id.id,
                "rank": one.line,
                "amount": float(one.amount),
                "reason": one.reason,
                **item._disputed_vals(known.get(line_id)),
            }
            for one, item, (line_id, _item_id) in zip(
                contested, items, pairs, strict=True
            )
        ]
        self.env["oiconnect.billing.dispute.line"].create(vals_list)


class BillingItem(models.Model):
    _inherit = "oiconnect.billing.item"

    def _disputed_vals(self, line):
        """Return what a contested line keeps of what was billed.

        :param line: the billed line; None for a fee
        """
        vals = {
            "item_id": self.id,
            "move_id": self.move_id.id,
            "product_id": self.product_id.id,
            "price": self.price,
        }
        if not line:
            return vals | {
                "number": f"{FEE}{self.id}",
                "date_from": self.period,
                "date_to": self.last_day,
                "quantity": self.quantity,
                "billed_amount": self.amount,
            }
        return vals | {
            "number": f"{RECORD}{line.id}",
            "line_id": line.id,
            "oc_reference": line.oc_reference,
            "service_reference": line.service_reference,
            "place": line.place,
            "date_from": line.date_from,
            "date_to": line.date_to,
            "days": line.days,
            "quantity": line.quantity,
            "billed_amount": line.amount,
        }
