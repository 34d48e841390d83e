from odoo import fields, models

MAX_POSITIONS = 5000


class ModulePositions(models.TransientModel):
    """Make the positions of a module, on fibres of a cable, with routes if wished."""

    _name = "oiconnect.module.positions"
    _description = "Generate the positions of a module"
    _inherit = "oiconnect.bulk"
    _preview_depends = (
        "module_id",
        "count",
        "first_number",
        "pattern",
        "cable_id",
        "first_fibre",
        "with_routes",
    )

    module_id = fields.Many2one("oiconnect.pm.module", required=True)
    pm_id = fields.Many2one(related="module_id.pm_id")
    count = fields.Integer("Positions", default=12, required=True)
    first_number = fields.Integer("First number", default=1, required=True)
    pattern = fields.Char(
        "Name",
        default="D{n}",
        required=True,
        help="{n} stands for the number, {nn} and {nnn} for two and three digits",
    )
    cable_id = fields.Many2one(
        "oiconnect.pbo.cable",
        "On the fibres of cable",
        domain="[('pm_id', '=', pm_id), ('kind', '=', 'distribution')]",
    )
    first_fibre = fields.Integer("From its fibre", default=1)
    with_routes = fields.Boolean("Make the optical routes")

    def _names(self):
        numbers = range(self.first_number, self.first_number + self.count)
        return [self._name_of(number) for number in numbers]

    def _name_of(self, number):
        name = self.pattern
        for width in (3, 2, 1):
            name = name.replace("{" + "n" * width + "}", str(number).zfill(width))
        return name

    def _fibres(self):
        """Return the fibres of the cable that the positions are on, in order."""
        if not self.cable_id:
            return self.env["oiconnect.pbo.fibre"]
        return self.env["oiconnect.pbo.fibre"].search(
            [("cable_id", "=", self.cable_id.id)],
            offset=self.first_fibre - 1,
            limit=self.count,
        )

    def _summary(self):
        names = self._names()
        lines = [
            self.env._(
                "Positions of module %(module)s (%(count)s): %(names)s.",
                count=len(names),
                module=self.module_id.name,
                names=self._named(names),
            )
        ]
        if self.cable_id:
            fibres = self._fibres()
            lines.append(
                self.env._(
                    "On the fibres of cable %(cable)s from %(first)s to %(last)s.",
                    cable=self.cable_id.reference,
                    first=f"{fibres[0].tube} / {fibres[0].fibre}",
                    last=f"{fibres[-1].tube} / {fibres[-1].fibre}",
                )
            )
        if self.with_routes:
            lines.append(self.env._("%s free optical routes.", len(names)))
        return "\n".join(lines)

    def _conflicts(self):
        wrong = self._form_conflict()
        return [wrong] if wrong else [self._name_conflict(), *self._cable_conflicts()]

    def _form_conflict(self):
        if not 1 <= self.count <= MAX_POSITIONS or self.first_number < 0:
            return self.env._(
                "Generate 1 to %s positions, numbered from 0 or more.",
                MAX_POSITIONS,
            )
        if self._name_of(1) == self._name_of(2):
            return self.env._(
                "All positions would have the same name: put {n} where the "
                "number is to stand."
            )
        if self.with_routes and not self.cable_id:
            return self.env._("Choose the cable whose fibres the routes are on.")
        return bool(self.cable_id.pm_id - self.pm_id) and self.env._(
            "Cable %(cable)s is not at PM %(pm)s: choose another.",
            cable=self.cable_id.reference,
            pm=self.pm_id.reference,
        )

    def _name_conflict(self):
        there = self.env["oiconnect.pm.position"].search(
            [("module_id", "=", self.module_id.id), ("name", "in", self._names())]
        )
        return bool(there) and self.env._(
            "Module %(module)s already has the positions %(names)s: choose other "
            "numbers.",
            module=self.module_id.name,
            names=self._named(there.mapped("name")),
        )

    def _cable_conflicts(self):
        if not self.cable_id:
            return []
        fibres = self._fibres() if self.first_fibre > 0 else self.cable_id.fibre_ids[:0]
        if len(fibres) < self.count:
            return [
                self.env._(
                    "Fibres of cable %(cable)s from number %(first)s on: %(found)s, "
                    "where %(count)s are needed. Generate its fibres first.",
                    cable=self.cable_id.reference,
                    found=len(fibres),
                    first=self.first_fibre,
                    count=self.count,
                )
            ]
        return [self._position_conflict(fibres), self._route_conflict(fibres)]

    def _position_conflict(self, fibres):
        places = {(fibre.tube, fibre.fibre) for fibre in fibres}
        there = self.env["oiconnect.pm.position"].search(
            [("cable_id", "=", self.cable_id.id), ("tube", "in", fibres.mapped("tube"))]
        )
        there = there.filtered(lambda place: (place.tube, place.fibre) in places)
        return bool(there) and self.env._(
            "Other positions are on these fibres: %s. Choose other fibres.",
            self._named([f"{p.display_name} ({p.tube} / {p.fibre})" for p in there]),
        )

    def _route_conflict(self, fibres):
        routes = self.env["oiconnect.route"]
        if self.with_routes:
            routes = routes.search([("fibre_id", "in", fibres.ids)])
        return bool(routes) and self.env._(
            "Optical routes are on these fibres: %s. Choose other fibres.",
            self._named(routes.mapped("name")),
        )

    def _contended(self):
        """Fibres that a position is put on are not deleted at the same time."""
        return self._fibres()

    def _apply(self):
        fibres = self._fibres()
        positions = self.env["oiconnect.pm.position"].create(
            [
                {
                    "module_id": self.module_id.id,
                    "name": name,
                    "sequence": self.first_number + rank,
                    **(self._place(fibres[rank]) if fibres else {}),
                }
                for rank, name in enumerate(self._names())
            ]
        )
        if self.with_routes:
            self.env["oiconnect.route"].create(
                [
                    {
                        "position_id": position.id,
                        "fibre_id": fibre.id,
                        "sequence": position.sequence,
                    }
                    for position, fibre in zip(positions, fibres, strict=True)
                ]
            )

    def _place(self, fibre):
        return {
            "cable_id": self.cable_id.id,
            "tube": fibre.tube,
            "fibre": fibre.fibre,
        }
