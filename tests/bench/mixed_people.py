"""People who browse, all in one thread: `python mixed_people.py < plan`, a line a page.

A program of its own, without Odoo nor browser: what it takes of the processor the
servers lack. The plan is what `mixed_fill` makes: pages by kind, each the calls of the
web client. Between two pages a person reads: 25 seconds on average, 5 at least, now and
then minutes (exponential).
"""

import asyncio
import json
import random
import sys
import time

TIMEOUT = 120
#: seconds between two pages: at least, and on average
LEAST, MEAN = 5, 25
#: of a hundred pages
SHARES = {"list": 42, "form": 28, "map": 12, "search": 8, "home": 5, "kanban": 5}
LIMIT = 1 << 24


class Person:
    def __init__(self, plan, rank):
        self.plan, self.chance = plan, random.Random(rank)
        self.login = plan["logins"][rank]
        self.cookie = ""

    async def browse(self):
        # They do not all come at once.
        await asyncio.sleep(self.chance.uniform(0, MEAN))
        try:
            await self._log_in()
        except (OSError, ValueError) as error:
            tell(kind="login", what=self.login, ms=0, error=repr(error))
            return
        while time.time() < self.plan["end"]:
            await self._look()
            await asyncio.sleep(LEAST + self.chance.expovariate(1 / (MEAN - LEAST)))

    async def _log_in(self):
        values = {"db": self.plan["database"], "login": self.login}
        params = values | {"password": self.plan["password"]}
        status, head, content = await self._ask("/web/session/authenticate", params)
        if status != 200 or b'"uid": ' not in content:
            raise ValueError(content[:200])
        self.cookie = head.split(b"session_id=")[1].split(b";")[0].decode()

    async def _look(self):
        """Open a page: its calls, one after the other."""
        kinds = [kind for kind in SHARES if self.plan["pages"].get(kind)]
        [kind] = self.chance.choices(kinds, [SHARES[kind] for kind in kinds])
        what, calls = self.chance.choice(self.plan["pages"][kind])
        start, error = time.perf_counter(), None
        for path, params in calls:
            try:
                status, _head, content = await self._ask(path, params)
            except OSError as broken:
                error = repr(broken)
                break
            if status != 200 or b'"error": {' in content[:200]:
                error = f"{status} {content[:2000].decode(errors='replace')}"
                break
        ms = (time.perf_counter() - start) * 1000
        tell(kind=kind, what=what, ms=round(ms, 1), error=error)

    async def _ask(self, path, params):
        body = json.dumps({"params": params}).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.plan['port']}\r\n"
            "Connection: close\r\nContent-Type: application/json\r\n"
            f"Cookie: session_id={self.cookie}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        async with asyncio.timeout(TIMEOUT):
            return await self._exchange(head.encode() + body)

    async def _exchange(self, request):
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", self.plan["port"], limit=LIMIT
        )
        try:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            status, length = int(head.split(None, 2)[1]), None
            for line in head.lower().split(b"\r\n"):
                if line.startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            content = await (
                reader.read() if length is None else reader.readexactly(length)
            )
        except asyncio.IncompleteReadError as error:
            raise ConnectionError("the answer breaks off") from error
        finally:
            # Who hangs up first spares the server its wait (`http_server`).
            writer.close()
        return status, head, content


def tell(**page):
    sys.stdout.write(json.dumps({"at": time.time(), **page}) + "\n")
    sys.stdout.flush()


async def main():
    plan = json.load(sys.stdin)
    people = [Person(plan, rank) for rank in range(len(plan["logins"]))]
    await asyncio.gather(*(person.browse() for person in people))


if __name__ == "__main__":
    asyncio.run(main())
