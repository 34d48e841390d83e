"""Sentences of a bulk import: keys and parameters are stored, words come last."""

from ..protocol.errors import MESSAGES as PROTOCOL_MESSAGES
from ..protocol.errors import _lt

MESSAGES = {
    "no_file": _lt("The file is not there any more: upload it again."),
    "too_big": _lt(
        "The file is larger than the %(limit)s MB allowed: send it in parts, or have "
        "the limit raised."
    ),
    "bad_zip": _lt("The zip file cannot be read: make it again."),
    "zip_count": _lt(
        "The zip file holds %(count)s files: put the csv file alone in it."
    ),
    "zip_path": _lt(
        "The zip file holds the path %(name)s: put the csv file at its root."
    ),
    "zip_link": _lt("The zip file holds a link (%(name)s): put the csv file itself."),
    "zip_nested": _lt(
        "The zip file holds another one (%(name)s): put the csv file itself."
    ),
    "zip_not_csv": _lt("The zip file holds %(name)s: put a csv file in it."),
    "zip_encrypted": _lt("The zip file is encrypted: make it again without password."),
    "zip_ratio": _lt(
        "The zip file grows more than %(limit)s times when it is read: send the csv "
        "file itself."
    ),
    "file_takes_time": _lt(
        "The file %(file)s takes more than %(limit)s seconds to read: export it again, "
        "or send it in parts."
    ),
    "file_takes_memory": _lt(
        "The file %(file)s takes more than %(limit)s MB of memory to read: export it "
        "again, or send it in parts."
    ),
    "file_unreadable": _lt(
        "The file %(file)s cannot be read, it is damaged: export it again."
    ),
    "unknown_kind": _lt(
        "Neither the name nor the header tells what the file is: name it as the "
        "protocol says, for instance OICONNECT_01_OICN_PM_IPEZMD_V31_20260901_00.csv."
    ),
    "unreal_date": _lt(
        "The file name says %(date)s, which is no date: write it AAAAMMJJ, then choose "
        "the file again."
    ),
    "foreign_network": _lt(
        "The file name says %(code)s, the code of network %(network)s is "
        "%(expected)s: choose the right network or file."
    ),
    "bad_binding": _lt(
        "The column %(column)s cannot feed the field %(field)s: correct the format in "
        "Flows and formats."
    ),
    "not_empty": _lt(
        "The network %(network)s is not empty: it cannot be initialised. Choose the "
        "mode “Update”."
    ),
}


def message_text(env, key, params):
    """Return the sentence of an error in the user's language."""
    template = MESSAGES.get(key) or PROTOCOL_MESSAGES[key]
    return with_lines(env, env._(template, **(params or {})), params)


def with_lines(env, sentence, params):
    """Return a sentence that says how many lines it is about, where that is many."""
    params = params or {}
    if params.get("lines", 1) == 1 or not params.get("subject"):
        return sentence
    return env._(
        "%(sentence)s (lines of %(subject)s: %(lines)s)",
        sentence=sentence,
        subject=params["subject"],
        lines=params["lines"],
    )
