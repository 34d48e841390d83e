from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.oiconnect_infra.models.map.kinds import KINDS

FILTERS = ("operator_ids", "presence")
ABSENT = "absent"
# What the operator has at a PM: its colour, of those that eyes blind to some colours
# tell apart (Okabe and Ito), and how the shape of the PM is filled
STYLES = {
    "cofi": ("#0072b2", "solid"),
    "loca": ("#e69f00", "half"),
    ABSENT: ("#7a7a7a", "hollow"),
}


class Map(models.AbstractModel):
    """PMs by the service that one operator has there, for users who may read services.

    The state of a PM is then the kind of that service. All PMs of the view are joined
    to the services of the operator at once.
    """

    _inherit = "oiconnect.map"

    @api.model
    def _may_read_presence(self):
        return self.env["oiconnect.pm.service"].has_access("read")

    @api.model
    def _filter_names(self):
        return (*super()._filter_names(), *FILTERS)

    @api.model
    def _wanted(self, bounds, zoom, kinds, filters):
        """One operator at most: a PM has one colour."""
        wanted = super()._wanted(bounds, zoom, kinds, filters)
        readable = self._may_read_presence()
        wanted.operator_ids = wanted.operator_ids[:1] if readable else ()
        return wanted

    @api.model
    def _present_domain(self, wanted):
        """Return the domain of the services that the operator has today."""
        services = self.env["oiconnect.pm.service"]
        return services._today_domain() & Domain(
            "operator_id", "in", wanted.operator_ids
        )

    @api.model
    def _kind_domain(self, kind, wanted):
        domain = super()._kind_domain(kind, wanted)
        if kind != "pm" or not (wanted.operator_ids and wanted.presence):
            return domain
        present = self._present_domain(wanted)
        of_kind = Domain("kind", "in", wanted.presence)
        matching = Domain("service_ids", "any", present & of_kind)
        if ABSENT in wanted.presence:
            matching |= Domain("service_ids", "not any", present)
        return domain & matching

    @api.model
    def _state_column(self, kind, query, wanted):
        if kind != "pm" or not wanted.operator_ids:
            return super()._state_column(kind, query, wanted)
        services = self.env["oiconnect.pm.service"]
        services.flush_model()
        found = services._search(self._present_domain(wanted))
        columns = (SQL.identifier(found.table, name) for name in ("pm_id", "kind"))
        query.add_join(
            "LEFT JOIN",
            "map_service",
            found.subselect(*columns),
            SQL("map_service.pm_id = %s", SQL.identifier(query.table, "id")),
        )
        return SQL("COALESCE(map_service.kind, %s)", ABSENT)

    # ------------------------------------------------------------------
    # How it is drawn and described
    # ------------------------------------------------------------------

    @api.model
    @api.private
    def _settings(self):
        settings = super()._settings()
        if self._may_read_presence() and self._may_read("pm"):
            settings["states"]["presence"] = self._presence_states()
        return settings

    @api.model
    def _presence_states(self):
        labels = self._service_labels() | {ABSENT: self.env._("No service")}
        return [
            [key, labels[key], colour, KINDS["pm"].shape, fill]
            for key, (colour, fill) in STYLES.items()
        ]

    @api.model
    def _service_labels(self):
        kind = self.env["oiconnect.pm.service"]._fields["kind"]
        return dict(kind._description_selection(self.env))

    @api.model
    def _card_lines(self, record, names):
        lines = super()._card_lines(record, names)
        if record._name != "oiconnect.pm" or not self._may_read_presence():
            return lines
        labels = self._service_labels()
        present = ", ".join(
            f"{service.operator_id.display_name} ({labels[service.kind]})"
            for service in record._running_services().sorted("operator_id")
        )
        operators_line = [[self.env._("Operators present"), present]] if present else []
        return lines + operators_line
