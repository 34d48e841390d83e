"""Stories of PM orders, all at once on one server: files of operators come and go.

    OCAA sends CMD TypeCommandePM=COFI      one line in a file of its own
    OCAA sends CMD cut=60                   a file that breaks off there
    OCAA repeats CMD                        the very file again
    OCAA hears CRMAD OK INITIAL lines=2     what we answer about its PM
    OCAA warned ARCMD FIMP16                an answer to a file as a whole
    OCAA is delivered                       the state of its order
    hotline deliver OCAA                    what a person does on our screens

Names are those of the files. A report (CR MAD) is an archive: its csv is heard, and
the plan and the positions are there.
"""

import io
import re
import time
import zipfile
from collections import Counter, defaultdict
from datetime import datetime
from typing import ClassVar

from oictools import database, oc
from oictools.story import PARIS
from pm_hotline import PmHotline
from pm_places import building_of, pm_of
from story_hotline import act_when_free
from story_script import FOLDER

SCRIPTS = FOLDER / "pm_orders"
VERSION = "V31"
TIMEOUT = 90
PAUSE = 0.2
# Other stages on the same server have files of the same names, from 50 on.
FIRST_NUMBER = 75
NAME = re.compile(r"_PM_.+?_(?P<flow>[A-Za-z]+)_V\d\d_\d{8}_\d+\.(csv|zip)$")
ORDER_KEY = "ReferenceCommandePMInterneOC"
SERVICE = "ReferencePrestationPM"
STATES = (
    "SELECT oc_reference, state FROM oiconnect_pm_order WHERE oc_reference ~ '-P[0-9]' "
    "UNION ALL SELECT oc_reference, state FROM oiconnect_access_order "
    "WHERE oc_reference ~ '-P[0-9]'"
)


class Failed(Exception):
    """A step that did not go as it is written."""


def today():
    return datetime.now(PARIS).strftime("%Y%m%d")


class PmPlay:
    """One story being played."""

    def __init__(self, script, stage):
        self.script = script
        self.stage = stage
        self.steps = list(script.steps)
        self.inbox = defaultdict(list)
        self.heard = {}
        self.said = {}
        self.batch = None
        self.failure = None

    @property
    def is_over(self):
        return bool(self.failure) or not self.steps

    def reference(self, tag):
        operator, _slash, rank = tag.partition("/")
        return f"{operator}-P{self.script.number:02d}-{rank or 1}"

    def advance(self):
        """Do the next step if it can be done now; tell whether it was."""
        step = self.steps[0]
        try:
            done = getattr(self, f"_{step.verb}")(step)
        except Exception as error:
            self.failure = f"{self.script.name}, {step}: {error}"
            return True
        if done:
            self.steps.pop(0)
        return done

    # -- what operators say ------------------------------------------------------------

    def _sends(self, step):
        values = dict(step.values)
        cut, _rank = values.pop("cut", None), values.pop("address", None)
        row = {name: text for name, text in self._line(step, values).items() if text}
        content = oc.write_rows(list(row), [row])
        if cut:
            content = content[: int(cut)]
        self._drop(step, content)
        return True

    def _repeats(self, step):
        self.stage.accounts[step.tag[:4]].drop(*self.said[step.tag])
        return True

    def _drop(self, step, content):
        name = self.stage.new_name(step.tag[:4], step.what, pm_of(self.script))
        self.said[step.tag] = name, content
        self.stage.accounts[step.tag[:4]].drop(name, content)

    def _line(self, step, values):
        keys = {
            "ReferencePM": pm_of(self.script),
            ORDER_KEY: self.reference(step.tag),
        }
        known = {SERVICE: self._service(step.tag)}
        return self._usual[step.what](self, step, keys, known) | values

    def _service(self, tag):
        reports = [
            row
            for (who, flow), row in self.heard.items()
            if flow == "CRMAD" and who[:4] == tag[:4]
        ]
        return reports[-1][SERVICE] if reports else ""

    def _access(self, step, keys, known):
        """CMD_ACCES, at the first address of the story."""
        rank = int(step.values.get("address", 1))
        return {
            "ReferenceCommandePriseInterneOC": self.reference(step.tag),
            "IdentifiantImmeuble": building_of(self.script, rank),
            "ReferencePm": pm_of(self.script),
            "TypeRacco": "STOC",
            "NomClient": "EXEMPLE",
            "ContactClient1": "0600000001",
            "PriseExistante": "N",
            "TypeCommandeDemande": "AUTO",
            "DateCommandePrise": datetime.now(PARIS).strftime("%Y%m%d %H:%M"),
        }

    _usual: ClassVar = {
        "CMD": lambda self, step, keys, known: (
            keys
            | {
                "TypeCommandePM": "UNIT",
                "ChoixTechniqueOC": "P",
                "DateCommandePM": today(),
            }
        ),
        "ARMAD": lambda self, step, keys, known: (
            keys | known | {"DateArMadPM": today(), "EtatArMadPM": "OK"}
        ),
        "INTERP": lambda self, step, keys, known: (
            keys
            | known
            | {
                "DateNotifRaccordementPM": today(),
                "DatePrevisionnelleAdduction": today(),
            }
        ),
        "ADDU": lambda self, step, keys, known: (
            keys
            | known
            | {
                "DateNotifAdduction": today(),
                "DateAdduction": today(),
                "EtatAdduction": "OK",
            }
        ),
        "AnnRes": lambda self, step, keys, known: (
            keys | known | {"TypeDemande": "RESILIATION", "DateDemande": today()}
        ),
        "CMD_ACCES": _access,
    }

    # -- what they hear ----------------------------------------------------------------

    def receive(self, operator, flow, rows):
        self.inbox[operator].append((flow, rows))

    def _hears(self, step):
        waiting = self.inbox[step.tag[:4]]
        found = next((item for item in waiting if self._is_meant(item, step)), None)
        if not found:
            return False
        waiting.remove(found)
        rows = found[1]
        texts = {text for row in rows for text in row.values()}
        if missing := [word for word in step.words if word not in texts]:
            raise Failed(f"{missing} not in {rows}")
        lines = step.values.pop("lines", None)
        if lines and int(lines) != len(rows):
            raise Failed(f"{len(rows)} lines: {rows}")
        for name, value in step.values.items():
            if {row[name] for row in rows} != {value}:
                raise Failed(f"{name} is not {value} in {rows}")
        self.heard[step.tag, step.what] = rows[0]
        return True

    def _is_meant(self, item, step):
        """Answers tell their order; a report to who co-finances tells none."""
        flow, rows = item
        reference = rows[0].get(ORDER_KEY) or rows[0].get(
            "ReferenceCommandePriseInterneOC"
        )
        return flow == step.what and reference in (None, "", self.reference(step.tag))

    def _warned(self, step):
        for stranger in self.stage.strangers:
            operator, flow, rows = stranger
            texts = {text for row in rows for text in row.values()}
            if (operator, flow) == (step.tag[:4], step.what) and texts >= {*step.words}:
                self.stage.strangers.remove(stranger)
                return True
        return False

    # -- what is so --------------------------------------------------------------------

    def _is(self, step):
        return self.stage.states.get(self.reference(step.tag)) == step.what

    def _refused(self, step):
        """Wait until the last file that was sent has a line refused with a code."""
        return (self.said[step.tag][0], step.what) in self.stage.errors

    def _hotline(self, step):
        return act_when_free(self.stage.hotline, self, step)


class PmStage:
    """Plays all scripts on a server; `plays` then tells how each went."""

    def __init__(self, server, accounts, scripts, places):
        self.server = server
        self.accounts = accounts
        self.hotline = PmHotline(server.client(), places)
        self.plays = {script.name: PmPlay(script, self) for script in scripts}
        self.by_number = {f"{p.script.number:02d}": p for p in self.plays.values()}
        self.by_pm = {pm_of(p.script): p for p in self.plays.values()}
        self.states, self.errors = {}, set()
        self.strangers = []
        self._numbers = Counter()

    def new_name(self, operator, flow, pm):
        self._numbers[operator, flow] += 1
        number = FIRST_NUMBER + self._numbers[operator, flow]
        if flow == "CMD_ACCES":
            return f"OICN_{operator}_ACCES_{flow}_V13_{today()}_{number}.csv"
        return (
            f"{flow}_{pm}_OICN_{operator}_PM_{pm}_{flow}_{VERSION}_{today()}_"
            f"{number}.csv"
        )

    def play(self):
        last = time.monotonic()
        with database.connect(self.server.database) as cursor:
            while running := [p for p in self.plays.values() if not p.is_over]:
                self._listen()
                self._look(cursor)
                # What was looked at before something was done is not true any more.
                if [play for play in running if play.advance()]:
                    last = time.monotonic()
                elif time.monotonic() > last + TIMEOUT:
                    self._give_up(running)
                else:
                    time.sleep(PAUSE)
        return self.plays

    def _give_up(self, running):
        for play in running:
            waiting = {who: [f for f, _r in got] for who, got in play.inbox.items()}
            states = {
                tag: self.states.get(play.reference(tag)) for tag in play.script.tags
            }
            play.failure = (
                f"{play.script.name}, {play.steps[0]}: nothing came. States: {states}, "
                f"unread: {waiting}"
            )

    def _listen(self):
        for operator, account in self.accounts.items():
            for name, content in account.take():
                self._hand_over(operator, name, content)

    def _hand_over(self, operator, name, content):
        found = NAME.search(name)
        flow = found["flow"] if found else oc.flow_of(name)
        if name.endswith(".zip"):
            content = _read_archive(name, content)
        by_story = defaultdict(list)
        for row in oc.read(content):
            by_story[self._play_of(row)].append(row)
        for play, rows in by_story.items():
            if not play:
                self.strangers.append((operator, flow, rows))
                continue
            # Answers to several lines are one message each; a report is one.
            for message in [rows] if flow == "CRMAD" else [[row] for row in rows]:
                play.receive(operator, flow, message)

    def _play_of(self, row):
        known = self.by_pm.get(row.get("ReferencePM"))
        reference = row.get("ReferenceCommandePriseInterneOC") or ""
        return known or self.by_number.get(reference.partition("-P")[2][:2])

    def _look(self, cursor):
        cursor.execute(STATES)
        self.states = dict(cursor.fetchall())
        cursor.execute(
            "SELECT x.name, e.code FROM oiconnect_exchange_error e "
            "JOIN oiconnect_exchange x ON x.id = e.exchange_id"
        )
        self.errors = set(cursor.fetchall())


def _read_archive(name, content):
    """Return the csv of a report; its plan and its positions are in the archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = sorted(archive.namelist())
        assert archive.testzip() is None, name
        report = name.replace(".zip", ".csv")
        kinds = {found.rpartition(".")[2] for found in names}
        assert report in names and kinds <= {"csv", "pdf"}, names
        for found in names:
            if found.endswith(".pdf"):
                assert archive.read(found).startswith(b"%PDF"), found
        return archive.read(report)
