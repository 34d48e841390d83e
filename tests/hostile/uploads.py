"""Files that change while they are looked at: pauses, growth, replacement, loss."""

PAUSE = 3600
#: orders of a file that is read in several pieces
LARGE, COMMENT = 60, "x" * 700


def pauses(client):
    """A file that stands still for less than agreed is not taken, whatever is there."""
    name, references, content = client.orders(3)
    client.lead(still=PAUSE)
    half = len(content) // 2
    with open(client.inbox / name, "wb", buffering=0) as upload:
        upload.write(content[:half])
        client.wait_looks(3)
        assert (client.inbox / name).exists(), "taken half"
        upload.write(content[half:])
    client.lead()
    client.wait_answered(references)
    client.wait_put_away(name)


def comes_in_drops(client):
    """It grows between any two looks."""
    name, references, content = client.orders(3)
    step = len(content) // 5 + 1
    client.lead(still=PAUSE)
    with open(client.inbox / name, "wb", buffering=0) as upload:
        for start in range(0, len(content), step):
            upload.write(content[start : start + step])
            client.wait_looks(1)
    client.lead()
    client.wait_answered(references)


def is_replaced_at_the_claim(client):
    """The claimed file is another than the one that we saw: that one counts."""
    name, references, content = client.orders(2)
    _name, old_references, old = client.orders()
    client.faults.set("claim", lambda: (client.inbox / name).write_bytes(content))
    client.drop(name, old)
    client.wait_answered(references)
    client.wait_put_away(name)
    client.assert_not_ordered(old_references)


def _sends_it_again(client, name, references, content):
    """The file comes again after we met its loss, and is answered."""
    client.wait(lambda: client.faults.met)
    client.wait_looks(2)
    client.drop(name, content)
    client.wait_answered(references)
    client.wait_put_away(name)


def vanishes_at_the_claim(client):
    """The operator takes it back, then sends it all the same."""
    name, references, content = client.orders()
    client.faults.set("claim", (client.inbox / name).unlink)
    client.drop(name, content)
    _sends_it_again(client, name, references, content)


def vanishes_once_claimed(client):
    """The claimed file is gone before it is read; it comes again."""
    name, references, content = client.orders()

    def remove():
        [claimed] = client.inbox.glob(f".oic-*{name}")
        claimed.unlink()

    client.faults.set("open", remove)
    client.drop(name, content)
    _sends_it_again(client, name, references, content)


def _goes_on_at(client, step):
    """Its second half comes while we are at it: the whole is stored."""
    name, references, content = client.orders(LARGE, CommentaireCmdAcces=COMMENT)
    half = len(content) - len(content) // 8
    with open(client.inbox / name, "wb", buffering=0) as upload:
        upload.write(content[:half])
        client.faults.set(step, lambda: upload.write(content[half:]))
        client.wait(lambda: client.faults.met, hasten=True)
        client.wait_answered(references)
    client.wait_put_away(name)
    assert (client.inbox / "archive" / name).read_bytes() == content


def goes_on_once_claimed(client):
    _goes_on_at(client, "open")


def goes_on_while_read(client):
    _goes_on_at(client, "read")


def goes_on_once_put_away(client):
    """An upload that stalled for longer than agreed: it is taken again, whole."""
    name, references, content = client.orders(3)
    first = content.index(b"\r\n", content.index(references[0].encode())) + 2
    with open(client.inbox / name, "wb", buffering=0) as upload:
        upload.write(content[:first])
        client.wait_answered(references[:1])
        client.wait_put_away(name)
        upload.write(content[first:])
    client.wait_for_the_next_check(lambda: set(references) <= client.answered())
    client.wait_answered(references)
    assert client.stored_sizes(name) == [first, len(content)]


SCENARIOS = {
    "pauses its upload": pauses,
    "uploads drop by drop": comes_in_drops,
    "replaces a file at the claim": is_replaced_at_the_claim,
    "takes a file back at the claim": vanishes_at_the_claim,
    "removes a claimed file": vanishes_once_claimed,
    "goes on once claimed": goes_on_once_claimed,
    "goes on while it is read": goes_on_while_read,
    "goes on once put away": goes_on_once_put_away,
}
