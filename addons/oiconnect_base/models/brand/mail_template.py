from odoo import api, models

#: what is written into a template: a view of ours, in the language of who reads it
BODY = '<t t-call="oiconnect_base.%s"/>'
VIEWS = {
    "auth_signup.set_password_email": "mail_invitation",
    "auth_signup.portal_set_password_email": "mail_invitation",
    "auth_signup.mail_template_user_signup_account_created": "mail_account_made",
    "auth_totp_mail.mail_template_totp_invite": "mail_two_factors",
}
ODOO = "Odoo"


class MailTemplate(models.Model):
    """Mails about accounts: Odoo's own present Odoo to partners of an operator."""

    _inherit = "mail.template"

    @api.model
    def _replace_odoo_mails(self):
        """Write our mails where Odoo's are; what an administrator wrote stays."""
        for name, view in VIEWS.items():
            template = self.env.ref(name, raise_if_not_found=False)
            if template and ODOO in f"{template.subject} {template.body_html}":
                for lang, _name in self.env["res.lang"].get_installed():
                    template.with_context(lang=lang)._take_brand(view)

    def _take_brand(self, view):
        self.write({"body_html": BODY % view, "subject": self._brand_subject(view)})

    def _brand_subject(self, view):
        company = "{{ object.company_id.name }}"
        if view == "mail_two_factors":
            return self.env._("%s asks for a second factor", company)
        return self.env._("Your account at %s", company)
