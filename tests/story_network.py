"""A network for stories: one PM, and for each story its building, PBO and fibres."""

from datetime import timedelta

from oictools.story import today_in_france

INSEE, CITY, POSTAL = "99001", "EXEMPLEVILLE", "99100"
PM, PMT = "OICN-99001-S001", "PMT-99001-S001-1"
# The operators present at the PM, and how.
PRESENT = {"OCAA": "cofi", "OCBB": "loca"}
COLOURS = ("ROUGE", "BLEU", "VERT", "JAUNE", "VIOLET", "BLANC")


def cells(script, version="V1.3"):
    """The columns of CMD_ACCES that tell the place of a story."""
    number = script.number
    place = {
        "CommuneImmeuble": CITY,
        "CodePostalImmeuble": POSTAL,
        "CodeInseeImmeuble": INSEE,
        "CodeVoieRivoliImmeuble": "0123",
        "NumeroVoieImmeuble": str(number),
        "TypeVoieImmeuble": "RUE",
        "LibelleVoieImmeuble": "DES LILAS",
        "CodeAdresseImmeuble": _address(number),
        "ReferencePm": PM,
    }
    if version != "V1.2":
        place["IdentifiantImmeuble"] = _building(number)
    return place


def pto_of(script):
    """Reference of the socket that a story finds laid."""
    return f"ZZ-ST{script.number:02d}-0001"


def pbo(script):
    return f"PBO-99-001-S01-{script.number:04d}"


def _building(number):
    return f"IMB/99001/S/{number:04d}"


def _address(number):
    return f"99001ST{number:03d}"


class Network:
    """Makes the places of `scripts` through the RPC of an administrator."""

    def __init__(self, client, scripts):
        self.client = client
        self.scripts = scripts
        [network] = client.read("oiconnect.network", [("oi_code", "=", "OICN")], "id")
        self.base = {"network_id": network["id"]}
        self.operators = {
            row["interop_code"]: row["id"]
            for row in client.read("oiconnect.operator", [], "interop_code")
        }

    def create(self, model, *vals):
        return self.client.call(f"oiconnect.{model}", "create", list(vals))

    def network(self, model, *vals):
        return self.create(model, *(self.base | line for line in vals))

    def make(self):
        self._make_pm()
        self._make_buildings()
        self._make_routes()
        self._create_ptos()
        self._make_team()
        self._leave_to_a_person("FIMP03")
        return self

    def _make_pm(self):
        past = today_in_france() - timedelta(days=300)
        [self.commune] = self.create(
            "commune", {"name": CITY, "insee_code": INSEE, "postal_codes": POSTAL}
        )
        [self.pm] = self.network(
            "pm",
            {
                "reference": PM,
                "state": "deployed",
                "installation_date": str(past),
                "first_delivery_date": str(past),
                "commercial_date": str(past),
                "technical_pm_ids": [(0, 0, {"reference": PMT})],
                "accessible": "yes",
            },
        )
        services = self.network(
            "pm.service.change",
            *(
                {
                    "pm_id": self.pm,
                    "operator_id": self.operators[code],
                    "reference": f"XPMS{code}",
                    "kind": kind,
                    "start_date": "2025-01-01",
                    "reason": "Before orders of PMs were recorded",
                }
                for code, kind in PRESENT.items()
                if code in self.operators
            ),
        )
        for service in services:
            self.client.call("oiconnect.pm.service.change", "action_confirm", [service])

    def _make_buildings(self):
        self.pbos = self.network(
            "pbo",
            *({"reference": pbo(one), "pm_id": self.pm} for one in self.scripts),
        )
        self.buildings = self.network(
            "building",
            *(
                self._building(one, pbo_id)
                for one, pbo_id in zip(self.scripts, self.pbos, strict=True)
            ),
        )

    def _building(self, script, pbo_id):
        number, place = script.number, script.place
        opening = today_in_france() + timedelta(days=200) if place["opens"] else None
        return {
            "identifier": _building(number),
            "address_code": _address(number),
            "commune_id": self.commune,
            "insee_code": INSEE,
            "rivoli_code": "0123",
            "street_number": str(number),
            "street_type": "RUE",
            "street_name": "DES LILAS",
            "state": place["state"],
            "pm_id": self.pm,
            "pbo_ids": [(6, 0, [pbo_id])],
            "dwelling_count": 4,
            "commercial_date": str(opening) if opening else False,
            "level_ids": [
                (0, 0, {"staircase": "A", "floor": floor})
                for floor in place["levels"].split(",")
                if floor
            ],
        }

    def _fibres(self):
        """Yield (rank of the story, its number, rank of the fibre)."""
        for rank, script in enumerate(self.scripts):
            for fibre in range(int(script.place["fibres"])):
                yield rank, script.number, fibre

    def _make_routes(self):
        modules = self.create(
            "pm.module",
            *(
                {"name": f"TIROIR {one.number:02d}", "pm_id": self.pm}
                for one in self.scripts
            ),
        )
        cables = self.network(
            "pbo.cable",
            *(
                {"reference": f"CB-99001-S001-{one.number:02d}", "pm_id": self.pm}
                for one in self.scripts
            ),
        )
        fibres = list(self._fibres())
        positions = self.create(
            "pm.position",
            *(
                {
                    "module_id": modules[rank],
                    "name": f"D{fibre + 1}",
                    "sequence": fibre + 1,
                    "cable_id": cables[rank],
                    "tube": "1",
                    "fibre": str(fibre + 1),
                }
                for rank, _number, fibre in fibres
            ),
        )
        ends = self.create(
            "pbo.fibre",
            *(
                {
                    "cable_id": cables[rank],
                    "tube": "VERT",
                    "fibre": COLOURS[fibre],
                    "pbo_id": self.pbos[rank],
                }
                for rank, _number, fibre in fibres
            ),
        )
        self.routes = self.create(
            "route",
            *(
                {"position_id": position, "fibre_id": end, "sequence": fibre + 1}
                for position, end, (_rank, _number, fibre) in zip(
                    positions, ends, fibres, strict=True
                )
            ),
        )
        self.fibres = fibres

    def _create_ptos(self):
        for rank, script in enumerate(self.scripts):
            if script.place["socket"] == "none":
                continue
            [made] = self.network(
                "pto",
                {
                    "reference": pto_of(script),
                    "building_id": self.buildings[rank],
                    "pbo_id": self.pbos[rank],
                    "state": "existing",
                },
            )
            first = self.fibres.index((rank, script.number, 0))
            self.client.call(
                "oiconnect.route",
                "write",
                [self.routes[first]],
                {"pto_id": made, "connector_number": 1},
            )

    def _leave_to_a_person(self, code):
        domain = [("code", "=", code)]
        [reason] = self.client.read("oiconnect.reason", domain, "id")
        vals = {"person_decides": True}
        self.client.call("oiconnect.reason", "write", [reason["id"]], vals)

    def _make_team(self):
        self.network(
            "appointment.team",
            {
                "name": "Équipe Exempleville",
                "commune_ids": [(6, 0, [self.commune])],
                "capacity": 20,
                "notice_hours": 0,
            },
        )
