"""Colours of texts and what is behind them: whether people can read them.

A colour is ``#rrggbb``; contrasts are ratios from 1 to 21 (WCAG 2.1, 1.4.3).
"""

import re

BLACK, WHITE = "#000000", "#ffffff"
#: text of normal size
MIN_CONTRAST = 4.5
HEX = re.compile(r"#[0-9a-fA-F]{6}")
STEP = 0.9


def is_color(text):
    return bool(HEX.fullmatch(text or ""))


def channels(color):
    """Return the red, green and blue of a colour, 0 to 255 each."""
    return tuple(int(color[at : at + 2], 16) for at in (1, 3, 5))


def luminance(color):
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in channels(color))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def text_on(color):
    """Return white or black: which of them is read better on a colour."""
    return max(WHITE, BLACK, key=lambda text: contrast(text, color))


def darkened(color, share=STEP):
    """Return a colour of less light.

    :param share: of each channel that is left, 0 to 1
    """
    return "#" + "".join(f"{int(channel * share):02x}" for channel in channels(color))


def readable_on_white(color):
    """Return a colour, as dark as it takes to be read as text on white."""
    while contrast(color, WHITE) < MIN_CONTRAST:
        color = darkened(color)
    return color
