"""Values that break each rule of the catalogue, and that fix it."""

from datetime import date

from freezegun import freeze_time

from ..rules import BUILDING, PM
from .common import InfraCase

#: the day that the tests of rules live on
TODAY = date(2026, 9, 1)

#: a deployed PM, and a deployed house behind it, that break no rule
GOOD_PM = {
    "state": "deployed",
    "installation_date": "2025-03-10",
    "first_delivery_date": "2025-03-20",
    "commercial_date": "2025-06-20",
    "location_type": "cabinet",
    "insee_code": "99001",
    "postal_code": "99100",
    "city": "VILLE EXEMPLE",
    "street_name": "DES TILLEULS",
    "street_number": "0",
    "engineering_type": "MONO",
    "dwelling_count": 1,
    "last_change_date": "2026-08-20",
    "projection": "RGF93",
    "x": 871234.12,
    "y": 6548765.4,
}
GOOD_BUILDING = {
    "state": "deployed",
    "dwelling_count": 1,
    "cabling_date": "2025-04-15",
    "address_code": "990012AB01",
    "insee_code": "99001",
    "postal_code": "99100",
    "city": "VILLE EXEMPLE",
    "street_name": "DES TILLEULS",
    "street_number": "12",
    "last_change_date": "2026-08-20",
    "projection": "RGF93",
    "x": 871301.55,
    "y": 6548801.02,
    "order_acceptance_date": "2025-05-15",
    "order_report_date": "2025-06-20",
}
MANAGER = {
    "manager_agreement_required": True,
    "agreement_date": "2025-01-02",
    "manager_name": "SYNDIC EXEMPLE",
    "manager_postal_code": "99100",
    "manager_city": "VILLE EXEMPLE",
    "manager_street_name": "DE LA MAIRIE",
}
_NOWHERE = {"address_code": False, "x": 0, "y": 0}

#: code, object, what is bad, the fields to blame, what is good again
CASES = [
    ("R3", PM, {"installation_date": False}, ["installation_date"], {}),
    (
        "R3",
        PM,
        {"insee_code": False, "postal_code": False, "city": False},
        ["city", "insee_code", "postal_code"],
        {},
    ),
    (
        "R3",
        PM,
        {"street_name": False, "street_number": False, "engineering_type": False},
        ["engineering_type", "street_name", "street_number"],
        {},
    ),
    ("R3b", PM, {"location_type": False}, ["location_type"], {}),
    ("R3b", PM, {"dwelling_count": 0}, ["dwelling_count"], {}),
    (
        "R5",
        PM,
        {"commercial_date": False, "first_delivery_date": False},
        ["commercial_date", "first_delivery_date"],
        {},
    ),
    ("R5", PM, {"commercial_date": False}, ["commercial_date"], {"state": "deploying"}),
    ("R5b", PM, {"commercial_date": "2025-06-21"}, ["commercial_date"], {}),
    ("R5b", PM, {"commercial_date": "2025-03-20"}, ["commercial_date"], {}),
    ("R6", PM, {"installation_date": "2026-09-02"}, ["installation_date"], {}),
    (
        "R6",
        PM,
        {"installation_date": "2026-09-02"},
        ["installation_date"],
        {"installation_date": "2026-09-01"},
    ),
    (
        "R10",
        PM,
        {
            "state": "abandoned",
            "abandoned_date": False,
            "last_change_date": "2026-05-31",
        },
        ["state"],
        {"abandoned_date": "2026-05-31"},
    ),
    ("R11", PM, {"dwelling_count": 2}, ["dwelling_count"], {}),
    ("R13", PM, {"last_change_date": False}, ["last_change_date"], {}),
    ("R13", PM, {"last_change_date": "2026-09-02"}, ["last_change_date"], {}),
    ("G2", PM, {"x": 0}, ["x"], {}),
    ("G2", PM, {"y": 0}, ["y"], {"x": 0, "y": 0}),
    (
        "R7",
        BUILDING,
        {"manager_agreement_required": True},
        ["agreement_date"],
        {"manager_agreement_required": False},
    ),
    (
        "R7",
        BUILDING,
        {"manager_agreement_required": True, "state": "signed"},
        ["agreement_date"],
        MANAGER,
    ),
    (
        "R7",
        BUILDING,
        {"manager_agreement_required": True, "state": "deploying"},
        ["agreement_date"],
        {"state": "target"},
    ),
    (
        "R7b",
        BUILDING,
        {"manager_agreement_required": True, "agreement_date": "2025-01-02"},
        [
            "manager_city",
            "manager_name",
            "manager_postal_code",
            "manager_street_name",
        ],
        MANAGER,
    ),
    ("R7b", BUILDING, MANAGER | {"manager_city": False}, ["manager_city"], MANAGER),
    (
        "R8",
        BUILDING,
        {"state": "signed"},
        ["state"],
        MANAGER,
    ),
    ("R9b", BUILDING, {"cabling_date": "2026-09-02"}, ["cabling_date"], {}),
    (
        "R9b",
        BUILDING,
        {"cabling_date": "2026-09-02"},
        ["cabling_date"],
        {"state": "deploying"},
    ),
    ("R9c", BUILDING, {"cabling_date": False}, ["cabling_date"], {"state": "target"}),
    (
        "R10",
        BUILDING,
        {
            "state": "abandoned",
            "abandoned_date": False,
            "last_change_date": "2026-05-31",
        },
        ["state"],
        {"last_change_date": "2026-06-01"},
    ),
    ("R13", BUILDING, {"last_change_date": "2026-09-02"}, ["last_change_date"], {}),
    ("R13", BUILDING, {"last_change_date": False}, ["last_change_date"], {}),
    (
        "R14",
        BUILDING,
        MANAGER | {"cabling_date": "2025-07-03"},
        ["cabling_date"],
        {"cabling_date": "2025-07-02"},
    ),
    ("R16", BUILDING, _NOWHERE, ["address_code"], {"rivoli_code": "0123"}),
    ("R16", BUILDING, _NOWHERE, ["address_code"], {"street_code": "990012AB00"}),
    (
        "R16",
        BUILDING,
        _NOWHERE | {"street_code": "990012AB00", "street_number": False},
        ["address_code"],
        {"street_number": "12"},
    ),
    ("G2", BUILDING, {"y": 0}, ["y"], {}),
]


@freeze_time(TODAY)
class RuleCase(InfraCase):
    """A network where nothing is wrong."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # What a file changes bears the date that the file says.
        cls.pm.with_context(oiconnect_batch="ipe").write(GOOD_PM)
        cls.building.with_context(oiconnect_batch="ipe").write(
            GOOD_BUILDING | {"pm_id": cls.pm.id, "pbo_ids": cls.pbo.ids}
        )
        cls.network = cls.net.network
        cls.rules = cls.env["oiconnect.rule"]
        cls.records = {PM: cls.pm, BUILDING: cls.building}

    def rule(self, code, target=BUILDING):
        return self.rules.with_context(active_test=False).search(
            [
                ("code", "=", code),
                ("target", "=", target),
                ("network_id", "=", self.network.id),
            ]
        )

    def form_findings(self, record, code=None):
        """Return the (code, field) that the form of ``record`` shows, opened anew."""
        record.invalidate_recordset()
        found = record._findings()[record]
        return sorted(
            (rule.code, name) for rule, name in found if code in (None, rule.code)
        )

    def check(self):
        """Run the report; return the counts that are not zero."""
        run = self.env["oiconnect.rule.run"]._prepare(self.network)
        run._process()
        return {
            (count.rule_id.code, count.rule_id.target): count.broken_count
            for count in run.count_ids
            if count.broken_count
        }

    def found(self, rule):
        """Return the records that the report jumps to."""
        action = rule.action_view_records()
        return self.env[action["res_model"]].search(action["domain"])
