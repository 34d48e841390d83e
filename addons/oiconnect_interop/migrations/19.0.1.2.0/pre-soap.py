"""Web services are an addon of their own, which a system that has them goes on with.

Locks of API keys and of log-ins have the same limits, which say so by their names.
"""

from odoo.addons.oiconnect_base.upgrade import move_to_addon

# Records and fields whose names do not tell that they are of SOAP
NAMES = (
    "channel_notify",
    "cron_notify",
    "cron_notify_ir_actions_server",
    "job_function_notify",
    "res_config_settings_view_form_services",
    "ticket_view_form",
    "conformance_case_s01",
    "conformance_case_s02",
    "conformance_case_s03",
    "conformance_case_s04",
    "field_oiconnect_ticket__untold_count",
    "field_res_config_settings__oiconnect_works_quota",
    "field_res_config_settings__oiconnect_health_notifications_minutes",
    "field_res_config_settings__oiconnect_health_stopped_services",
)
PARAMETERS = {"soap_tries": "lock_tries", "soap_lock_minutes": "lock_minutes"}


def migrate(cr, version):
    for old, new in PARAMETERS.items():
        cr.execute(
            "UPDATE ir_config_parameter SET key = %s WHERE key = %s",
            [f"oiconnect_interop.{new}", f"oiconnect_interop.{old}"],
        )
    move_to_addon(
        cr,
        "oiconnect_interop",
        "oiconnect_soap",
        ["soap", *(f"^{name}$" for name in NAMES)],
        constraints=["soap"],
    )
