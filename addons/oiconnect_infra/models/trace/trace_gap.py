from odoo import api, models

from ...optical.hop import Flaw
from ...optical.path import TOLERATED_GAPS


class Trace(models.AbstractModel):
    """Flaws of a path: sentence, and the record on which to repair it."""

    _inherit = "oiconnect.trace"

    @api.model
    def _flaws(self, path):
        """Return the flaws of a path, in order."""
        texts = self._flaw_texts()
        flaws = []
        for gap in path.gaps:
            short, text = texts[gap.code]
            record = self._remedy_record(path, gap)
            flaws.append(
                Flaw(
                    gap.code,
                    short,
                    text % self._flaw_names(path, gap),
                    record and record._name,
                    record and record.id,
                    gap.code in TOLERATED_GAPS,
                    self._remedy(path, gap),
                )
            )
        return flaws

    def _flaw_texts(self):
        """Return ``{code: (short form, sentence)}``."""
        return {
            "not_patched": (
                self.env._("Not patched"),
                self.env._(
                    "Position %(position)s is not patched: choose its link fibre."
                ),
            ),
            "unused_link_fibre": (
                self.env._("Feeds nothing"),
                self.env._(
                    "Link fibre %(link_fibre)s feeds no position: patch one from it."
                ),
            ),
            "no_position": (
                self.env._("No position"),
                self.env._(
                    "%(path)s starts at no position of a module: choose the position, "
                    "or write its fibre on the position."
                ),
            ),
            "unrecorded_position": (
                self.env._("Position to confirm"),
                self.env._(
                    "The fibre starts at position %(position)s, which the route does "
                    "not name: choose it on the route."
                ),
            ),
            "no_first_fibre": (
                self.env._("No fibre at the position"),
                self.env._(
                    "Position %(position)s names no fibre: write its cable, tube and "
                    "fibre."
                ),
            ),
            "unknown_first_fibre": (
                self.env._("Unknown fibre"),
                self.env._(
                    "The fibre of position %(position)s is not in its cable: correct "
                    "the position, or add the fibre to the cable."
                ),
            ),
            "not_first": (
                self.env._("Not the first fibre"),
                self.env._(
                    "A splice leads to the fibre of position %(position)s: undo it, or "
                    "put the position on the first fibre."
                ),
            ),
            "crossed": (
                self.env._("Crossed"),
                self.env._(
                    "The fibre of position %(position)s leads to route %(other)s: "
                    "correct the position or the splices."
                ),
            ),
            "other_position": (
                self.env._("Other position"),
                self.env._(
                    "The last fibre comes from position %(other)s, not from "
                    "%(position)s: correct the route or the splices."
                ),
            ),
            "missing_splice": (
                self.env._("Splice missing"),
                self.env._(
                    "Fibre %(upper)s is not spliced on to fibre %(lower)s: make the "
                    "splice."
                ),
            ),
            "no_last_fibre": (
                self.env._("No fibre at the PBO"),
                self.env._("%(path)s has no fibre at a PBO: choose it on the route."),
            ),
            "shared": (
                self.env._("Fibre of another route"),
                self.env._(
                    "The last fibre of %(path)s is on route %(other)s: correct one of "
                    "the two routes."
                ),
            ),
            "goes_on": (
                self.env._("Goes on"),
                self.env._(
                    "A splice goes on from the last fibre of %(path)s: choose the last "
                    "fibre of the chain on the route."
                ),
            ),
            "no_pbo": (
                self.env._("Ends nowhere"),
                self.env._(
                    "The last fibre of %(path)s ends at no PBO: choose it on the fibre."
                ),
            ),
            "no_pto": (
                self.env._("No socket"),
                self.env._("No socket is connected to %(path)s."),
            ),
            "no_route": (
                self.env._("No route"),
                self.env._("Fibre %(lower)s is on no route: it ends here."),
            ),
            "bare": (
                self.env._("No route"),
                self.env._("No route reaches socket %(pto)s."),
            ),
        }

    def _flaw_names(self, path, gap):
        """Return what the sentences name."""
        names = {
            "path": self._part_name("route", path.route_id)
            or self._part_name("fibre", path.fibres and path.fibres[0]),
            "position": self._part_name("position", path.position_id),
            "link_fibre": self._part_name("link_fibre", path.link_fibre_id),
            "pto": self._part_name("pto", path.pto_id),
            "other": self._part_name(_OTHER.get(gap.code, "route"), gap.other),
            "upper": "-",
            "lower": "-",
        }
        if path.strands:
            names["upper"] = self._part_name("fibre", path.strands[0].fibres[-1])
            names["lower"] = self._part_name(
                "fibre", (path.lower and path.lower.fibres[0]) or path.fibres[-1]
            )
        return names

    def _part_name(self, kind, record_id):
        return self._part(kind, record_id).display_name if record_id else ""

    def _remedy_record(self, path, gap):
        """Return the record on which the gap is fixed."""
        kind = _REMEDY_MODELS.get(gap.code, "route")
        ids = {
            "fibre": path.fibres and path.fibres[-1],
            "route": path.route_id,
            "position": path.position_id,
            "link_fibre": path.link_fibre_id,
            "pto": path.pto_id,
        }
        if kind == "route" and not path.route_id:
            kind = "fibre" if path.fibres else "position"
        return self._part(kind, ids[kind])

    def _remedy(self, path, gap):
        """Return the tool that fixes the gap, if there is one."""
        if gap.code != "missing_splice" or not self.env["oiconnect.splice"].has_access(
            "create"
        ):
            return {}
        upper = self._part("fibre", path.upper.fibres[-1])
        lower = self._part("fibre", path.lower.fibres[0])
        return {
            "action": "oiconnect_infra.splice_range_action",
            "context": {
                "default_upstream_cable_id": upper.cable_id.id,
                "default_upstream_first_id": upper.id,
                "default_upstream_last_id": upper.id,
                "default_downstream_cable_id": lower.cable_id.id,
                "default_downstream_first_id": lower.id,
                "default_downstream_last_id": lower.id,
                "default_pbo_id": upper.pbo_id.id,
            },
        }


_OTHER = {"other_position": "position", "not_first": "fibre", "goes_on": "fibre"}
# Where each gap is fixed: on the route unless listed here.
_REMEDY_MODELS = {
    "not_patched": "position",
    "unused_link_fibre": "link_fibre",
    "no_first_fibre": "position",
    "unknown_first_fibre": "position",
    "not_first": "position",
    "crossed": "position",
    "missing_splice": "fibre",
    "no_pbo": "fibre",
    "no_route": "fibre",
    "bare": "pto",
}
