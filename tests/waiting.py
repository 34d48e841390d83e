"""Waiting for a condition, never for a time."""

import time

#: seconds in which anything comes, on the slowest machine
TIMEOUT = 300


def wait_until(is_true, seconds=TIMEOUT, pause=0.1):
    """Return once ``is_true()`` holds; fail when it does not within ``seconds``."""
    end = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < end, "what is awaited does not come"
        time.sleep(pause)
