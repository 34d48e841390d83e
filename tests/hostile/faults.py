"""What an operator's server does wrong, at which step of a session, whatever protocol.

A step is what OIConnect does there: it opens a session, lists ``in/``, claims a file by
a rename, looks at it, opens and reads it, puts it away, writes an answer and gives that
its name.
"""

from collections import Counter

#: steps by which a file is taken, and those by which an answer is sent, in their order
TAKING = ("session", "list", "claim", "look", "open", "read", "put away")
SENDING = ("write", "publish")
#: what a server does at a step
REFUSE, CLOSE, SILENT = "refuse", "close", "silent"
#: a file is read in several pieces: what goes wrong then does so after this many bytes
MIDDLE = 30_000


class Faults:
    """Shared by a test and its server; nothing goes wrong until a step is named."""

    #: none of those of ftp_server, whose sessions ours are
    mode = None
    sessions = 0

    def __init__(self):
        self.counts = Counter()
        self.full = False
        self.clear()

    def set(self, step, how):
        """Do ``how`` at ``step``: one of the above, or a function to call once."""
        self.step, self.how, self.met = step, how, False

    def clear(self):
        self.set(None, None)

    def at(self, step):
        """Return what goes wrong at ``step``, None when nothing does."""
        self.counts[step] += 1
        if self.step != step:
            return None
        self.met, how = True, self.how
        if not callable(how):
            return how
        self.step = None
        how()
        return None


def step_of_rename(target):
    """Tell by its new name what a file is renamed for."""
    folder, _slash, name = target.rpartition("/")
    if folder.endswith(("archive", "error")):
        return "put away"
    return "claim" if name.startswith(".oic-") else "publish"
