from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .health import LIMITS, PARAMETER
from .health_figures import TOKEN_DIGEST, digest

TOKEN_LENGTH = 24
# Limits that are numbers of things: none may be too many
COUNTS = ("failed_jobs",)


def limit(name, string, **options):
    return fields.Integer(
        string,
        config_parameter=PARAMETER.format(name),
        default=LIMITS[name],
        **options,
    )


class ResConfigSettings(models.TransientModel):
    """Limits of the alerts, and the token of the metrics."""

    _inherit = "res.config.settings"

    oiconnect_health_account_minutes = limit("account_minutes", "Accounts (minutes)")
    oiconnect_health_files_minutes = limit("files_minutes", "Files (minutes)")
    oiconnect_health_messages_minutes = limit("messages_minutes", "Messages (minutes)")
    oiconnect_health_runner_minutes = limit("runner_minutes", "Job runner (minutes)")
    oiconnect_health_jobs_minutes = limit("jobs_minutes", "Jobs that wait (minutes)")
    oiconnect_health_failed_jobs = limit("failed_jobs", "Failed jobs")
    oiconnect_health_actions_minutes = limit(
        "actions_minutes", "Scheduled actions (minutes)"
    )
    oiconnect_health_disk_percent = limit("disk_percent", "Disk used (%)")
    oiconnect_health_replica_minutes = limit("replica_minutes", "Replica (minutes)")
    oiconnect_metrics = fields.Boolean(
        "Figures for Prometheus",
        help="Figures by flow and operator at /oiconnect/metrics, for whoever has the "
        "token",
    )
    oiconnect_metrics_token = fields.Char(
        "Token", help="Write only: it is not shown again"
    )

    @api.model
    def _smallest_settings(self):
        return super()._smallest_settings() | {
            f"oiconnect_health_{name}": 0 if name in COUNTS else 1 for name in LIMITS
        }

    @api.constrains("oiconnect_health_disk_percent")
    def _check_oiconnect_health_disk(self):
        for settings in self:
            if settings.oiconnect_health_disk_percent > 100:
                raise ValidationError(
                    self.env._("A disk is full at 100 %: choose a lower limit.")
                )

    @api.constrains("oiconnect_metrics", "oiconnect_metrics_token")
    def _check_oiconnect_metrics_token(self):
        for settings in self:
            token = settings.oiconnect_metrics_token
            if settings.oiconnect_metrics and not token:
                if not self.env["oiconnect.health"]._has_token():
                    raise ValidationError(
                        self.env._("Enter the token with which figures are read.")
                    )
            elif token and (len(token) < TOKEN_LENGTH or not token.isascii()):
                raise ValidationError(
                    self.env._(
                        "The token has at least %s letters or digits, without accents.",
                        TOKEN_LENGTH,
                    )
                )

    @api.model
    def get_values(self):
        has_token = self.env["oiconnect.health"]._has_token()
        return super().get_values() | {"oiconnect_metrics": has_token}

    def set_values(self):
        """Keep the digest of the token only."""
        result = super().set_values()
        parameters = self.env["ir.config_parameter"].sudo()
        if not self.oiconnect_metrics:
            parameters.set_param(TOKEN_DIGEST, False)
        elif self.oiconnect_metrics_token:
            parameters.set_param(TOKEN_DIGEST, digest(self.oiconnect_metrics_token))
        self.oiconnect_metrics_token = False
        return result
