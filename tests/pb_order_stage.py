"""Stories of PB orders by files: operators order, we lay, addresses open.

Besides the verbs of access orders:

    OCAA tears CMDPB               drop the first half of a file
    OCAA finds on_demand deployed  states of the place and its neighbour; one: of both
    OCBB hears … of=OCAA           an answer about the reference of another
    hotline plan OCAA days=30      what a person decides on our screens

A story has an address, and another one (1 before its number) behind the same PBO.
"""

import re
from collections import defaultdict
from datetime import datetime, timedelta

import story_stage
from oictools import oc
from oictools.story import PARIS, today_in_france
from story_network import PM, Network, cells
from story_script import FOLDER, scripts
from story_stage import Play, Stage

SCRIPTS = FOLDER / "pb_orders"
KEY = "ReferenceCommandePBInterneOC"
VERSIONS = {"OCAA": "V31", "OCBB": "V30"}
HEADERS = {
    "CMDPB": (
        f"{KEY};IdentifiantImmeuble;CodeAdresseImmeuble;ReferencePM;DateCommandePB;"
        "NombreLogementsDemandes;CommentaireCommandePB"
    ).split(";"),
    "ANNCMDPB": (
        f"{KEY};IdentifiantImmeuble;ReferencePM;DateAnnulation;MotifAnnulation"
    ).split(";"),
}
FLOW = re.compile(r"_PM_.+_([A-Za-z]+)_V\d+_\d{8}_\d+\.csv$")
ORDER, DIALOG = "oiconnect.pb.order", "oiconnect.infra.order.decision"


def today():
    return datetime.now(PARIS).strftime("%Y%m%d")


def complete(play, step):
    """The line of a step of PB orders: what it does not say is as usual."""
    place = cells(play.script)
    usual = {
        KEY: play.script.reference(step.tag),
        "IdentifiantImmeuble": place["IdentifiantImmeuble"],
        "ReferencePM": PM,
    }
    if step.what == "CMDPB":
        usual |= {"DateCommandePB": today(), "NombreLogementsDemandes": "1"}
    else:
        usual |= {"DateAnnulation": today(), "MotifAnnulation": "Le client renonce"}
    return usual | step.values


class PbNetwork(Network):
    """Each address has a neighbour behind the same PBO."""

    def _make_buildings(self):
        super()._make_buildings()
        self.network(
            "building",
            *(
                self._building(one, pbo_id)
                | {
                    "identifier": f"IMB/99001/S/1{one.number:03d}",
                    "address_code": f"99001SV{one.number:03d}",
                    "street_number": str(1000 + one.number),
                }
                for one, pbo_id in zip(self.scripts, self.pbos, strict=True)
            ),
        )


class PbPlay(Play):
    """One story; files of both protocols come and go."""

    def receive(self, flow, row, header):
        key = row.get(KEY) or row.get(story_stage.KEY)
        self.inbox[row["operator"], key].append((flow, row, header))

    def _hears(self, step):
        reference = self.script.reference(step.values.get("of", step.tag))
        box = self.inbox[step.tag[:4], reference]
        self.inbox[self.script.reference(step.tag)] = box
        return super()._hears(step)

    def _sends(self, step, alone=False):
        if step.what not in HEADERS:
            return super()._sends(step, alone)
        row = complete(self, step)
        self._note(True, step.what, row, HEADERS[step.what])
        self.stage.say(self, step, row, alone)
        return True

    def _tears(self, step):
        """Drop a file whose end did not come."""
        content = oc.write_rows(HEADERS[step.what], [complete(self, step)])
        name = self.stage.new_name(step.tag[:4], step.what)
        self.stage.accounts[step.tag[:4]].drop(name, content[: -len(content) // 4])
        return True

    def _warned(self, step):
        """An answer to a whole file, or to a line, that names no order."""
        for stranger in self.stage.strangers:
            operator, flow, row = stranger
            if (operator, flow) == (step.tag[:4], step.what):
                self.stage.strangers.remove(stranger)
                story_stage._check_words(step, row)
                return True
        return False

    def _finds(self, step):
        """Wait until the addresses of the story are in these states."""
        wanted = [step.what, *step.words]
        number = self.script.number
        places = [f"IMB/99001/S/{rank + number:04d}" for rank in (0, 1000)]
        states = [self.stage.places.get(place) for place in places]
        return states == (wanted * 2)[:2]


class PbHotline:
    """A person on our screens."""

    def __init__(self, client, manager):
        self.client = client
        self.manager = manager

    def act(self, play, step):
        getattr(self, f"_{step.what}", self._decide)(play, step)
        return True

    def _decide(self, play, step):
        reference = play.script.reference(step.tag)
        [order] = self.client.read(ORDER, [("oc_reference", "=", reference)], "id")
        values = {"res_model": ORDER, "res_ids": [order["id"]], "event": step.what}
        if days := step.values.get("days"):
            values["pb_date"] = str(today_in_france() + timedelta(days=int(days)))
        if code := step.values.get("reason"):
            domain = [("code", "=", code)]
            [reason] = self.client.read("oiconnect.reason", domain, "id")
            values["reason_id"] = reason["id"]
        dialog = self.client.call(DIALOG, "create", values)
        self.client.call(DIALOG, "action_confirm", [dialog])

    def _destroys(self, play, step):
        name = cells(play.script)["IdentifiantImmeuble"]
        domain = [("identifier", "=", name)]
        [place] = self.manager.read("oiconnect.building", domain, "id")
        vals = {"state": "abandoned"}
        self.manager.call("oiconnect.building", "write", [place["id"]], vals)


class PbStage(Stage):
    """Plays the stories of PB orders, and the accesses that they open."""

    def __init__(self, server, accounts):
        super().__init__(server, accounts)
        self.hotline = PbHotline(server.client("commandes"), server.client())
        self.plays = [PbPlay(script, self) for script in scripts(SCRIPTS)]
        self.by_number = {f"{p.script.number:02d}": p for p in self.plays}
        self.places = {}
        self.reports = defaultdict(list)

    def new_name(self, operator, flow):
        return self._new_name(operator, flow, VERSIONS[operator])

    def _new_name(self, operator, flow, version):
        if flow not in HEADERS:
            return super()._new_name(operator, flow, version)
        self._numbers[operator, flow] += 1
        number = story_stage.FIRST_NUMBER + self._numbers[operator, flow]
        start = f"{flow}_{PM}_OICN_{operator}_PM_{PM}_{flow}"
        return f"{start}_{VERSIONS[operator]}_{today()}_{number}.csv"

    def _drop(self, operator, flow, lines):
        if flow not in HEADERS:
            super()._drop(operator, flow, lines)
            return
        rows = [row for _play, _step, row in lines]
        content = oc.write_rows(HEADERS[flow], rows)
        name = self.new_name(operator, flow)
        self.accounts[operator].drop(name, content)
        for line, (play, step, _row) in enumerate(lines, 2):
            self.said[play.script.name, step.tag] = (name, line)
            play.said[step.tag] = (name, content)

    def _listen(self):
        for operator, account in self.accounts.items():
            for name, content in account.take():
                if name.endswith(".zip"):
                    # A report on the PM: its story is one of PM orders.
                    self.reports[operator].append(name)
                    continue
                found = FLOW.search(name)
                flow = found[1] if found else oc.flow_of(name)
                for row in oc.read(content):
                    self._hand_over(operator, flow, row)

    def _hand_over(self, operator, flow, row):
        key = row.get(KEY) or row.get(story_stage.KEY) or ""
        play = self.by_number.get(key.partition("-S")[2][:2])
        if play:
            play.receive(flow, row | {"operator": operator}, list(row))
        else:
            self.strangers.append((operator, flow, row))

    def _look(self, cursor):
        super()._look(cursor)
        cursor.execute("SELECT oc_reference, state FROM oiconnect_pb_order ORDER BY id")
        self.states |= dict(cursor.fetchall())
        cursor.execute(
            "SELECT identifier, state FROM oiconnect_building "
            "WHERE identifier LIKE 'IMB/99001/S/%'"
        )
        self.places = dict(cursor.fetchall())
