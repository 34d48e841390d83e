"""The database of `make run`: built once, then upgraded when our addons change."""

import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor

from demo_keys import KEYS

from . import database, odoo, settings, sources
from .console import Failure, say

HASHES = "oiconnect.platform.hashes"
DEMO = "oiconnect.platform.demo_endpoint"
# A partial set of addons has no demo border to point.
CONFIGURE = """
if "oiconnect.demo" in env:
    env["oiconnect.demo"]._connect({servers!r})
    env.cr.commit()
"""


def prepare(name, sftp_port, host_key):
    """A database with all our addons as they are now and the demo network."""
    current = _state()
    servers = {"host": "127.0.0.1", "port": sftp_port, "key": host_key}
    if not database.exists(name):
        _build(name, current, servers)
    else:
        _check_not_later(name)
        _refresh(name, current)
        _configure_demo(name, servers)


def _state():
    addons = sources.hashes(demo=True)
    if not addons:
        raise Failure(f"no addon under {settings.ADDONS}.")
    return {**addons, "platform": sources.platform_hash()}


def _build(name, current, servers):
    """Under another name until it is whole: an interruption leaves no half database."""
    building = f"{name}_new"
    addons = [*sources.present(), "queue_job"]
    say(f"creating the database {name} (1 to 2 minutes): {', '.join(addons)}")
    database.drop(building)
    # Files of an earlier demo have the names that answers of this one will have.
    shutil.rmtree(settings.SFTP / "home", ignore_errors=True)
    say(odoo.install(building, addons, log_name="install-run").summary())
    _load_demo_beside_assets(building, servers)
    database.write_parameter(building, DEMO, _demo_state(servers))
    database.write_parameter(building, HASHES, json.dumps(current))
    database.rename(building, name)


def _load_demo_beside_assets(building, servers):
    """Load the demo and build the assets of pages: each has a core of its own."""
    say("loading the demo, building the web client's assets")
    # The addon reads it while it is installed.
    os.environ["OIC_DEMO_SERVERS"] = json.dumps(_connections(servers))
    demo = {sources.DEMO} & set(sources.present(demo=True))
    with ThreadPoolExecutor(1) as pool:
        assets = pool.submit(odoo.build_assets, building, "assets")
        try:
            if demo:
                say(
                    odoo.install(building, demo, log_name="demo", french=True).summary()
                )
            assets.result()
        except BaseException:
            odoo.stop_all()
            raise


def _check_not_later(name):
    """Refuse a database that a later version has upgraded: there is no way back.

    :raises Failure: an addon is installed in a later version than the work tree has, or
        is not in the work tree
    """
    for addon, version in database.installed_addons(name):
        path = settings.ADDONS / addon / "__manifest__.py"
        own = sources.manifest(addon)["version"] if path.is_file() else None
        if own is None or _numbers(version) > _numbers(own):
            has = f"has {own}" if own else "does not have it"
            raise Failure(
                f"the database {name} is of a later version: its {addon} is {version},"
                f" this code {has}.",
                "Take the later code: git pull && make run",
            )


def _numbers(version):
    return [int(part) for part in version.split(".")]


def _refresh(name, current):
    known = json.loads(database.read_parameter(name, HASHES) or "{}")
    addons = sources.present(demo=True)
    new = [addon for addon in addons if addon not in known]
    changed = [
        addon for addon in addons if addon in known and known[addon] != current[addon]
    ]
    if known.get("platform") != current["platform"]:
        changed = ["base"]
    if not new and not changed:
        return
    say(f"addons changed since the last run: upgrading {', '.join(changed + new)}")
    try:
        progress = odoo.install(name, new, changed, log_name="upgrade-run")
    except Failure as failure:
        failure.hints += ("Fix the addon, or start the demo afresh: make reset",)
        raise
    say(progress.summary())
    database.write_parameter(name, HASHES, json.dumps(current))


def _configure_demo(name, servers):
    wanted = _demo_state(servers)
    if database.read_parameter(name, DEMO) == wanted:
        return
    say("pointing the demo operators at their demo servers")
    odoo.python(name, _demo_code(servers), "configure-demo")
    database.write_parameter(name, DEMO, wanted)


def _demo_code(servers):
    return CONFIGURE.format(servers=_connections(servers))


def _connections(servers):
    """Return what the operators of the demo connect to, and by which keys."""
    return servers | {"url": settings.OC_SOAP_URL, "keys": KEYS}


def _demo_state(servers):
    port, key = servers["port"], servers["key"]
    return f"{port} {key} {settings.OC_SOAP_URL} {sorted(KEYS)}"
