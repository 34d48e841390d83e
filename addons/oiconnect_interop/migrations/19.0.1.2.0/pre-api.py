"""The REST API, its keys and webhooks are an addon of their own.

What was there keeps its records, under the new addon's name; it is installed with this
upgrade, so that the API goes on to serve.
"""

from odoo.addons.oiconnect_base.upgrade import move_to_addon

MODELS = (
    "oiconnect.api.address",
    "oiconnect.api.key",
    "oiconnect.api.key.new",
    "oiconnect.api.key.shown",
    "oiconnect.api.replay",
    "oiconnect.api.scope",
    "oiconnect.conformance.call",
    "oiconnect.rest",
    "oiconnect.webhook",
    "oiconnect.webhook.delivery",
    "oiconnect.webhook.kind",
    "oiconnect.webhook.replay",
    "oiconnect.webhook.secret",
)
RELATIONS = (
    "oiconnect_api_key_network_rel",
    "oiconnect_api_key_new_oiconnect_network_rel",
    "oiconnect_webhook_kind_rel",
)
# Views, actions, menus, rights, rules, scheduled actions, channels of jobs
RECORDS = (
    r"^((access|channel|cron|job_function|menu|rule)_)?"
    r"(api_(address|documentation|key|replay|scope)|webhook"
    r"|conformance_call|conformance_case_r[0-9])"
    r"|^cron_deliver|^res_config_settings_view_form_webhooks$"
)
# What the addon adds to models of others
FIELDS = (
    *("oiconnect_event__webhook_id", "oiconnect_event__try_count"),
    *("oiconnect_event__tried_since", "oiconnect_event__next_try_date"),
    *("oiconnect_operator__api_key_count", "oiconnect_operator__webhook_count"),
    "res_config_settings__oiconnect_webhook_hours",
    "res_config_settings__oiconnect_webhook_days",
    "res_config_settings__oiconnect_webhook_private",
    "res_config_settings__oiconnect_health_webhooks_minutes",
    "res_config_settings__oiconnect_health_stopped_webhooks",
    "res_config_settings__oiconnect_health_unreadable_keys",
)
REFLECTED = (
    *(f"field_{name}" for name in FIELDS),
    "model_inherit__oiconnect_publication__oiconnect_subject_mixin",
    "selection__oiconnect_conformance_case__channel__rest",
    "selection__oiconnect_conformance_run__scope__rest",
    "selection__oiconnect_conformance_step__channel__rest",
)


def migrate(cr, version):
    move_to_addon(
        cr,
        "oiconnect_interop",
        "oiconnect_api",
        [RECORDS, *(f"^{name}$" for name in REFLECTED)],
        models=MODELS,
        constraints=["^oiconnect_event_+webhook_"],
        relations=RELATIONS,
    )
