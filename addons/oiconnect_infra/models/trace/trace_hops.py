from dataclasses import replace

from odoo import api, models

from ...optical.hop import Colour, Hop, Line
from .trace import KINDS

_MODELS = {kind: model for model, kind in KINDS.items()}
_ROUTE = "oiconnect.route"


class Trace(models.AbstractModel):
    """Hops of a path, labelled in the user's language."""

    _inherit = "oiconnect.trace"

    @api.model
    def _lines(self, paths, here=()):
        """Return the paths as lines of hops.

        :param here: ``{(model, id)}`` of what one has started from
        """
        feeds = self._transport_strands(paths)
        parts = _parts_by_kind(paths)
        for strand in feeds.values():
            parts.setdefault("fibre", []).extend(strand.fibres)
            parts.setdefault("splice", []).extend(strand.splices)
        self = self.with_context(
            oiconnect_here=tuple(here),
            oiconnect_parts=parts,
            oiconnect_transport=feeds,
        )
        colours = self._colours()
        return [self._line(path, colours) for path in paths]

    def _transport_strands(self, paths):
        """Return ``{link fibre id: strand}``: transport fibres that feed paths."""
        ids = list({path.link_fibre_id for path in paths if path.link_fibre_id})
        fibres = self.env["oiconnect.pm.link.fibre"].sudo().browse(ids)
        ends = {
            fibre.id: fibre.transport_fibre_id.id
            for fibre in fibres
            if fibre.transport_fibre_id
        }
        strands = self._strands(set(ends.values()))
        return {
            fibre_id: strands[end] for fibre_id, end in ends.items() if end in strands
        }

    # ------------------------------------------------------------------
    # Records
    # ------------------------------------------------------------------

    def _part(self, kind, record_id):
        """Return one of the parts; all of them are read at once."""
        together = self.env.context["oiconnect_parts"].get(kind, ())
        records = self.env[_MODELS[kind]].sudo()
        return records.browse(record_id or ()).with_prefetch(together)

    @api.model
    def _colours(self):
        """Return the colours by code and by number, as tubes and fibres write them."""
        found = {}
        for colour in self.env["oiconnect.fibre.colour"].sudo().search([], limit=100):
            found[colour.code.upper()] = Colour(colour.name, colour.hex)
            found[str(colour.number)] = Colour(
                f"{colour.number} · {colour.name}", colour.hex
            )
        return found

    # ------------------------------------------------------------------
    # Hops
    # ------------------------------------------------------------------

    def _line(self, path, colours):
        flaws = {flaw.code: flaw for flaw in self._flaws(path)}
        hops = [
            *self._feed_hops(path, colours, flaws),
            *self._position_hops(path, flaws),
            *self._fibre_hops(path, colours, flaws),
            *self._end_hops(path, colours, flaws),
        ]
        route = self._part("route", path.route_id)
        hops = [hop for hop in hops if hop]
        return Line(
            self._line_title(path),
            " · ".join(filter(None, (route.operator_id.name, self._state(route)))),
            hops,
            list(flaws.values()),
            path.route_id and route._name or "",
            path.route_id or 0,
        )

    def _line_title(self, path):
        if path.route_id:
            return self._part_name("route", path.route_id)
        kind, part_id = path.key
        if kind == "fibre" and self._part(kind, part_id).cable_id.kind == "transport":
            return self.env._("Transport: %s", self._part_name(kind, part_id))
        return self.env._("No route: %s", self._part_name(kind, part_id))

    def _state(self, record):
        return self._selection_label(record, "state") if record else ""

    def _selection_label(self, record, name):
        values = dict(record._fields[name]._description_selection(self.env))
        return values.get(record[name], "")

    def _hop(self, role, record, title, around=(), **values):
        """Return the hop of a record; nothing of what the user may not read.

        :param around: what the record is a part of: who comes from there is here too
        """
        if not (record and self.env[record._name].has_access("read")):
            return None
        return Hop(
            role,
            self._labels()[role],
            title or "-",
            model=record._name,
            id=record.id,
            is_here=self._is_here(record, *around),
            **values,
        )

    def _is_here(self, *records):
        here = self.env.context["oiconnect_here"]
        return any((record._name, record.id) in here for record in records)

    def _labels(self):
        return {
            "prdm": self.env._("PRDM"),
            "nro": self.env._("NRO"),
            "link_fibre": self.env._("Link fibre"),
            "transport": self.env._("Transport fibre"),
            "transport_splice": self.env._("Splice"),
            "position": self.env._("PM position"),
            "fibre": self.env._("Fibre"),
            "splice": self.env._("Splice"),
            "pbo": self.env._("PBO"),
            "connector": self.env._("Connector"),
            "pto": self.env._("PTO"),
            "gap": self.env._("Missing"),
        }

    def _words(self):
        """Return how tubes and fibres are named beside the strokes."""
        return {"tube": self.env._("tube %s"), "fibre": self.env._("fibre %s")}

    def _gap_hop(self, flaw, role):
        """Return the hop of what is missing where a ``role`` would be."""
        return flaw and Hop(
            role,
            self._labels()["gap"],
            flaw.short,
            model=flaw.model or "",
            id=flaw.id or 0,
            flaw=flaw,
        )

    def _feed_hops(self, path, colours, flaws):
        fibre = self._part("link_fibre", path.link_fibre_id)
        link = fibre.link_id
        yield self._hop(
            "prdm",
            link.prdm_id,
            link.prdm_id.reference,
            lines=tuple(filter(None, [link.prdm_id.city])),
        )
        transport = list(self._transport_hops(path, colours))
        yield from transport
        count = len(fibre.position_ids)
        yield self._hop(
            "link_fibre",
            fibre,
            link.reference,
            around=(link,),
            lines=(self.env._("splitter, %s positions", count),) if count > 1 else (),
            tube=_named(_colour(colours, fibre.tube), self._words()["tube"]),
            fibre=_named(
                _colour(colours, fibre.fibre or str(fibre.number)),
                self._words()["fibre"],
            ),
            # Its transport fibres say theirs
            length=0 if any(filter(None, transport)) else link.length_km * 1000,
            operator=fibre.operator_id.name or "",
        )
        yield self._gap_hop(flaws.get("unused_link_fibre"), "position")

    def _transport_hops(self, path, colours):
        """Yield the transport fibres from the NRO on, and the splices between."""
        strand = self.env.context["oiconnect_transport"].get(path.link_fibre_id)
        if not strand:
            return
        splices = [None, *strand.splices]
        for splice_id, fibre_id in zip(splices, strand.fibres, strict=True):
            for hop, role in (
                (self._splice_hop(splice_id), "transport_splice"),
                (self._fibre_hop(fibre_id, colours, self.env[_ROUTE]), "transport"),
            ):
                yield hop and replace(hop, role=role, label=self._labels()[role])

    def _position_hops(self, path, flaws):
        position = self._part("position", path.position_id)
        yield self._hop(
            "position",
            position,
            position.display_name,
            around=(position.module_id, self._unwired(path)),
            lines=(position.pm_id.reference or "",),
            operator=position.module_id.operator_id.name or "",
        )
        yield self._gap_hop(flaws.get("no_position"), "position")
        for code in ("no_first_fibre", "unknown_first_fibre", "crossed"):
            yield self._gap_hop(flaws.get(code), "fibre")

    def _fibre_hops(self, path, colours, flaws):
        for strand in path.strands:
            if strand == path.lower and path.upper:
                yield self._gap_hop(flaws.get("missing_splice"), "splice")
            splices = [None, *strand.splices]
            for splice_id, fibre_id in zip(splices, strand.fibres, strict=True):
                yield self._splice_hop(splice_id)
                yield self._fibre_hop(fibre_id, colours, self._unwired(path))
        for code in ("no_last_fibre", "shared"):
            yield self._gap_hop(flaws.get(code), "fibre")

    def _unwired(self, path):
        """Return the route of a path without a connector, which stands for it else."""
        return self._part("route", not path.connector and path.route_id)

    def _splice_hop(self, splice_id):
        splice = self._part("splice", splice_id)
        return self._hop(
            "splice",
            splice,
            splice.place,
            around=(splice.pbo_id, splice.splice_box_id),
            lines=tuple(filter(None, self._splice_details(splice))),
        )

    def _splice_details(self, splice):
        """Return how two fibres go on, and where in the box."""
        if not splice:
            return ()
        tray = splice.tray and self.env._("tray %s", splice.tray)
        slot = splice.slot and self.env._("no. %s", splice.slot)
        where = ", ".join(filter(None, (tray, slot)))
        return (self._selection_label(splice, "kind"), where)

    def _fibre_hop(self, fibre_id, colours, route):
        fibre = self._part("fibre", fibre_id)
        cable = fibre.cable_id
        return self._hop(
            "fibre",
            fibre,
            cable.reference,
            around=(cable, route),
            tube=_named(_colour(colours, fibre.tube), self._words()["tube"]),
            fibre=_named(_colour(colours, fibre.fibre), self._words()["fibre"]),
            length=cable.length_m,
        )

    def _end_hops(self, path, colours, flaws):
        last = self._part("fibre", path.fibres and path.fibres[-1])
        pbo = last.pbo_id
        yield self._hop(
            "pbo",
            pbo,
            pbo.reference,
            lines=tuple(filter(None, [pbo.type_id.name, pbo.material_type])),
        )
        if "no_pbo" in flaws:
            yield self._gap_hop(flaws["no_pbo"], "pbo")
        else:
            yield self._waiting_hop(last.splice_box_id)
        pto = self._part("pto", path.pto_id)
        drop = pto.drop_cable_ids
        if path.connector:
            yield self._hop(
                "connector",
                self._part("route", path.route_id),
                self.env._("connector %s", path.connector),
                lines=tuple(drop.mapped("reference")),
                length=sum(drop.mapped("length_m")),
                fibre=_named(_colour(colours, str(path.connector)), "%s"),
                operator=self._part("route", path.route_id).operator_id.name or "",
            )
        yield self._hop(
            "pto",
            pto,
            pto.reference,
            lines=tuple(filter(None, [pto.building_id.address, pto.door])),
        )
        for code in ("no_pto", "no_route"):
            yield self._gap_hop(flaws.get(code), "pto")

    def _waiting_hop(self, box):
        """Return the hop of the splice box where a fibre ends and waits."""
        hop = self._hop("pbo", box, box.reference, lines=(self.env._("waiting"),))
        return hop and replace(hop, label=self.env._("Splice box"))


def _parts_by_kind(paths):
    """Return ``{kind: ids}`` of what the paths are made of."""
    found = {}
    for path in paths:
        for kind, part_id in path.points:
            found.setdefault(kind, []).append(part_id)
    return found


def _named(colour, word):
    """Return the colour with what is written beside the stroke."""
    return colour and colour._replace(text=word % colour.label)


def _colour(colours, text):
    """Return the colour of a tube or a fibre: its name beside what is written."""
    if not text:
        return None
    found = colours.get(text.upper())
    if not found:
        return Colour(text, None)
    return found if text.isdigit() else Colour(text, found.hex)
