from markupsafe import Markup

from odoo import api, fields, models

from ...colors import (
    WHITE,
    channels,
    darkened,
    is_color,
    readable_on_white,
    text_on,
)

#: of companies that chose none; that of the product's icon
DEFAULT_COLOR = "#144272"
STYLE = Markup(
    ":root{{--oiconnect-brand:{brand};--oiconnect-brand-text:{text};"
    "--oiconnect-brand-dark:{dark};--primary:{link};--primary-rgb:{rgb};"
    "--link-color:{link};--link-color-rgb:{rgb};--link-hover-color:{hover};"
    "--link-hover-color-rgb:{hover_rgb}}}"
)


class ResCompany(models.Model):
    """The brand of a company: on its documents, mails, log-in and operators' space.

    Its colour is that of Odoo's documents, ``primary_color``.
    """

    _inherit = "res.company"

    # Odoo's own default is a picture that says "Your logo".
    logo = fields.Binary(default=None)
    email_primary_color = fields.Char(
        compute="_compute_email_colors", store=True, readonly=False
    )
    email_secondary_color = fields.Char(
        compute="_compute_email_colors", store=True, readonly=False
    )

    @api.depends("primary_color")
    def _compute_email_colors(self):
        for company in self:
            color = company._brand_color()
            company.email_secondary_color = color
            company.email_primary_color = text_on(color)

    def _brand_color(self):
        """Return the colour of the brand, ``#rrggbb``, whatever stands in the field."""
        color = self.primary_color
        return color if is_color(color) else DEFAULT_COLOR

    def _brand_style(self):
        """Return the style sheet of pages for strangers: buttons, links and pills."""
        color = self._brand_color()
        text = text_on(color)
        link = readable_on_white(color)
        hover = darkened(link, 0.8)
        return STYLE.format(
            brand=color,
            text=text,
            # Black would be read worse on what is darker.
            dark=darkened(color, 0.85) if text == WHITE else color,
            link=link,
            rgb=", ".join(map(str, channels(link))),
            hover=hover,
            hover_rgb=", ".join(map(str, channels(hover))),
        )

    def _branded_mail(self, body, **values):
        """Return the HTML of a mail with the brand.

        :param body: what it says, `Markup`
        :param values: ``greeted``, a name; ``address`` and ``button``, where to go on
        """
        values |= {"company": self.sudo(), "body": body}
        template = "oiconnect_base.mail_text"
        return self.env["ir.qweb"]._render(template, values, minimal_qcontext=True)

    @api.model
    def _remove_placeholder_logo(self):
        """Leave companies without a logo that have Odoo's "Your logo"."""
        companies = self.search([("uses_default_logo", "=", True)])
        companies.filtered("logo").logo = False
