from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

PORTAL = "oiconnect.portal.mixin"


class PortalMixin(models.AbstractModel):
    """Record that its operator's people see in their space.

    They read what the REST API tells a key of the operator, by the same declaration
    (``_resource``), and nothing else of it by any road: no other field, no discussion,
    no attached file. Rules of the database's records say whose it is.
    """

    _name = "oiconnect.portal.mixin"
    _description = "Shown in the operator's space"

    # Resource of a model that has none in the REST API, or tells more here
    _shown = None

    @api.model
    @api.private
    def _shown_resource(self):
        return self._shown or self._resource

    @api.model
    @api.private
    def _shown_names(self):
        """Return the fields that people of operators read."""
        return ("id", "display_name", *self._shown_resource().operator_fields)

    def _has_field_access(self, field, operation):
        allowed = super()._has_field_access(field, operation)
        if self.env.su or not allowed or not self.env.user._is_portal():
            return allowed
        return operation == "read" and field.name in self._shown_names()

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        """Search in shown fields only: also in what has a search of its own."""
        if not bypass_access and not self.env.su and self.env.user._is_portal():
            names = self._shown_names()
            for one in Domain(domain).iter_conditions():
                if one.field_expr.split(".")[0] not in names:
                    raise AccessError(
                        self.env._("“%s” is not told to operators.", one.field_expr)
                    )
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Ask people of operators for a right that they never have."""
        if not self.env.su and self.env.user._is_portal():
            return dict.fromkeys(self, "unlink")
        return super()._mail_get_operation_for_mail_message_operation(message_operation)
