"""Pieces of the drawing, as SVG."""

from markupsafe import Markup

FONT = "font-family='DejaVu Sans, Roboto, Arial, sans-serif'"
INK, SOFT, LINE, SHEATH = "#1f2937", "#4b5563", "#d1d5db", "#374151"
HERE, BAD, TOLERATED_GAPS, UNKNOWN = "#1d4ed8", "#b91c1c", "#92400e", "#9ca3af"
# Width of a character beside the size of the font: capitals and figures are wide.
WIDE, NARROW = 0.68, 0.58
BOX = 46


def svg(width, height, content):
    return Markup(
        "<svg xmlns='http://www.w3.org/2000/svg' class='o_oiconnect_trace_svg' "
        "role='img' width='{w:g}' height='{h:g}' viewBox='0 0 {w:g} {h:g}' {font}>"
        "{content}</svg>"
    ).format(w=width, h=height, font=Markup(FONT), content=content)


def background(width, height):
    return Markup("<rect width='{:g}' height='{:g}' fill='#ffffff'/>").format(
        width, height
    )


def fit(text, width, size, bold=False):
    """Return ``text``, shortened in its middle when it is wider than ``width``."""
    text = text or ""
    room = max(int(width / _letter(text, size, bold)), 3)
    if len(text) <= room:
        return text
    start = (room - 1) // 2
    return f"{text[:start]}…{text[len(text) - (room - 1 - start) :]}"


def _letter(text, size, bold=False):
    """Return the width of one letter of a text."""
    wide = sum(letter.isupper() or letter.isdigit() for letter in text)
    return size * (WIDE if wide * 2 > len(text) else NARROW) * (1.06 if bold else 1)


def _length(text, size, bold=False):
    return len(text) * _letter(text, size, bold)


def cut(text, width, size):
    """Return ``text``, its end left out when it is wider than ``width``."""
    room = max(int(width / _letter(text, size)), 3)
    return text if len(text) <= room else f"{text[: room - 1]}…"


def metres(length):
    return f"{length:,.0f} m".replace(",", "\u202f")


def two_lines(text, width, size):
    """Return ``text`` on one or two lines, cut at a separator where there is one."""
    if fit(text, width, size, True) == text:
        return [text]
    room = max(int(width / _letter(text, size, True)), 3)
    cuts = [rank + 1 for rank, letter in enumerate(text[:room]) if letter in " /-_."]
    cut = cuts[-1] if cuts else room
    return [text[:cut].rstrip(), fit(text[cut:].lstrip(), width, size, True)]


def words(x, y, text, size=11, color=INK, anchor="middle", bold=False):
    return Markup(
        "<text x='{:g}' y='{:g}' font-size='{:g}' fill='{}' text-anchor='{}'{}>{}"
        "</text>"
    ).format(
        x, y, size, color, anchor, Markup(" font-weight='bold'") if bold else "", text
    )


def heading(x, width, label):
    return words(x + width / 2, 26, fit(label, width, 11), 11, SOFT)


def row_line(x1, x2, y):
    return Markup(
        "<line x1='{:g}' x2='{:g}' y1='{y:g}' y2='{y:g}' stroke='{}'/>"
    ).format(x1, x2, LINE, y=y)


def row_title(x, y, width, line):
    """Write the title of a path; its details go below where there is no room."""
    length = metres(line.length) if line.length else ""
    detail = " · ".join(filter(None, (line.detail, length)))
    width -= 8
    title = fit(line.title, width, 12, True)
    beside = _length(title, 12, True) + 10 + _length(detail, 11) <= width
    where = Markup("dx='10'") if beside else Markup("x='{:g}' dy='14'").format(x + 4)
    text = Markup(
        "<tspan font-weight='bold'>{}</tspan><tspan fill='{}' font-size='11' {}>{}"
        "</tspan>"
    ).format(title, SOFT, where, cut(detail, width, 11))
    texts = words(x + 4, y, text, 12, anchor="start")
    return link(texts, line.model, line.id, f"{line.title} · {detail}".strip(" ·"))


def flaw_line(x, y, width, flaw):
    text = words(x + 4, y, f"⚠ {cut(flaw.text, width - 20, 11)}", 11, BAD, "start")
    return link(text, flaw.model, flaw.id, flaw.text, flaw.code)


def mild_line(x, y, width, flaws):
    """Write on one line what is only left to do, in few words where room is small."""
    whole = shown = " ".join(flaw.text for flaw in flaws)
    if _length(whole, 11) > width - 20:
        shown = " · ".join(flaw.short for flaw in flaws)
    text = words(
        x + 4, y, f"○ {cut(shown, width - 20, 11)}", 11, TOLERATED_GAPS, "start"
    )
    return link(text, flaws[0].model, flaws[0].id, whole, flaws[0].code)


def link(content, model, record_id, title, flaw=""):
    """Make a piece of the drawing lead to a record."""
    if not record_id:
        return content
    return Markup(
        "<g class='o_oiconnect_trace_link' role='link' tabindex='0' data-model='{}' "
        "data-id='{}' data-flaw='{}'><title>{}</title>{}</g>"
    ).format(model, record_id, flaw, title, content)


# ----------------------------------------------------------------------
# Boxes
# ----------------------------------------------------------------------


def box(cell, top, bottom):
    """Draw a box that covers the rows of a cell."""
    hop = cell.hop
    x, width = cell.x + 4, cell.width - 8
    y, height = top - BOX / 2, bottom - top + BOX
    stroke, fill, dash = _box_style(hop)
    shape = Markup(
        "<rect x='{:g}' y='{:g}' width='{:g}' height='{:g}' rx='6' fill='{}' "
        "stroke='{}' stroke-width='1.5'{}/>"
    ).format(x, y, width, height, fill, stroke, dash)
    content = shape + _box_texts(hop, x + width / 2, top, width - 8)
    return link(
        content, hop.model, hop.id, _title(hop), hop.flaw and hop.flaw.code or ""
    )


def _box_style(hop):
    if not hop.flaw:
        return SHEATH, "#f3f4f6" if "splice" not in hop.role else "#ffffff", ""
    color = TOLERATED_GAPS if hop.flaw.is_mild else BAD
    fill = "#fffbeb" if hop.flaw.is_mild else "#fef2f2"
    return color, fill, Markup(" stroke-dasharray='5 3'")


def _box_texts(hop, x, middle, width):
    color = INK
    title = hop.title
    if hop.flaw:
        color = TOLERATED_GAPS if hop.flaw.is_mild else BAD
        title = title if hop.flaw.is_mild else f"⚠ {title}"
    lines = [(text, 11, color, True) for text in two_lines(title, width, 11)]
    lines += [(cut(text, width, 10), 10, SOFT, False) for text in hop.lines[:1]]
    if hop.operator and len(lines) < 3:
        lines.append((cut(hop.operator, width, 10), 10, SOFT, False))
    top = middle - (len(lines) - 1) * 6.5 + 4
    return Markup().join(
        words(x, top + rank * 13, text, size, color, bold=bold)
        for rank, (text, size, color, bold) in enumerate(lines)
    )


def _title(hop):
    """Return all that is known of a hop: what is shortened is read here."""
    parts = [hop.label, hop.title, *hop.lines, hop.operator]
    parts += [colour.label for colour in (hop.tube, hop.fibre) if colour]
    return " · ".join(filter(None, parts))


# ----------------------------------------------------------------------
# Strokes
# ----------------------------------------------------------------------


def stroke(cell, y):
    hop = cell.hop
    x1, x2 = cell.x, cell.x + cell.width
    content = _broken(x1, x2, y, hop) if hop.flaw else _fibre(_line(x1, x2, y), hop)
    texts = _stroke_texts(hop, (x1 + x2) / 2, y, cell.width - 10)
    code = hop.flaw and hop.flaw.code or ""
    return link(content + texts, hop.model, hop.id, _title(hop), code)


def split_stroke(cell, axes):
    """Draw one fibre that a splitter shares out to several rows."""
    hop = cell.hop
    x1, x2 = cell.x, cell.x + cell.width
    top, knot = axes[0], x2 - 34
    bus = f"M{knot:g} {top:g}H{x2 - 12:g}V{axes[-1]:g}"
    branches = [f"M{x2 - 12:g} {y:g}H{x2:g}" for y in axes]
    parts = [_fibre(_line(x1, knot, top), hop)]
    parts += [_fibre(path, hop, thin=True) for path in (bus, *branches)]
    parts.append(
        Markup(
            "<path d='M{x:g} {y:g}l16 -11v22z' fill='#ffffff' stroke='{ink}' "
            "stroke-width='1.5'/>"
        ).format(x=knot - 8, y=top, ink=INK)
    )
    # The name stands above the splitter, the rest between the sheath and the bus.
    parts.append(_stroke_name(hop, (x1 + x2) / 2, top, cell.width - 10))
    parts.append(_below_texts(hop, (x1 + x2 - 14) / 2, top, cell.width - 22))
    return link(Markup().join(parts), hop.model, hop.id, _title(hop))


def _line(x1, x2, y):
    return f"M{x1:g} {y:g}H{x2:g}"


def _fibre(path, hop, thin=False):
    """Draw sheath, tube and fibre, one inside the other; a white edge parts them."""
    layers = [(SHEATH, 14), ("#ffffff", 12)]
    if hop.tube:
        layers += [(hop.tube.hex or UNKNOWN, 11)]
    layers += [("#111827", 6), ("#ffffff", 5)]
    if hop.fibre:
        layers += [(hop.fibre.hex or UNKNOWN, 4)]
    if thin:
        layers = [("#111827", 6), ("#ffffff", 5), layers[-1]]
    return Markup().join(
        Markup("<path d='{}' fill='none' stroke='{}' stroke-width='{:g}'/>").format(
            path, color, width
        )
        for color, width in layers
    )


def _broken(x1, x2, y, hop):
    color = TOLERATED_GAPS if hop.flaw.is_mild else BAD
    return Markup(
        "<path d='M{:g} {y:g}H{:g}' fill='none' stroke='{color}' stroke-width='3' "
        "stroke-dasharray='7 6'/>"
    ).format(x1 + 4, x2 - 4, y=y, color=color)


def _stroke_texts(hop, x, y, width):
    """Write what a stroke is above it, its colours and its length below."""
    if hop.flaw:
        color = TOLERATED_GAPS if hop.flaw.is_mild else BAD
        return words(x, y - 16, fit(f"⚠ {hop.title}", width, 11), 11, color, bold=True)
    return _stroke_name(hop, x, y, width) + _below_texts(hop, x, y, width)


def _stroke_name(hop, x, y, width):
    return words(x, y - 16, fit(hop.title, width, 11, True), 11, INK, bold=True)


def _below_texts(hop, x, y, width):
    return Markup().join(
        words(x, y + 22 + 11 * rank, cut(text, width, 10), 10, SOFT)
        for rank, text in enumerate(_below(hop))
    )


def _below(hop):
    """Return the lines below a stroke: tube, fibre, details, length and holder."""
    colours = [colour.text for colour in (hop.tube, hop.fibre) if colour]
    ends = [metres(hop.length)] if hop.length else []
    if hop.role == "link_fibre" and hop.operator:
        ends.append(hop.operator)
    return list(filter(None, [*colours, *hop.lines, " · ".join(ends)]))


def here(cell, top, bottom, label, is_stroke):
    """Draw the mark of where one has started from."""
    half = 11 if is_stroke else BOX / 2 + 4
    x, width = cell.x + 1, cell.width - 2
    mark = Markup(
        "<rect x='{:g}' y='{:g}' width='{:g}' height='{:g}' rx='9' fill='none' "
        "stroke='{}' stroke-width='3'/>"
    ).format(x, top - half, width, bottom - top + 2 * half, HERE)
    return mark + _here_words(x + width / 2, top - 42, label) if label else mark


def _here_words(x, y, label):
    wide = len(label) * 6.4 + 24
    return Markup(
        "<g class='o_oiconnect_trace_here'><rect x='{:g}' y='{:g}' width='{:g}' "
        "height='16' rx='8' fill='{}'/>{}</g>"
    ).format(
        x - wide / 2,
        y,
        wide,
        HERE,
        words(x, y + 11.5, f"● {label}", 10.5, "#ffffff", bold=True),
    )
