"""Names of files as servers give them: bytes, which UTF-8 does not always explain.

A byte that is not UTF-8 stands in the name as a surrogate, and goes back to the server
as it came: one such name keeps no other file from being listed.
"""

import codecs

#: an encoding by which FTP speaks such names
TOLERANT = "oiconnect_names"
# Characters shown of a server's message: it may talk for ever
MAX_MESSAGE_LENGTH = 1000


def decode(raw):
    return raw.decode("utf-8", "surrogateescape")


def is_utf8(name):
    """Tell whether the server gave ``name`` in UTF-8, with signs that can be stored."""
    return not any("\ud800" <= sign <= "\udfff" or sign == "\0" for sign in name)


def shown(name):
    """Return ``name`` for people: what is not UTF-8 was most often typed in Latin-1.

    A database keeps no null character.
    """
    if is_utf8(name):
        return name
    return name.encode("utf-8", "surrogateescape").decode("latin-1").replace("\0", "�")


def one_line(text):
    """Return what a server says as people read it: shortened, without control signs."""
    printable = (sign if sign.isprintable() else " " for sign in shown(text))
    return " ".join("".join(printable).split())[:MAX_MESSAGE_LENGTH]


class _Decoder(codecs.getincrementaldecoder("utf-8")):
    def __init__(self, errors="strict"):
        super().__init__("surrogateescape")


def _codec(name):
    if name != TOLERANT:
        return None
    utf8 = codecs.lookup("utf-8")
    return codecs.CodecInfo(
        name=TOLERANT,
        encode=lambda text, errors="strict": utf8.encode(text, "surrogateescape"),
        decode=lambda raw, errors="strict": utf8.decode(raw, "surrogateescape"),
        incrementaldecoder=_Decoder,
    )


codecs.register(_codec)
