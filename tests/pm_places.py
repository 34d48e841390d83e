"""A network for PM stories: for each a PM with two addresses behind it."""

from datetime import timedelta

from oictools.story import today_in_france
from story_network import CITY, POSTAL

INSEE = "99001"


def pm_of(script):
    return f"OICN-99001-P{script.number:03d}"


def building_of(script, rank):
    return f"IMB/99001/P/{script.number:02d}{rank:02d}"


class Places:
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
        self.pms, self.buildings = {}, {}

    def network(self, model, *vals):
        lines = [self.base | line for line in vals]
        return self.client.call(f"oiconnect.{model}", "create", lines)

    def make(self):
        past = str(today_in_france() - timedelta(days=300))
        for script in self.scripts:
            state = script.place["state"]
            deployed = state == "deployed"
            [pm] = self.network(
                "pm",
                {
                    "reference": pm_of(script),
                    "state": state,
                    "installation_date": past,
                    "first_delivery_date": past if deployed else False,
                    "commercial_date": past if deployed else False,
                    "location_type": script.place.get("location", "cabinet"),
                    "city": CITY,
                    "postal_code": POSTAL,
                    "insee_code": INSEE,
                    "dwelling_count": 12,
                    "engineering_type": "MONO",
                    "technical_pm_ids": [(0, 0, {"reference": f"PMT-{pm_of(script)}"})],
                    "accessible": "yes",
                    "x": 871234.12,
                    "y": 6548765.4,
                    "projection": "RGF93",
                },
            )
            self.pms[script.number] = pm
            self._make_addresses(script, pm)
        return self

    def _make_addresses(self, script, pm):
        [pbo] = self.network(
            "pbo", {"reference": f"PBO-P{script.number:03d}", "pm_id": pm}
        )
        for rank, dwellings in ((1, 10), (2, 8)):
            [building] = self.network(
                "building",
                {
                    "identifier": building_of(script, rank),
                    "insee_code": INSEE,
                    "postal_code": POSTAL,
                    "city": CITY,
                    "rivoli_code": "0124",
                    "street_number": f"{script.number}{rank:02d}",
                    "street_type": "RUE",
                    "street_name": "DES ORMES",
                    "state": "deployed",
                    "building_type": "building",
                    "zone_type": "3",
                    "dwelling_count": dwellings,
                    "pm_id": pm,
                    "pbo_ids": [(6, 0, [pbo])],
                    "x": 871300.0 + rank,
                    "y": 6548800.0,
                    "projection": "RGF93",
                },
            )
            self.buildings[script.number, rank] = building
