"""People who browse, a thread each: `python mixed_people.py < plan`, a line a page.

A program of its own, without Odoo: what it takes of the processor the servers lack.
The plan is what `mixed_fill` makes: pages by kind, each the calls of the web client.
"""

import json
import random
import socket
import sys
import threading
import time

TIMEOUT = 120
#: seconds that a person thinks, at least and at most
THINK = (5, 15)
#: of a hundred pages
SHARES = {"list": 42, "form": 28, "map": 12, "search": 8, "home": 5, "kanban": 5}


class Person(threading.Thread):
    def __init__(self, plan, rank):
        super().__init__(daemon=True)
        self.plan, self.chance = plan, random.Random(rank)
        self.login = plan["logins"][rank]
        self.cookie = ""

    def run(self):
        try:
            self._log_in()
        except (OSError, ValueError) as error:
            tell(kind="login", what=self.login, ms=0, error=repr(error))
            return
        end = self.plan["end"]
        # They do not all come at once.
        time.sleep(self.chance.uniform(0, THINK[1]))
        while time.time() < end:
            self._look()
            time.sleep(self.chance.uniform(*THINK))

    def _log_in(self):
        values = {"db": self.plan["database"], "login": self.login}
        params = values | {"password": self.plan["password"]}
        status, head, content = self._ask("/web/session/authenticate", params)
        if status != 200 or b'"uid": ' not in content:
            raise ValueError(content[:200])
        self.cookie = head.split(b"session_id=")[1].split(b";")[0].decode()

    def _look(self):
        """Open a page: its calls, one after the other."""
        kinds = [kind for kind in SHARES if self.plan["pages"].get(kind)]
        [kind] = self.chance.choices(kinds, [SHARES[kind] for kind in kinds])
        what, calls = self.chance.choice(self.plan["pages"][kind])
        start, error = time.perf_counter(), None
        for path, params in calls:
            try:
                status, _head, content = self._ask(path, params)
            except OSError as broken:
                error = repr(broken)
                break
            if status != 200 or b'"error": {' in content[:200]:
                error = f"{status} {content[:2000].decode(errors='replace')}"
                break
        ms = (time.perf_counter() - start) * 1000
        tell(kind=kind, what=what, ms=round(ms, 1), error=error)

    def _ask(self, path, params):
        body = json.dumps({"params": params}).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.plan['port']}\r\n"
            "Connection: close\r\nContent-Type: application/json\r\n"
            f"Cookie: session_id={self.cookie}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        address = ("127.0.0.1", self.plan["port"])
        with socket.create_connection(address, TIMEOUT) as link:
            link.sendall(head.encode() + body)
            stream = link.makefile("rb")
            status, lines, length = int(stream.readline().split()[1]), [], -1
            while line := stream.readline().strip():
                lines.append(line)
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            return status, b"\n".join(lines), stream.read(length)


def tell(**page):
    sys.stdout.write(json.dumps({"at": time.time(), **page}) + "\n")
    sys.stdout.flush()


def main():
    plan = json.load(sys.stdin)
    people = [Person(plan, rank) for rank in range(len(plan["logins"]))]
    for person in people:
        person.start()
    for person in people:
        person.join()


if __name__ == "__main__":
    main()
