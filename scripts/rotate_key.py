"""Changes the key that encrypts partners' secrets: see scripts/rotate_key.sh."""

import os
import subprocess
import sys

from cryptography.fernet import Fernet
from oictools import settings
from oictools.console import Failure, main, say

USAGE = "Say what to do: scripts/rotate_key.sh new, or scripts/rotate_key.sh finish."


def read_keys(path):
    """Return the keys of the file: the first encrypts, each decrypts."""
    return path.read_text().replace(",", " ").split()


def write_keys(path, keys):
    """Replace the file at once: a process that is killed leaves the old or the new."""
    temporary = path.with_name(f"{path.name}.new")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(",".join(keys) + "\n")
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def begin(path):
    """Put a new key before the one of the file; a rotation under way goes on."""
    keys = read_keys(path)
    if len(keys) == 1:
        write_keys(path, [Fernet.generate_key().decode(), *keys])
    say(f"{path} holds a new key before the old one.")
    say("Restart all servers, then: scripts/rotate_key.sh finish")


def finish(path, databases):
    """Have the databases encrypted by the new key, then drop the old one."""
    keys = read_keys(path)
    if len(keys) == 1:
        say(f"{path} holds one key only: nothing to do.")
        return
    encrypt(databases, ",".join(keys))
    write_keys(path, keys[:1])
    say(f"The old key has left {path}: servers forget it when they are restarted.")


def encrypt(databases, keys):
    command = [sys.executable, settings.ODOO_BIN, "rotate_secrets"]
    command += ["-d", ",".join(databases), "--log-level=error"]
    environment = {**os.environ, "OIC_SECRET_KEY": keys}
    if subprocess.run(command, env=environment, check=False).returncode:
        raise Failure(
            "some secrets are not encrypted by the new key.",
            "Both keys are preserved; once it is fixed: scripts/rotate_key.sh finish",
        )


def run():
    path = settings.KEY_FILE
    match sys.argv[1:]:
        case ["new"]:
            begin(path)
        case ["finish", *databases]:
            finish(path, databases or [settings.DATABASE])
        case _:
            raise Failure(USAGE)


if __name__ == "__main__":
    main(run, stop_server=True)
