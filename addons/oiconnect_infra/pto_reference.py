"""References of PTOs, ``OO-XXXX-XXXX``: plain Python, no database.

Each number gives one reference, and no two numbers the same one: who never uses a
number twice never makes a reference twice.
"""

import re

# Digits and letters, without I and O, which are read as 1 and 0
ALPHABET = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 8
SIZE = len(ALPHABET) ** LENGTH
FORM = re.compile(rf"[0-9A-Z]{{2}}-[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}")
# Odd and no multiple of 17, so prime to SIZE = 34 ** 8: neighbours are far apart.
_STEP = 1_103_515_245_793
_START = 271_828_182_845


def reference_of(prefix, number):
    """Return the reference of ``number`` (from 0 to SIZE - 1) on a network."""
    if not 0 <= number < SIZE:
        raise ValueError(f"no reference for number {number}")
    left = (number * _STEP + _START) % SIZE
    letters = []
    for _rank in range(LENGTH):
        left, rank = divmod(left, len(ALPHABET))
        letters.append(ALPHABET[rank])
    text = "".join(letters)
    return f"{prefix}-{text[:4]}-{text[4:]}"
