"""The lists of an operator's space, one an address. Plain data.

Columns, searches and filters are among the fields that the model tells operators; whose
records they are is said by the rules of the model.
"""

from dataclasses import dataclass

from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_orders.appointment_states import LIVE_STATES

_lt = LazyTranslate(__name__)
NEWEST = ("newest", _lt("Newest first"), "id desc")
OLDEST = ("oldest", _lt("Oldest first"), "id")
DUE = ("due", _lt("Due first"), "due_date, id")
OPEN = Domain("is_open", "=", True)


@dataclass(frozen=True)
class Page:
    """One list, and the sheets of its records.

    :param title: its heading, as ``one`` is that of a sheet
    :param columns: fields of a row; the first one names the record
    :param search: fields that the box looks in
    :param open: domain of what still goes on; without it all is shown
    :param choices: selection fields that filter the list, each usable with the others
    :param sorts: ``(key, label, order)``; the first one is the usual one
    :param empty: what to do first, shown where there is nothing
    """

    key: str
    model: str
    icon: str
    title: str
    one: str
    columns: tuple
    search: tuple
    empty: str
    domain: Domain = Domain.TRUE
    open: Domain | None = None
    choices: tuple = ("state",)
    sorts: tuple = (NEWEST, OLDEST)


PAGES = {
    page.key: page
    for page in (
        Page(
            "acces",
            "oiconnect.access.order",
            "fa-plug",
            _lt("Access orders"),
            _lt("Access order"),
            (
                "oc_reference",
                "state",
                "connection_type",
                "pto_reference",
                "order_date",
                "due_date",
            ),
            (
                "oc_reference",
                "service_reference",
                "subcontract_reference",
                "pto_reference",
            ),
            _lt("Orders come by file in your account: none came yet."),
            open=OPEN,
            choices=("state", "connection_type"),
            sorts=(NEWEST, OLDEST, DUE),
        ),
        Page(
            "commandes-pm",
            "oiconnect.pm.order",
            "fa-server",
            _lt("PM orders"),
            _lt("PM order"),
            ("oc_reference", "state", "pm_reference", "kind", "order_date", "due_date"),
            ("oc_reference", "service_reference", "pm_reference"),
            _lt("Orders of PMs come by file: none came yet."),
            open=OPEN,
            choices=("state", "kind"),
            sorts=(NEWEST, OLDEST, DUE),
        ),
        Page(
            "commandes-pb",
            "oiconnect.pb.order",
            "fa-building-o",
            _lt("PB orders"),
            _lt("PB order"),
            (
                "oc_reference",
                "state",
                "building_identifier",
                "pm_reference",
                "order_date",
                "planned_date",
            ),
            ("oc_reference", "building_identifier", "pm_reference"),
            _lt("Orders of PBs come by file: none came yet."),
            open=OPEN,
            sorts=(NEWEST, OLDEST, DUE),
        ),
        Page(
            "commandes-liens",
            "oiconnect.link.order",
            "fa-link",
            _lt("Link orders"),
            _lt("Link order"),
            (
                "oc_reference",
                "state",
                "pm_reference",
                "prdm_reference",
                "order_type",
                "order_date",
            ),
            ("oc_reference", "service_reference", "pm_reference", "prdm_reference"),
            _lt("Orders of links come by file: none came yet."),
            open=OPEN,
            choices=("state", "order_type"),
            sorts=(NEWEST, OLDEST, DUE),
        ),
        Page(
            "rendez-vous",
            "oiconnect.appointment",
            "fa-calendar",
            _lt("Appointments"),
            _lt("Appointment"),
            ("reference", "state", "start", "commune_id", "kind", "oc_reference"),
            ("reference", "oc_reference"),
            _lt("Book the visit of a team before you order a connection by us."),
            open=Domain("state", "in", LIVE_STATES),
            choices=("state", "kind"),
            sorts=(
                ("next", _lt("Next visit first"), "start, id"),
                ("last", _lt("Last visit first"), "start desc, id desc"),
            ),
        ),
        Page(
            "tickets",
            "oiconnect.ticket",
            "fa-life-ring",
            _lt("Tickets"),
            _lt("Ticket"),
            (
                "reference",
                "state",
                "service_reference",
                "defect_id",
                "opened_date",
                "due_date",
            ),
            ("reference", "oc_key", "service_reference", "pto_reference"),
            _lt("A line does not work? Open a ticket: we tell you here what we do."),
            open=OPEN,
            sorts=(NEWEST, OLDEST, DUE),
        ),
        Page(
            "echanges",
            "oiconnect.exchange",
            "fa-exchange",
            _lt("Files exchanged"),
            _lt("File"),
            (
                "name",
                "state",
                "flow_id",
                "create_date",
                "line_count",
                "refused_count",
            ),
            ("name",),
            _lt("Drop a file in your folder in/: it is listed here with its answers."),
            domain=Domain("publication_id", "=", False),
            choices=("direction", "state"),
        ),
        Page(
            "publications",
            "oiconnect.exchange",
            "fa-newspaper-o",
            _lt("Publications"),
            _lt("Publication"),
            ("name", "state", "version", "create_date", "line_count", "sent_date"),
            ("name",),
            _lt("The IPE and the CPN are listed here from their next publication on."),
            domain=Domain("publication_id", "!=", False),
        ),
        Page(
            "cles",
            "oiconnect.api.key",
            "fa-key",
            _lt("API keys"),
            _lt("API key"),
            (
                "name",
                "state",
                "public_id",
                "create_date",
                "expiry_date",
                "last_used_date",
            ),
            ("name", "public_id"),
            _lt("Your systems need a key to call the REST API: make one here."),
            choices=(),
        ),
    )
}
# Pages that are no lists: address, icon, title
MORE = (
    ("factures", "fa-file-text-o", _lt("Invoices")),
    ("contestations", "fa-commenting-o", _lt("Disputes")),
    ("eligibilite", "fa-search", _lt("Eligibility")),
    ("conditions", "fa-handshake-o", _lt("Protocol terms")),
    ("conformite", "fa-check-square-o", _lt("Conformance")),
    ("aide", "fa-question-circle", _lt("Help")),
)
