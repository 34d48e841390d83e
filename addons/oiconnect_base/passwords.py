"""What a password must be: long, and none of those that are guessed first. No ORM.

zxcvbn has the lists of known passwords, and finds names, dates and rows of keys.
"""

import logging
import os

from zxcvbn import zxcvbn

_logger = logging.getLogger(__name__)

#: characters; a parameter of Odoo may ask for more, never for less
MIN_LENGTH = 12
#: characters that are judged: the search for replaced letters takes seconds for seventy
MAX_JUDGED = 32
#: of zxcvbn's 0 to 4: ten thousand million guesses do not find it
MIN_SCORE = 4
#: what people here take first, and zxcvbn's lists do not have
LOCAL_WORDS = (
    *("oiconnect", "odoo", "fibre", "optique", "operateur", "reseau", "telecom"),
    *("motdepasse", "mot de passe", "azerty", "azertyuiop", "bonjour", "bienvenue"),
    *("soleil", "chouchou", "doudou", "administrateur", "admin", "france"),
)
#: set for the demo and for tests only: passwords may then be anything
VARIABLE = "OIC_WEAK_PASSWORDS"
SHORT, GUESSED = "short", "guessed"


def fault(password: str, words=(), min_length: int = MIN_LENGTH) -> str | None:
    """Return SHORT or GUESSED, None for a password that may be taken.

    :param words: what others know of the person: name, log-in, company
    """
    if len(password) < max(MIN_LENGTH, min_length):
        return SHORT
    known = [*LOCAL_WORDS, *parts(words)]
    found = zxcvbn(password[:MAX_JUDGED], user_inputs=known)
    return GUESSED if found["score"] < MIN_SCORE else None


def parts(words):
    """Return the words and their parts, those of three letters and more."""
    split = [part for word in words for part in _split(word[:100])]
    return [part for part in split if len(part) > 2][:50]


def _split(word):
    return [word, *word.replace("@", " ").replace(".", " ").replace("-", " ").split()]


def may_be_weak(behind_proxy: bool) -> bool:
    """Tell whether the demo or tests run here, and passwords may be anything.

    :param behind_proxy: a server that a proxy opens to the outside never has that
    """
    return bool(os.environ.get(VARIABLE)) and not behind_proxy


def warn():
    _logger.info("%s is set: any password is taken, for demo and tests", VARIABLE)
