import csv
import gzip
import io

from odoo.tools import SQL
from odoo.tools.misc import file_open

from . import passwords

#: rights, connections, prices: of these people two factors are required
TWO_FACTORS = (
    "base.group_erp_manager",
    "base.group_system",
    "oiconnect_base.group_api_manager",
    "oiconnect_base.group_billing_manager",
    "oiconnect_base.group_exchange_manager",
)
COMMUNES = "oiconnect_base/data/communes.csv.gz"


def pre_init_hook(env):
    """Speak French from the first screen on.

    Before the data, so that our own terms are translated as they are loaded.
    """
    env["res.lang"]._activate_and_install_lang("fr_FR")
    env["ir.default"].set("res.partner", "lang", "fr_FR")
    speak_french(env.ref("base.user_admin") | env.ref("base.user_root"))


def speak_french(users):
    """Give French to users whose language was not chosen.

    OdooBot among them: scheduled work speaks its language.
    """
    users.filtered(lambda user: user.lang == "en_US").lang = "fr_FR"


def post_init_hook(env):
    _load_communes(env)
    raise_password_length(env)
    for name in TWO_FACTORS:
        env.ref(name)._require_two_factors()


def raise_password_length(env):
    """Have the settings show what the code requires at least."""
    parameters = env["ir.config_parameter"]
    name = "auth_password_policy.minlength"
    shown = int(parameters.get_param(name) or 0)
    parameters.set_param(name, max(shown, passwords.MIN_LENGTH))


def _load_communes(env):
    """Add the communes of France that are not there yet.

    37 000 lines: COPY, not one ORM call each. A commune that a user has
    edited is left as it is.
    """
    env.cr.execute(
        """
        CREATE TEMPORARY TABLE oiconnect_commune_load (
            insee_code varchar, name varchar, kind varchar,
            department varchar, region varchar, postal_codes varchar
        ) ON COMMIT DROP
        """
    )
    with file_open(COMMUNES, "rb") as raw:
        text = gzip.decompress(raw.read()).decode()
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))[1:]
    # The text format of COPY: names hold no tab.
    lines = "".join("\t".join(row) + "\n" for row in rows)
    env.cr.copy_expert("COPY oiconnect_commune_load FROM STDIN", io.StringIO(lines))
    env.cr.execute(
        SQL(
            """
            INSERT INTO oiconnect_commune (
                insee_code, name, kind, department, region, postal_codes,
                active, create_uid, create_date, write_uid, write_date
            )
            SELECT insee_code, name, kind, department, region, postal_codes,
                   TRUE, %(uid)s, now(), %(uid)s, now()
              FROM oiconnect_commune_load
            ON CONFLICT (insee_code) DO NOTHING
            """,
            uid=env.uid,
        )
    )
    env["oiconnect.commune"].invalidate_model()
