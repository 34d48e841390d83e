"""From the plan to the records of the network, in batches."""

import math
from datetime import date

from odoo.addons.oiconnect_base.bulk import create_rows

from ..plan.link_orders import ORDERED
from ..plan.orders import KINDS, PMS, pm_service
from . import cables as lines
from . import groups, paths

QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
}
# Where the links of the PMs of each commune arrive.
PRDMS = {
    "PRDM-01345-0001": ("01345", "01008", "01041"),
    "PRDM-01007-0001": ("01007", "01149"),
    "PRDM-01089-0001": ("01089",),
}
LINK_CAPACITIES = {"deployed": 48, "deploying": 36, "planned": 24}
OPERATOR_POSITIONS = 12
# Months from the first delivery of a PM to each operator's service there.
SERVICE_DELAYS = {"OCAA": 0, "OCBB": 2, "OCCC": 5}
DETAILS = {
    "AERIEN POTEAU ENEDIS": ("Boîtier aérien 6 FO", 5.5),
    "CHAMBRE": ("Boîtier étanche 6 FO", 0),
    "FACADE": ("Boîtier de façade 6 FO", 3.2),
    "IMMEUBLE": ("Boîtier d'étage 12 FO", 1.8),
}


class NetworkLoader:
    """Makes what the IPE does not tell, around the PMs and buildings it made."""

    def __init__(self, env, made, network):
        self.env = env(context=dict(env.context, **QUIET, oiconnect_reason="Démo"))
        self.made = made
        self.network = network
        self.pms = self._by("oiconnect.pm", "reference")
        self.operators = self._by("oiconnect.operator", "interop_code")
        self.buildings = self._buildings()

    def load(self):
        self._describe_pms()
        self._make_prdms()
        self._open_services()
        boxes = self._make_boxes()
        levels = self._make_levels(boxes)
        ptos = self._create_ptos(boxes, levels)
        splice_box = lines.make_box(self)
        self._make_routes(boxes, ptos, splice_box)
        lines.complete(self, splice_box, ptos)
        groups.load(self)

    def _by(self, model, name):
        domain = []
        if "network_id" in self.env[model]._fields:
            domain = [("network_id", "=", self.network.id)]
        return {record[name]: record for record in self.env[model].search(domain)}

    def _buildings(self):
        """Return the ids of the buildings by the key of their place."""
        found = self.env["oiconnect.building"].search_fetch(
            [("network_id", "=", self.network.id)],
            ["identifier", "address_code", "building_name"],
        )
        return {
            b.identifier or (b.address_code, b.building_name or ""): b.id for b in found
        }

    def _create(self, model, vals_list):
        """Create the records; return ids in the order of ``vals_list``."""
        if not self.env[model]._fields["network_id"].related:
            vals_list = [{"network_id": self.network.id} | vals for vals in vals_list]
        return self.env[model].create(vals_list).ids

    def _create_many(self, model, vals_list):
        """Create thousands of records by COPY; their history begins as any other's."""
        own = {"network_id": self.network.id, "company_id": self.network.company_id.id}
        records = create_rows(self.env[model], [own | vals for vals in vals_list])
        records._log_records("create")
        records.invalidate_model(flush=False)
        return records.ids

    # ------------------------------------------------------------------
    # PMs and what is beyond them
    # ------------------------------------------------------------------

    def _describe_pms(self):
        for rank, pm in enumerate(self.pms.values()):
            if pm.state not in ("deployed", "deploying"):
                continue
            pm.write(
                {
                    "localisation": pm.comment,
                    "accessible": "no" if pm.location_type == "room" else "yes",
                    "key_info": "Clé triangle"
                    if rank % 3
                    else "Boîte à clés, code donné par l'accueil",
                    "room_code": "B1204" if pm.location_type == "room" else False,
                    "equipment_type": "Armoire 28U"
                    if pm.location_type == "cabinet"
                    else "Baie 42U",
                    "max_line_length_km": 1.4 + rank % 4 / 10,
                }
            )

        self._create(
            "oiconnect.technical.pm",
            [
                {
                    "reference": f"{pm.reference}-T1",
                    "pm_id": pm.id,
                    "dwelling_count": pm.dwelling_count,
                    "max_capacity": pm.max_capacity,
                }
                for pm in self.pms.values()
                if pm.state in ("deployed", "deploying")
            ],
        )

    def _make_prdms(self):
        for rank, (reference, communes) in enumerate(PRDMS.items(), 1):
            pms = [pm for pm in self.pms.values() if pm.insee_code in communes]
            first = self.pms[f"OICN-{communes[0]}-0001"]
            place = {
                "state": "deployed",
                "insee_code": first.insee_code,
                "postal_code": first.postal_code,
                "city": first.city,
                "street_type": "RUE",
                "street_name": "DE L'ANCIENNE POSTE",
                "street_number": str(rank * 4),
                "projection": "RGF93",
                "x": first.x + 35,
                "y": first.y - 60,
            }
            nro = {
                "reference": f"NRO-{communes[0]}-01",
                "nro_type": ("pon_ptp", "pon", "pon")[rank - 1],
            }
            [nro_id] = self._create("oiconnect.nro", [nro | place])
            prdm = {"reference": reference, "nro_id": nro_id, "min_dwellings": 300}
            [prdm_id] = self._create("oiconnect.prdm", [prdm | place])
            self._link(self.env["oiconnect.prdm"].browse(prdm_id), pms)

    def _link(self, prdm, pms):
        self.env["oiconnect.pm"].union(*pms).write({"prdm_id": prdm.id})
        ids = self._create(
            "oiconnect.pm.link",
            [
                {
                    "reference": f"LIEN-{pm.reference[5:]}-01",
                    "pm_id": pm.id,
                    "prdm_id": prdm.id,
                    "state": pm.state,
                    "installation_date": pm.installation_date,
                    "length_km": _length(pm, prdm),
                    "capacity": LINK_CAPACITIES.get(pm.state, 0),
                    "used_fibre_count": 4 * len(_present(pm.reference)),
                }
                for pm in pms
            ],
        )
        sizes = [
            (LINK_CAPACITIES.get(pm.state, 0), _holders(pm.reference)) for pm in pms
        ]
        links = self.env["oiconnect.pm.link"].browse(ids)
        paths.make_link_fibres(self, dict(zip(links, sizes, strict=True)))

    def _open_services(self):
        self._create(
            "oiconnect.pm.service",
            [
                {
                    "reference": pm_service(code, reference),
                    "operator_id": self.operators[code].id,
                    "pm_id": self.pms[reference].id,
                    "kind": KINDS[code],
                    "start_date": _later(
                        self.pms[reference].first_delivery_date, SERVICE_DELAYS[code]
                    ),
                }
                for code, references in PMS.items()
                for reference in references
            ],
        )

    # ------------------------------------------------------------------
    # From the boxes to the customers
    # ------------------------------------------------------------------

    def _make_boxes(self):
        """Return ``{box: PBO id}``."""
        kinds = self._by("oiconnect.pbo.type", "code")
        ways = self._by("oiconnect.pbo.connection.type", "code")
        ids = self._create(
            "oiconnect.pbo",
            [
                {
                    "reference": box.reference,
                    "pm_id": self.pms[box.pm].id,
                    "type_id": kinds[box.kind].id,
                    "connection_type_id": ways[box.places[0].path].id,
                    "localisation": box.localisation,
                    "material_type": DETAILS[box.kind][0],
                    "height": DETAILS[box.kind][1],
                    "other_info": "Boîtier endommagé, réparation programmée"
                    if box.is_damaged
                    else False,
                    "projection": "RGF93",
                    "x": box.centre[0],
                    "y": box.centre[1],
                    "building_ids": [(6, 0, [self._id(p) for p in box.places])],
                }
                for box in self.made.boxes
            ],
        )
        return dict(zip(self.made.boxes, ids, strict=True))

    def _id(self, place):
        return self.buildings[place.key]

    def _make_levels(self, boxes):
        ids = self._create(
            "oiconnect.building.level",
            [
                {
                    "building_id": self._id(level.place),
                    "staircase": level.staircase,
                    "floor": level.floor,
                    "dwelling_count": level.dwellings,
                    "pbo_id": boxes[level.box],
                }
                for level in self.made.levels
            ],
        )
        return dict(zip(self.made.levels, ids, strict=True))

    def _create_ptos(self, boxes, levels):
        ids = self._create(
            "oiconnect.pto",
            [
                {
                    "reference": pto.reference,
                    "building_id": self._id(pto.place),
                    "pbo_id": boxes[pto.box],
                    "level_id": pto.level and levels[pto.level],
                    "door": pto.door,
                    "state": "existing",
                }
                for pto in self.made.ptos
            ],
        )
        return dict(zip(self.made.ptos, ids, strict=True))

    # ------------------------------------------------------------------
    # Routes
    # ------------------------------------------------------------------

    def _make_routes(self, boxes, ptos, splice_box):
        cables = self._make_cables()
        modules = self._make_modules()
        strands = self.made.strands
        fibres = paths.make_fibres(self, cables, boxes, splice_box)
        positions = self._make_positions(cables, modules)
        routes = [
            {
                "position_id": position,
                "fibre_id": fibre,
                "sequence": strand.rank,
                "state": "out_of_service" if strand.is_broken else "free",
                "pto_id": strand.pto and ptos[strand.pto],
                "connector_number": 1 if strand.pto else False,
            }
            for strand, position, fibre in zip(strands, positions, fibres, strict=True)
        ]
        ends = self.env["oiconnect.route"]._complete_ends(routes)
        self._create_many("oiconnect.route", ends)
        # The lists of those to whom they belong were read before.
        self.env.invalidate_all()

    def _make_cables(self):
        """Return ``{(PM, rank): cable id}``."""
        keys = sorted({(strand.box.pm, strand.cable) for strand in self.made.strands})
        ids = self._create(
            "oiconnect.pbo.cable",
            [
                {
                    "reference": f"CB-{pm[5:]}-{rank:02d}",
                    "pm_id": self.pms[pm].id,
                    "tube_count": 12,
                    "fibres_per_tube": 12,
                    "length_m": 180 + 95 * rank,
                }
                for pm, rank in keys
            ],
        )
        return dict(zip(keys, ids, strict=True))

    def _make_modules(self):
        """Return ``{(PM, rank): module id}``; operators have their own besides."""
        keys = sorted({(strand.box.pm, strand.module) for strand in self.made.strands})
        ids = self._create(
            "oiconnect.pm.module",
            [
                {"name": f"TIROIR {rank:02d}", "pm_id": self.pms[pm].id}
                for pm, rank in keys
            ],
        )
        self._create("oiconnect.pm.module", self._operator_modules())
        return dict(zip(keys, ids, strict=True))

    def _operator_modules(self):
        return [
            {
                "name": f"TIROIR {code}",
                "pm_id": self.pms[pm].id,
                "operator_id": self.operators[code].id,
                "position_ids": [
                    (0, 0, {"name": f"{rank}", "sequence": rank})
                    for rank in range(1, OPERATOR_POSITIONS + 1)
                ],
            }
            for code, pms in PMS.items()
            for pm in pms
        ]

    def _make_positions(self, cables, modules):
        return self._create_many(
            "oiconnect.pm.position",
            [
                {
                    "module_id": modules[strand.box.pm, strand.module],
                    "pm_id": self.pms[strand.box.pm].id,
                    "name": strand.position,
                    "sequence": strand.rank,
                    "cable_id": cables[strand.box.pm, strand.cable],
                    "tube": strand.tube,
                    "fibre": strand.fibre,
                }
                for strand in self.made.strands
            ],
        )


def _length(pm, prdm):
    """Return the kilometres of a link: ducts do not run straight."""
    return round(math.dist((pm.x, pm.y), (prdm.x, prdm.y)) * 1.3 / 1000, 2)


def _present(pm):
    return [code for code, pms in PMS.items() if pm in pms]


def _holders(pm):
    """Return who holds fibres of the link; none where an order takes them later."""
    return [None if (code, pm) in ORDERED else code for code in _present(pm)]


def _later(day, months):
    """Return the first of the month ``months`` after ``day``; 0: ``day`` itself."""
    if not months:
        return day
    count = day.month - 1 + months
    return date(day.year + count // 12, count % 12 + 1, 1)
