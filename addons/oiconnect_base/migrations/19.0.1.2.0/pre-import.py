"""The engine of imports is an addon of its own, which the border by files stands on.

It is loaded before that one, as new: what was there is given to it before both.
"""

from odoo.addons.oiconnect_base.upgrade import move_to_addon

MODELS = (
    "oiconnect.background.run",
    "oiconnect.import",
    "oiconnect.import.confirm",
    "oiconnect.import.count",
    "oiconnect.import.error",
    "oiconnect.import.preview",
    "oiconnect.import.progress",
    "oiconnect.own.transaction",
    "oiconnect.progress.mixin",
)
# Views, the menu, actions, rights, rules, channels of jobs
RECORDS = (
    r"^((access|rule)_)?import_(?!source)",
    r"^(menu|channel|job_function)_import$",
    r"^channel_publish$",
)
# What the border by files adds: where a file was dropped, the flows that it reads
OF_THE_BORDER = (
    r"^import_(action|view_list)_source$",
    r"^field_oiconnect_import__(source_id|claim_token|claim_stat)$",
    r"^selection__oiconnect_import__kind__",
    r"^oiconnect_import_+(claim_uniq|name_idx)$",
)
PARAMETERS = ("max_import_mb", "max_abandoned_percent")


def migrate(cr, version):
    move_to_addon(
        cr,
        "oiconnect_interop",
        "oiconnect_import",
        RECORDS,
        models=MODELS,
        stays=OF_THE_BORDER,
    )
    for name in PARAMETERS:
        cr.execute(
            "UPDATE ir_config_parameter SET key = %s WHERE key = %s",
            [f"oiconnect_import.{name}", f"oiconnect_interop.{name}"],
        )
