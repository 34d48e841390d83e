import hashlib
import hmac
from functools import partial

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from odoo import api, models

from odoo.addons.oiconnect_base.time_zone import local_today
from odoo.addons.oiconnect_orders.protocol_time import from_local

from ..exchanges.exchange import REFUSED

TOKEN_DIGEST = "oiconnect_interop.metrics_token_digest"
WAITING = ("in_received", "in_processing", "out_ready")
JOB_STATES = ("pending", "enqueued", "started", "failed")


def digest(token):
    return hashlib.sha256(token.encode()).hexdigest()


def family(kind, name, text, labels, rows):
    """Return a figure from ``[(*labels, value)]``."""
    made = kind(f"oiconnect_{name}", text, labels=labels)
    for *key, value in rows:
        made.add_metric([label or "" for label in key], value)
    return made


gauge = partial(family, GaugeMetricFamily)
counter = partial(family, CounterMetricFamily)


class Collector:
    """Collector of the metrics of one request."""

    def __init__(self, families):
        self.families = families

    def collect(self):
        return self.families


class Health(models.AbstractModel):
    """The figures of the border, by flow and operator, as Prometheus reads them.

    Counters are of the day, which an index bounds: they begin again at midnight, as
    those of a server that was restarted.
    """

    _inherit = "oiconnect.health"

    # ------------------------------------------------------------------
    # Who may read
    # ------------------------------------------------------------------

    @api.model
    def _has_token(self):
        return bool(self._token_digest())

    @api.model
    def _is_token(self, text):
        """Tell whether ``text`` is the token; a wrong one takes the same time."""
        return hmac.compare_digest(digest(text), self._token_digest())

    def _token_digest(self):
        return self.env["ir.config_parameter"].sudo().get_param(TOKEN_DIGEST) or ""

    # ------------------------------------------------------------------
    # Figures
    # ------------------------------------------------------------------

    @api.model
    def _figures_text(self):
        """Return all figures in the text format of Prometheus, as bytes."""
        registry = CollectorRegistry()
        registry.register(Collector(self._figures()))
        return generate_latest(registry)

    @api.model
    def _figures(self):
        """Hook: return all figures."""
        return [
            *self._check_figures(self._health()),
            *self._account_figures(),
            *self._waiting_figures(),
            *self._file_figures(),
            self._order_figure(),
        ]

    def _check_figures(self, checks):
        measured = [
            (name, check["unit"], check["value"], check["limit"])
            for name, check in checks.items()
            if check.get("value") is not None
        ]
        return [
            gauge(
                "check_ok",
                "1 within the limit, 0 past it",
                ["check"],
                [(name, check["status"] != "alert") for name, check in checks.items()],
            ),
            gauge(
                "check_value",
                "What the check measures",
                ["check", "unit"],
                [(name, unit, value) for name, unit, value, _limit in measured],
            ),
            gauge(
                "check_limit",
                "The limit that is set",
                ["check", "unit"],
                [(name, unit, limit) for name, unit, _value, limit in measured],
            ),
            gauge(
                "scheduled_action_late_minutes",
                "For how long a scheduled action should have run, or fails",
                ["action"],
                [
                    (action["action"], action["value"])
                    for action in checks["scheduled_actions"]["scheduled_actions"]
                ],
            ),
        ]

    def _account_figures(self):
        labels, looks, failures = ["account", "operator"], [], []
        checks = self._check_accounts()["accounts"]
        minutes = {check["account"]: check["value"] for check in checks}
        for account in self._accounts():
            key = self._account_key(account)
            operator = "operator_id" in account and account.operator_id.interop_code
            looks.append((key, operator, minutes[key] * 60))
            failures.append((key, operator, account.failure_count))
        return [
            gauge(
                "account_look_age_seconds",
                "Since the last look at the account that worked",
                labels,
                looks,
            ),
            gauge("account_failures", "Failures in a row", labels, failures),
        ]

    def _waiting_figures(self):
        labels = ["flow", "operator"]
        jobs = self._counts("queue.job", [("state", "in", JOB_STATES)], ["state"])
        files = self._counts(
            "oiconnect.exchange",
            [("state", "in", WAITING)],
            ["state", "flow_id", "operator_id"],
        )
        messages = self._message_counts("file")
        return [
            gauge("jobs", "Jobs that are not done", ["state"], jobs),
            gauge(
                "files_waiting",
                "Files on their way, in or out",
                ["state", *labels],
                files,
            ),
            gauge(
                "messages_waiting",
                "Messages to put in a file",
                labels,
                messages["pending"],
            ),
            gauge(
                "messages_in_error",
                "Messages that no file can take",
                labels,
                messages["error"],
            ),
        ]

    def _message_counts(self, channel):
        """Return ``{state: [(flow, operator, count)]}`` of what has not left."""
        return {
            state: self._counts(
                "oiconnect.event",
                [("state", "=", state), ("channel", "=", channel)],
                ["flow", "operator_id"],
            )
            for state in ("pending", "error")
        }

    def _file_figures(self):
        groups = self.env["oiconnect.exchange"]._read_group(
            [("create_date", ">=", self._day_start())],
            ["direction", "state", "flow_id", "operator_id"],
            ["__count", "done_count:sum", "refused_count:sum"],
        )
        rows = [(*self._labels(group[:4]), *group[4:]) for group in groups]
        received = [row[1:] for row in rows if row[0] == "in"]
        labels = ["flow", "operator"]
        return [
            gauge(
                "files_today",
                "Files of the day, by what became of them",
                ["direction", "state", *labels],
                [row[:5] for row in rows],
            ),
            counter(
                "files_received",
                "Files received since midnight",
                labels,
                self._sums((row[1:3], row[3]) for row in received),
            ),
            counter(
                "files_refused",
                "Files refused since midnight",
                labels,
                self._sums((row[1:3], row[3]) for row in received if row[0] in REFUSED),
            ),
            counter(
                "files_made",
                "Files made since midnight, for operators",
                labels,
                self._sums((row[2:4], row[4]) for row in rows if row[0] == "out"),
            ),
            counter(
                "lines_handled",
                "Lines of the files received since midnight that were handled",
                labels,
                self._sums((row[1:3], row[4]) for row in received),
            ),
            counter(
                "lines_refused",
                "Lines of the files received since midnight that were refused",
                labels,
                self._sums((row[1:3], row[5]) for row in received),
            ),
        ]

    def _order_figure(self):
        """Count what operators order: the records that their lines make."""
        since = [("create_date", ">=", self._day_start())]
        orders = [
            (tuple(key), count)
            for model in self.env["oiconnect.inbound"]._created_models()
            for *key, count in self._counts(model, since, ["operator_id"])
        ]
        rows = self._sums(orders)
        return counter("orders_received", "Orders since midnight", ["operator"], rows)

    def _counts(self, model, domain, groupby):
        groups = self.env[model]._read_group(domain, groupby, ["__count"])
        return [(*self._labels(key), count) for *key, count in groups]

    def _labels(self, values):
        """Return what names each value: the code of a flow or of an operator."""
        codes = {"oiconnect.flow": "code", "oiconnect.operator": "interop_code"}
        return [
            value[codes[value._name]] if isinstance(value, models.BaseModel) else value
            for value in values
        ]

    def _sums(self, pairs):
        sums = {}
        for key, value in pairs:
            sums[key] = sums.get(key, 0) + value
        return [(*key, value) for key, value in sums.items()]

    def _day_start(self):
        return from_local(f"{local_today()}T00:00:00")
