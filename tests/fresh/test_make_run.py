"""`make run` on a machine that has what the README names, and nothing else.

A user follows the README. Then, as root in a folder whose path has blanks and accents,
it cannot work: it ends with one sentence and the next command to type, and nothing that
it leaves is in the way of the next run. One file: the machine has its ports once.
"""

import os
import re
import socket
import subprocess
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import first_run
import pytest
from machine import CannotMake, Machine
from waiting import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.early]
#: seconds without a word after which a user wonders whether it hangs; on a machine that
#: other tests load. Alone, scripts/lib.sh and oictools/console.py say one every 2.
SILENCE = 15
FOLDER = "/root/Réseau très haut débit/oiconnect"
HOME = f"{FOLDER}/.oiconnect"
#: as make run's message has it: a line of what happened, then lines of what to type
MESSAGE = re.compile(r"\nERROR: (.+)\n((?: {7}.+\n)+)make: \*\*\* .*$")
DEAD_PROXY = "http://127.0.0.1:9"
#: says that it is another version, as that of another distribution would
OTHER_PYTHON = """#!/bin/sh
PYTHONHOME=/usr exec /srv/python -c 'import sys
sys.version_info = (3, {minor}, 0, "final", 0)
exec(sys.argv.pop(1))' "$2"
"""
HIDE_PYTHON = 'mount --bind "$0/srv/python3.{}" "$0/usr/bin/python3.13"'
NEEDS = "no Python 3.11, 3.12 or 3.13 with its headers found"
READ_ONLY = f'mount --bind "$0{FOLDER}" "$0{FOLDER}"; '
READ_ONLY += f'mount -o remount,ro,bind "$0{FOLDER}"'
#: what is said, and what to type then, when this machine is so
CASES = {
    "no network": (
        {"network": False},
        "(the package index cannot be reached|Debian's archive cannot be read)",
        "Check the network.* make run",
    ),
    "no apt": (
        {"environment": {"PATH": "/srv/bin"}},
        "this machine has no apt",
        "git clone .*odoo.*\n.*make run ODOO_HOME=",
    ),
    "Python 3.10": (
        {"mounts": HIDE_PYTHON.format(10)},
        NEEDS,
        "apt-get install python3-dev",
    ),
    "Python 3.14": (
        {"mounts": HIDE_PYTHON.format(14)},
        NEEDS,
        "make run OIC_PYTHON3=",
    ),
    "no headers": (
        {"mounts": 'mount -t tmpfs none "$0/usr/include/python3.13"'},
        NEEDS,
        "apt-get install python3-dev",
    ),
    "a small disk": (
        {"mounts": f'mkdir -p "$0{HOME}"; mount -t tmpfs -o size=300m none "$0{HOME}"'},
        "has (299|300) MB left, of 2000 MB needed",
        "make run OIC_HOME=/other/disk",
    ),
    "a folder that cannot be written": (
        {"mounts": READ_ONLY},
        "the folder .* cannot be written",
        "make run OIC_HOME=/var/tmp/oiconnect",
    ),
    "Odoo of another version": (
        {"environment": {"ODOO_HOME": "/srv/odoo-18"}},
        "ODOO_HOME=/srv/odoo-18 is not Odoo 19.0",
        "make run ODOO_HOME=",
    ),
    "no Odoo": (
        {"environment": {"ODOO_HOME": "/srv"}},
        "ODOO_HOME=/srv holds no Odoo",
        "make run ODOO_HOME=",
    ),
    "a proxy that is down": (
        {"environment": {"http_proxy": DEAD_PROXY, "https_proxy": DEAD_PROXY}},
        "(the package index cannot be reached|Debian's archive cannot be read)",
        "Check the network.*proxy.* make run",
    ),
}


@pytest.fixture(scope="module")
def machine():
    try:
        return Machine().ensure()
    except CannotMake as reason:
        pytest.skip(str(reason))


def test_a_user_follows_the_readme(machine):
    first = first_run.recorded(machine)
    assert first["silence"] < SILENCE, first["output"]
    assert "admin / admin" in first["output"]
    with machine.running("maria", "cd oiconnect && make run") as second:
        second.wait_for_page(first_run.PAGE)
        assert "creating the database" not in second.text
        second.wait_for_line("Ctrl-C stops it")
        played = machine.run("maria", "cd oiconnect && make demo-oc", check=True).stdout
        assert "Facture en brouillon" in played, played
        assert "troubleTicketClosureLabel" in played, played
        second.interrupt()
        second.wait_for_end_of_all()
    command = 'make test ARGS="addons/oiconnect_base -k workflow"'
    tests = machine.run("maria", f"cd oiconnect && {command}").stdout
    assert " 0 failed" in tests.splitlines()[-1], tests
    assert not tests.splitlines()[-1].startswith("0 passed"), tests
    machine.run("maria", "cd oiconnect && make clean", check=True)
    left = machine.run("maria", "cd oiconnect && git status --porcelain --ignored")
    assert left.stdout == ""
    assert set(first_run.everything(machine)) - set(first["before"]) == set()
    assert machine.processes() == []


# -- when it cannot work ---------------------------------------------------------------


@pytest.fixture(scope="module")
def clone(machine):
    """A clone of root's."""
    machine.run("root", f"rm -rf '{FOLDER}' && mkdir -p '{FOLDER}'", check=True)
    programs = "mkdir -p /srv/bin && ln -sf /usr/bin/* /srv/bin && rm /srv/bin/apt-get"
    machine.run("root", programs, check=True)
    machine.run("root", f"git clone -q /srv/oiconnect.git '{FOLDER}'", check=True)
    prepare_others(machine.root / "srv", machine.root / "usr" / "bin" / "python3.13")
    yield FOLDER
    machine.kill_all()
    machine.run("root", f"rm -rf '{FOLDER}'")


def prepare_others(folder, python):
    """Other versions of Python and of Odoo."""
    (folder / "python").unlink(missing_ok=True)
    (folder / "python").hardlink_to(python)
    for minor in (10, 14):
        path = folder / f"python3.{minor}"
        path.write_text(OTHER_PYTHON.format(minor=minor))
        path.chmod(0o755)
    release = folder / "odoo-18" / "odoo" / "release.py"
    release.parent.mkdir(parents=True, exist_ok=True)
    release.write_text("version_info = (18, 0, 0, 'final', 0, '')\n")


def fails(machine, said, typed, **options):
    """`make run` fails, says so, and says what to type; nothing of it is at work."""
    done = machine.run("root", f"cd '{FOLDER}' && make run", **options)
    assert done.returncode, done.stdout
    message = MESSAGE.search(f"\n{done.stdout.strip()}")
    assert message, done.stdout
    assert re.search(said, message[1]), done.stdout
    assert re.search(typed, message[2]), done.stdout
    # What tells of progress ends with its last line.
    wait_until(lambda: not machine.processes())


@pytest.mark.parametrize("case", CASES)
def test_it_says_what_to_type(machine, clone, case):
    options, said, typed = CASES[case]
    fails(machine, said, typed, **options)


@contextmanager
def index_without(name):
    """The address of a package index that has all but one package."""
    real = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/")

    class Index(BaseHTTPRequestHandler):
        def do_GET(self):
            project = self.path.strip("/").rpartition("/")[2]
            self.send_response(404 if project == name else 302)
            self.send_header("Location", f"{real}/{project}/")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Index) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/simple"
        server.shutdown()


# -- a bad day -------------------------------------------------------------------------


@contextmanager
def disk(machine, size):
    """A disk of ``size`` MB of its own for OIC_HOME, with what is there already.

    Resize it by what is yielded.
    """
    path = f"{machine.root}{HOME}"
    left = f"mkdir -p '{HOME}' && mv '{HOME}' '{HOME}.left' && mkdir '{HOME}'"
    machine.run("root", left, check=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}m", "none", path]
    subprocess.run(mount, check=True)
    machine.run("root", f"cp -a '{HOME}.left/.' '{HOME}'", check=True)
    try:
        yield path
    finally:
        machine.kill_all()
        subprocess.run(["umount", "--lazy", path], check=True)


def leave_room(path, megabytes):
    """Have a disk as little room left as this."""
    state = os.statvfs(path)
    used = (state.f_blocks - state.f_bfree) * state.f_frsize // 2**20
    size = f"remount,size={used + megabytes}m"
    subprocess.run(["mount", "-o", size, path], check=True)


def fill(machine, path, line):
    """The disk is full soon after `make run` says ``line``, a pattern."""
    with machine.running("root", f"cd '{FOLDER}' && make run") as command:
        command.wait_for(lambda: re.search(line, command.text))
        leave_room(path, 1)
        assert command.end() != 0
        message = MESSAGE.search(f"\n{command.text.strip()}")
        assert message and "is full" in message[1], command.text
        assert "then: make run" in message[2]
    leave_room(path, 2800)


def lack_one_package(machine):
    with index_without("polib") as url:
        environment = {"PIP_INDEX_URL": url}
        said = "the package index does not have polib=="
        fails(machine, said, "make run PIP_INDEX_URL=", environment=environment)


def die(machine, line):
    """Everything is killed when `make run` says ``line``, a pattern."""
    with machine.running("root", f"cd '{FOLDER}' && make run") as command:
        command.wait_for(lambda: re.search(line, command.text))
        machine.kill_all()


def test_a_bad_day_ends_with_a_system_that_runs(machine, clone):
    """Killed, full, beside another, without a proxy that answers; then it serves.

    It begins with what the runs left that could not work.
    """
    with disk(machine, 2800) as path:
        die(machine, "virtual environment")
        die(machine, "installing 1 Python")
        lack_one_package(machine)
        fill(machine, path, r"packages \(runtime")
        die(machine, r"packages \(runtime")
        die(machine, "unpacking Odoo")
        with closing(socket.create_server(("127.0.0.1", 8069))):
            with closing(socket.create_server(("127.0.0.1", 2222))):
                said = "in use by another program: port 8069, 2222"
                typed = r"make run OIC_HTTP_PORT=\d+ OIC_SFTP_PORT=\d+"
                fails(machine, said, typed)
        die(machine, "creating the database")
        fill(machine, path, r"module \d+ of \d\d")
        die(machine, "starting the web client")
        # All is downloaded; no proxy stands between the system and itself.
        environment = {"http_proxy": DEAD_PROXY, "https_proxy": DEAD_PROXY}
        script = f"cd '{FOLDER}' && make run"
        with machine.running("root", script, environment=environment) as command:
            command.wait_for_page(first_run.PAGE)
            command.wait_for_line("Ctrl-C stops it")
            beside = machine.run("root", script)
            assert "another `make run` is at work in this folder" in beside.stdout
            assert re.search(r"kill \d+\n.*make run OIC_HOME=", beside.stdout)
            command.interrupt()
            command.wait_for_end_of_all()
