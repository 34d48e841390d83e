from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.oiconnect_base.home import (
    DANGER,
    GOOD,
    WARNING,
    Block,
    Number,
    Step,
)
from odoo.addons.oiconnect_base.time_zone import local_today, start_of_day

# Files that were refused concern so many days, those of the night the evening before
DAYS = 7
EVENING_HOURS = 6
FAILING = ("in_refused", "in_anomaly", "in_partial", "out_expired")
WAITING = ("in_received", "in_processing", "out_ready")
WAITING_MINUTES = 15
PUBLICATIONS = ("oiconnect.publication", "oiconnect_interop.publication_action")
EXCHANGES = ("oiconnect.exchange", "oiconnect_interop.exchange_action")


class Home(models.AbstractModel):
    """The border: flows and accounts in trouble, publications of the night."""

    _inherit = "oiconnect.home"

    @api.model
    def _blocks(self):
        methods = (self._flow_block, self._publication_block)
        return [*super()._blocks(), *self._declared(*methods)]

    # ------------------------------------------------------------------
    # Flows and accounts
    # ------------------------------------------------------------------

    @api.model
    def _flow_block(self):
        return Block(
            "flows",
            self.env._("Flows and connections"),
            40,
            (*self._account_numbers(), *self._file_numbers()),
            self.env._("Nothing fails, and no file or message waits for a person."),
            link=(self.env._("Open the exchanges"), EXCHANGES[1]),
            needs=EXCHANGES[:1],
        )

    @api.model
    def _account_numbers(self):
        failing = Domain("failure_count", ">", 0)
        return (
            Number(
                "endpoints",
                self.env._("Connections that fail"),
                "oiconnect.endpoint",
                failing,
                "oiconnect_interop.endpoint_action",
                DANGER,
            ),
        )

    @api.model
    def _file_numbers(self):
        """Files by their state: (state, id); what waits: state of WAITING, all few."""
        now = fields.Datetime.now()
        since = start_of_day(local_today() - timedelta(days=DAYS - 1))
        late = now - timedelta(minutes=WAITING_MINUTES)
        model, action = EXCHANGES
        return (
            Number(
                "refused",
                self.env._("Files to look at, of the last 7 days"),
                model,
                Domain("state", "in", FAILING) & Domain("create_date", ">=", since),
                action,
                WARNING,
            ),
            Number(
                "waiting",
                self.env._("Files that have waited for more than 15 minutes"),
                model,
                Domain("state", "in", WAITING) & Domain("create_date", "<", late),
                action,
                WARNING,
            ),
            Number(
                "events",
                self.env._("Messages that cannot be sent"),
                "oiconnect.event",
                Domain("state", "=", "error"),
                "oiconnect_base.event_action",
                DANGER,
            ),
        )

    # ------------------------------------------------------------------
    # Publications of the night
    # ------------------------------------------------------------------

    @api.model
    def _publication_block(self):
        since = start_of_day(local_today()) - timedelta(hours=EVENING_HOURS)
        tonight = Domain("create_date", ">=", since)
        model, action = PUBLICATIONS
        done = Domain("state", "=", "done") & tonight
        return Block(
            "publications",
            self.env._("Publications of the night"),
            50,
            (
                Number(
                    "done", self.env._("Files published"), model, done, action, GOOD
                ),
                Number(
                    "stopped",
                    self.env._("Stopped by rules or failed"),
                    model,
                    Domain("state", "in", ("blocked", "failed")) & tonight,
                    action,
                    DANGER,
                ),
                Number(
                    "busy",
                    self.env._("Waiting or being made"),
                    model,
                    Domain("state", "in", ("waiting", "running")),
                    action,
                ),
                Number(
                    "undelivered",
                    self.env._("Published and not yet delivered to all"),
                    model,
                    done & Domain("delivery_ids", "any", [("state", "!=", "sent")]),
                    action,
                    WARNING,
                ),
            ),
            self.env._("Nothing was published since yesterday evening: see the plans."),
            link=(self.env._("Open the publications"), action),
        )

    # ------------------------------------------------------------------
    # First steps
    # ------------------------------------------------------------------

    @api.model
    def _steps(self):
        return [*super()._steps(), *self._exchange_steps()]

    @api.model
    def _exchange_steps(self):
        return (
            Step(
                "accounts",
                30,
                self.env._("Connections for exchanges"),
                self.env._(
                    "The (S)FTP account by which each operator sends its orders and "
                    "finds your answers. Test it once it is there."
                ),
                lambda: self._has_any("oiconnect.endpoint"),
                self.env._("Add a connection"),
                "oiconnect_interop.endpoint_action",
                "form",
            ),
            Step(
                "network_import",
                40,
                self.env._("Import of the IPE"),
                self.env._(
                    "The IPE of your network makes its PMs and buildings; nothing is "
                    "applied before you have seen what it changes."
                ),
                lambda: self._has_any("oiconnect.building"),
                self.env._("Import an IPE"),
                "oiconnect_import.import_action",
                "form",
            ),
            Step(
                "flows",
                50,
                self.env._("Protocol and publications"),
                self.env._(
                    "The version and the terms of flows of each operator are on its "
                    "form. Then plan the publication of the IPE: an operator orders "
                    "what was published to it."
                ),
                self._has_published,
                self.env._("Plan a publication"),
                "oiconnect_interop.publication_plan_action",
            ),
        )

    @api.model
    def _has_published(self):
        publications = self.env["oiconnect.publication"].sudo()
        return bool(publications.search_count([("state", "=", "done")], limit=1))

    @api.model
    def _has_any(self, model):
        return bool(self.env[model].sudo().search_count([], limit=1))
