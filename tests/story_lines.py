"""The lines that operators write: what a step does not say is as usual."""

from oictools.story import now
from story_network import cells, pto_of

KEY = "ReferenceCommandePriseInterneOC"
SERVICE = "ReferencePrestationPrise"


def complete(play, step, version):
    """The line of a step: usual values, then those that the step gives."""
    usual = USUAL[step.what](play, step, version)
    given = {name: _value(play, step, text) for name, text in step.values.items()}
    return usual | {KEY: play.script.reference(step.tag)} | given


def _value(play, step, text):
    """Return the value, or what was heard when it is `$FLOW.Column`."""
    if text == "$socket":
        return pto_of(play.script)
    if not text.startswith("$"):
        return text
    *tag, flow, column = text[1:].split(".")
    return play.heard[tag[0] if tag else step.tag, flow][column]


def _heard(play, tag, flow, column, default=""):
    return play.heard.get((tag, flow), {}).get(column, default)


def _order(play, step, version):
    line = cells(play.script, version) | {
        "TypeRacco": "STOC",
        "NomClient": "EXEMPLE",
        "PrenomClient": "CAMILLE",
        "ContactClient1": "0600000001",
        "PriseExistante": "N",
        "TypeCommandeDemande": "AUTO",
        "DateCommandePrise": now(),
    }
    return line if version == "V1.2" else line | {"OffreAccesCommandee": "ACCES_FTTH"}


def _keys(play, step):
    return {SERVICE: _heard(play, step.tag, "AR_CMD", SERVICE)}


def _connection(play, step, version):
    done = step.values.get("CrRaccordementPrise", "OK") == "OK"
    report = _keys(play, step) | {
        "CrRaccordementPrise": "OK",
        "DateRaccordementPrise": now(),
        "PrisePosee": "OUI" if done else "NON",
        "NotificationReprovisioningHL": "NON",
    }
    if not done:
        return report
    pto = _heard(play, step.tag, "CR_CMD", "ReferencePrise")
    return report | {"ReferencePrise": pto, "BilanOptique": "-18.4 dBm"}


def _stoc(play, step, version):
    column = "ReferenceCommandeSousTraitantOI"
    return _connection(play, step, version) | {
        column: _heard(play, step.tag, "CMD_STOC", column)
    }


def _activation(play, step, version):
    pto = _heard(play, step.tag, "CR_MAD", "ReferencePrise")
    return _keys(play, step) | {"ReferencePrise": pto, "DateMiseEnServicePrise": now()}


def _ending(operation):
    def line(play, step, version):
        return _keys(play, step) | {
            "TypeOperation": operation,
            "DateAnnulation": now(),
            "ResponsabiliteAnnulationCommandePrise": "OC",
        }

    return line


USUAL = {
    "CMD_ACCES": _order,
    "CR_STOC": _stoc,
    "CR_RACCO": _connection,
    "CR_MES": _activation,
    "ANNUL_ACCES": _ending("ANNUL"),
    "RES_ACCES": _ending("RESIL"),
}
