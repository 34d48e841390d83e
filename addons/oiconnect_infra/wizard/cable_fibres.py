from collections import Counter
from functools import partial

from odoo import api, fields, models

MAX_FIBRES = 5000
NAMINGS = [("colour", "Colours, by rank"), ("number", "Numbers")]
_proposed = partial(
    fields.Integer,
    compute="_compute_counts",
    store=True,
    precompute=True,
    readonly=False,
    required=True,
)
_naming = partial(fields.Selection, NAMINGS, default="colour", required=True)


class CableFibres(models.TransientModel):
    """Make the tubes and fibres of a cable, and give them to PBOs by ranges."""

    _name = "oiconnect.cable.fibres"
    _description = "Generate the fibres of a cable"
    _inherit = "oiconnect.bulk"
    _preview_depends = (
        "cable_id",
        "first_tube",
        "tube_count",
        "fibres_per_tube",
        "tube_naming",
        "fibre_naming",
        "range_ids.first",
        "range_ids.last",
        "range_ids.pbo_id",
    )

    cable_id = fields.Many2one("oiconnect.pbo.cable", required=True)
    pm_id = fields.Many2one(related="cable_id.pm_id")
    first_tube = fields.Integer("First tube", default=1, required=True)
    tube_count = _proposed("Tubes")
    fibres_per_tube = _proposed("Fibres per tube")
    tube_naming = _naming("Tube names")
    fibre_naming = _naming("Fibre names")
    range_ids = fields.One2many("oiconnect.cable.fibres.range", "wizard_id", "PBOs")

    @api.depends("cable_id")
    def _compute_counts(self):
        for wizard in self:
            wizard.tube_count = wizard.cable_id.tube_count or 12
            wizard.fibres_per_tube = wizard.cable_id.fibres_per_tube or 12

    # ------------------------------------------------------------------
    # What will be made
    # ------------------------------------------------------------------

    def _tubes(self):
        numbers = range(self.first_tube, self.first_tube + self.tube_count)
        return self._names(self.tube_naming, numbers)

    def _fibres(self):
        return self._names(self.fibre_naming, range(1, self.fibres_per_tube + 1))

    def _names(self, naming, numbers):
        if naming == "number":
            return [str(number) for number in numbers]
        colours = self.env["oiconnect.fibre.colour"]._code_by_number()
        return [colours.get(number) for number in numbers]

    def _places(self):
        """Return ``[(tube, fibre)]`` in the order of the cable."""
        return [(tube, fibre) for tube in self._tubes() for fibre in self._fibres()]

    def _summary(self):
        tubes, fibres = self._tubes(), self._fibres()
        lines = [
            self.env._(
                "Number of fibres: %(count)s. Tubes: %(tubes)s. In each, fibres: "
                "%(fibres)s.",
                count=len(tubes) * len(fibres),
                tubes=self._named(tubes),
                fibres=self._named(fibres),
            )
        ]
        lines += [
            self.env._(
                "Fibres %(first)s to %(last)s end at PBO %(pbo)s.",
                first=part.first,
                last=part.last,
                pbo=part.pbo_id.reference,
            )
            for part in self.range_ids
        ]
        return "\n".join(lines)

    # ------------------------------------------------------------------
    # What stands in the way
    # ------------------------------------------------------------------

    def _conflicts(self):
        count = self.tube_count * self.fibres_per_tube
        if min(self.first_tube, self.tube_count, self.fibres_per_tube) < 1:
            return [self.env._("Give a first tube, tubes and fibres: 1 at least.")]
        if count > MAX_FIBRES:
            return [
                self.env._(
                    "%(count)s fibres at once are too many: generate at most %(most)s.",
                    count=count,
                    most=MAX_FIBRES,
                )
            ]
        return [
            self._colour_conflict() or self._existing_conflict(),
            self._size_conflict(),
            *self._range_conflicts(count),
        ]

    def _colour_conflict(self):
        return None in self._tubes() + self._fibres() and self.env._(
            "The colour table ends at number %s: choose numbers, or add colours "
            "in Configuration / Fibre colours.",
            max(self.env["oiconnect.fibre.colour"]._code_by_number(), default=0),
        )

    def _existing_conflict(self):
        places = set(self._places())
        existing = self.env["oiconnect.pbo.fibre"].search_fetch(
            [("cable_id", "=", self.cable_id.id), ("tube", "in", self._tubes())],
            ["tube", "fibre"],
        )
        there = [
            f"{fibre.tube} / {fibre.fibre}"
            for fibre in existing
            if (fibre.tube, fibre.fibre) in places
        ]
        return bool(there) and self.env._(
            "Cable %(cable)s already has fibres %(fibres)s: choose other tubes.",
            cable=self.cable_id.reference,
            fibres=self._named(there),
        )

    def _size_conflict(self):
        """The cable says how many tubes and fibres it has: no more are made."""
        cable = self.cable_id
        last = self.first_tube + self.tube_count - 1
        if (not cable.tube_count or last <= cable.tube_count) and (
            not cable.fibres_per_tube or self.fibres_per_tube <= cable.fibres_per_tube
        ):
            return False
        return self.env._(
            "Cable %(cable)s has a capacity (tubes: %(tubes)s, fibres in each: "
            "%(fibres)s): generate no more, or change the cable first.",
            cable=cable.reference,
            tubes=cable.tube_count,
            fibres=cable.fibres_per_tube,
        )

    def _range_conflicts(self, count):
        conflicts = []
        for part in self.range_ids:
            if not 1 <= part.first <= part.last <= count:
                conflicts.append(
                    self.env._(
                        "Range %(first)s–%(last)s is not in 1–%(count)s: correct it.",
                        first=part.first,
                        last=part.last,
                        count=count,
                    )
                )
            elif part.pbo_id.pm_id != self.cable_id.pm_id:
                conflicts.append(
                    self.env._(
                        "PBO %(pbo)s is not at PM %(pm)s of the cable: choose another.",
                        pbo=part.pbo_id.reference,
                        pm=self.cable_id.pm_id.reference,
                    )
                )
        return conflicts or [self._overlap_conflict()]

    def _overlap_conflict(self):
        ranks = Counter(rank for part in self.range_ids for rank in part._ranks())
        twice = sorted(rank for rank, number in ranks.items() if number > 1)
        return bool(twice) and self.env._(
            "Fibres %s are given to two PBOs: correct the ranges.",
            self._named([str(rank) for rank in twice]),
        )

    def _apply(self):
        pbos = {
            rank: part.pbo_id.id for part in self.range_ids for rank in part._ranks()
        }
        before = (self.first_tube - 1) * self.fibres_per_tube
        self.env["oiconnect.pbo.fibre"].create(
            [
                {
                    "cable_id": self.cable_id.id,
                    "tube": tube,
                    "fibre": fibre,
                    "sequence": before + rank,
                    "pbo_id": pbos.get(rank),
                }
                for rank, (tube, fibre) in enumerate(self._places(), 1)
            ]
        )
        if not self.cable_id.tube_count:
            self.cable_id.write(
                {
                    "tube_count": self.first_tube + self.tube_count - 1,
                    "fibres_per_tube": self.fibres_per_tube,
                }
            )


class CableFibresRange(models.TransientModel):
    """Fibres of a cable that end at one PBO, by their ranks."""

    _name = "oiconnect.cable.fibres.range"
    _description = "Fibres of a PBO"
    _order = "first, id"

    wizard_id = fields.Many2one(
        "oiconnect.cable.fibres", required=True, ondelete="cascade"
    )
    first = fields.Integer("From fibre", required=True)
    last = fields.Integer("To fibre", required=True)
    pbo_id = fields.Many2one("oiconnect.pbo", "PBO", required=True)

    def _ranks(self):
        return range(self.first, self.last + 1)
