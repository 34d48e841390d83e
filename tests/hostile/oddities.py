"""Things that no operator should drop, and some that look odd but are in order."""

import os
from typing import NamedTuple

from scene import LOGIN

YEAR_2100 = 4_102_444_800
LATIN = "été_é.csv".encode("latin-1")


class Made(NamedTuple):
    """Dropped files: orders to be answered, and what staff are to hear of."""

    references: list
    messages: list


def make(client):
    made = Made([], [])
    for place in ODDITIES.values():
        place(client, made)
    return made


def _order(client, made, count=1):
    name, references, content = client.orders(count)
    made.references.extend(references)
    return name, content


def clock_of_1970(client, made):
    name, content = _order(client, made)
    client.drop(name, content)
    os.utime(client.inbox / name, (0, 0))


def clock_of_2100(client, made):
    name, content = _order(client, made)
    client.drop(name, content)
    os.utime(client.inbox / name, (YEAR_2100, YEAR_2100))


def name_in_latin(client, made):
    path = os.path.join(os.fsencode(client.inbox), LATIN)
    with open(path, "wb") as file:
        file.write(b"x")
    made.messages.append((LATIN.decode("latin-1"), "UTF-8"))


def name_of_255_bytes(client, made):
    name = f"{client.server.kind}.csv".rjust(255, "n")
    (client.inbox / name).write_bytes(b"x")
    made.messages.append((name[:100],))


def name_with_signs(client, made):
    for name in (
        "a b;c'd\"e.csv",
        "$(reboot).csv",
        "émoji 🙂.csv",
        "-rf.csv",
        "%s%n.csv",
    ):
        # One that came before by another path would be the same file again.
        name = name.replace(".csv", f".{client.server.kind}.csv")
        (client.inbox / name).write_bytes(b"x")
        made.messages.append((name,))


def name_with_line_break(client, made):
    (client.inbox / "line\nbreak.csv").write_bytes(b"x")


def empty_file(client, made):
    name, _references, _content = client.orders()
    client.drop(name, b"")
    made.messages.append(("vide",))


def folder_named_like_a_file(client, made):
    name, _references, _content = client.orders()
    (client.inbox / name).mkdir()


def links(client, made):
    """To a file of the machine, of another operator, and round in a loop."""
    for target in ("/etc/passwd", f"../../{LOGIN}/out/x.csv"):
        name, _references, _content = client.orders()
        (client.inbox / name).symlink_to(target)
    name, _references, _content = client.orders()
    (client.inbox / name).symlink_to(name)


def claim_that_is_not_ours(client, made):
    (client.inbox / f".oic-{'0' * 16}-x.csv").write_bytes(b"x")


def uploads_that_never_end(client, made):
    for ending in (".tmp", ".filepart", ".part", ".writing"):
        name, _references, content = client.orders()
        (client.inbox / f"{name}{ending}").write_bytes(content)


def bytes_of_no_file(client, made):
    name, _references, _content = client.orders()
    client.drop(name, bytes(range(256)) * 40)


ODDITIES = {
    "a clock of 1970": clock_of_1970,
    "a clock of 2100": clock_of_2100,
    "a name in Latin-1": name_in_latin,
    "a name of 255 bytes": name_of_255_bytes,
    "names with signs": name_with_signs,
    "a name with a line break": name_with_line_break,
    "an empty file": empty_file,
    "a folder named like a file": folder_named_like_a_file,
    "links": links,
    "a claim that is not ours": claim_that_is_not_ours,
    "uploads that never end": uploads_that_never_end,
    "bytes of no file": bytes_of_no_file,
}


def assert_nothing_strange_was_read(client):
    """No link was followed, no unfinished upload was taken."""
    unfinished = (".tmp", ".filepart", ".part", ".writing")
    assert not [name for name in client.stored("name") if name.endswith(unfinished)]
    assert os.path.getsize("/etc/passwd") not in client.stored("size")
