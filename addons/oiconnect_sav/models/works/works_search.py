from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.oiconnect_base.reception import Refusal

from .payloads import COLLECTIVE, INCIDENT_STATES, PLANNED, WIRE_STATES
from .works import OPEN_STATES

# Interop'Fibre SAV 3.0 §7.1: closed and cancelled references stay to be seen, and a
# range of dates has three months
RETENTION = timedelta(days=8)
LONGEST = timedelta(days=92)
# Refusals (§5): criteria, nothing found, too many
BAD_CRITERIA, NOTHING, TOO_MANY = "4", "5", "7"
# Criterion: what is compared; of several dates, the first that is known
WORKS_DATES = {
    "creation_period": ("create_date",),
    "change_period": ("change_date",),
    "start_period": ("start_date",),
    "end_period": ("end_date",),
}
INCIDENT_DATES = WORKS_DATES | {
    "change_period": ("write_date",),
    "end_period": ("end_date", "planned_end_date"),
}
LINES = ("pto_reference", "service_reference")


class WorksSearch(models.AbstractModel):
    """Planned works and incidents that an operator asks for.

    It sees those of the PMs that were made available to it, whether it has lines
    there or not; of lines, its own. A PM of others is as unknown as one that does not
    exist.
    """

    _name = "oiconnect.works.search"
    _description = "Works that an operator asks for"

    @api.model
    @api.private
    def _find(self, operator, network, criteria, limit):
        """Return ``(payloads, [Refusal])``; a refusal has the code of the protocol.

        :param criteria: by the keys of the protocol's request, all optional:
            ``reference`` (alone), ``category``, ``pm_service_references``, periods
            (``start`` and ``end``, naive UTC), ``operator_needed`` (boolean),
            ``state`` (on the wire), ``pto_reference``, ``service_reference``
        :param limit: at most as many are sent at once
        """
        criteria = {key: value for key, value in criteria.items() if value is not None}
        if self._is_bad(criteria):
            return [], [self._refuse(BAD_CRITERIA)]
        services = self._services(operator, network, criteria)
        found = self._records(network, services, criteria, limit)
        if len(found) > limit:
            return [], [self._refuse(TOO_MANY)]
        by_pm = services.grouped("pm_id")
        payloads = [
            record._payload(operator, by_pm[pm]) for record, pm in found if pm in by_pm
        ]
        payloads = [one for one in payloads if self._is_on_line(one, criteria)]
        return payloads, [] if payloads else [self._refuse(NOTHING)]

    @api.model
    def _is_bad(self, criteria):
        if "reference" in criteria:
            return len(criteria) > 1
        periods = [criteria[name] for name in WORKS_DATES if name in criteria]
        return any(not _is_short(period["start"], period["end"]) for period in periods)

    @api.model
    def _services(self, operator, network, criteria):
        """Return the PM services of the operator that count today."""
        named = criteria.get("pm_service_references")
        more = Domain("reference", "in", named) if named else Domain.TRUE
        return self.env["oiconnect.pm.service"]._running(operator, network, more)

    @api.model
    def _is_on_line(self, payload, criteria):
        """Tell whether the line that is named is one that the operator has there."""
        return all(
            criteria[name] in payload[f"{name}s"] for name in LINES if name in criteria
        )

    # ------------------------------------------------------------------
    # Records: planned works, then incidents
    # ------------------------------------------------------------------

    @api.model
    def _records(self, network, services, criteria, limit):
        """Return ``[(record, PM)]``, one more than ``limit`` at the most."""
        category = criteria.get("category")
        works, incidents = (
            self.env[model].sudo()
            for model in ("oiconnect.works", "oiconnect.incident")
        )
        own = Domain("network_id", "=", network.id)
        if category != COLLECTIVE:
            domain = own & self._works_domain(services.pm_id, criteria)
            works = works.search(domain, limit=limit + 1)
        found = [(one, one.pm_id) for one in works]
        wants_incidents = category != PLANNED and not criteria.get("operator_needed")
        if wants_incidents and len(found) <= limit:
            domain = own & self._incident_domain(services.pm_id, criteria)
            incidents = incidents.search(domain, limit=limit + 1 - len(found))
            found += [(one, one._place_pm()) for one in incidents]
        return found

    @api.model
    def _works_domain(self, pms, criteria):
        domain = Domain("pm_id", "in", pms.ids)
        if "reference" in criteria:
            return domain & Domain("reference", "=", criteria["reference"])
        domain &= Domain("state", "in", OPEN_STATES) | self._is_fresh("ended_date")
        if "state" in criteria:
            states = _states(WIRE_STATES, criteria["state"])
            domain &= Domain("state", "in", states)
        if "operator_needed" in criteria:
            domain &= Domain("operator_needed", "=", criteria["operator_needed"])
        return domain & _within(criteria, WORKS_DATES)

    @api.model
    def _incident_domain(self, pms, criteria):
        at_pms = Domain.OR(
            Domain(path, "in", pms.ids)
            for path in ("pm_id", "module_id.pm_id", "cable_id.pm_id", "pbo_id.pm_id")
        )
        if "reference" in criteria:
            return at_pms & Domain("reference", "=", criteria["reference"])
        domain = Domain("state", "=", "open") | self._is_fresh("end_date")
        if "state" in criteria:
            states = _states(INCIDENT_STATES, criteria["state"])
            domain &= Domain("state", "in", states)
        return at_pms & domain & _within(criteria, INCIDENT_DATES)

    @api.model
    def _is_fresh(self, name):
        return Domain(name, ">=", fields.Datetime.now() - RETENTION)

    @api.model
    def _refuse(self, code):
        sentences = {
            BAD_CRITERIA: self.env._(
                "A reference is given alone, and a range of dates is of three months "
                "at the most."
            ),
            NOTHING: self.env._("No works are found."),
            TOO_MANY: self.env._("Too many works are found: give more criteria."),
        }
        return Refusal(code, None, sentences[code])


def _is_short(start, end):
    """Tell whether a period is one, and not too long."""
    return start <= end and end - start <= LONGEST


def _states(wire_states, wanted):
    return [state for state, wire_state in wire_states.items() if wire_state == wanted]


def _within(criteria, dates):
    """Return the domain of the periods that are requested."""
    return Domain.AND(
        _between(names, criteria[name])
        for name, names in dates.items()
        if name in criteria
    )


def _between(names, period):
    first, *others = names
    domain = Domain(first, ">=", period["start"]) & Domain(first, "<=", period["end"])
    for name in others:
        domain |= Domain(first, "=", False) & _between([name], period)
    return domain
