import base64

from odoo import models
from odoo.tools import format_datetime

from ...conformance_pdf import draw


class ConformanceRun(models.Model):
    """The report: what was requested, sent, expected and found, with our signature."""

    _inherit = "oiconnect.conformance.run"

    def _write_report(self):
        """Keep the signed report.

        :raises RefusedError: no certificate signs it
        """
        certificate = self.env["oiconnect.signing.certificate"]._of_company(
            self.company_id
        )
        localized = self.with_context(
            lang=self.operator_id.lang or self.env.lang, tz="Europe/Paris"
        )
        title, facts = localized._report_facts(certificate)
        rows = [(step.state, step._report_texts()) for step in localized.step_ids]
        signed = certificate._sign(
            draw(title, facts, localized._report_header(), rows), title
        )
        self.write(
            {"report": base64.b64encode(signed), "certificate_id": certificate.id}
        )

    def _report_facts(self, certificate):
        """Return the title and ``[(what, text)]``."""
        field = self._fields["state"]
        states = dict(field._description_selection(self.env))
        facts = [
            (self.env._("Operator"), self.operator_id.display_name),
            (self.env._("Sandbox network"), self.network_id.name),
            (self.env._("Started on"), self._local_text(self.create_date)),
            (self.env._("Ended on"), self._local_text(self.end_date)),
            (self.env._("Result"), states[self.state]),
            (
                self.env._("Steps as expected"),
                f"{self.passed_count} / {self.step_count}",
            ),
            (self.env._("Signed with"), certificate.fingerprint),
        ]
        return self.env._("Report of conformance %s", self.name), facts

    def _local_text(self, moment):
        return format_datetime(self.env, moment, dt_format="dd/MM/yyyy HH:mm")

    def _report_header(self):
        return [
            self.env._("Number"),
            self.env._("Step"),
            self.env._("What to do"),
            self.env._("What was sent"),
            self.env._("Expected"),
            self.env._("What came"),
            self.env._("Result"),
        ]
