from werkzeug.exceptions import NotFound

from odoo.http import Controller, request

from . import common

KEY = "conformite"
DOES = {"verifier": "_check", "terminer": "_end", "abandonner": "_abandon"}


class Conformance(Controller):
    """An operator shows on a sandbox network that its system speaks the protocol."""

    @common.route(f"/{KEY}", readonly=True)
    def runs(self):
        space = common.space()
        runs = request.env["oiconnect.conformance.run"]
        scopes = runs._fields["scope"]._description_selection(request.env)
        return common.render(
            "conformance",
            KEY,
            runs=space._conformance_runs(),
            networks=space._sandbox_networks(),
            scopes=scopes,
        )

    @common.route(f"/{KEY}/commencer", methods=["POST"])
    def start(self, network="", scope=""):
        network_id = common.number(network, 2**31 - 1)
        with common.refusals() as messages:
            run = common.space()._start_conformance(network_id, scope)
        if messages:
            return common.go(f"/{KEY}", messages[0], "danger")
        return common.go(f"/{KEY}/{run.id}")

    @common.route(f"/{KEY}/<int:record_id>", readonly=True)
    def run(self, record_id):
        space = common.space()
        run = space._conformance_run(record_id)
        return common.render(
            "conformance_run",
            KEY,
            run=run,
            accounts=space._conformance_accounts(run.network_id),
        )

    @common.route(
        f"/{KEY}/<int:record_id>/<any(verifier,terminer,abandonner):ask>",
        methods=["POST"],
    )
    def act(self, record_id, ask):
        run = common.space()._conformance_run(record_id)
        return self._done(run, getattr(run, DOES[ask]))

    @common.route(f"/{KEY}/<int:record_id>/recommencer/<int:step_id>", methods=["POST"])
    def restart(self, record_id, step_id):
        run = common.space()._conformance_run(record_id)
        step = run.step_ids.filtered(lambda step: step.id == step_id)
        if not step:
            raise NotFound
        return self._done(run, step._restart)

    def _done(self, run, method):
        with common.refusals() as messages:
            method()
        notice = (messages[0], "danger") if messages else ()
        return common.go(f"/{KEY}/{run.id}", *notice)

    @common.route(f"/{KEY}/<int:record_id>/rapport", readonly=True)
    def report(self, record_id):
        run = common.space()._conformance_run(record_id)
        if not run.report:
            raise NotFound
        streams = request.env["ir.binary"].sudo()
        stream = streams._get_stream_from(run, "report", filename=run.report_name)
        return stream.get_response(as_attachment=True)
