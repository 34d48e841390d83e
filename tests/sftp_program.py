"""The demo's SFTP server as a process of its own, for tests that fork.

A fork has the locks of the other threads of its process as they were: one that a
server's thread held at that moment is never given back, and the fork waits for it.
"""

import subprocess
import sys
from pathlib import Path

import demo_sftp

TIMEOUT = 60


class SftpProgram:
    """`with SftpProgram(tmp_path) as server: server.port`."""

    host = "127.0.0.1"

    def __init__(self, root):
        self.root = Path(root)
        self.host_key = demo_sftp.prepare(self.root)

    def home(self, login):
        return self.root / "home" / login

    def __enter__(self):
        command = [sys.executable, demo_sftp.__file__, str(self.root), "0"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        # "SFTP on 127.0.0.1:2222, homes under …"
        address = self.process.stdout.readline().split()[2]
        self.port = int(address.rstrip(",").rpartition(":")[2])
        return self

    def __exit__(self, *_error):
        self.process.terminate()
        self.process.wait(TIMEOUT)
        self.process.stdout.close()
