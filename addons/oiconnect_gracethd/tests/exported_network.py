"""A small network to export: an NRO, a PM, boxes, cables of all kinds, two PTOs."""

import json

OUTLINE = [[2.30, 48.855], [2.32, 48.855], [2.32, 48.87], [2.30, 48.87], [2.30, 48.855]]
COLOURS = ("Rouge", "Bleu", "Vert", "Jaune")


class ExportedNetwork:
    """Makes the network on the class of a test."""

    @classmethod
    def _make_network(cls):
        cls.network = cls.env["oiconnect.network"].create(
            {"name": "Réseau", "code": "GX_01", "oi_code": "OITG", "pto_prefix": "ZT"}
        )
        cls._make_sites()
        cls._make_cables()
        cls._make_routes()

    @classmethod
    def _make(cls, model, **values):
        return cls.env[f"oiconnect.{model}"].create(
            {"network_id": cls.network.id, **values}
        )

    @classmethod
    def _make_sites(cls):
        def at(latitude, longitude):
            return {"projection": "WGS84", "x": longitude, "y": latitude}

        cls.nro = cls._make(
            "nro",
            reference="99001AAA",
            nro_type="pon",
            state="deployed",
            **at(48.85, 2.3),
        )
        cls.pm = cls._make(
            "pm",
            reference="FI-99001-0001",
            nro_id=cls.nro.id,
            state="deployed",
            location_type="cabinet",
            **at(48.86, 2.31),
        )
        cls.env["oiconnect.zone"].create(
            {
                "pm_id": cls.pm.id,
                "geometry": {"type": "Polygon", "coordinates": [OUTLINE]},
            }
        )
        cls.box = cls._make(
            "splice.box",
            reference="BPE-1",
            physical_type="B144",
            place="chamber",
            pm_id=cls.pm.id,
            state="deployed",
            **at(48.861, 2.312),
        )
        cls.trunk_box = cls._make(
            "splice.box", reference="BPE-T", nro_id=cls.nro.id, **at(48.855, 2.305)
        )
        cls.pbo = cls._make(
            "pbo",
            reference="PBO-1",
            pm_id=cls.pm.id,
            localisation="Angle; de la rue",
            **at(48.862, 2.313),
        )
        cls.building = cls._make(
            "building",
            pm_id=cls.pm.id,
            identifier="IMB/99001/X/0001",
            dwelling_count=3,
            street_type="RUE",
            street_name="DES LILAS",
            street_number="12",
            **at(48.8622, 2.3133),
        )
        cls.level = cls.env["oiconnect.building.level"].create(
            {
                "building_id": cls.building.id,
                "staircase": "A",
                "floor": "1",
                "dwelling_count": 2,
                "pbo_id": cls.pbo.id,
            }
        )

    @classmethod
    def _make_cables(cls):
        pm, box, pbo = cls.pm.id, cls.box.id, cls.pbo.id
        trunk, size = cls.trunk_box.id, {"tube_count": 1, "fibres_per_tube": 4}
        ends = {
            "CDI-1": {
                "pm_id": pm,
                "start_kind": "pm",
                "end_kind": "box",
                "end_box_id": box,
                "length_m": 120.5,
                "line": json.dumps(
                    {
                        "type": "LineString",
                        "coordinates": [[2.3101, 48.8601], [2.311, 48.8605]],
                    }
                ),
            },
            "CDI-2": {
                "pm_id": pm,
                "start_kind": "box",
                "start_box_id": box,
                "end_kind": "pbo",
                "end_pbo_id": pbo,
            },
            "CTR-1": {
                "kind": "transport",
                "start_kind": "nro",
                "start_nro_id": cls.nro.id,
                "end_kind": "box",
                "end_box_id": trunk,
            },
            "CTR-2": {
                "kind": "transport",
                "pm_id": pm,
                "start_kind": "box",
                "start_box_id": trunk,
                "end_kind": "pm",
            },
        }
        cls.cables, cls.fibres = {}, {}
        for reference, values in ends.items():
            cable = cls._make("pbo.cable", reference=reference, **size, **values)
            cls.cables[reference] = cable
            for rank, colour in enumerate(COLOURS, 1):
                cls.fibres[reference, rank] = cls.env["oiconnect.pbo.fibre"].create(
                    {
                        "cable_id": cable.id,
                        "tube": "Rouge" if reference == "CDI-2" else "1",
                        "fibre": str(rank) if reference == "CDI-1" else colour,
                        "sequence": rank,
                        "pbo_id": reference == "CDI-2" and pbo,
                    }
                )
        for upper, lower, rank, values in (
            ("CDI-1", "CDI-2", 1, {"tray": "1", "slot": 1, "splice_box_id": box}),
            ("CDI-1", "CDI-2", 2, {"tray": "1", "slot": 2, "splice_box_id": box}),
            ("CDI-1", "CDI-2", 3, {"kind": "uncut", "splice_box_id": box}),
            ("CTR-1", "CTR-2", 1, {"tray": "K7 A", "splice_box_id": trunk}),
        ):
            cls.env["oiconnect.splice"].create(
                {
                    "upstream_id": cls.fibres[upper, rank].id,
                    "downstream_id": cls.fibres[lower, rank].id,
                    **values,
                }
            )

    @classmethod
    def _make_routes(cls):
        cls.technical = cls._make(
            "technical.pm", reference="PMT-99001-01", pm_id=cls.pm.id
        )
        module = cls._make(
            "pm.module",
            name="TIR-1",
            pm_id=cls.pm.id,
            technical_pm_id=cls.technical.id,
        )
        cls.ptos = [
            cls._make(
                "pto",
                reference=f"ZT-AAAA-000{rank}",
                building_id=cls.building.id,
                pbo_id=cls.pbo.id,
                state="existing",
            )
            for rank in (1, 2)
        ]
        cls.ptos[0].level_id = cls.level
        cls._make(
            "pbo.cable",
            reference="RA-1",
            kind="drop",
            pm_id=cls.pm.id,
            start_kind="pbo",
            start_pbo_id=cls.pbo.id,
            end_kind="pto",
            end_pto_id=cls.ptos[0].id,
        )
        cls.routes = cls.env["oiconnect.route"]
        for rank, pto in enumerate([*cls.ptos, None], 1):
            position = cls.env["oiconnect.pm.position"].create(
                {
                    "module_id": module.id,
                    "name": f"1/{rank}",
                    "sequence": rank,
                    "cable_id": cls.cables["CDI-1"].id,
                    "tube": "1",
                    "fibre": str(rank),
                }
            )
            cls.routes += cls.env["oiconnect.route"].create(
                {
                    "name": f"R{rank}",
                    "position_id": position.id,
                    "fibre_id": cls.fibres["CDI-2", rank].id,
                    "pto_id": pto and pto.id,
                    "connector_number": 1 if pto else 0,
                }
            )
