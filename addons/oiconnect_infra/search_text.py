"""Normalisation of searched texts and references. Plain Python."""

import re
import unicodedata

LONGEST = 120
SHORTEST = 3
# A reference among other words: "PTO ZZ-AB12-CD34"
SHORTEST_REFERENCE = 6
_RUNS = re.compile(r"[^\W\d_]+|\d+")
PTO_LENGTH = 10
# Kinds of streets that files abbreviate: people write them in full ("place" for "PL"),
# or the other way round.
SHORT_STREETS = frozenset(
    "bd bld bvd car crs esp fg hle mte pce plt rle rpt rte tpl vge vla vlge".split()
)
STREETS = SHORT_STREETS | frozenset(
    "allée allee avenue boulevard carrefour chaussée chaussee chemin cité cours"
    " descente esplanade faubourg hameau impasse lotissement montée montee passage"
    " place placette promenade quai résidence residence rond point route ruelle sente"
    " sentier square traverse venelle villa village voie".split()
)
# Written in both ways, in the names of streets and towns
SAINTS = {"ST": "SAINT", "STE": "SAINTE"}
# What people write behind the number of a house, and the letter of the protocol
SUFFIXES = {"BIS": "B", "TER": "T", "QUATER": "Q", "QUINQUIES": "C"}
_SUFFIXED = re.compile(rf"\b(\d+)\s*({'|'.join(SUFFIXES)})\b", re.IGNORECASE)


def clean(text):
    """Return ``text`` on one line, without space at its ends, cut when too long."""
    return " ".join(str(text or "").split())[:LONGEST].strip()


def squeezed(text):
    """Return the letters and digits only, in capitals: what makes two texts equal."""
    return "".join(char for char in (text or "").upper() if char.isalnum())


def forms(text):
    """Return the ways in which a reference may be stored, the one typed first.

    The last is that of a PTO, ``OO-XXXX-XXXX``, or its beginning.
    """
    found = [text, text.upper(), text.upper().replace(" ", "-")]
    letters = squeezed(text)
    found += [text.upper().replace(" ", ""), letters]
    if letters.isascii() and len(letters) <= PTO_LENGTH:
        parts = (letters[:2], letters[2:6], letters[6:])
        found.append("-".join(part for part in parts if part))
    return list(dict.fromkeys(found))


def pattern(text):
    """Return what a ``like`` finds the text by, whatever stands between its parts."""
    return "%".join(_RUNS.findall(text))


def escaped(text):
    """Return what a ``like`` finds this very text by."""
    return re.sub(r"([\\%_])", r"\\\1", text)


def words(text):
    """Return the words of an address that are worth looking for, the longest first."""
    parts = re.split(r"[\s,;'’-]+", suffixed(text))
    every = {word for word in parts if squeezed(word)}
    found = {
        word
        for word in every
        if word.lower() not in STREETS and not _is_saint(word.upper())
    }
    return sorted(found or every, key=lambda word: (-len(word), word))


def suffixed(text):
    """Return an address with numbers as files have them: "12 bis" is "12B"."""
    return _SUFFIXED.sub(lambda found: found[1] + SUFFIXES[found[2].upper()], text)


def has_suffix(word):
    """Tell whether a word is a number of a house with its letter: "12B"."""
    return word[:-1].isdecimal() and word[-1].isalpha()


def _is_saint(word):
    return word in SAINTS or word in SAINTS.values()


def references(text):
    """Return the words of a text of several that may be a reference."""
    parts = [part.strip("\"'«»():;,.") for part in text.split()]
    return [
        part
        for part in parts
        if part != text
        and len(part) >= SHORTEST_REFERENCE
        and any(char.isdigit() for char in part)
    ]


def is_address(text, address):
    """Tell whether the text is an address: its number, then nothing but its words."""
    typed, held = _address_words(text), _address_words(address or "")
    return (
        len(typed) > 1
        and typed[0][0].isdigit()
        and typed[:1] == held[:1]
        and all(any(_is_same_word(word, other) for other in held) for word in typed)
    )


def _is_same_word(one, other):
    """Tell whether two words of addresses are one, or a kind of street twice."""
    short, long = sorted((one, other), key=len)
    return one == other or (
        long in _LONG_STREETS and short not in _LONG_STREETS and _is_short(short, long)
    )


def _is_short(short, long):
    """Tell whether the letters of ``short`` are in ``long``, from its first one on."""
    letters = iter(long)
    return short[0] == long[0] and all(letter in letters for letter in short)


def _address_words(text):
    found = re.findall(r"[^\W_]+", suffixed(plain(text)).upper())
    return [SAINTS.get(word, word) for word in found]


def plain(text):
    """Return the text without its accents."""
    parts = unicodedata.normalize("NFKD", text)
    return "".join(char for char in parts if not unicodedata.combining(char))


# "Rue" is never abbreviated, and is no short form of "route".
_LONG_STREETS = {plain(kind).upper() for kind in STREETS - SHORT_STREETS} | {"RUE"}
