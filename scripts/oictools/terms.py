"""The terms of our addons: as Odoo exports them, and as fr.po holds them."""

import json
import os

import polib

from . import database, odoo, settings, sources, templates

# One session of Odoo exports every addon. The catalogues' dates are left out of ours.
# Labels of inherited fields (a partner's, on its operator) are shown as those of their
# own model: what the installed addons give a partner is not ours to translate.
EXPORT = """
import json, pathlib
from odoo.tools.translate import trans_export
for name in {names!r}:
    with pathlib.Path({folder!r}, name + ".pot").open("wb") as output:
        trans_export(None, [name], output, "po", env)
inherited = [
    "field_" + model._name.replace(".", "_") + "__" + name
    for model in env.registry.values()
    for name, field in model._fields.items()
    if field.inherited
]
pathlib.Path({folder!r}, "inherited.json").write_text(json.dumps(inherited))
"""
HEADER = {
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
}
FRENCH = {"Language": "fr", "Plural-Forms": "nplurals=2; plural=(n > 1);"}


def export():
    """Return the terms that each addon has to translate now, by addon name."""
    folder = settings.HOME / "terms"
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.pot"):
        old.unlink()
    [template] = templates.ensure("nodemo")
    copy = f"oic_test_terms_{os.getpid()}"
    database.clone(template, copy)
    try:
        code = EXPORT.format(names=sources.present(), folder=str(folder))
        odoo.python(copy, code, "terms")
    finally:
        database.drop(copy)
    inherited = set(json.loads((folder / "inherited.json").read_text()))
    return {
        name: _without(inherited, _read(folder / f"{name}.pot"))
        for name in sources.present()
    }


def _without(xml_names, catalogue):
    """The catalogue less the terms that only records of these names hold."""
    rest = polib.POFile()
    for entry in catalogue:
        entry.occurrences = [
            (place, line)
            for place, line in entry.occurrences
            if place.rpartition(".")[2] not in xml_names
        ]
        if entry.occurrences:
            rest.append(entry)
    return rest


def _read(path):
    """A catalogue; an addon without a term has an empty one."""
    text = path.exists() and path.read_text()
    return polib.pofile(text) if text else polib.POFile()


def french_path(addon):
    return settings.ADDONS / addon / "i18n" / "fr.po"


def template_path(addon):
    return settings.ADDONS / addon / "i18n" / f"{addon}.pot"


def faults(addon, exported):
    """(what, term) of each fault of an addon's translations."""
    french = _read(french_path(addon))
    known = {entry.msgid: entry for entry in french if not entry.obsolete}
    wanted = {entry.msgid for entry in exported}
    for msgid in sorted(wanted - set(known)):
        yield "missing", msgid
    for msgid, entry in known.items():
        if msgid not in wanted:
            yield "obsolete", msgid
        elif entry.fuzzy:
            yield "fuzzy", msgid
        elif not entry.msgstr:
            yield "empty", msgid
    for entry in french.obsolete_entries():
        yield "obsolete", entry.msgid
    if {entry.msgid for entry in _read(template_path(addon))} != wanted:
        yield "out of date", template_path(addon).name


def _write(catalogue, path, header):
    path.parent.mkdir(exist_ok=True)
    catalogue.metadata = header
    catalogue.wrapwidth = 78
    catalogue.save(str(path))


def update(addon, exported):
    """Refreshes the .pot and fr.po of an addon; tells how many are untranslated."""
    for entry in exported:
        entry.msgstr = ""
    exported.header = f"Translations of {addon}"
    if not len(exported):
        return 0
    french = _read(french_path(addon))
    french.merge(exported)
    for entry in french.obsolete_entries():
        french.remove(entry)
    french.sort(key=lambda entry: entry.msgid)
    exported.sort(key=lambda entry: entry.msgid)
    french.header = exported.header
    _write(exported, template_path(addon), HEADER)
    _write(french, french_path(addon), {**HEADER, **FRENCH})
    return len(french.untranslated_entries()) + len(french.fuzzy_entries())
