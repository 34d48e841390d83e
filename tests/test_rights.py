"""The people of the demo, each with its rights, by the calls of a web client.

Calls are made as the server makes them for a client, without one: they are thousands.
"""

import curious
import pytest
from conftest import copy_of
from odoo_process import environment, registry
from oictools import database

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
    "oiconnect.operator.message",
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
            "Commandes PM",
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


class Person:
    """The calls of one person, as they come from a client."""

    def __init__(self, user):
        self.env = user.env(user=user)

    def call(self, model, method, *arguments, **keywords):
        from odoo.service.model import call_kw

        with self.env.cr.savepoint(flush=False):
            return call_kw(self.env[model], method, list(arguments), keywords)


@pytest.fixture(scope="module")
def env():
    """The environment of all questions of this file: none changes anything."""
    name = copy_of("demo")
    with registry(name) as found, environment(found) as env:
        yield env
        env.cr.rollback()
    database.drop(name)


@pytest.fixture
def person(env, login):
    return Person(env["res.users"].search([("login", "=", login)]))


@pytest.fixture(scope="module")
def models(env):
    """Our models that hold records, with the id of one record where there is one."""
    names = sorted(
        name
        for name, model in env.registry.items()
        if name.startswith("oiconnect.") and not model._abstract
    )
    return {name: env[name].search([], limit=1).ids for name in names}


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
    from odoo.exceptions import AccessError

    try:
        entry_point()
    except AccessError:
        return False
    return True


@pytest.mark.parametrize("login", READS)
def test_each_person_reads_what_its_rights_open(person, models, login):
    reads = {
        model for model in models if is_open(next(entry_points(person, model, ()))[1])
    }
    assert reads == READS[login] & set(models)
    assert set(models) >= READS[login], "the table names what is no model any more"


@pytest.mark.parametrize("login", READS)
def test_no_path_leads_to_the_rest(person, models, login):
    leaks = []
    for model in models.keys() - READS[login]:
        # The first one is tried of all models by the test above.
        _first, *others = entry_points(person, model, models[model])
        leaks += [(model, name) for name, entry_point in others if is_open(entry_point)]
    assert not leaks


@pytest.mark.parametrize("login", READS)
def test_each_person_sees_the_menus_of_its_rights(person, login):
    menus = person.call("ir.ui.menu", "load_menus", False, **FRENCH)
    root = next(menu for menu in menus.values() if menu["name"] == "OIConnect")
    sections = [menus[child] for child in root["children"]]
    seen = {
        section["name"]: {menus[child]["name"] for child in section["children"]}
        for section in sections
    }
    assert seen == HOME | MENUS[login]


def test_who_has_no_right_cannot_even_name_an_operator(env, models):
    unprivileged = Person(
        curious.make_user(env, "sans_droit", env.ref("base.group_user"))
    )
    open_models = [
        model
        for model in models
        if is_open(next(entry_points(unprivileged, model, ()))[1])
    ]
    assert not open_models
