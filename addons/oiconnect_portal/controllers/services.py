from werkzeug.exceptions import NotFound

from odoo.http import Controller, request

from odoo.addons.oiconnect_base.files import download_name

from . import common

FILES = "<any(echanges,publications):key>"


class Services(Controller):
    """Files, keys, terms and eligibility."""

    @common.route(f"/{FILES}/<int:record_id>/telecharger", readonly=True)
    def download(self, key, record_id):
        _page, exchange = common.find(key, record_id)
        attachment = common.space()._file(exchange)
        if not attachment:
            raise NotFound
        stream = attachment._to_http_stream()
        stream.download_name = download_name(exchange.name)
        return stream.get_response(as_attachment=True)

    @common.route(f"/{FILES}/<int:record_id>/renvoyer", methods=["POST"])
    def resend(self, key, record_id):
        _page, exchange = common.find(key, record_id)
        place = f"/{key}/{exchange.id}"
        with common.refusals() as messages:
            done = common.space()._resend(exchange)
        if messages:
            return common.go(place, messages[0], "danger")
        return common.go(place, done)

    @common.route("/cles/nouvelle", methods=["POST"])
    def make_key(self, name="", opens=""):
        """Show the value of a new key: this once."""
        with common.refusals() as messages:
            key, value = common.space()._make_key(name, opens == "sandbox")
        if messages:
            return common.go("/cles", messages[0], "danger")
        answer = common.render("key_made", "cles", made=key.sudo(), value=value)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @common.route("/cles/<int:record_id>/revoquer", methods=["POST"])
    def revoke_key(self, record_id):
        _page, key = common.find("cles", record_id)
        with common.refusals() as messages:
            common.space()._revoke_key(key)
        place = f"/cles/{key.id}"
        if messages:
            return common.go(place, messages[0], "danger")
        return common.go(place, request.env._("The key is revoked for ever."))

    @common.route("/conditions", readonly=True)
    def terms(self):
        space = common.space()
        return common.render(
            "terms", "conditions", versions=space._versions(), terms=space._terms()
        )

    @common.route("/eligibilite", readonly=True)
    def eligibility(self, **given):
        stripped = {name: value.strip() for name, value in given.items()}
        criteria = {name: value for name, value in stripped.items() if value}
        found, messages = None, []
        if criteria:
            with common.refusals() as messages:
                found = common.space()._eligibility(criteria)
        return common.render(
            "eligibility",
            "eligibilite",
            criteria=criteria,
            found=found,
            refusal=messages[0] if messages else "",
        )
