"""Production on this machine: the images of docker/, built, and started from nothing.

docs/production.md is followed line by line in a new folder `docker/`, whose volumes are
empty: *Install*, *First operator*, then *Backup and restore* and *Upgrade* with what an
earlier version left. What differs from Docker, compose.py says.
"""

import http.client
import ssl
import subprocess
import urllib.error
import urllib.request
from contextlib import closing

import conftest
import earlier_version
import guides
import image_world
import paramiko
import pytest
import releases
from compose import HOST, Compose
from oictools import backup, database, sources, story, templates
from oictools.client import Client
from oictools.oc import Account
from person import Person
from second_factor import FirstLogIn
from story_network import Network, cells
from story_script import scripts
from waiting import wait_until

# What they need is built first, which takes minutes on a new machine.
pytestmark = [pytest.mark.slow, pytest.mark.early]
#: the user of the image
USER = "10001"
HASH = ["openssl", "passwd", "-6", "word-of-ocbb"]
CERTIFICATE = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
#: less memory for PostgreSQL than a server has
SETTINGS = {"OIC_SHARED_BUFFERS": "256MB", "OIC_CACHE_SIZE": "1GB"}
#: an order of the version before
ORDER = """
from odoo.addons.oiconnect_base.workflow import Origin
from odoo.addons.oiconnect_orders.tests import common
made = common.make_network(env, code="OIUP", prefix="ZU")
operator = common.make_operator(env, "OCUP")
common.open_pm(env, made, operator)
line = {
    "oc_reference": "OCUP-1",
    "connection_type": "STOC",
    "requested_type": "AUTO",
    "existing_socket": False,
    "order_date": "2026-03-14T10:05:00",
    "building_identifier": made["building"].identifier,
    "pm_reference": made["pm"].reference,
    "customer_name": "EXEMPLE",
    "customer_contact1": "0600000001",
}
orders = env["oiconnect.access.order"]
origin = Origin("file", version="V1.3")
[(order, refusals)] = orders._receive([line], operator, made["network"], origin)
order._study()
env.cr.commit()
"""


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    """The services as *Install* starts them."""
    image_world.build("oiconnect", "sftp", "proxy")
    folder = tmp_path_factory.mktemp("docker")
    files = ["-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"]
    command = [*CERTIFICATE.split(), *files]
    subprocess.run(command, capture_output=True, timeout=60, check=True)
    with Compose(folder, **SETTINGS) as machine:
        [lines] = guides.commands("Install")
        follow(machine, lines, {"/path/to": str(folder)})
        yield machine


def follow(machine, lines, here):
    """Run lines of the guide; ``here``: what is elsewhere on this machine."""
    for line in lines:
        for word, meant in here.items():
            line = line.replace(word, meant)
        machine.follow(line)


@pytest.fixture(scope="module")
def web(machine):
    """The container of pages, once it serves some."""
    health = f"http://{HOST}:{machine.ports['web', 8069]}/web/health"
    machine.services["web"].wait_for(lambda: get(health))
    return machine.services["web"]


@pytest.fixture(scope="module")
def outside(machine, web):
    """The address at which the proxy serves the pages."""
    address = f"https://localhost:{machine.ports['proxy', 8443]}"
    machine.services["proxy"].wait_for(lambda: get(f"{address}/web/health"))
    return address


def get(url, **headers):
    """(status, body); None while the port is closed"""
    trusting = ssl._create_unverified_context()  # noqa: S323
    request = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30, context=trusting) as found:
            return found.status, found.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
    except OSError:
        return None


def client(machine, password):
    return Client(machine.ports["web", 8069], "oiconnect", "admin", password)


@pytest.fixture(scope="module")
def administrator(machine, web):
    """The calls of who logs in with the word of secrets/admin_password.

    A second factor is set up at once, and programs need a key.
    """
    address = f"http://127.0.0.1:{machine.ports['web', 8069]}"
    password = machine.follow("cat secrets/admin_password")
    return client(machine, FirstLogIn(address, "admin", password).api_key())


@pytest.fixture(scope="module")
def operator_key(machine):
    """The private key of the operator; the public one is `operator.pub`."""
    machine.follow("ssh-keygen -q -t ed25519 -N '' -C operator -f operator")
    return paramiko.Ed25519Key.from_private_key_file(machine.folder / "operator")


@pytest.fixture(scope="module")
def connection(machine, administrator, operator_key):
    """The connection of the operator, made as *First operator* says."""
    [lines] = guides.commands("First operator")
    follow(machine, lines, {})
    machine.services["sftp"].wait()
    person, made = Person(administrator), {}
    for screen, texts in guides.forms("First operator"):
        shown = {label: value(machine, text) for label, text in texts.items()}
        made[screen] = person.fill(screen, shown)
    return made["Configuration / Connections"]


def value(machine, text):
    """Input of a person: a text, or what a command shows.

    The SFTP server has another port here.
    """
    if text.startswith("`"):
        return machine.follow(text.strip("`"))
    return str(machine.ports["sftp", 2222]) if text == "2222" else text


# -- the first start -------------------------------------------------------------------


def test_a_new_database_is_served_behind_the_proxy(machine, outside, administrator):
    """The word of secrets/admin_password opens it; it has no demo and no network."""
    status, body = get(f"{outside}/web/login")
    assert status == 200 and b'name="password"' in body
    assert is_led_to_tls(machine.ports["proxy", 8080])
    demo = [("name", "=", "oiconnect_demo"), ("state", "!=", "uninstalled")]
    assert administrator.read("ir.module.module", demo, "name") == []
    assert administrator.read("oiconnect.network", [], "name") == []
    # No scheduled action runs as long as there are any.
    waiting = [("state", "in", ("to install", "to upgrade", "to remove"))]
    assert administrator.read("ir.module.module", waiting, "name") == []


def test_pages_are_guarded_and_doors_closed(outside):
    doors_are_closed(outside)
    pages_are_guarded(outside)


def is_led_to_tls(port):
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as plain:
        plain.request("GET", "/web/login")
        found = plain.getresponse()
        return (found.status, found.headers["Location"]) == (
            301,
            "https://127.0.0.1/web/login",
        )


def doors_are_closed(outside):
    for path in (
        "/web/database/manager",
        "//web/%64atabase/selector",
        "/fr/web/database/list",
        "/es_419/web/database/list",
        "/sr%40latin/oiconnect/metrics",
        "/queue_job/runjob?db=oiconnect&job_uuid=1",
        "/oiconnect/metrics",
    ):
        status, body = get(f"{outside}{path}")
        assert status == 404 and b"nginx" in body, path


def pages_are_guarded(outside):
    """Cookies go by TLS and from our own pages only, which no other site frames."""
    trusting = ssl._create_unverified_context()  # noqa: S323
    login = f"{outside}/web/login"
    with urllib.request.urlopen(login, timeout=30, context=trusting) as found:
        cookies = found.headers.get_all("Set-Cookie")
        policies = found.headers.get_all("Content-Security-Policy")
    assert any(cookie.startswith("session_id=") for cookie in cookies)
    for cookie in cookies:
        assert "secure" in cookie.lower() and "samesite=lax" in cookie.lower()
    assert "frame-ancestors 'self'" in policies


def test_a_second_start_makes_no_second_database(machine, web):
    machine.services["init"].wait("service_completed_successfully")
    pages = web.process
    machine.follow("docker compose up -d")
    machine.services["init"].wait("service_completed_successfully")
    assert "oiconnect is there: nothing to do" in machine.services["init"].said()
    assert web.process is pages


def test_the_product_is_not_root_and_cannot_write_its_own_code(web):
    assert web.execute("id", "-u") == USER
    writable = ["find", "/opt", "/usr", "-writable", "-not", "-type", "l"]
    assert web.execute(*writable, "-print", "-quit") == ""
    assert web.run("touch", "/opt/oiconnect/addons/new")[0] != 0


def test_the_image_holds_no_compiler_no_key_and_no_demo_server(web):
    paths = "home/secret.key scripts/demo_sftp.py addons/oiconnect_demo docker/secrets"
    look = f"command -v gcc cc make git; cd /opt/oiconnect && ls -d {paths}"
    _code, output, errors = web.run("sh", "-c", look)
    assert output == "" and errors.count("No such file") == len(paths.split())


def test_secrets_are_read_from_their_files(machine, web):
    for name, variable in [
        ("db_password", "PGPASSWORD"),
        ("secret_key", "OIC_SECRET_KEY"),
    ]:
        expected = machine.follow(f"cat secrets/{name}")
        assert web.execute(*web.entry(["printenv", variable])) == expected
    code, _output, errors = web.run(
        *web.entry(["web"]), environment={"OIC_SECRET_KEY_FILE": "/run/secrets/none"}
    )
    assert code == 1 and "/run/secrets/none cannot be read" in errors


# -- the first operator ----------------------------------------------------------------


@pytest.fixture(scope="module")
def account(machine, connection, operator_key):
    """The operator's account on the SFTP server."""
    port = machine.ports["sftp", 2222]
    with Account(port, "ocaa", operator_key) as account:
        yield account


@pytest.fixture(scope="module")
def served(administrator, connection, account):
    """The operator's order, from its file to its service: what both said."""
    said = administrator.call("oiconnect.endpoint", "action_test", [connection])
    assert said["params"]["type"] == "success", said
    # At once, instead of each minute
    quick = {"poll_seconds": 1, "still_seconds": 0}
    administrator.call("oiconnect.endpoint", "write", [connection], quick)
    script = next(one for one in scripts() if one.name == "01_stoc_new_socket")
    Network(administrator, [script]).make()
    played = story.Story(account, cells(script), "OCA-IMAGE")
    administrator.call("oiconnect.endpoint", "action_poll", [connection])
    played.say("CMD_ACCES", played.line(1))
    for flow in ("AR_CMD", "CR_CMD", "CMD_STOC"):
        played.hear(flow)
    list(played.connect())
    list(played.activate())
    return played


def test_the_first_operator_orders_and_is_answered(served, administrator):
    for flow, column in [
        ("AR_CMD", "EtatArCommandePrise"),
        ("CR_CMD", "EtatCrCommandePrise"),
    ]:
        assert served.heard(flow)[column] == "OK"
    domain = [("oc_reference", "=", served.reference(1))]
    wait_until(lambda: state(administrator, domain) == "in_service")


def state(client, domain):
    [order] = client.read("oiconnect.access.order", domain, "state")
    return order["state"]


def test_the_monthly_run_makes_its_invoice(served, administrator):
    domain = [("oc_reference", "=", served.reference(1))]
    wait_until(lambda: state(administrator, domain) == "in_service")
    [network] = administrator.call("oiconnect.network", "search", [])
    month = {"month": str(story.today_in_france()), "network_id": network}
    run = administrator.call("oiconnect.billing.run", "create", month)
    administrator.call("oiconnect.billing.run", "action_compute", [run])
    domain = [("oiconnect_run_id", "=", run)]
    fields = ("state", "partner_id", "amount_untaxed", "amount_tax")
    [invoice] = administrator.read("account.move", domain, *fields)
    assert invoice["state"] == "draft"
    assert invoice["partner_id"][1] == "Opérateur Exemple"
    assert 0 < invoice["amount_untaxed"] <= 31
    assert invoice["amount_tax"] > 0


def test_all_services_are_healthy(machine, served):
    """All are healthy after an order has passed through all of them."""
    for name, service in machine.services.items():
        if name != "init":
            service.wait("service_healthy")


# -- the SFTP server -------------------------------------------------------------------


@pytest.fixture(scope="module")
def password_account(machine, connection):
    """An operator with a password; the product's key opens its account too."""
    hashed = subprocess.check_output(HASH, text=True, timeout=30).strip()
    with (machine.folder / "secrets" / "sftp_accounts").open("a") as accounts:
        public = machine.follow("cat ocaa.pub")
        accounts.write(f"ocbb:{hashed}:\nocbb:*:{public}\n")
    machine.follow("docker compose restart sftp")
    machine.services["sftp"].wait()


def session(machine, login, **identity):
    transport = paramiko.Transport((HOST, machine.ports["sftp", 2222]))
    try:
        transport.connect(username=login, **identity)
    except BaseException:
        transport.close()
        raise
    return closing(transport)


def test_an_operator_finds_its_own_folders_and_nothing_else(
    machine, password_account, operator_key
):
    with session(machine, "ocbb", password="word-of-ocbb") as transport:
        box = paramiko.SFTPClient.from_transport(transport)
        assert sorted(box.listdir("/")) == ["in", "out", "publication"]
        with box.open("in/order.csv.tmp", "wb") as target:
            target.write(b"one")
        box.posix_rename("in/order.csv.tmp", "in/order.csv")
        assert "order.csv" in box.listdir("in")
        for path in ("/etc/passwd", "../ocaa/in", "/srv"):
            with pytest.raises(OSError):
                box.stat(path)
        with pytest.raises(OSError):
            box.mkdir("/new")
    with session(machine, "ocaa", pkey=operator_key) as transport:
        box = paramiko.SFTPClient.from_transport(transport)
        assert sorted(box.listdir("in")) == ["archive", "error"]
        assert b"uid=" not in said_to_a_command(transport, "id")
        with pytest.raises(paramiko.SSHException):
            inside = (HOST, machine.ports["sftp", 2222])
            transport.open_channel("direct-tcpip", inside, inside)
    folders = machine.folder / "volumes" / "sftp"
    owners = {(folders / name / "in").stat().st_uid for name in ("ocaa", "ocbb")}
    assert len(owners) == 2 and 0 not in owners


def said_to_a_command(transport, command):
    with closing(transport.open_session()) as channel:
        channel.settimeout(30)
        channel.exec_command(command)
        channel.shutdown_write()
        return channel.makefile().read()


def test_who_has_no_account_or_another_word_is_not_let_in(machine, password_account):
    for login, word in [("ocaa", ""), ("ocbb", "wrong"), ("root", "word-of-ocbb")]:
        with pytest.raises(paramiko.AuthenticationException):
            session(machine, login, password=word)


# -- the next version ------------------------------------------------------------------


@pytest.fixture(scope="module")
def before(machine, tmp_path_factory):
    """A backup of the version before, where the guide has those."""
    commit = releases.releases()[0].commit
    if not earlier_version.has(commit):
        pytest.skip(f"the history of this clone does not reach back to {commit[:7]}")
    folder = tmp_path_factory.mktemp("before")
    name = f"{conftest.PREFIX}_image"
    configuration = earlier_version.unpack(commit, folder)
    addons = {path.name for path in (folder / "addons").iterdir()} - {sources.DEMO}
    database.clone(templates.base().ensure(), name)
    try:
        installed = [*sorted(addons), *earlier_version.UNASKED]
        arguments = ["--without-demo", "-i", ",".join(installed)]
        earlier_version.odoo(name, configuration, arguments)
        shell = ["--shell-interface=python"]
        earlier_version.odoo(name, configuration, shell, ORDER, "shell")
        path = backup.make(name, machine.folder / "backups")
    finally:
        database.drop(name)
    subprocess.run(["chown", "-R", USER, path.parent], timeout=60, check=True)
    return path.name


def test_a_new_version_takes_over_the_volumes_of_the_one_before(
    machine, outside, before
):
    """They are restored first, by its backup: then *Upgrade* is followed."""
    here = {
        "/srv/backups": str(machine.folder / "backups"),
        # What the test has made of that version has another name.
        "oiconnect-… --force": f"{before} --force --database oiconnect",
        "oiconnect-…": before,
    }
    save, [*restore, _up] = guides.commands("Backup and restore")
    follow(machine, save, here)
    follow(machine, restore, here)
    [[pull, *upgrade]] = guides.commands("Upgrade")
    assert pull == "git pull"
    follow(machine, upgrade, here)
    machine.services["proxy"].wait_for(
        lambda: get(f"{outside}/web/health")[0] == 200 or None
    )
    domain = [("oc_reference", "=", "OCUP-1")]
    assert state(client(machine, "admin"), domain) == "connecting"


def test_passwords_are_not_tried_for_ever(outside):
    for path in ("/fr/web/login", "/web/session/authenticate"):
        statuses = {get(f"{outside}{path}")[0] for _try in range(25)}
        assert 429 in statuses, path
