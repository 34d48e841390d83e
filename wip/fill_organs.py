"""Fill empty French terms from what any addon said before (git e78a19f)."""
import subprocess, sys, polib, glob
OLD = "e78a19f"
NEW = {
    "Missed delay: %s": "Délai manqué : %s",
    "came on %s": "venu le %s",
    "still awaited": "encore attendu",
    "What is to do follows from its record: only who does it may be changed here.": "Ce qui est à traiter découle de son objet : seule la personne qui s'en charge se change ici.",
    "What comes too late is marked: by whom, of what, by how many hours.": "Ce qui arrive trop tard est relevé : de qui, pour quoi, de combien d'heures.",
    "Story of the record": "Déroulement",
    "Story of a record": "Déroulement d'un objet",
    "Delays of a record": "Délais d'un objet",
    "Has things to do": "Objet à traiter",
    "Has a limit in time": "Objet à échéance",
    "About a record": "À propos d'un objet",
    "Decisions on a record": "Décisions sur un objet",
    "Decision": "Décision",
    "Controls that a person has set aside for this record": "Contrôles qu'une personne a écartés pour cet objet",
    "given: %s": "donné : %s",
    "known: %s": "connu : %s",
    "Decision: own companies": "Décision : ses sociétés",
}
known = {}
files = subprocess.run(["git", "ls-tree", "-r", "--name-only", OLD], capture_output=True, text=True).stdout.split()
for name in files:
    if name.endswith("i18n/fr.po"):
        text = subprocess.run(["git", "show", f"{OLD}:{name}"], capture_output=True, text=True).stdout
        for entry in polib.pofile(text, wrapwidth=78):
            if entry.msgstr and not entry.obsolete:
                known.setdefault(entry.msgid, {})[name] = entry.msgstr
left = 0
for name in sorted(glob.glob("addons/*/i18n/fr.po")):
    po = polib.pofile(name, wrapwidth=78)
    changed = False
    for entry in po:
        if entry.msgstr or entry.obsolete:
            continue
        found = known.get(entry.msgid, {})
        best = found.get(name) or found.get("addons/oiconnect_orders/i18n/fr.po") or next(iter(found.values()), None) or NEW.get(entry.msgid)
        if best:
            entry.msgstr = best; changed = True
            if len(set(found.values())) > 1: print("ambiguous", name, repr(entry.msgid), found)
        else:
            left += 1; print("left", name, repr(entry.msgid))
    if changed: po.save()
print(left, "left")
