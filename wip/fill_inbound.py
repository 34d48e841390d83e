import glob, subprocess, polib, sys
ROOT="/work/main/addons/"
FR={
"Leaves by":"Part par",
"This is not done by hand.":"Cela ne se fait pas à la main.",
"“%(event)s” is not possible for several records, so nothing is changed. Leave them out:\n%(records)s":
 "« %(event)s » n'est pas possible pour plusieurs enregistrements, rien n'est donc changé. Écartez-les :\n%(records)s",
"No record of the operator has this reference.":"Aucun enregistrement de l'opérateur n'a cette référence.",
"Key of a line":"Clé d'une ligne",
"Field by which a line names its record, such as oc_reference":"Champ par lequel une ligne désigne son enregistrement, par exemple oc_reference",
"Flow that answers each line of a file, at once":"Flux qui répond aussitôt à chaque ligne d'un fichier",
"Report":"Compte rendu",
"Flow that tells later what came of the lines":"Flux qui dit plus tard ce que sont devenues les lignes",
"Technical acknowledgement":"Acquittement technique",
"Flow that tells that a file was read":"Flux qui dit qu'un fichier a été lu",
"Carried by":"Porté par",
"Flow that tells the carried field to operators who get no file of this flow":
 "Flux qui donne le champ porté aux opérateurs qui ne reçoivent pas de fichier de ce flux",
"Carried Field":"Champ porté",
"Reports on":"Rend compte de",
"Acknowledges":"Acquitte",
"The record that the line names":"L'enregistrement que la ligne désigne",
"File":"Fichier",
"Workflow":"Cycle de vie",
}
old={}
for p in glob.glob(ROOT+"*/i18n/fr.po"):
    text=subprocess.run(["git","-C","/work/main","show","e78a19f:"+p.removeprefix("/work/main/")],capture_output=True,text=True,check=True).stdout
    for e in polib.pofile(text):
        if e.msgstr: old.setdefault(e.msgid,e.msgstr)
for p in sorted(glob.glob(ROOT+"*/i18n/fr.po")):
    po=polib.pofile(p,wrapwidth=78); n=0
    for e in po:
        if not e.msgstr or e.fuzzy:
            t=FR.get(e.msgid) or old.get(e.msgid)
            if t:
                e.msgstr=t; n+=1
                if "fuzzy" in e.flags: e.flags.remove("fuzzy")
            else: print(p,repr(e.msgid))
    if n: po.save()
    print(p,n)
