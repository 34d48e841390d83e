"""The images of docker/, built and started on this machine: what production runs."""

import http.client
import ssl
import subprocess
import urllib.error
import urllib.request
from contextlib import ExitStack, closing

import conftest
import image_world
import paramiko
import pytest
from image_world import Container, Postgres, secret_file
from oictools import backup, database, settings
from oictools.services import free_port

# What they need is built first, which takes minutes on a new machine.
pytestmark = [pytest.mark.slow, pytest.mark.early]
NAME = "oiconnect"
#: the user of the image, and the words that it may not find there
USER = "10001"
HASH = ["openssl", "passwd", "-6", "word-of-ocaa"]
CERTIFICATE = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"


@pytest.fixture(scope="module", autouse=True)
def built():
    image_world.build("oiconnect", "sftp", "proxy")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("image")
    # The containers' users find their mounts.
    for parent in (path, *path.parents[:2]):
        parent.chmod(0o755)
    return path


@pytest.fixture(scope="module")
def secrets(folder):
    """Where Docker puts secrets: folder/secrets is /run/secrets."""
    names = {"db_password": None, "secret_key": settings_key(), "admin_password": None}
    for name, content in names.items():
        secret_file(folder / "secrets", name, content)
    return folder / "secrets"


def settings_key():
    return settings.KEY_FILE.read_text().strip()


@pytest.fixture(scope="module")
def product(folder, secrets):
    """The product's container beside a server of PostgreSQL of its own."""
    data = folder / "data"
    data.mkdir()
    data.chmod(0o777)
    with ExitStack() as stack:
        password = (secrets / "db_password").read_text().strip()
        server = stack.enter_context(Postgres(password))
        environment = {
            "PGHOST": "127.0.0.1",
            "PGPORT": server.port,
            "PGUSER": "oiconnect",
            "PGPASSWORD_FILE": "/run/secrets/db_password",
            "OIC_SECRET_KEY_FILE": "/run/secrets/secret_key",
            "OIC_HTTP_INTERFACE": "127.0.0.1",
            "OIC_HTTP_PORT": free_port(),
            "OIC_WEBSOCKET_PORT": free_port(),
            "OIC_WORKERS": 2,
        }
        volumes = {secrets: "/run/secrets", data: "/var/lib/oiconnect"}
        yield stack.enter_context(Container("oiconnect", folder, environment, volumes))


@pytest.fixture(scope="module")
def saved(folder):
    """A backup of a database without demo data, where the container finds it."""
    name = conftest.copy_of("nodemo", "image")
    try:
        path = backup.make(name, folder / "data" / "backups")
    finally:
        database.drop(name)
    subprocess.run(["chown", "-R", USER, folder / "data"], timeout=60, check=True)
    return f"/var/lib/oiconnect/backups/{path.name}"


def get(url, **headers):
    """(status, body); None while nobody listens"""
    trusting = ssl._create_unverified_context()  # noqa: S323
    request = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30, context=trusting) as found:
            return found.status, found.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
    except OSError:
        return None


# -- the product -----------------------------------------------------------------------


def test_the_product_is_not_root_and_cannot_write_its_own_code(product):
    assert product.run("id", "-u")[:2] == (0, USER)
    writable = ["find", "/opt", "/usr", "-writable", "-not", "-type", "l"]
    assert product.run(*writable, "-print", "-quit")[:2] == (0, "")
    assert product.run("touch", "/opt/oiconnect/addons/new")[0] != 0


def test_the_image_holds_no_compiler_no_key_and_no_demo_server(product):
    for command in ("gcc", "cc", "make", "git"):
        assert product.run("sh", "-c", f"command -v {command}")[1] == ""
    for path in (
        "home/secret.key",
        "scripts/demo_sftp.py",
        "addons/oiconnect_demo",
        "docker/secrets",
    ):
        assert product.run("test", "-e", f"/opt/oiconnect/{path}")[0] == 1


def test_secrets_are_read_from_their_files(product, secrets):
    entry = "/opt/oiconnect/docker/entrypoint.sh"
    for name, variable in [
        ("db_password", "PGPASSWORD"),
        ("secret_key", "OIC_SECRET_KEY"),
    ]:
        expected = (secrets / name).read_text().strip()
        assert product.run(entry, "printenv", variable)[:2] == (0, expected)
    code, _output, errors = product.run(
        entry, "web", environment={"OIC_SECRET_KEY_FILE": "/run/secrets/none"}
    )
    assert code == 1 and "/run/secrets/none cannot be read" in errors


def test_a_backup_is_restored_and_served_behind_the_proxy(product, saved, folder):
    entry = "/opt/oiconnect/docker/entrypoint.sh"
    code, _output, errors = product.run(entry, "restore", saved, "--database", NAME)
    assert code == 0, errors
    code, _output, errors = product.run(entry, "init")
    assert code == 0 and "nothing to do" in errors
    port = product.environment["OIC_HTTP_PORT"]
    with product.running(entry, "web") as process:
        health = f"http://127.0.0.1:{port}/oiconnect/health"
        status, body = image_world.answer(process, lambda: get(health), product.log)
        assert status in (200, 503) and b'"status"' in body
        assert product.run(entry, "healthy", "/web/health")[0] == 0
        served_by_proxy(folder, product)


def served_by_proxy(folder, product):
    secrets = folder / "secrets"
    made = [*CERTIFICATE.split(), "-keyout", "tls_key", "-out", "tls_certificate"]
    subprocess.run(made, cwd=secrets, capture_output=True, timeout=60, check=True)
    (secrets / "tls_key").chmod(0o444)
    plain, tls = free_port(), free_port()
    environment = {
        # Two nodes, of which one is dead
        "OIC_WEB": f"127.0.0.1:{free_port()} "
        f"127.0.0.1:{product.environment['OIC_HTTP_PORT']}",
        "OIC_WEBSOCKET": f"127.0.0.1:{product.environment['OIC_WEBSOCKET_PORT']}",
        # Who runs a container lets its user write to the output; a chroot does not.
        "OIC_ACCESS_LOG": "/tmp/access.log",
        "OIC_HTTP_PORT": f"127.0.0.1:{plain}",
        "OIC_HTTPS_PORT": f"127.0.0.1:{tls}",
    }
    with Container("proxy", folder, environment, {secrets: "/run/secrets"}) as proxy:
        with proxy.running("/opt/proxy/start.sh") as process:
            outside = f"https://localhost:{tls}"
            status, body = image_world.answer(
                process, lambda: get(f"{outside}/web/login"), proxy.log
            )
            assert status == 200 and b'name="password"' in body
            assert is_led_to_tls(plain)
            assert get(f"{outside}/oiconnect/health")[0] in (200, 503)
            doors_are_closed(outside)
            pages_are_guarded(outside)
            passwords_are_not_tried_for_ever(outside)


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


def passwords_are_not_tried_for_ever(outside):
    for path in ("/fr/web/login", "/web/session/authenticate"):
        statuses = {get(f"{outside}{path}")[0] for _try in range(25)}
        assert 429 in statuses, path


# -- the SFTP server -------------------------------------------------------------------


@pytest.fixture
def sftp(folder):
    """(port, its public host key) of a server with two accounts."""
    hashed = subprocess.check_output(HASH, text=True, timeout=30).strip()
    key = paramiko.RSAKey.generate(2048)
    lines = [f"ocaa:{hashed}:", f"ocbb:*:ssh-rsa {key.get_base64()} ocbb"]
    secret_file(folder / "secrets", "sftp_accounts", "\n".join(lines))
    port = free_port()
    environment = {"OIC_SFTP_ACCOUNTS_FILE": "/run/secrets/sftp_accounts"}
    volumes = {folder / "secrets": "/run/secrets"}
    for name in ("srv/sftp", "var/lib/sftp-keys"):
        (folder / name).mkdir(parents=True, exist_ok=True)
        volumes[folder / name] = f"/{name}"
    with Container("sftp", folder, environment, volumes) as server:
        start = ["/opt/sftp/start.sh", "-p", str(port), "-o", "ListenAddress=127.0.0.1"]
        with server.running(*start) as process:
            image_world.answer(process, lambda: greeting(port), server.log)
            yield port, key


def greeting(port):
    try:
        with closing(paramiko.Transport(("127.0.0.1", port))) as transport:
            transport.start_client(timeout=20)
            return transport.get_remote_server_key()
    except (OSError, paramiko.SSHException):
        return None


def session(port, login, **identity):
    transport = paramiko.Transport(("127.0.0.1", port))
    try:
        transport.connect(username=login, **identity)
    except BaseException:
        transport.close()
        raise
    return closing(transport)


def test_an_operator_finds_its_own_folders_and_nothing_else(sftp, folder):
    port, key = sftp
    with session(port, "ocaa", password="word-of-ocaa") as transport:
        box = paramiko.SFTPClient.from_transport(transport)
        assert sorted(box.listdir("/")) == ["in", "out", "publication"]
        with box.open("in/order.csv.tmp", "wb") as target:
            target.write(b"one")
        box.posix_rename("in/order.csv.tmp", "in/order.csv")
        assert "order.csv" in box.listdir("in")
        for path in ("/etc/passwd", "../ocbb/in", "/srv"):
            with pytest.raises(OSError):
                box.stat(path)
        with pytest.raises(OSError):
            box.mkdir("/new")
    with session(port, "ocbb", pkey=key) as transport:
        box = paramiko.SFTPClient.from_transport(transport)
        assert sorted(box.listdir("in")) == ["archive", "error"]
        assert b"uid=" not in said_to_a_command(transport, "id")
        with pytest.raises(paramiko.SSHException):
            inside = ("127.0.0.1", port)
            transport.open_channel("direct-tcpip", inside, inside)
    owners = {(folder / "srv/sftp" / n / "in").stat().st_uid for n in ("ocaa", "ocbb")}
    assert len(owners) == 2 and 0 not in owners


def said_to_a_command(transport, command):
    with closing(transport.open_session()) as channel:
        channel.settimeout(30)
        channel.exec_command(command)
        channel.shutdown_write()
        return channel.makefile().read()


def test_who_has_no_account_or_another_word_is_not_let_in(sftp):
    port, _key = sftp
    for login, word in [("ocaa", "wrong"), ("ocbb", ""), ("root", "word-of-ocaa")]:
        with pytest.raises(paramiko.AuthenticationException):
            session(port, login, password=word)
