from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import config

from ... import passwords


class ResUsers(models.Model):
    """Passwords: twelve characters, none that is guessed first, for all.

    All roads lead to `_set_password`: screens, invitations, RPC, code as superuser.
    """

    _inherit = "res.users"

    has_weak_password = fields.Boolean(
        readonly=True,
        copy=False,
        groups="base.group_erp_manager",
        help="Seen at the last log-in: the password was chosen before the present "
        "rules",
    )

    def init(self):
        """Hash what somebody wrote in clear by SQL: no rule is to stop an upgrade."""
        self.env.cr.execute(
            r"""
            SELECT id, password FROM res_users
             WHERE password <> '' AND password !~ '^\$[^$]+\$[^$]+\$.'
            """
        )
        for user_id, password in self.env.cr.fetchall():
            self._set_encrypted_password(user_id, self._crypt_context().hash(password))
        return super().init()

    def _register_hook(self):
        if self._takes_weak_passwords():
            passwords.warn()
        return super()._register_hook()

    @api.model
    def _takes_weak_passwords(self):
        return passwords.may_be_weak(config["proxy_mode"])

    @api.model
    def get_password_policy(self):
        policy = super().get_password_policy()
        length = max(passwords.MIN_LENGTH, policy["minlength"])
        return policy | {"minlength": 0 if self._takes_weak_passwords() else length}

    @api.model
    def _min_length(self):
        return self.get_password_policy()["minlength"]

    def _set_password(self):
        for user in self:
            user._check_password(user.password)
        result = super()._set_password()
        self.sudo().filtered("has_weak_password").has_weak_password = False
        return result

    def _check_password_policy(self, password_list):
        """Leave the check to `_check_password`, which knows whose password it is."""

    def _check_password(self, password):
        """Check a new password of this user.

        :raises UserError: it is too short, or guessed too easily
        """
        problem = password and self._password_fault(password)
        if problem == passwords.SHORT:
            raise UserError(
                self.env._(
                    "Choose a password of %(wanted)s characters or more: this one has "
                    "%(given)s. Four words that have nothing to do with each other "
                    "make a good one.",
                    wanted=self._min_length(),
                    given=len(password),
                )
            )
        if problem == passwords.GUESSED:
            raise UserError(
                self.env._(
                    "Choose another password: this one is guessed too easily, by "
                    "known passwords, names, dates or rows of keys. Take four words "
                    "that have nothing to do with each other, or one from a password "
                    "manager."
                )
            )

    def _password_fault(self, password):
        if self._takes_weak_passwords():
            return None
        return passwords.fault(password, self._known_words(), self._min_length())

    def _known_words(self):
        """Return what others know of this person."""
        user = self.sudo()
        partner = user.partner_id
        owner = partner.commercial_partner_id
        words = (user.name, user.login, user.email, owner.name, user.company_id.name)
        return [word for word in words if word]

    def _note_strength(self, password):
        """Remember, at a log-in, whether the password would still be taken."""
        user = self.sudo()
        is_weak = bool(self._password_fault(password))
        if user.has_weak_password != is_weak:
            user.has_weak_password = is_weak
