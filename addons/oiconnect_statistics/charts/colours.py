"""Colours of operators: one for each, the same on every chart. Plain Python."""

from colorsys import hls_to_rgb

# Told apart by most eyes (Okabe and Ito, and darker ones), on white and on dark
FIRST = (
    *("#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9"),
    *("#8c6d1f", "#6a51a3", "#4d9221", "#a50f15"),
)
# Turn of the hue that never comes back to where it was
GOLDEN_TURN = 0.618034
LIGHTNESS = (0.42, 0.58, 0.5)
SATURATION = 0.55


def colour_of(rank):
    """Return the colour of the operator of this rank, from 0 on."""
    if rank < len(FIRST):
        return FIRST[rank]
    hue = rank * GOLDEN_TURN % 1
    light = LIGHTNESS[rank % len(LIGHTNESS)]
    channels = hls_to_rgb(hue, light, SATURATION)
    return "#" + "".join(f"{round(255 * channel):02x}" for channel in channels)
