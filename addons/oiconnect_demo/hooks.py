import gc

from odoo.modules import Manifest
from odoo.tools import SQL
from odoo.tools.convert import convert_file

from .models.res_users import KNOWN_TO_ALL

FORMER_OWNERS = (
    "oiconnect_base",
    "oiconnect_orders",
    "oiconnect_interop",
    "oiconnect_billing",
)
#: external identifiers of the demo; those of partners and templates are made of them
RECORDS = (
    "network_demo|(operator|endpoint)_oc(aa|bb|cc)|contact_oc(aa|bb)"
    "|user_(orders|network|billing)|delay_(connection_ocbb|service_ocaa|report_demo)"
    "|(billing_)?product_(rental|cofinancing)"
)


def post_init_hook(env):
    """Make the demo network, unless a version before this addon made it.

    Its files are no data of the manifest: their installation would write again what
    people changed in a demo that is there.
    """
    if _take_over(env):
        return
    # The registry stays: to look through it again and again costs a sixth of the time.
    gc.freeze()
    quick = env(context=dict(env.context, oiconnect_passwords=KNOWN_TO_ALL))
    for path in Manifest.for_addon("oiconnect_demo")["oca_data_manual"]:
        convert_file(quick, "oiconnect_demo", path, {}, mode="init")
    quick["oiconnect.demo"]._load()


def _take_over(env):
    """Become the owner of the demo's records; return whether there were any."""
    env.cr.execute(
        SQL(
            """
            UPDATE ir_model_data SET module = 'oiconnect_demo'
            WHERE module = ANY(%s) AND name ~ %s
            """,
            list(FORMER_OWNERS),
            f"^({RECORDS})(_res_partner|_product_template)?$",
        )
    )
    found = env.cr.rowcount
    env.registry.clear_cache()
    return found
