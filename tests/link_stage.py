"""Stories of link orders, all at once on one server: files come and go meanwhile.

The steps are those of access orders (`story_script.py`); each story has a link of its
own, with so many fibres, in a state (`place fibres=3 state=planned`). A report has a
line for each fibre: each is heard by a step.
"""

import re
from datetime import datetime

from oictools import oc
from oictools.story import PARIS, today_in_france
from story_hotline import Hotline
from story_script import FOLDER, scripts
from story_stage import FIRST_NUMBER, Play, Stage

SCRIPTS = FOLDER / "link_orders"
KEY = "ReferenceCommandeLienInterneOC"
SERVICE = "ReferencePrestationLien"
HEADERS = {
    "CMDLIEN": (
        "ReferenceCommandeLienInterneOC;TypeCommandeLien;ReferencePM;"
        "ReferencePMTechnique;ReferencePRDM;ReferenceNRO;ReferenceLienPMPRDM;"
        "NbFODemandees;NbFOExistantes;DateCommandeLien;ReferenceContrat;ContactOC;"
        "CommentaireCommandeLien"
    ),
    "CRVALLIEN": (
        "ReferenceCommandeLienInterneOC;ReferencePrestationLien;DateCrValidationLien;"
        "EtatCrValidationLien;MotifKoCrValidationLien;CommentaireCrValidationLien"
    ),
    "ANNRESLIEN": (
        "ReferenceCommandeLienInterneOC;ReferencePrestationLien;TypeDemande;NumeroFO;"
        "DateDemande;MotifDemande"
    ),
}
FLOW = re.compile(r"_([A-Za-z]+)_V\d+_\d{8}_\d+\.csv$")
PRDM, NRO = "OICN-PRDM-S001", "99001NROS"
ORDER = "oiconnect.link.order"
DIALOG = "oiconnect.infra.order.decision"
BUTTONS = (
    *("make_available", "deliver", "validate", "reject"),
    *("abandon", "cancel", "terminate"),
)


def pm_of(script):
    return f"OICN-99001-L{script.number:03d}"


def link_of(script):
    return f"OICN-LNP-L{script.number:03d}"


class LinkNetwork:
    """Makes the links of `scripts` through the RPC of an administrator."""

    def __init__(self, client, scripts):
        self.client = client
        self.scripts = scripts
        [network] = client.read("oiconnect.network", [("oi_code", "=", "OICN")], "id")
        self.base = {"network_id": network["id"]}

    def create(self, model, *vals):
        rows = [self.base | line for line in vals]
        return self.client.call(f"oiconnect.{model}", "create", rows)

    def make(self):
        [nro] = self.create("nro", {"reference": NRO})
        [prdm] = self.create(
            "prdm", {"reference": PRDM, "nro_id": nro, "state": "deployed"}
        )
        pms = self.create(
            "pm",
            *({"reference": pm_of(one), "prdm_id": prdm} for one in self.scripts),
        )
        links = self.create(
            "pm.link",
            *(
                {
                    "reference": link_of(one),
                    "pm_id": pm,
                    "prdm_id": prdm,
                    "state": one.place["state"],
                    "length_km": 2.15,
                }
                for one, pm in zip(self.scripts, pms, strict=True)
            ),
        )
        # Their network is that of their link.
        fibres = list(self._fibres(links))
        self.client.call("oiconnect.pm.link.fibre", "create", fibres)

    def _fibres(self, links):
        for script, link in zip(self.scripts, links, strict=True):
            for number in range(1, int(script.place["fibres"]) + 1):
                yield {
                    "link_id": link,
                    "number": number,
                    "tube": "1",
                    "fibre": str(number),
                    "nro_head": "RTO-01",
                    "nro_position": f"A{number}",
                    "pm_head": "TIR-T-01",
                    "pm_position": f"B{number}",
                    "cable_reference": "CT-0001",
                    "attenuation_db": 0.9,
                }


def complete(play, step):
    """The line of a step: usual values, then those that the step gives."""
    heard = play.heard.get((step.tag, "CRMADLIEN"), {})
    usual = {
        "CMDLIEN": {
            "TypeCommandeLien": "INIT",
            "ReferencePM": pm_of(play.script),
            "ReferencePRDM": PRDM,
            "ReferenceNRO": NRO,
            "ReferenceLienPMPRDM": link_of(play.script),
            "NbFODemandees": "1",
            "NbFOExistantes": "0",
            "DateCommandeLien": f"{today_in_france():%Y%m%d}",
        },
        "CRVALLIEN": {
            SERVICE: heard.get(SERVICE, ""),
            "DateCrValidationLien": f"{today_in_france():%Y%m%d}",
            "EtatCrValidationLien": "OK",
        },
        "ANNRESLIEN": {
            SERVICE: heard.get(SERVICE, ""),
            "TypeDemande": "RESILIATION",
            "DateDemande": f"{today_in_france():%Y%m%d}",
        },
    }[step.what]
    return usual | {KEY: play.script.reference(step.tag)} | step.values


class LinkPlay(Play):
    """One story being played."""

    def receive(self, flow, row, header):
        self.inbox[row[KEY]].append((flow, row, header))

    def _sends(self, step, alone=False):
        row = complete(self, step)
        self._note(True, step.what, row, HEADERS[step.what].split(";"))
        self.stage.say(self, step, row, alone)
        return True

    def _hears(self, step):
        words = tuple(map(self._said_before, step.words))
        return super()._hears(step._replace(words=words))

    def _said_before(self, word):
        if not word.startswith("$"):
            return word
        tag, flow, column = word[1:].split(".")
        return self.heard[tag, flow][column]


class LinkHotline(Hotline):
    """What a person who is in charge of links does on our screens."""

    def act(self, play, step):
        if step.what in BUTTONS:
            self._decide(self._order(play, step), step)
        else:
            getattr(self, f"_{step.what}")(play, step)
        return True

    def _order(self, play, step):
        reference = play.script.reference(step.tag)
        found = self.client.read(ORDER, [("oc_reference", "=", reference)], "id")
        return found[0]["id"]

    def _decide(self, order, step):
        context = {"decision": step.what}
        action = self.client.call(ORDER, "action_decide", [order], context=context)
        reason = step.values.get("reason")
        values = {
            name.removeprefix("default_"): value
            for name, value in action["context"].items()
        }
        dialog = self._open(
            DIALOG,
            **values,
            reason_id=reason and self._id_of("oiconnect.reason", "code", reason),
            comment=step.values.get("comment"),
        )
        self._call(DIALOG, "action_confirm", [dialog])

    def _orders(self, play, step):
        model = "oiconnect.link.order.new"
        dialog = self._open(
            model,
            operator_id=self._id_of("oiconnect.operator", "interop_code", step.tag[:4]),
            oc_reference=play.script.reference(step.tag),
            link_id=self._link(play),
            order_type="init",
            fibre_count=int(step.values["fibres"]),
        )
        self._call(model, "action_order", [dialog])

    def _link(self, play):
        return self._id_of("oiconnect.pm.link", "reference", link_of(play.script))

    def _measures(self, play, step):
        fibres = self.client.read(
            "oiconnect.pm.link.fibre", [("link_id", "=", self._link(play))], "id"
        )
        measured = {"attenuation_db": float(step.values["attenuation"])}
        ids = [fibre["id"] for fibre in fibres]
        self._call("oiconnect.pm.link.fibre", "write", ids, measured)

    def _deploys(self, play, step):
        for state in ("deploying", "deployed"):
            vals = {"state": state, "installation_date": str(today_in_france())}
            self._call("oiconnect.pm.link", "write", [self._link(play)], vals)

    def _waits(self, play, step):
        """So many days pass for one order, and the scheduler looks at the silent."""
        self.server.rows(
            "UPDATE oiconnect_link_order SET due_date = due_date - interval '1 day' "
            "* %s WHERE oc_reference = %s RETURNING id",
            int(step.values["days"]),
            play.script.reference(step.tag),
        )
        self._run_cron("oiconnect_orders", "cron_link_deemed")


class LinkStage(Stage):
    """Plays all stories of link orders on a server."""

    def __init__(self, server, accounts):
        super().__init__(server, accounts)
        people = (server.client("reseau"), server.client())
        self.hotline = LinkHotline(*people, server)
        self.plays = [LinkPlay(script, self) for script in scripts(SCRIPTS)]
        self.by_number = {f"{p.script.number:02d}": p for p in self.plays}

    def _drop(self, operator, flow, lines):
        header = HEADERS[flow].split(";")
        content = oc.write_rows(header, [row for _play, _step, row in lines])
        name = self._name_of(operator, flow, pm_of(lines[0][0].script))
        self.accounts[operator].drop(name, content)
        for line, (play, step, _row) in enumerate(lines, 2):
            self.said[play.script.name, step.tag] = (name, line)
            play.said[step.tag] = (name, content)

    def _name_of(self, operator, flow, pm):
        self._numbers[operator, flow] += 1
        day = datetime.now(PARIS).strftime("%Y%m%d")
        number = FIRST_NUMBER + self._numbers[operator, flow]
        return f"{flow}_{pm}_OICN_{operator}_PM_{pm}_{flow}_V31_{day}_{number:02d}.csv"

    def _listen(self):
        for operator, account in self.accounts.items():
            for name, content in account.take():
                for row in oc.read(content):
                    self._hand_over(operator, FLOW.search(name)[1], row)

    def _hand_over(self, operator, flow, row):
        _operator, _s, rest = (row.get(KEY) or "").partition("-S")
        play = self.by_number.get(rest[:2])
        if play:
            play.receive(flow, row, list(row))
        else:
            self.strangers.append((operator, flow, row))

    def _look(self, cursor):
        def rows(query):
            cursor.execute(query)
            return cursor.fetchall()

        self.states = dict(
            rows("SELECT oc_reference, state FROM oiconnect_link_order ORDER BY id")
        )
        self.errors = set(
            rows(
                "SELECT x.name, e.line, e.code FROM oiconnect_exchange_error e "
                "JOIN oiconnect_exchange x ON x.id = e.exchange_id"
            )
        )

    def free_fibres(self, script):
        [[count]] = self.server.rows(
            "SELECT count(*) FROM oiconnect_pm_link_fibre f "
            "JOIN oiconnect_pm_link l ON l.id = f.link_id "
            "WHERE l.reference = %s AND f.state = 'free'",
            link_of(script),
        )
        return count
