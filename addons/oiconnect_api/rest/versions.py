"""Versions of records (ETag), as callers tell them."""


def names(header, tag):
    """Tell whether a header (If-Match, If-None-Match) names the version ``tag``.

    A proxy that compresses an answer makes its tag a weak one (W/"…"), which its reader
    sends back: it is the same version all the same.
    """
    tags = {one.strip().removeprefix("W/") for one in (header or "").split(",")}
    return "*" in tags or tag.removeprefix("W/") in tags
