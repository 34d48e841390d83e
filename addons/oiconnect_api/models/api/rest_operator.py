from contextlib import contextmanager

from psycopg2.errors import UniqueViolation

from odoo import api, models
from odoo.exceptions import ConcurrencyError

from odoo.addons.oiconnect_base.exceptions import BusyError
from odoo.addons.oiconnect_base.time_zone import to_local
from odoo.addons.oiconnect_base.workflow import Origin
from odoo.addons.oiconnect_orders.controls.acknowledgement import first_code

from ...rest.problem import Problem
from .rest import _dumps, _moment

ORIGIN = Origin("rest")


class Rest(models.AbstractModel):
    """Messages that operators send by their keys: handled as their files and services.

    Refusals are the same, with their codes. The records stay: an order that is refused
    at its receipt is stored, and its acknowledgement leaves as always.
    """

    _inherit = "oiconnect.rest"

    @api.model
    def _tell(self, caller, description, body, key, request, verb=None, record_id=None):
        """Hand over what an operator says; return ``(JSON text, id)`` of the record.

        :param verb: what it does to the record ``record_id``; None makes one
        :raises Problem: it is refused; what was stored of it stays
        """
        self._check_scope(caller, description, "write")
        said = description.messages.get(verb)
        if not said:
            raise Problem(403, "no-scope")
        given = body.model_dump(exclude_unset=True, exclude_none=True) if body else {}
        record = None
        if verb:
            record = self._find(caller, description, record_id, level="write")
            network = record.network_id
        else:
            network = self._network_of_record(caller, given.pop("network_id", None))
        given = {name: self._plain(value) for name, value in given.items()}

        def make():
            made = self._hand_over(caller, description, said, record, network, given)
            return self._whole(caller, description, made)[0], str(made.id)

        return self._once(caller, description, key, request, make)

    @api.model
    def _tell_many(self, caller, description, rows, key, request):
        """Hand over many records that an operator asks for; return their JSON text.

        They are lines of one file: all are made or none is, and then nothing of them
        stays, nor is answered by file.

        :raises Problem: with what is wrong with each row, and its code of the protocol
        """
        self._check_scope(caller, description, "write")
        said = description.messages.get(None)
        if not said or not said.flow:
            raise Problem(403, "no-scope")
        lots = self._lots(caller, rows)

        def make():
            taken = {}
            for network, lines in lots.items():
                made = self._hand_over_lot(caller, said, network, lines.values())
                taken |= dict(zip(lines, made, strict=True))
            self._check_all_taken(taken)
            records = caller.env[description.model].concat(
                *(taken[rank][0] for rank in sorted(taken))
            )
            return self._whole_many(caller, description, records), None

        return self._once(caller, description, key, b"bulk" + request, make)[0]

    @api.model
    def _lots(self, caller, rows):
        """Return ``{network: {rank of a row: its values}}``."""
        lots, errors = {}, []
        for rank, row in enumerate(rows):
            given = row.model_dump(exclude_unset=True, exclude_none=True)
            try:
                network = self._network_of_record(caller, given.pop("network_id", None))
            except Problem as problem:
                errors += self._row_errors(rank, problem)
                continue
            line = {name: self._plain(value) for name, value in given.items()}
            lots.setdefault(network, {})[rank] = line
        if errors:
            raise Problem(422, "invalid", errors=errors)
        return lots

    @api.model
    def _hand_over_lot(self, caller, said, network, lines):
        operator = caller.env["oiconnect.operator"].browse(caller.operator_id)
        parties = {"operator": operator, "network": network, "origin": ORIGIN}
        with self._rivals_seen_by_next_try():
            taken = self._take_lines(said, lines, parties)
            self.env.flush_all()
        return taken

    @api.model
    def _check_all_taken(self, taken):
        """Raise what is wrong with each row, in their order, if anything is."""
        errors = [
            error
            for rank, (_record, refusals) in sorted(taken.items())
            if refusals
            for error in self._row_errors(rank, self._refused(refusals))
        ]
        if errors:
            raise Problem(
                422,
                "refused",
                self.env._("Nothing was made: fix the rows that are at fault."),
                errors=errors,
            )

    @api.model
    @api.private
    def _slots(self, caller, description, query):
        """Return the JSON text of the slots that may be booked.

        :param description: that of appointments, whose scope it needs
        """
        self._check_scope(caller, description)
        visits = caller.env["oiconnect.appointment"]
        visits.check_access("read")
        network = self._network_of_record(caller, query.network_id)
        communes = self.env["oiconnect.commune"].sudo()
        offers = ()
        if commune := communes._by_insee([query.insee_code]).get(query.insee_code):
            first, last = map(self._plain, (query.from_, query.to))
            offers = visits.sudo()._search_slots(
                network.sudo(), commune, first, last, query.kind
            )
        slots = [
            {
                "slot": offer.reference,
                "start": _moment(offer.start),
                "stop": _moment(offer.stop),
            }
            for offer in offers
        ]
        return _dumps({"data": slots})

    @api.model
    def _network_of_record(self, caller, network_id):
        """Return the network that a new record is for.

        :raises Problem: it is none of the key's, or is to be chosen
        """
        chosen = [network_id] if network_id else list(caller.network_ids)
        if len(chosen) == 1 and chosen[0] in caller.network_ids:
            return caller.env["oiconnect.network"].browse(chosen)
        detail = "unknown" if network_id else "say which: the key opens several"
        errors = [{"pointer": "#/network_id", "detail": detail}]
        raise Problem(422, "invalid", errors=errors)

    @api.model
    def _hand_over(self, caller, description, said, record, network, given):
        """Return the record that was made, or about which something was said.

        :raises ConcurrencyError: another transaction changed it, or sent the same: the
            next try sees the result
        """
        model = caller.env[description.model]
        operator = caller.env["oiconnect.operator"].browse(caller.operator_id)
        parties = {"operator": operator, "network": network, "origin": ORIGIN}
        with self._rivals_seen_by_next_try(record):
            if said.flow:
                line = dict(given)
                if record:
                    names = record._payload_fields
                    line |= {name: record[name] or None for name in names}
                [(made, refusals)] = self._take_lines(said, [line], parties)
            elif record:
                take = getattr(record, said.method)
                made, refusals = take({**given, **said.fixed}, ORIGIN)
            else:
                made, refusals = getattr(model, said.method)(given, **parties)
            self.env.flush_all()
        if record and made and made != record:
            # Its reference is that of another order by now.
            raise Problem(409, "refused")
        if refusals:
            raise self._refused(refusals)
        return made

    @contextmanager
    def _rivals_seen_by_next_try(self, record=None):
        """Let what another connection did meanwhile be seen by the next try.

        :raises ConcurrencyError: it was at the same record, or took the reference
        """
        try:
            yield
        except BusyError as error:
            raise ConcurrencyError(str(error)) from error
        except UniqueViolation as error:
            # The same reference, on another connection
            if record:
                raise
            raise ConcurrencyError(str(error)) from error

    @api.model
    def _take_lines(self, said, lines, parties):
        """Read what is said as lines of their flow, and hand them over.

        :return: ``[(record, [Refusal, …])]``
        """
        env = parties["operator"].env
        flow = env["oiconnect.flow"]._by_code(said.flow)
        newest = flow._newest_format()
        read = []
        for number, given in enumerate(lines, 1):
            line = {key: self._local(value) for key, value in given.items()}
            read.append(newest.line_of(line | said.fixed, number))
        inbound = env["oiconnect.inbound"]
        payloads = inbound._payloads(newest, read)
        return inbound._hand_over(flow, payloads, **parties)

    @api.model
    def _local(self, value):
        """Return a time as files tell it; what is no time stays as it is."""
        return to_local(value) if hasattr(value, "hour") else value

    @api.model
    def _refused(self, refusals):
        """Return the problem that tells why the operator is refused."""
        code = first_code(refusals)
        translated = [refusal.translated(self.env) for refusal in refusals]
        first = next(refusal for refusal in translated if refusal.code == code)
        errors = [
            {
                "pointer": f"#/{refusal.field or ''}",
                "detail": str(refusal.message),
                "code": str(refusal.code),
            }
            for refusal in translated
        ]
        problem = Problem(
            422 if first.field else 409,
            "refused",
            str(first.message),
            errors=errors,
            protocol_code=code,
        )
        problem.is_committed = True
        return problem
