"""The key that encrypts partners' secrets is changed: each can be read all the time."""

import os
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import rotate_key
from kill_place import UPLOADER, Work
from kill_points import COMMIT, FILE, ROTATION, after, before
from odoo_process import environment

KEY = "OIC_SECRET_KEY"
SECRETS = 5


class KeyRotation(Work):
    """Both steps of the command, on accounts that were archived."""

    MOMENTS = {
        "the new key is about to be stored": before(FILE, "replace"),
        "both keys are stored": after(FILE, "replace"),
        "a table is looked at": before(ROTATION, "run"),
        "a first secret is about to be encrypted": before(ROTATION, "_run_token"),
        "it is encrypted": after(ROTATION, "_run_token"),
        "a batch is encrypted": after(ROTATION, "_run_batch"),
        "another is": after(ROTATION, "_run_batch", 2),
        "all tables are done": after(ROTATION, "run", 5),
        "secrets are about to be committed": before(COMMIT, "commit", 2),
        "secrets are committed": after(COMMIT, "commit", 2),
        "the old key is about to leave": before(FILE, "replace"),
        "the old key has left": after(FILE, "replace"),
    }

    def __init__(self, found, place):
        super().__init__(found, place)
        self.path = Path(place.sftp.root) / "secret.key"
        self.old = os.environ[KEY]
        self.path.write_text(f"{self.old}\n")
        self.wanted = {}
        with environment(found) as env:
            model = env["oiconnect.endpoint"].browse(place.endpoint_ids[UPLOADER])
            for rank in range(SECRETS):
                account = model.copy({"active": False, "password": f"secret {rank}"})
                self.wanted[account.id] = f"secret {rank}"

    def run(self, found):
        from odoo.addons.oiconnect_interop import secret_rotation

        self._assert_readable(found)

        def encrypt(_databases, keys):
            with keys_of_server(keys):
                assert secret_rotation.reencrypt(found)[1] == []

        with (
            patch.object(secret_rotation, "BATCH", 2),
            patch.object(rotate_key, "encrypt", encrypt),
        ):
            if self._keys()[-1] == self.old:
                rotate_key.begin(self.path)
            rotate_key.finish(self.path, [found.db_name])

    def _keys(self):
        return rotate_key.read_keys(self.path)

    def _assert_readable(self, found):
        """Servers that have the keys of the file read every secret."""
        with keys_of_server(",".join(self._keys())), environment(found) as env:
            accounts = env["oiconnect.endpoint"].browse(self.wanted)
            assert [a._secret("password") for a in accounts] == [*self.wanted.values()]

    def assert_done(self):
        [new] = self._keys()
        assert new != self.old
        self._assert_readable(self.found)
        # Of the works that follow too
        os.environ[KEY] = new


@contextmanager
def keys_of_server(text):
    with patch.dict(os.environ, {KEY: text}):
        yield
