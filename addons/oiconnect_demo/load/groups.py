"""Groups of the demo network: calls of lots, syndics, batches of addresses."""

from datetime import date

from ..plan.orders import KINDS, PMS

# Numbers and domains without owner: reserved for examples.
PHONE = "04 65 71 00 {:02d}"
HOURS = (
    "Loge du lundi au vendredi, 9 h - 12 h",
    "Conseil syndical : prévenir la veille",
    "Astreinte le week-end, par téléphone seulement",
)
ORDERING = {"abandoned": "closed", "planned": "closed"}
# Not opened to orders while its cabinet is moved.
FROZEN = "OICN-01149-0002"
BATCH = 60


def load(loader):
    """Complete what the IPE made, then deliver what it says is deployed."""
    _name_lots(loader)
    _reach_managers(loader)
    _tell_the_way(loader)
    _close_pms(loader)
    _deliver(loader)


def _name_lots(loader):
    for reference, lot in loader._by("oiconnect.lot", "reference").items():
        year = int(reference.rpartition("-")[2])
        lot.write(
            {
                "name": f"Appel à cofinancement {year}",
                "opening_date": date(year - 1, 9, 1),
                "closing_date": date(year - 1, 11, 30),
                "comment": "Lancé auprès de tous les opérateurs du domaine.",
            }
        )


def _reach_managers(loader):
    managers = loader._by("oiconnect.manager", "siret").values()
    for rank, manager in enumerate(managers):
        manager.write(
            {
                "phone": PHONE.format(rank + 1),
                "email": f"gestion@syndic{rank + 1}.example",
                "contacts": HOURS[rank % len(HOURS)],
            }
        )


def _tell_the_way(loader):
    """Say how technicians get into the buildings that have a syndic."""
    domain = [("network_id", "=", loader.network.id), ("manager_id", "!=", False)]
    for rank, building in enumerate(loader.env["oiconnect.building"].search(domain)):
        if rank % 3:
            building.write(
                {
                    "access_code": f"A{1000 + rank * 37 % 9000}",
                    "contacts": f"Gardien : {PHONE.format(20 + rank % 70)}",
                }
            )
    technical = loader._by("oiconnect.technical.pm", "reference").values()
    for record in technical:
        record.write(
            {
                name: record.pm_id[name]
                for name in ("accessible", "key_info", "equipment_type", "localisation")
            }
        )


def _close_pms(loader):
    for reference, pm in loader.pms.items():
        ordering = "frozen" if reference == FROZEN else ORDERING.get(pm.state)
        if ordering:
            pm.authorisation = ordering


def _deliver(loader):
    """Hand over the first addresses of each PM to those who co-finance it."""
    batches = [
        batch
        for code, references in PMS.items()
        if KINDS[code] == "cofi"
        for reference in references
        for batch in _batches(loader, code, loader.pms[reference])
    ]
    loader._create("oiconnect.pb.batch", batches)


def _batches(loader, code, pm):
    buildings = loader.env["oiconnect.building"].search(
        [("pm_id", "=", pm.id), ("state", "=", "deployed")],
        order="commercial_date, id",
        limit=2 * BATCH,
    )
    for rank, start in enumerate(range(0, len(buildings), BATCH), 1):
        part = buildings[start : start + BATCH]
        yield {
            "reference": f"LOTPB-{code}-{pm.reference[5:]}-{rank:02d}",
            "pm_id": pm.id,
            "operator_id": loader.operators[code].id,
            "delivery_date": part[-1].commercial_date,
            "building_ids": [(6, 0, part.ids)],
        }
