"""Misbehaviour of an operator; each ends well once the operator behaves again.

A new misbehaviour is a function of SCENARIOS, a new odd file an entry of ODDITIES.
"""

import socket
import threading
from contextlib import contextmanager, suppress

import oddities
import uploads
from faults import CLOSE, REFUSE, SENDING, SILENT, TAKING
from uploads import COMMENT, LARGE

#: files, far more than a look takes; seconds between two looks
MANY, LONG = 10_000, 60
#: seconds after which a silent server is given up: longer than the good one may wait
HELD = 30


def _at_each_step(client, how):
    """One file that cannot be taken, one that cannot be answered, at any step."""
    for steps in (TAKING, SENDING):
        name, references, content = client.orders(LARGE, CommentaireCmdAcces=COMMENT)
        client.faults.set(steps[0], how)
        client.drop(name, content)
        for step in steps:
            client.faults.set(step, how)
            client.wait(lambda: client.faults.met, hasten=True)
        client.faults.clear()
        client.wait_answered(references)
        client.wait_put_away(name)
    client.assert_tasks_in_french()


def closes_at_each_step(client):
    _at_each_step(client, CLOSE)


def refuses_each_step(client):
    _at_each_step(client, REFUSE)


def never_answers(client):
    """Waiting for it delays no one else."""
    name, references, content = client.orders()
    client.lead(timeout=HELD)
    client.faults.set("list", SILENT)
    client.drop(name, content)
    client.wait(lambda: client.faults.met)
    client.wait_for_the_good()
    client.faults.clear()
    client.wait_answered(references)


def falls_silent(client):
    """It is given up, and tried again."""
    name, references, content = client.orders()
    client.lead(timeout=1)
    # Silent before the file is there: it would be taken at once.
    client.faults.set("list", SILENT)
    client.drop(name, content)
    for step, word in (("list", "lister"), ("claim", "renommer"), ("open", "lire")):
        client.faults.set(step, SILENT)
        client.wait(lambda: client.faults.met, hasten=True)
        client.wait_task("Le serveur refuse de", word)
    client.faults.clear()
    client.wait_answered(references)
    client.wait_put_away(name)


def is_no_server_at_all(client):
    """It hangs up, talks about the weather, or says nothing."""
    name, references, content = client.orders()
    client.drop(name, content)
    for greeting in (b"", b"\x00\xff weather\r\n" * 100, None):
        with greeting_server(greeting) as (port, called):
            client.lead(timeout=1, port=port)
            client.wait(called.is_set, hasten=True)
            client.wait(lambda: client.last_error(), hasten=True)
            assert "ne répond pas" in client.last_error()
    client.lead()
    client.wait_answered(references)
    client.assert_tasks_in_french()


@contextmanager
def greeting_server(greeting):
    """Give a port that answers any call with ``greeting``; None: with silence."""
    called, calls = threading.Event(), []

    def serve(listener):
        with suppress(OSError):
            while True:
                call, _address = listener.accept()
                calls.append(call)
                called.set()
                if greeting is not None:
                    with suppress(OSError), call:
                        call.sendall(greeting)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        yield listener.getsockname()[1], called
        listener.shutdown(socket.SHUT_RDWR)
    for call in calls:
        call.close()


def has_no_room(client):
    """Its disk is full: our answers wait, its files are still taken."""
    client.faults.full = True
    name, references, content = client.orders()
    client.drop(name, content)
    client.wait_put_away(name)
    client.wait(lambda: client.unsent_message(), hasten=True)
    assert "Le serveur refuse de" in client.unsent_message()
    # A report on earlier orders may have come before there was no room.
    assert not client.answered() & set(references)
    client.faults.full = False
    client.wait_answered(references)


def drops_odd_things(client):
    """Each odd thing is reported or left; the good files beside them are answered."""
    made = oddities.make(client)
    client.wait_answered(made.references)
    for words in made.messages:
        client.wait_task(*words)
    client.assert_orders(made.references)
    oddities.assert_nothing_strange_was_read(client)


def drops_ten_thousand_files(client):
    """Looks go on beside them; once they are gone its orders are taken."""
    # Each look takes some of them, which costs: few looks show what many would.
    client.lead(every=LONG)
    for rank in range(MANY):
        (client.inbox / f"{rank:05d}-{'x' * 180}.csv").write_bytes(b"nothing")
    client.wait_looks(2)
    client.wait_for_the_good()
    for path in client.inbox.glob("*x.csv"):
        with suppress(FileNotFoundError):
            path.unlink()
    client.lead()
    name, references, content = client.orders()
    client.drop(name, content)
    client.wait_answered(references)


SCENARIOS = {
    "closes at each step": closes_at_each_step,
    "refuses each step": refuses_each_step,
    "never answers": never_answers,
    "falls silent": falls_silent,
    "is no server at all": is_no_server_at_all,
    "has no room": has_no_room,
    "drops odd things": drops_odd_things,
    "drops ten thousand files": drops_ten_thousand_files,
    **uploads.SCENARIOS,
}
