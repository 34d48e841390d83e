"""What our catalogues say: English terms and their French."""

import re
from functools import cache

import polib

from odoo.tools.misc import file_path

ADDONS = (
    "oiconnect_base",
    "oiconnect_infra",
    "oiconnect_orders",
    "oiconnect_sav",
    "oiconnect_statistics",
    "oiconnect_import",
    "oiconnect_interop",
    "oiconnect_soap",
    "oiconnect_api",
    "oiconnect_gracethd",
    "oiconnect_billing",
)
# Words of the trade, examples and words that French spells as English does.
# A blank inside a word is written “~”.
SAME = {
    word.replace("~", " ")
    for word in """
    Accessible Attribution Base Code Codes Commune Communes Configuration Contact
    Contacts CR~LF~(Windows) Date Dates Delta Delta~CPN Delta~IPE Description Discussion
    E-mail Publisher~Warranty~Contract
    %s~routes %s~fibres https://sso.example.com/realms/oi
    Excel Façade Fibre Fibres Format Formats Import Imports Information Infrastructure
    GraceTHD Table Tables Projection~(EPSG) Fibre~%s Tube~%s
    Guadeloupe Initialisation Martinique Mayotte
    Interop'Fibre LF~(Unix) Latitude Longitude Lot Message Messages Messages~(minutes)
    Menu Minute Mode Module
    Modules Note Occupation OIConnect OpenStreetMap Options Orange Plan Point Port
    Pigtail
    Position Positions Production Projection Publication ReferencePM Route Routes Site
    "Route~optique" Saturation Shelter Tabulation Taxes Tickets Total Trace Tube Tubes
    Turquoise Type Version Versions Violet Zone Zoom
    Adduction Engagement Extension~(EXTE) Validation
    API~Interop Dialogue E-mutation Extension Incident Incidents Instructions
    Localisation Nature Notifications~(minutes) Question Service Services Ticket
    Coefficient Indexation Minimum
    Usage Usages Webhook Webhooks Webhooks~(minutes) Journal
    module route tube type ~(%(reason)s)
    %s°~E %s°~N %s°~S fibre~%s tube~%s
    """.split()
}
# Codes, examples of references, time zones and signs: OCAA, V1.4, 99100 99110,
# ssh-ed25519 AAAA…, Europe/Paris.
CODE = re.compile(r"[^a-z]*|.*\d.*|.*_.*|.*…|[A-Z]\w+(/[A-Z][\w-]+)+")
# A word of the trade that data have in any language: PTO
ACRONYM = re.compile(r"[A-Z]{2,}")
TAG = re.compile(r"<[^>]*>")


@cache
def french():
    """``{English term: its French ones}``, of the addons that there are."""
    terms = {}
    for addon in ADDONS:
        try:
            path = file_path(f"{addon}/i18n/fr.po")
        except FileNotFoundError:
            continue
        for entry in polib.pofile(path):
            terms.setdefault(entry.msgid, set()).add(entry.msgstr)
    return terms


def english_labels():
    """Return the terms that no French screen may show."""
    known = french()
    words = {term for terms in known.values() for term in terms}
    return sorted(
        term for term in known if term not in words and not ACRONYM.fullmatch(term)
    )


def is_english(term, shown):
    """Tell whether a French user is shown the English ``term``."""
    term = (term or "").strip()
    return term == (shown or "").strip() and not is_same(term)


def is_same(term):
    """Tell whether ``term`` is the same in both languages."""
    return term in SAME or bool(CODE.fullmatch(TAG.sub("", term)))
