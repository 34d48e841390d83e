"""What the process that reads an uploaded picture answers: if it is one; its page."""

import io
from contextlib import contextmanager

from PIL import Image

from . import pdf

#: as many as Odoo lets a picture have: 50 million take 200 MB
MAX_PIXELS = 50_000_000
_FORMS = ["JPEG", "PNG"]


class PictureError(Exception):
    """A picture that is not taken."""

    def __init__(self, reason, **params):
        super().__init__(reason)
        self.reason, self.params = reason, params


@contextmanager
def open_file(raw, scratch):
    """Open a picture as commands."""
    content = raw.read()
    yield {
        "check": lambda: (_check(content), b""),
        "page": lambda title, author: (None, _page(content, title, author)),
    }


def _check(content):
    try:
        with Image.open(io.BytesIO(content), formats=_FORMS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise PictureError("picture_too_large", limit=MAX_PIXELS // 10**6)
            image.verify()
        # A second time: what verifies a picture leaves it unread.
        with Image.open(io.BytesIO(content), formats=_FORMS) as image:
            image.load()
    except (PictureError, MemoryError):
        raise
    except Image.DecompressionBombError as error:
        # Pillow's own limit is higher.
        raise PictureError("picture_too_large", limit=MAX_PIXELS // 10**6) from error
    except Exception as error:
        # Pillow tells a broken file in many ways.
        raise PictureError("no_picture") from error


def _page(content, title, author):
    _check(content)
    return pdf.picture(content, title, author)
