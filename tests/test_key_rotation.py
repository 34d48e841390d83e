"""The key of partners' secrets is changed, and killed on the way: all stay readable."""

import os
import signal
from contextlib import contextmanager
from unittest.mock import patch

import odoo_fork
import pytest
import rotate_key
import small_network
from cryptography.fernet import Fernet
from odoo_process import environment, killed, registry

OLD, NEW = (Fernet.generate_key().decode() for _n in range(2))
#: secrets at which the process is killed: the first, one of the second batch, the last
MOMENTS = (0, 3, 4)
COUNT = 5


@contextmanager
def keys(*texts):
    with patch.dict(os.environ, {"OIC_SECRET_KEY": ",".join(texts)}):
        yield


@pytest.fixture
def base(empty_database):
    with registry(empty_database) as found, keys(OLD):
        prepare(found)
        yield found


def prepare(found):
    with environment(found) as env:
        made = small_network.make(env, "OITP", "OCP1")
        [operator] = made["operators"]
        for rank in range(COUNT):
            small_network.make_endpoint(
                env,
                made,
                operator,
                login=f"oc{rank}",
                password=f"secret {rank}",
                active=False,
            )


def secrets(found):
    with environment(found, active_test=False) as env:
        accounts = env["oiconnect.endpoint"].search([], order="id")
        return [account._secret("password") for account in accounts]


def die_at_secret(found, moment):
    """Rotate in this process, which is killed before the secret of that rank."""
    from odoo.addons.oiconnect_interop import secret_rotation

    run = secret_rotation._Rotation._run_token

    def run_or_die(rotation, *arguments):
        if rotation.count == moment:
            os.kill(os.getpid(), signal.SIGKILL)
        run(rotation, *arguments)

    with (
        patch.object(secret_rotation, "BATCH", 2),
        patch.object(secret_rotation._Rotation, "_run_token", run_or_die),
    ):
        secret_rotation.reencrypt(found)


def test_a_rotation_that_is_killed_loses_no_secret(base):
    from odoo.addons.oiconnect_interop.secret_rotation import reencrypt

    wanted = [f"secret {rank}" for rank in range(COUNT)]
    for moment in MOMENTS:
        with keys(NEW, OLD):
            killed(base, die_at_secret, moment)
            assert secrets(base) == wanted
        with keys(OLD):
            assert secrets(base) == wanted, "nothing of it was committed"
    with keys(NEW, OLD):
        assert reencrypt(base) == (COUNT, [])
        assert secrets(base) == wanted, "servers that have both keys go on"
    with keys(NEW):
        assert secrets(base) == wanted


def test_the_command_changes_the_key_in_two_steps(base, tmp_path, monkeypatch):
    path = tmp_path / "secret.key"
    path.write_text(f"{OLD}\n")
    rotate_key.finish(path, [base.db_name])
    assert rotate_key.read_keys(path) == [OLD], "nothing was begun"
    rotate_key.begin(path)
    rotate_key.begin(path)
    new, old = rotate_key.read_keys(path)
    assert old == OLD and path.stat().st_mode & 0o777 == 0o600
    monkeypatch.setattr(rotate_key.subprocess, "run", Command(tmp_path / "log"))
    rotate_key.finish(path, [base.db_name])
    assert rotate_key.read_keys(path) == [new]
    with keys(new):
        assert secrets(base) == [f"secret {rank}" for rank in range(COUNT)]


def test_the_command_keeps_the_old_key_while_a_secret_needs_it(base, tmp_path):
    path = tmp_path / "secret.key"
    path.write_text(f"{NEW},{Fernet.generate_key().decode()}\n")
    before = path.read_text()
    command = Command(tmp_path / "log")
    with (
        patch.object(rotate_key.subprocess, "run", command),
        pytest.raises(rotate_key.Failure),
    ):
        rotate_key.finish(path, [base.db_name])
    assert path.read_text() == before
    assert "oiconnect_endpoint, " in (tmp_path / "log").read_text()


class Command:
    """Odoo's command in a fork of a process that has loaded it."""

    def __init__(self, log):
        self.log = log
        self.returncode = None

    def __call__(self, command, env, check):
        _python, _odoo, *arguments = command
        environment = {"OIC_SECRET_KEY": env["OIC_SECRET_KEY"]}
        process = odoo_fork.start(odoo_fork.serve, arguments, environment, self.log)
        process.join(120)
        self.returncode = process.exitcode
        return self
