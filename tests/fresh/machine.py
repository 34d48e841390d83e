"""A machine that has what the README names and nothing else: a Debian in a folder.

Its processes see its own files and run as its own users, on the network of this
machine. Standard library only: .ci/run makes one before anything of development is
installed.
"""

import os
import re
import shutil
import signal
import subprocess
import time
import urllib.request
from contextlib import contextmanager, suppress
from itertools import pairwise
from pathlib import Path

from oictools import settings

#: the exit code of images.sh where it cannot work
CANNOT = 77
IMAGES = settings.ROOT / "scripts" / "images.sh"
#: the command of the README that installs on a bare Debian what the project needs
README_COMMAND = re.compile(r"^apt-get install .+$", re.MULTILINE)
#: what tells how this machine reaches the package indexes
NETWORK_VARIABLES = (
    *("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_TRUSTED_HOST", "PIP_CERT"),
    *("NODE_EXTRA_CA_CERTS", "npm_config_registry"),
    *("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "no_proxy"),
)
APT_NETWORK = re.compile(r"^Acquire::(?:Check-|Retries |http|ftp).*;$", re.MULTILINE)
AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
ADMIN_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# In a mount namespace of its own: what is mounted in it goes with its last process.
ENTER = """
set -e
mount --rbind /proc "$0/proc"
mount --rbind /dev "$0/dev"
eval "$1"
exec chroot --userspec="$2:$2" "$0" /usr/bin/env -i "${@:3}"
"""
USERS = {"root": (0, "/root"), "maria": (1000, "/home/maria")}
PIP_CACHE = "/var/cache/pip/{}"
DAYS, LIMIT = 7, 900


class CannotMake(Exception):
    """This machine is not one that can hold another: the message says why."""


class Machine:
    """A bare Debian 13 under ``folder``, made once, and the repository as it is now."""

    def __init__(self, folder=settings.HOME / "fresh" / "machine"):
        self.root = Path(folder)

    # -- making it ---------------------------------------------------------------------

    def ensure(self):
        """Make the machine unless it is there, with the packages of today's README."""
        if os.getuid():
            raise CannotMake("a machine in a folder is made as root only")
        mount = subprocess.run(["unshare", "--mount", "true"], capture_output=True)
        if mount.returncode:
            raise CannotMake("nothing can be mounted here")
        stamp = self.root / "etc" / "oiconnect-stamp"
        packages = readme_command()
        age = time.time() - stamp.stat().st_mtime if stamp.exists() else None
        if age is None or age > DAYS * 86400 or stamp.read_text() != packages:
            self._make(packages)
            stamp.write_text(packages)
        self._lend_network()
        self.publish()
        return self

    def _make(self, packages):
        shutil.rmtree(self.root, ignore_errors=True)
        self.root.mkdir(parents=True)
        made = subprocess.run(
            [IMAGES, "base"], stdout=subprocess.PIPE, text=True, timeout=LIMIT
        )
        if made.returncode == CANNOT:
            raise CannotMake("Debian's base cannot be made (see above)")
        made.check_returncode()
        base = made.stdout.strip()
        subprocess.run(
            ["tar", "-xpf", base, "-C", self.root], timeout=LIMIT, check=True
        )
        self._lend_network()
        install = f"{packages} -y -q -o DPkg::Options::=--force-unsafe-io"
        prepare = f"apt-get -q update && {install} && useradd --create-home maria"
        self.run("root", prepare, check=True)
        self._lend_downloads()

    def _lend_downloads(self):
        """Copies of what pip has downloaded already, if anything."""
        cache = os.environ.get("PIP_CACHE_DIR") or Path.home() / ".cache" / "pip"
        for user, (uid, _home) in USERS.items():
            folder = self.root / PIP_CACHE.format(user).lstrip("/")
            folder.parent.mkdir(parents=True, exist_ok=True)
            if Path(cache).is_dir():
                shutil.copytree(cache, folder)
            folder.mkdir(exist_ok=True)
            subprocess.run(["chown", "-R", f"{uid}:{uid}", folder], check=True)

    def _lend_network(self):
        """What this machine downloads by: names, certificates, settings of apt."""
        etc = self.root / "etc"
        shutil.copy("/etc/resolv.conf", etc / "resolv.conf")
        if AUTHORITIES.exists():
            copy = self.root / AUTHORITIES.relative_to("/")
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(AUTHORITIES, copy)
        found = subprocess.run(
            ["apt-config", "dump"], capture_output=True, text=True, timeout=60
        )
        lines = APT_NETWORK.findall(found.stdout)
        (etc / "apt" / "apt.conf.d" / "99network").write_text("\n".join(lines) + "\n")

    def publish(self):
        """Give the machine a repository to clone: what is tracked here, as it is."""
        git = ["git", "-C", settings.ROOT]
        found = subprocess.check_output(
            [*git, "stash", "create"], text=True, timeout=60
        )
        repository = self.root / "srv" / "oiconnect.git"
        shutil.rmtree(repository, ignore_errors=True)
        command = [
            "git",
            "init",
            "--quiet",
            "--bare",
            "--initial-branch=main",
            repository,
        ]
        subprocess.run(command, timeout=60, check=True)
        refspec = f"{found.strip() or 'HEAD'}:refs/heads/main"
        command = [*git, "push", "--quiet", "--force", repository, refspec]
        subprocess.run(command, timeout=LIMIT, check=True)
        tree = ["git", "-C", repository, "rev-parse", "main^{tree}"]
        self.tree = subprocess.check_output(tree, text=True, timeout=60).strip()
        for user in ("root", "maria"):
            self.run(user, "git config --global safe.directory '*'", check=True)

    # -- using it ----------------------------------------------------------------------

    def command(self, user, script, *, mounts="", environment=(), network=True):
        """Return the words that run a shell script as a user of the machine.

        :param mounts: shell commands of root, run before; $0 is the machine's folder
        """
        uid, home = USERS[user]
        variables = {
            name: os.environ[name] for name in NETWORK_VARIABLES if name in os.environ
        }
        variables |= {"HOME": home, "PATH": ADMIN_PATH, "TERM": "dumb"}
        variables["PIP_CACHE_DIR"] = PIP_CACHE.format(user)
        variables |= dict(environment)
        words = [f"{name}={value}" for name, value in variables.items()]
        words += ["bash", "-c", f"cd && {script}"]
        unshare = ["unshare", "--mount", *([] if network else ["--net"])]
        return [
            *unshare,
            "bash",
            "-c",
            ENTER,
            str(self.root),
            mounts or ":",
            str(uid),
            *words,
        ]

    def run(self, user, script, *, check=False, timeout=LIMIT, **options):
        """Run a script to its end; its output and errors are one text."""
        done = subprocess.run(
            self.command(user, script, **options),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=timeout,
        )
        if check and done.returncode:
            raise RuntimeError(f"{script} ended with {done.returncode}:\n{done.stdout}")
        return done

    @contextmanager
    def running(self, user, script, **options):
        """A :class:`Command` at work, which ends with the block whatever happens."""
        command = Command(self, self.command(user, script, **options))
        try:
            yield command
        finally:
            command.kill()

    def processes(self):
        """The numbers of the processes that live in this machine."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if (folder / "root").readlink() == self.root:
                    found.append(int(folder.name))
        return found

    def kill_all(self):
        """As when the power goes: SIGKILL to every process of the machine."""
        while found := self.processes():
            for number in found:
                with suppress(ProcessLookupError):
                    os.kill(number, signal.SIGKILL)
            time.sleep(0.05)


class Command:
    """A command of a machine, its output line by line with the moment of each."""

    def __init__(self, machine, words):
        self.machine = machine
        self.lines = []
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            # Ctrl-C reaches all that the terminal started.
            start_new_session=True,
        )
        os.set_blocking(self.process.stdout.fileno(), False)
        self._rest = ""

    @property
    def text(self):
        return "\n".join(line for _moment, line in self.lines)

    def _read(self):
        with suppress(TypeError, BlockingIOError):
            while part := self.process.stdout.read():
                *lines, self._rest = (self._rest + part).split("\n")
                moment = time.monotonic() - self.started
                self.lines += [(moment, line) for line in lines]

    def wait_for(self, condition, limit=LIMIT):
        """Return the first true value of ``condition()``; fail if the command ends."""
        end = time.monotonic() + limit
        while time.monotonic() < end:
            over = self.process.poll() is not None
            self._read()
            if found := condition():
                return found
            if over:
                code = self.process.returncode
                raise AssertionError(f"ended with {code}:\n{self.text}")
            time.sleep(0.05)
        raise AssertionError(f"nothing after {limit} s:\n{self.text}")

    def wait_for_line(self, part, limit=LIMIT):
        return self.wait_for(lambda: part in self.text, limit)

    def wait_for_page(self, url, limit=LIMIT):
        """Wait for a page; return the seconds since the command started."""
        self.wait_for(lambda: is_served(url), limit)
        return time.monotonic() - self.started

    def interrupt(self, limit=120):
        """Ctrl-C: return the exit code."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.end(limit)

    def wait_for_end_of_all(self, limit=120):
        """Wait until no process of the machine is left."""
        end = time.monotonic() + limit
        while found := self.machine.processes():
            self._read()
            if time.monotonic() > end:
                raise AssertionError(f"left at work: {found}\n{self.text}")
            time.sleep(0.1)
        self._read()

    def end(self, limit=LIMIT):
        """Return the exit code once the command ended by itself."""
        self.wait_for(lambda: self.process.poll() is not None, limit)
        self._read()
        return self.process.returncode

    def kill(self):
        self.machine.kill_all()
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(60)
        self.process.stdout.close()

    def longest_silence(self):
        """The most seconds between two lines of what was said so far."""
        moments = [0, *(moment for moment, _line in self.lines)]
        return max(after - before for before, after in pairwise(moments))


def readme_command():
    """What the README has one type on a bare Debian."""
    return README_COMMAND.search((settings.ROOT / "README.md").read_text())[0]


def is_served(url):
    """Whether a page answers with 200, without any proxy."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with suppress(OSError), opener.open(url, timeout=60) as page:
        return page.status == 200
    return False
