from odoo.http import Controller, request

from odoo.addons.oiconnect_base.files import sent
from odoo.addons.oiconnect_billing.dispute_file import MAX_BYTES

from ..models.space_dispute import MAX_SHOWN
from . import common

KEY = "contestations"


class Disputes(Controller):
    """Lines of invoices are contested by a file, and the answers read."""

    @common.route(f"/{KEY}", methods=["GET", "POST"])
    def disputes(self, page="1", file=None, company="", **_given):
        problems, messages, space = [], [], common.space()
        if request.httprequest.method == "POST":
            content = file.read(MAX_BYTES + 1) if hasattr(file, "read") else b""
            chosen = int(company) if str(company).isdecimal() else 0
            with common.refusals() as messages:
                name = (getattr(file, "filename", "") or "").replace("\0", "")
                dispute, problems = space._contest(content, name[:200], chosen)
            if not (messages or problems):
                done = request.env._("We have it: read the answers here.")
                return common.go(f"/{KEY}/{dispute.id}", done)
        number = min(max(int(page), 1), 10**6) if page.isdecimal() else 1
        found, total = space._dispute_list(number)
        return common.render(
            "disputes",
            KEY,
            disputes=found,
            total=total,
            companies=space._dispute_companies(),
            refusal=messages[0] if messages else "",
            problems=problems[:MAX_SHOWN],
            problem_count=len(problems),
            pager=common.pages(f"/{KEY}", total, number, ""),
        )

    @common.route(f"/{KEY}/<int:record_id>", readonly=True)
    def dispute(self, record_id):
        dispute = common.space()._dispute(record_id)
        lines = dispute.line_ids[:MAX_SHOWN]
        return common.render(
            "dispute",
            KEY,
            dispute=dispute,
            record=dispute,
            lines=lines,
            messages=common.space()._messages(dispute),
        )

    @common.route(f"/{KEY}/<int:record_id>/fichiers/<int:file_id>", readonly=True)
    def message_file(self, record_id, file_id):
        dispute = common.space()._dispute(record_id)
        return common.message_file(dispute, file_id)

    @common.route(f"/{KEY}/<int:record_id>/reponses", readonly=True)
    def answers(self, record_id):
        space = common.space()
        return sent(*space._dispute_answers(space._dispute(record_id)))
