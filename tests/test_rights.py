"""The people of the demo, each with its rights, by the calls of a web client."""

import conftest
import pytest
from oictools import database
from oictools.client import Client, Refused

pytestmark = pytest.mark.slow
NAMES = {
    "oiconnect.network",
    "oiconnect.operator",
    "oiconnect.operator.contact",
    "oiconnect.commune",
    "oiconnect.pbo.type",
    "oiconnect.pbo.connection.type",
    "oiconnect.fibre.colour",
    "oiconnect.map.layer",
    "oiconnect.scheduled.report",
}
NETWORK = {
    "oiconnect.nro",
    "oiconnect.prdm",
    "oiconnect.pm",
    "oiconnect.technical.pm",
    "oiconnect.lot",
    "oiconnect.pm.link",
    "oiconnect.pm.link.fibre",
    "oiconnect.pbo",
    "oiconnect.splice.box",
    "oiconnect.building",
    "oiconnect.building.level",
    "oiconnect.manager",
    "oiconnect.pb.batch",
    "oiconnect.zone",
    "oiconnect.pto",
    "oiconnect.pto.lot",
    "oiconnect.pm.module",
    "oiconnect.pm.position",
    "oiconnect.pbo.cable",
    "oiconnect.pbo.fibre",
    "oiconnect.splice",
    "oiconnect.route",
    "oiconnect.change",
    "oiconnect.rule",
    "oiconnect.rule.run",
    "oiconnect.rule.count",
    "oiconnect.rule.finding",
}
PUBLICATIONS = {
    "oiconnect.publication",
    "oiconnect.publication.plan",
    "oiconnect.publication.schedule",
    "oiconnect.publication.delivery",
    "oiconnect.publication.issue",
    "oiconnect.publication.progress",
    "oiconnect.gracethd.export",
    "oiconnect.gracethd.export.progress",
    "oiconnect.flow",
    "oiconnect.flow.format",
}
WIZARDS = {
    "oiconnect.publication.now",
    "oiconnect.publication.send",
    "oiconnect.bulk.range",
    "oiconnect.cable.fibres",
    "oiconnect.cable.fibres.range",
    "oiconnect.key.change",
    "oiconnect.module.positions",
    "oiconnect.pm.link.fibre.new",
    "oiconnect.pto.generation",
    "oiconnect.splice.range",
    "oiconnect.splice.undo",
    "oiconnect.zone.import",
}
# What each person reads; nothing else.
READS = {
    "commandes": {
        *NAMES,
        *NETWORK,
        *PUBLICATIONS,
        "oiconnect.access.order",
        "oiconnect.access.order.decision",
        "oiconnect.access.order.new",
        "oiconnect.access.order.route",
        "oiconnect.pm.order",
        "oiconnect.pm.order.new",
        "oiconnect.pb.order",
        "oiconnect.pb.order.new",
        "oiconnect.pm.report",
        "oiconnect.infra.order.decision",
        "oiconnect.cofinancing",
        "oiconnect.appointment",
        "oiconnect.appointment.choice",
        "oiconnect.appointment.choice.slot",
        "oiconnect.appointment.team",
        "oiconnect.delay",
        "oiconnect.delay.count",
        "oiconnect.delay.miss",
        "oiconnect.todo",
        "oiconnect.pm.service",
        "oiconnect.reason",
        "oiconnect.decision",
        "oiconnect.mutation.reason",
        "oiconnect.operator.position",
        "oiconnect.zone.export",
        "oiconnect.workflow.step",
        "oiconnect.event",
        "oiconnect.exchange",
        "oiconnect.exchange.error",
        "oiconnect.exchange.line",
        "oiconnect.exchange.trace",
        "oiconnect.flow.terms",
        "oiconnect.flow",
        "oiconnect.flow.format",
        "oiconnect.flow.column",
    },
    "tickets": {
        *NAMES,
        *NETWORK,
        *PUBLICATIONS,
        "oiconnect.ticket",
        "oiconnect.ticket.answer",
        "oiconnect.ticket.closure.code",
        "oiconnect.ticket.code",
        "oiconnect.ticket.decision",
        "oiconnect.ticket.freeze",
        "oiconnect.ticket.message",
        "oiconnect.ticket.task",
        "oiconnect.ticket.wire.state",
        "oiconnect.incident",
        "oiconnect.works",
        "oiconnect.access.order",
        "oiconnect.appointment",
        "oiconnect.appointment.choice",
        "oiconnect.appointment.choice.slot",
        "oiconnect.appointment.team",
        "oiconnect.delay",
        "oiconnect.delay.count",
        "oiconnect.delay.miss",
        "oiconnect.todo",
        "oiconnect.pm.service",
        "oiconnect.reason",
        "oiconnect.decision",
        "oiconnect.mutation.reason",
        "oiconnect.operator.position",
        "oiconnect.zone.export",
        "oiconnect.workflow.step",
        "oiconnect.event",
    },
    "reseau": {
        *NAMES,
        *NETWORK,
        *PUBLICATIONS,
        "oiconnect.infra.order.decision",
        "oiconnect.decision",
        "oiconnect.delay",
        "oiconnect.delay.count",
        "oiconnect.delay.miss",
        "oiconnect.reason",
        "oiconnect.todo",
        "oiconnect.workflow.step",
        "oiconnect.event",
        *WIZARDS,
        "oiconnect.publication.series",
        "oiconnect.link.order",
        "oiconnect.link.order.fibre",
        "oiconnect.link.order.new",
        "oiconnect.link.service",
        "oiconnect.zone.export",
        "oiconnect.import",
        "oiconnect.import.error",
        "oiconnect.import.count",
        "oiconnect.import.progress",
        "oiconnect.import.preview",
        "oiconnect.import.confirm",
        "oiconnect.import.source",
        "oiconnect.gracethd.difference",
        "oiconnect.gracethd.difference.line",
        "oiconnect.gracethd.difference.progress",
        "oiconnect.gracethd.grid",
        "oiconnect.gracethd.grid.check",
        "oiconnect.gracethd.grid.due",
        "oiconnect.gracethd.object",
        "oiconnect.gracethd.table",
    },
    "facturation": {
        *NAMES,
        "oiconnect.workflow.step",
        "oiconnect.billing.product",
        "oiconnect.billing.preview",
        "oiconnect.billing.price",
        "oiconnect.billing.run",
        "oiconnect.billing.run.operator",
        "oiconnect.billing.item",
        "oiconnect.billing.line",
        "oiconnect.billing.dispute",
        "oiconnect.billing.dispute.line",
        "oiconnect.billing.dispute.import",
        "oiconnect.billing.dispute.problem",
        "oiconnect.billing.dispute.refusal",
    },
}
ROUTES = {
    "Modules PM",
    "Câbles",
    "Routes optiques",
    "Fibres de liens",
    "Épissures",
}
ACCESSES = {
    "À traiter",
    "Accès",
    "Échéances",
    "Rendez-vous",
    "Carte du jour",
    "Délais manqués",
    "Tenue des délais",
}
INFRASTRUCTURE = {
    "Interop'Fibre",
    "Exports GraceTHD",
    "PBO",
    "Boîtiers d’épissurage",
    "Lots de PB",
    "Immeubles",
    "Gestionnaires (syndics)",
    "Prises (PTO)",
    "Zones arrière",
    "Historique des modifications",
    "Qualité des données",
}
# What each user of the application sees
HOME = {"Accueil": set()}
LEXICON = {
    "Opérateurs",
    "Contacts des opérateurs",
    "Communes",
    "Rapports programmés",
}
MENUS = {
    "commandes": {
        "Cartographie": {"Carte du réseau"},
        "Commandes accès": ACCESSES,
        "Commandes infra": {
            "À traiter",
            "Infos PM",
            "Commandes PB",
            "Prestations PM",
            "Cofinancements",
            "Contenus des CR MAD",
        },
        "Gestion": {
            "RDV",
            "Échanges",
            "Trace du protocole",
            "Messages aux opérateurs",
        },
        "Infrastructure": INFRASTRUCTURE,
        "Routes optiques": ROUTES,
        "Configuration": {*LEXICON, "Flux et formats"},
    },
    "tickets": {
        "Cartographie": {"Carte du réseau"},
        "Commandes accès": ACCESSES,
        "Gestion": {
            "RDV",
            "Tickets",
            "Tâches des tickets",
            "Incidents",
            "Travaux programmés",
        },
        "Infrastructure": INFRASTRUCTURE,
        "Routes optiques": ROUTES,
        "Configuration": LEXICON,
    },
    "reseau": {
        "Cartographie": {"Carte du réseau"},
        "Commandes infra": {
            "À traiter",
            "Commandes de liens",
            "Prestations de liens",
        },
        "Infrastructure": {
            "Interop'Fibre",
            "Exports GraceTHD",
            "NRO",
            "PRDM",
            "PM",
            "PM techniques",
            "Lots de PM",
            "Liens PM/PRDM",
            "PBO",
            "Boîtiers d’épissurage",
            "Lots de PB",
            "Immeubles",
            "Gestionnaires (syndics)",
            "Prises (PTO)",
            "Lots de références de PTO",
            "Zones arrière",
            "Historique des modifications",
            "Qualité des données",
        },
        "Routes optiques": ROUTES,
        "Configuration": {
            "Imports",
            "Dépôts d'imports",
            "Plans de publication",
            "Délais",
            *LEXICON,
            "Tables du réseau",
        },
    },
    "facturation": {
        "Gestion": {
            "Factures",
            "Campagnes de facturation",
            "Contestations",
            "Analyse de la facturation",
            "Statistiques",
        },
        "Configuration": {*LEXICON, "Facturation"},
    },
}
FRENCH = {"context": {"lang": "fr_FR"}}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """One server for all the questions of this file: nobody changes anything."""
    name = conftest.copy_of("demo")
    log = tmp_path_factory.mktemp("rights") / "odoo.log"
    server = conftest.OdooServer(name, log, scheduled=False, jobs=False)
    try:
        yield server.start()
    finally:
        server.stop()
        database.drop(name)


@pytest.fixture(scope="module")
def models(server):
    """Our models that hold records, with the id of one record where there is one."""
    admin = server.client()
    found = admin.read(
        "ir.model",
        [("model", "=like", "oiconnect.%"), ("abstract", "=", False)],
        "model",
    )
    names = sorted(model["model"] for model in found)
    return {name: some_record(admin, name) for name in names}


def some_record(client, model):
    """Ids of a record, none of what nobody may read: the cells of the map."""
    try:
        return client.call(model, "search", [], limit=1)
    except Refused:
        return []


def entry_points(client, model, ids):
    """The calls that could show something of ``model``, by name."""
    call = client.call
    yield "search_read", lambda: call(model, "search_read", [], ["id"], limit=1)
    yield "web_search_read", lambda: call(model, "web_search_read", [], {"id": {}})
    yield "read_group", lambda: call(model, "formatted_read_group", [], [], ["__count"])
    if ids:
        fields = ["display_name"]
        yield "read", lambda: call(model, "read", ids, fields)
        yield "export_data", lambda: call(model, "export_data", ids, fields)


def is_open(entry_point):
    try:
        entry_point()
    except Refused as refusal:
        assert refusal.kind == "odoo.exceptions.AccessError", refusal
        return False
    return True


@pytest.mark.parametrize("login", READS)
def test_each_person_reads_what_its_rights_open(server, models, login):
    client = server.client(login)
    reads = {
        model for model in models if is_open(next(entry_points(client, model, ()))[1])
    }
    assert reads == READS[login] & set(models)
    assert set(models) >= READS[login], "the table names what is no model any more"


@pytest.mark.parametrize("login", READS)
def test_no_path_leads_to_the_rest(server, models, login):
    client = server.client(login)
    leaks = []
    for model in models.keys() - READS[login]:
        # The first one is tried of all models by the test above.
        _first, *others = entry_points(client, model, models[model])
        leaks += [(model, name) for name, entry_point in others if is_open(entry_point)]
    assert not leaks


@pytest.mark.parametrize("login", READS)
def test_each_person_sees_the_menus_of_its_rights(server, login):
    menus = server.client(login).call("ir.ui.menu", "load_menus", False, **FRENCH)
    root = next(menu for menu in menus.values() if menu["name"] == "OIConnect")
    sections = [menus[str(child)] for child in root["children"]]
    seen = {
        section["name"]: {menus[str(child)]["name"] for child in section["children"]}
        for section in sections
    }
    assert seen == HOME | MENUS[login]


def test_who_has_no_right_cannot_even_name_an_operator(server, models):
    admin = server.client()
    admin.call(
        "res.users",
        "create",
        {"name": "Sans droit", "login": "sans_droit", "password": "sans_droit"},
    )
    client = Client(server.port, server.database, "sans_droit", "sans_droit")
    open_models = [
        model for model in models if is_open(next(entry_points(client, model, ()))[1])
    ]
    assert not open_models
