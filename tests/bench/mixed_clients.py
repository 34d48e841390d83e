"""Clients of the mixed load: people, operators, a hotline, the OI itself."""

import base64
import json
import re
import subprocess
import sys
import threading
import time
from collections import Counter

from . import mixed_fill, mixed_people
from .common import environment
from .ipe_import import NAME
from .mixed_limits import Page

#: seconds between two tickets, two deltas; an import comes with every second delta
TICKETS, DELTAS, IMPORTS = 5, 45, 90
COMPLAINT = re.compile(r"^\S+ \S+ \d+ (?:ERROR|CRITICAL) .*$|^Traceback", re.MULTILINE)


class Servers:
    def __init__(self, servers):
        self.servers = servers

    def complaints(self):
        """Return errors of the logs, those of a server listed once each."""
        found = Counter()
        for name, server in self.servers.items():
            text = server.log.read_text(errors="replace")
            for line in COMPLAINT.findall(text):
                # Without what differs: moment, process
                found[f"{name}: {line[29:300]}"] += 1
        return [f"{words} ({count} times)" for words, count in found.items()]


class People:
    """The program of people, and the pages that it has reported so far."""

    def __init__(self, port, plan, seconds):
        names = ("database", "logins", "password", "pages")
        self._plan = {"port": port, **{key: plan[key] for key in names}}
        self._seconds = seconds
        self.pages, self.errors = [], []

    def __enter__(self):
        self._process = subprocess.Popen(
            [sys.executable, mixed_people.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.pid = self._process.pid
        plan = self._plan | {"end": time.time() + self._seconds}
        self._process.stdin.write(json.dumps(plan, default=str))
        self._process.stdin.close()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def __exit__(self, *error):
        self._process.kill()
        self._process.wait()

    def _read(self):
        for line in self._process.stdout:
            page = json.loads(line)
            if page["error"]:
                self.errors.append(f"page {page['what']}: {page['error']}")
            else:
                keys = ("at", "kind", "what", "ms")
                self.pages.append(Page(*(page[key] for key in keys)))

    def wait(self, each_minute):
        """Return once they all have gone."""
        while self._reader.is_alive():
            self._reader.join(60)
            each_minute()


class Repeating(threading.Thread):
    """Something that is done again and again, for the time of a block."""

    pause = 1

    def __init__(self):
        super().__init__(daemon=True)
        self.errors = []
        self._ends = threading.Event()

    def run(self):
        while not self._ends.wait(self.pause):
            try:
                self.work()
            # Any error is reported.
            except Exception as error:
                self.errors.append(f"{type(self).__name__}: {error!r}")

    def work(self):
        raise NotImplementedError

    def stop(self):
        self._ends.set()
        self.join(120)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *error):
        self.stop()


class Ordering(Repeating):
    """Operators that drop a file each in turn."""

    def __init__(self, sftp, plan):
        from ordering import Operators

        super().__init__()
        codes = plan["codes"]
        self.pause = mixed_fill.EACH / len(codes)
        self.operators = Operators(sftp, mixed_fill.OI, codes, plan["places"])
        self._turn = 0
        # (operator, reference of the first line, when, name)
        self._dropped = []

    def work(self):
        operator = self.operators.codes[self._turn % len(self.operators.codes)]
        self._turn += 1
        first, now = len(self.operators.ordered[operator]), time.time()
        path = self.operators.drop_file(operator, mixed_fill.ORDERS_PER_FILE)
        reference = self.operators.ordered[operator][first]
        self._dropped.append((operator, reference, now, path.name))

    def _came(self):
        return {
            (operator, reference): when / 1e9
            for operator in self.operators.codes
            for reference, when in self.operators.answers(operator, "AR_CMD")
        }

    def receipts(self):
        """Return ``[(when a file was dropped, seconds to its receipt)]``."""
        came = self._came()
        return [
            (when, came[operator, reference] - when)
            for operator, reference, when, _name in list(self._dropped)
            if (operator, reference) in came
        ]

    def names(self, after):
        """Return ``{file: when it was dropped}`` of those dropped ``after``."""
        return {name: when for *_operator, when, name in self._dropped if when >= after}

    def unanswered(self):
        return len(self._dropped) - len(self.receipts())

    def wait_answered(self, seconds):
        end = time.time() + seconds
        while self.unanswered() and time.time() < end:
            time.sleep(1)


class Hotline(Repeating):
    """An operator that opens tickets by SOAP, as its generated client does."""

    pause = TICKETS

    def __init__(self, port, plan):
        import test_soap_server as soap
        import zeep

        super().__init__()
        self._soap, self.count = soap, 0
        self._references = iter(plan["references"])
        self._client = zeep.Client(f"http://127.0.0.1:{port}{soap.SAV}?wsdl")

    def work(self):
        self.reference = next(self._references)
        value = self._soap.ticket(
            **self._soap.opened(self),
            serviceProviderTroubleTicketKey=f"MIXED-{self.count}",
        )
        answer = self._soap.answer_of(
            self._soap.call(
                self._client, "createTroubleTicketByValue", troubleTicketValue=value
            )
        )
        self.count += 1
        if answer.returnCode != "0":
            raise ValueError(f"ticket on {self.reference}: {answer.returnCode}")


class Network(Repeating):
    """The owner of the network: an IPE comes in, its differences go out."""

    pause = DELTAS

    def __init__(self, plan):
        super().__init__()
        self._plan, self._files = plan["plan"], plan["ipe_files"]
        self._turn = self.imports = self.deltas = 0

    def work(self):
        self._turn += 1
        with environment() as env:
            plan = env["oiconnect.publication.plan"].browse(self._plan)
            if self._turn % (IMPORTS // DELTAS):
                self._import(env, plan.network_id)
            self._publish(env, plan)

    def _publish(self, env, plan):
        env.cr.execute(
            "UPDATE oiconnect_building SET city = city || '.', "
            "write_date = now() AT TIME ZONE 'UTC' "
            "WHERE network_id = %s AND id %% 100 = %s AND length(city) < 60",
            [plan.network_id.id, self._turn % 100],
        )
        form = (
            env["oiconnect.publication"]
            .search([("plan_id", "=", plan.id)], order="id", limit=1)
            .format_id
        )
        env["oiconnect.publication"].create(
            {
                "plan_id": plan.id,
                "network_id": plan.network_id.id,
                "kind": plan._kind("delta"),
                "format_id": form.id,
                "version": form.version,
            }
        )._queue()
        self.deltas += 1

    def _import(self, env, network):
        file = self._files[self.imports % len(self._files)]
        content = base64.b64encode(file.read_bytes())
        env["oiconnect.import"].create(
            {"network_id": network.id, "file_name": f"{NAME}.zip", "file": content}
        ).action_start()
        self.imports += 1
