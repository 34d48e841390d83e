from datetime import timedelta

from lxml.builder import E

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import formatLang
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_base.models.guarded import EVERY_FIELD
from odoo.addons.oiconnect_base.resource import Resource

_lt = LazyTranslate(__name__)

KINDS = [
    ("ipe", "IPE"),
    ("delta_ipe", "Delta IPE"),
    ("histo_ipe", "History IPE"),
    ("cpn", "CPN"),
    ("delta_cpn", "Delta CPN"),
    ("histo_cpn", "History CPN"),
]
# By kind: "delta_ipe" is of the flow DELTAIPE
FLOW_CODES = {kind: kind.replace("_", "").upper() for kind, _label in KINDS}
STATES = [
    ("waiting", "Waiting"),
    ("running", "Being made"),
    ("done", "Published"),
    ("blocked", "Stopped by rules"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
]
BUSY = ("waiting", "running")
STOPPED = ("blocked", "failed", "cancelled")
KILOBYTE = 1024
MEGABYTE = 1024 * KILOBYTE
BATCH = 100


class Publication(models.Model):
    """One file published to operators: an IPE or CPN, its changes or its history."""

    _name = "oiconnect.publication"
    _description = "Publication"
    _resource = Resource(
        "publications",
        "name",
        operator_fields=(
            "network_id",
            "name",
            "kind",
            "version",
            "as_of",
            "size",
            "sha256",
            "line_count",
            "end_date",
            "erased_date",
        ),
        operator_domain=lambda operator_id: Domain(
            "delivery_ids.operator_id", "=", operator_id
        ),
        content="file",
    )
    _created_text = _lt("Publication created")
    _inherit = [
        "oiconnect.network.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "oiconnect.background.run",
    ]
    _order = "id desc"
    _mail_post_access = "read"
    _event_fields = EVERY_FIELD

    plan_id = fields.Many2one(
        "oiconnect.publication.plan",
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    network_id = fields.Many2one(readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    format_id = fields.Many2one(
        "oiconnect.flow.format", readonly=True, ondelete="set null"
    )
    version = fields.Char(readonly=True)
    operator_id = fields.Many2one(
        "oiconnect.operator",
        "Format of",
        readonly=True,
        ondelete="restrict",
        help="The operator whose own format the file has",
    )
    state = fields.Selection(
        STATES, required=True, default="waiting", readonly=True, index=True
    )
    name = fields.Char("File", readonly=True, index="trigram")
    due_date = fields.Datetime("Due", readonly=True)
    late_date = fields.Datetime("Late from", readonly=True)
    is_late = fields.Boolean("Late", compute="_compute_is_late")
    as_of = fields.Datetime("State of the network on", readonly=True)
    start_date = fields.Datetime("Started", readonly=True)
    end_date = fields.Datetime("Ended", readonly=True)
    file = fields.Binary("Content", attachment=True, readonly=True, copy=False)
    size = fields.Integer("Bytes", readonly=True)
    size_text = fields.Char("Size", compute="_compute_size_text")
    sha256 = fields.Char("SHA-256", readonly=True)
    line_count = fields.Integer("Lines", readonly=True)
    created_count = fields.Integer("Lines created", readonly=True)
    modified_count = fields.Integer("Lines modified", readonly=True)
    removed_count = fields.Integer("Lines removed", readonly=True)
    warning_count = fields.Integer("Warnings", readonly=True)
    message = fields.Char("What happened", readonly=True)
    issue_ids = fields.One2many(
        "oiconnect.publication.issue", "publication_id", "Report"
    )

    erased_date = fields.Datetime("File erased on", readonly=True)

    # The list by its date, newest first: ORDER BY id DESC with one of these.
    _kind_idx = models.Index("(kind, id DESC)")
    # What waits or goes on: looked for every five minutes among years of files.
    _busy_idx = models.Index("(plan_id, kind) WHERE state IN ('waiting', 'running')")

    def _attachment(self):
        """Return the attachment that holds the file."""
        return self.env["ir.attachment"]._oiconnect_of_field(self, "file")

    @api.depends("kind", "version", "name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for publication in self:
            title = f"{labels.get(publication.kind, '')} {publication.version or ''}"
            publication.display_name = publication.name or title.strip()

    @api.depends("state", "late_date")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for publication in self:
            publication.is_late = publication.state in BUSY and (
                publication.late_date and publication.late_date < now
            )

    @api.depends("size")
    @api.depends_context("lang")
    def _compute_size_text(self):
        for publication in self:
            publication.size_text = publication._size_in_words()

    def _size_in_words(self):
        """Return "12.5 MB" or so in the user's language, nothing when there is none."""
        if not self.size:
            return False
        if self.size < MEGABYTE:
            return self.env._("%s kB", self._figure(KILOBYTE))
        return self.env._("%s MB", self._figure(MEGABYTE))

    def _figure(self, unit):
        return formatLang(self.env, self.size / unit, digits=1)

    @api.model
    def action_publish_now(self):
        """Open the choice of a plan and of what it publishes now."""
        self._check_may_publish()
        plans = self.env["oiconnect.publication.plan"].search([], limit=2)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Publish now"),
            "res_model": "oiconnect.publication.now",
            "view_mode": "form",
            "target": "new",
            "context": {"default_plan_id": plans.id} if len(plans) == 1 else {},
        }

    def action_download(self):
        self.ensure_one()
        place = f"/web/content/{self._name}/{self.id}/file/{self.name}"
        return {
            "type": "ir.actions.act_url",
            "url": f"{place}?download=true",
            "target": "download",
        }

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Offer a filter for each version that there is, the newest first."""
        arch, view = super()._get_view(view_id, view_type, **options)
        for place in arch.xpath("//separator[@name='versions']"):
            for version in self.env["oiconnect.operator"]._known_versions("pm"):
                domain = repr([("version", "=", version)])
                name = f"version_{version}"
                place.addprevious(E.filter(name=name, string=version, domain=domain))
        return arch, view

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        """A view is made again once there is another version."""
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, *self.env["oiconnect.operator"]._known_versions("pm"))

    # ------------------------------------------------------------------
    # Retention
    # ------------------------------------------------------------------

    @api.model
    def _cron_erase(self):
        """Erase the files that are older than their plan wants."""
        plans = self.env["oiconnect.publication.plan"].with_context(active_test=False)
        for plan in plans.search([("retention_days", ">", 0)]):
            while old := self.search(self._expired(plan), limit=BATCH):
                old._erase()
                self.env["ir.cron"]._commit_progress(len(old))

    def _expired(self, plan):
        limit = fields.Datetime.now() - timedelta(days=plan.retention_days)
        return [
            ("plan_id", "=", plan.id),
            ("state", "=", "done"),
            ("end_date", "<", limit),
            ("erased_date", "=", False),
        ]

    def _erase(self):
        self.write({"file": False, "erased_date": fields.Datetime.now()})
