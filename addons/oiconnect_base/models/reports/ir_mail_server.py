import re

from odoo import api, models

from ...outgoing import way_out
from ...report_table import DOMAIN

SHOWN = re.compile(r"""["']cid:([^"'<>]+?)""" + re.escape(DOMAIN) + r"""["']""")


class MailServer(models.Model):
    """Pictures of a report stand in its text, not among its files."""

    _inherit = "ir.mail_server"

    @api.model
    def _connect__(self, *args, **options):
        with way_out("mail"):
            return super()._connect__(*args, **options)

    @api.model
    def _build_email__(self, email_from, email_to, subject, body, **options):
        is_html = options.get("subtype") == "html"
        shown = set(SHOWN.findall(body or "")) if is_html else set()
        files = options.get("attachments") or []
        inline = [file for file in files if file[0] in shown]
        if inline:
            options["attachments"] = [file for file in files if file not in inline]
        message = super()._build_email__(email_from, email_to, subject, body, **options)
        # The first picture makes one part of the text and of all its pictures.
        text = inline and message.get_body(("html",))
        for name, content, mimetype in inline:
            main, sub = mimetype.split("/")
            text.add_related(
                content,
                main,
                sub,
                cid=f"<{name}{DOMAIN}>",
                filename=name,
                disposition="inline",
            )
        return message
