"""All stories at once, on one server: files of operators come and go meanwhile.

What several stories say at the same time to us travels in one file, as operators do;
what we answer is sorted by the reference of its order.
"""

import time
from collections import Counter, defaultdict
from datetime import datetime

from oictools import database, oc
from oictools.story import PARIS, Message
from story_hotline import Hotline, act_when_free
from story_lines import complete
from story_script import scripts

KEY = "ReferenceCommandePriseInterneOC"
VERSIONS = {"OCAA": "V1.3", "OCBB": "V1.2"}
# Without any progress for so many seconds, the stories that are left are stuck.
TIMEOUT = 60
#: seconds between two looks at what the server did
PAUSE = 0.2
# After these the world is another one.
ACTS = ("sends", "drops", "repeats", "forges", "hotline")
# The demo may have exchanged files today already.
FIRST_NUMBER = 50


class Failed(Exception):
    """A step that did not go as it is written."""


class Play:
    """One story being played."""

    def __init__(self, script, stage):
        self.script = script
        self.stage = stage
        self.messages = []
        self.inbox = defaultdict(list)
        self.heard = {}
        self.said = {}
        self.steps = list(script.steps)
        self.failure = None

    @property
    def is_over(self):
        return bool(self.failure) or not self.steps

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

    def receive(self, flow, row, header):
        self.inbox[row[KEY]].append((flow, row, header))

    # -- what operators say ------------------------------------------------------------

    def _sends(self, step, alone=False):
        operator = step.tag[:4]
        row = complete(self, step, VERSIONS[operator])
        self._note(True, step.what, row, oc.header(step.what, VERSIONS[operator]))
        self.stage.say(self, step, row, alone)
        return True

    def _drops(self, step):
        """Send a file of its own."""
        return self._sends(step, alone=True)

    def _repeats(self, step):
        """Drop again the very file that was sent last."""
        name, content = self.said[step.tag]
        self.stage.accounts[step.tag[:4]].drop(name, content)
        return True

    def _forges(self, step):
        """Drop another line under the name of the file that was sent last."""
        operator = step.tag[:4]
        name, _content = self.said[step.tag]
        row = complete(self, step, VERSIONS[operator]) | {"NomClient": "AUTRE"}
        content = oc.write(step.what, [row], VERSIONS[operator])
        self.stage.accounts[operator].drop(name, content)
        return True

    # -- what they hear ----------------------------------------------------------------

    def _hears(self, step):
        waiting = self.inbox[self.script.reference(step.tag)]
        # Files of different flows come in any order.
        found = next((item for item in waiting if item[0] == step.what), None)
        if not found:
            return False
        waiting.remove(found)
        flow, row, header = found
        _check_words(step, row)
        self.heard[step.tag, flow] = row
        self._note(False, flow, row, _used(header, row))
        return True

    def _warned(self, step):
        """An answer to a whole file names no order."""
        for stranger in self.stage.strangers:
            operator, flow, row = stranger
            if (operator, flow) == (step.tag[:4], step.what) and not row[KEY]:
                self.stage.strangers.remove(stranger)
                _check_words(step, row)
                self._note(False, flow, row, _used(list(row), row))
                return True
        return False

    def _note(self, ours, flow, row, header):
        content = oc.write_rows(header, [{name: row.get(name) for name in header}])
        self.messages.append(Message(ours, flow, "", content))

    # -- what is so --------------------------------------------------------------------

    def _is(self, step):
        """Wait until the order is in a state."""
        reference = self.script.reference(step.tag)
        return self.stage.states.get(reference) == step.what

    def _refused(self, step):
        """Wait until the last line that was sent is refused with a code."""
        place = self.stage.said.get((self.script.name, step.tag))
        return (*place, step.what) in self.stage.errors if place else False

    def _proposed(self, step):
        """Wait until the study leaves a rejection to a person."""
        reference = self.script.reference(step.tag)
        return self.stage.proposed.get(reference) == step.what

    def _late(self, step):
        """Wait until it is marked who was late."""
        return (self.script.reference(step.tag), step.what) in self.stage.late

    def _file(self, step):
        """Wait until the file that was sent last ends so."""
        return (self.said[step.tag][0], step.what) in self.stage.files

    def _free(self, step):
        """So many fibres of the place are free in the end."""
        found = self.stage.free_fibres(self.script)
        if found != int(step.what):
            raise Failed(f"{found} fibres are free")
        return True

    def _hotline(self, step):
        return act_when_free(self.stage.hotline, self, step)


class Stage:
    """Plays all scripts on a server; `played` then tells how each went."""

    def __init__(self, server, accounts):
        self.server = server
        self.accounts = accounts
        people = (server.client("commandes"), server.client())
        self.hotline = Hotline(*people, server)
        self.plays = [Play(script, self) for script in scripts()]
        self.by_number = {f"{p.script.number:02d}": p for p in self.plays}
        self.states, self.proposed = {}, {}
        self.errors, self.late, self.files = set(), set(), set()
        self.said = {}
        self.strangers = []
        self._outgoing = []
        self._numbers = Counter()

    def play(self):
        last = time.monotonic()
        with database.connect(self.server.database) as cursor:
            while running := [play for play in self.plays if not play.is_over]:
                self._listen()
                self._look(cursor)
                moved = [play for play in running if self._advance(play)]
                self._flush()
                if moved:
                    last = time.monotonic()
                elif time.monotonic() > last + TIMEOUT:
                    self._give_up(running)
                else:
                    time.sleep(PAUSE)
        return {play.script.name: play for play in self.plays}

    def _advance(self, play):
        """Take the steps that can be taken now; tell whether there was one.

        What was looked at before something was done is not true any more.
        """
        moved = False
        while not play.is_over:
            verb = play.steps[0].verb
            if not play.advance():
                break
            moved = True
            if verb in ACTS:
                break
        return moved

    def _give_up(self, running):
        for play in running:
            inbox = {key: [flow for flow, *_ in got] for key, got in play.inbox.items()}
            play.failure = (
                f"{play.script.name}, {play.steps[0]}: nothing came. States: "
                f"{play.stage.states_of(play.script)}, unread: {inbox}"
            )

    # -- files -------------------------------------------------------------------------

    def say(self, play, step, row, alone):
        self._outgoing.append((play, step, row, alone))

    def _flush(self):
        """Put what was said in files: one for each flow of each operator."""
        files = defaultdict(list)
        for rank, (play, step, row, alone) in enumerate(self._outgoing):
            key = (step.tag[:4], step.what, rank if alone else None)
            files[key].append((play, step, row))
        self._outgoing = []
        for (operator, flow, _alone), lines in files.items():
            self._drop(operator, flow, lines)

    def _drop(self, operator, flow, lines):
        version = VERSIONS[operator]
        content = oc.write(flow, [row for _play, _step, row in lines], version)
        name = self._new_name(operator, flow, version)
        self.accounts[operator].drop(name, content)
        for line, (play, step, _row) in enumerate(lines, 2):
            self.said[play.script.name, step.tag] = (name, line)
            play.said[step.tag] = (name, content)

    def _new_name(self, operator, flow, version):
        self._numbers[operator, flow] += 1
        day = datetime.now(PARIS).strftime("%Y%m%d")
        number = FIRST_NUMBER + self._numbers[operator, flow]
        token = version.replace(".", "")
        return f"OICN_{operator}_ACCES_{flow}_{token}_{day}_{number}.csv"

    def _listen(self):
        """Take what we answered out of the accounts, and hand it over by order."""
        for operator, account in self.accounts.items():
            for name, content in account.take():
                for row in oc.read(content):
                    self._hand_over(operator, oc.flow_of(name), row)

    def _hand_over(self, operator, flow, row):
        _operator, _s, rest = (row.get(KEY) or "").partition("-S")
        play = self.by_number.get(rest[:2])
        if play:
            play.receive(flow, row, list(row))
        else:
            self.strangers.append((operator, flow, row))

    # -- the database ------------------------------------------------------------------

    def _look(self, cursor):
        """Read what the server did, by one connection: looks are many."""

        def rows(query):
            cursor.execute(query)
            return cursor.fetchall()

        self.states = dict(
            rows(
                "SELECT oc_reference, state FROM oiconnect_access_order "
                "WHERE oc_reference ~ '^OC..-S[0-9]{2}-[0-9]$' ORDER BY id"
            )
        )
        self.proposed = dict(
            rows(
                "SELECT o.oc_reference, r.code FROM oiconnect_access_order o "
                "JOIN oiconnect_reason r ON r.id = o.proposed_reason_id"
            )
        )
        self.errors = set(
            rows(
                "SELECT x.name, e.line, e.code FROM oiconnect_exchange_error e "
                "JOIN oiconnect_exchange x ON x.id = e.exchange_id"
            )
        )
        self.files = set(rows("SELECT name, state FROM oiconnect_exchange"))
        self.late = set(
            rows(
                "SELECT o.oc_reference, m.awaited FROM oiconnect_delay_miss m "
                "JOIN oiconnect_access_order o ON o.id = m.res_id "
                "AND m.res_model = 'oiconnect.access.order'"
            )
        )

    def states_of(self, script):
        references = map(script.reference, script.tags)
        return {name: self.states.get(name) for name in references}

    def free_fibres(self, script):
        [[count]] = self.server.rows(
            "SELECT count(*) FROM oiconnect_route r JOIN oiconnect_pbo p "
            "ON p.id = r.pbo_id WHERE p.reference = %s AND r.state = 'free'",
            f"PBO-99-001-S01-{script.number:04d}",
        )
        return count


def _check_words(step, row):
    missing = [word for word in step.words if word not in row.values()]
    if missing:
        raise Failed(f"{missing} not in {_filled(row)}")


def _used(header, row):
    """The columns up to the last value.

    Those that come for some lines only are in a file when a line of another story has
    them.
    """
    filled = [rank for rank, column in enumerate(header) if row[column]]
    return header[: filled[-1] + 1]


def _filled(row):
    return {column: text for column, text in row.items() if text}
