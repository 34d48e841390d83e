"""The demo's people: their rights, and the menus that these open."""

PEOPLE = {
    "commandes": (
        "oiconnect_base.group_access_user",
        "oiconnect_base.group_pm_order_user",
        "oiconnect_base.group_infra_read",
        "oiconnect_base.group_exchange_read",
        "oiconnect_base.group_lexicon_read",
    ),
    "tickets": (
        "oiconnect_base.group_ticket_user",
        "oiconnect_base.group_access_read",
        "oiconnect_base.group_infra_read",
        "oiconnect_base.group_lexicon_read",
    ),
    "reseau": (
        "oiconnect_base.group_infra_manager",
        "oiconnect_base.group_link_manager",
        "oiconnect_base.group_import_user",
        "oiconnect_base.group_lexicon_user",
    ),
    "facturation": (
        "oiconnect_base.group_billing_user",
        "oiconnect_base.group_statistics_read",
        "oiconnect_base.group_lexicon_read",
    ),
}
LEXICON = {
    "oiconnect_base.menu_operator",
    "oiconnect_base.menu_operator_contact",
    "oiconnect_base.menu_commune",
}
NETWORK = {
    "oiconnect_infra.menu_network_map",
    "oiconnect_interop.menu_publication",
    "oiconnect_gracethd.menu_gracethd_export",
    "oiconnect_infra.menu_pbo",
    "oiconnect_infra.menu_splice_box",
    "oiconnect_infra.menu_pb_batch",
    "oiconnect_infra.menu_manager",
    "oiconnect_infra.menu_building",
    "oiconnect_infra.menu_pto",
    "oiconnect_infra.menu_zone",
    "oiconnect_infra.menu_change",
    "oiconnect_infra.menu_rule",
    "oiconnect_infra.menu_pm_module",
    "oiconnect_infra.menu_pbo_cable",
    "oiconnect_infra.menu_route",
    "oiconnect_infra.menu_splice",
    "oiconnect_infra.menu_pm_link_fibre",
}
STATISTICS = {
    "oiconnect_statistics.menu_statistics_orders",
    "oiconnect_statistics.menu_statistics_sav",
    "oiconnect_statistics.menu_statistics_infrastructure",
    "oiconnect_statistics.menu_equal_treatment",
    "oiconnect_statistics.menu_quality",
}
# What each user of the application sees
ALL = {"oiconnect_base.menu_home", "oiconnect_base.menu_scheduled_report"}
MENUS = {
    "commandes": {
        "oiconnect_orders.menu_todo",
        "oiconnect_orders.menu_access_order",
        "oiconnect_orders.menu_access_order_due",
        "oiconnect_orders.menu_appointment",
        "oiconnect_orders.menu_appointment_day",
        "oiconnect_orders.menu_appointment_request",
        "oiconnect_orders.menu_delay_miss",
        "oiconnect_orders.menu_delay_count",
        "oiconnect_orders.menu_pm_service",
        "oiconnect_orders.menu_infra_todo",
        "oiconnect_orders.menu_pm_order",
        "oiconnect_orders.menu_pb_order",
        "oiconnect_orders.menu_pm_report",
        "oiconnect_orders.menu_cofinancing",
        "oiconnect_interop.menu_exchange",
        "oiconnect_interop.menu_event",
        "oiconnect_interop.menu_exchange_trace",
        "oiconnect_interop.menu_flow",
        *NETWORK,
        *LEXICON,
    },
    "tickets": {
        "oiconnect_orders.menu_todo",
        "oiconnect_orders.menu_access_order",
        "oiconnect_orders.menu_access_order_due",
        "oiconnect_orders.menu_appointment",
        "oiconnect_orders.menu_appointment_day",
        "oiconnect_orders.menu_appointment_request",
        "oiconnect_orders.menu_delay_miss",
        "oiconnect_orders.menu_delay_count",
        "oiconnect_sav.menu_ticket",
        "oiconnect_sav.menu_ticket_task",
        "oiconnect_sav.menu_incident",
        "oiconnect_sav.menu_works",
        *NETWORK,
        *LEXICON,
    },
    "reseau": {
        "oiconnect_orders.menu_infra_todo",
        "oiconnect_orders.menu_link_order",
        "oiconnect_orders.menu_link_service",
        "oiconnect_orders.menu_delay",
        "oiconnect_infra.menu_nro",
        "oiconnect_infra.menu_prdm",
        "oiconnect_infra.menu_technical_pm",
        "oiconnect_infra.menu_lot",
        "oiconnect_infra.menu_pm",
        "oiconnect_infra.menu_pm_link",
        "oiconnect_infra.menu_pbo_type",
        "oiconnect_infra.menu_pbo_connection_type",
        "oiconnect_infra.menu_fibre_colour",
        "oiconnect_infra.menu_pto_lot",
        "oiconnect_import.menu_import",
        "oiconnect_interop.menu_import_source",
        "oiconnect_interop.menu_publication_plan",
        *NETWORK,
        *LEXICON,
    },
    "facturation": {
        *STATISTICS,
        "oiconnect_billing.menu_invoice",
        "oiconnect_billing.menu_billing_run",
        "oiconnect_billing.menu_billing_dispute",
        "oiconnect_billing.menu_billing_item",
        "oiconnect_billing.menu_billing_product",
        *LEXICON,
    },
}
# A screen that each of them may not see.
FORBIDDEN = {
    "commandes": "oiconnect_interop.endpoint_action",
    "tickets": "oiconnect_interop.endpoint_action",
    "reseau": "oiconnect_orders.access_order_action",
    "facturation": "oiconnect_infra.building_action",
}


def make_person(env, login):
    """Return a user with the rights of ``login``, who speaks French."""
    groups = [env.ref(name).id for name in PEOPLE[login]]
    return env["res.users"].create(
        {
            "name": login,
            "login": f"essai_{login}",
            "password": f"essai_{login}",
            "lang": "fr_FR",
            "group_ids": [(6, 0, groups)],
        }
    )


def menus_of(env, login):
    """Return the menus that ``login`` sees, of the addons that are installed."""
    menus = ALL | MENUS[login]
    return sorted(name for name in menus if env.ref(name, raise_if_not_found=False))
