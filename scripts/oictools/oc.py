"""A commercial operator's side of the border: its SFTP account and its files."""

import csv
import io
import posixpath
import re
import time

import paramiko

HEADERS = {
    "CMD_ACCES": (
        "ReferenceCommandePriseInterneOC;CommuneImmeuble;CodePostalImmeuble;"
        "CodeInseeImmeuble;CodeVoieRivoliImmeuble;NumeroVoieImmeuble;"
        "ComplementNumeroVoieImmeuble;TypeVoieImmeuble;LibelleVoieImmeuble;"
        "CodeAdresseImmeuble;Batiment;Escalier;Etage;TypeRacco;DateInstall;NomClient;"
        "PrenomClient;ContactClient1;ContactClient2;IdRdv;ReferencePrestationPm;"
        "ReferencePm;ReferencePrise;PriseExistante;TypeCommandeDemande;"
        "DateCommandePrise;CommentaireCmdAcces;Info Cmd Accès 1;Info Cmd Accès 2;"
        "Info Cmd Accès 3;Info Cmd Accès 4;Info Cmd Accès 5;Info Cmd Accès 6;"
        "Info Cmd Accès 7;Info Cmd Accès 8;IdentifiantImmeuble;OffreAccesCommandee"
    ),
    "CR_STOC": (
        "ReferenceCommandePriseInterneOC;ReferencePrestationPrise;"
        "ReferenceCommandeSousTraitantOI;CrRaccordementPrise;"
        "MotifKoCrRaccordementPrise;ReferencePrise;DateRaccordementPrise;PrisePosee;"
        "BilanOptique;Commentaire;NotificationReprovisioningHL;NumeroDecharge;"
        + ";".join(f"Reserve{number}" for number in range(1, 18))
    ),
    "CR_MES": (
        "ReferenceCommandePriseInterneOC;ReferencePrestationPrise;ReferencePrise;"
        "DateMiseEnServicePrise;Commentaire"
    ),
    "ANNUL_ACCES": (
        "ReferenceCommandePriseInterneOC;TypeOperation;IdRdv;ReferencePrise;"
        "ReferencePrestationPrise;DateAnnulation;"
        "ResponsabiliteAnnulationCommandePrise;Commentaire"
    ),
}
HEADERS["RES_ACCES"] = HEADERS["ANNUL_ACCES"]
# The operator that connects by itself has no order of ours to name.
HEADERS["CR_RACCO"] = HEADERS["CR_STOC"].replace("ReferenceCommandeSousTraitantOI;", "")
# What the version 1.2 does not know yet
NEW_COLUMNS = {"CMD_ACCES": ("IdentifiantImmeuble", "OffreAccesCommandee")}
#: seconds between two looks for an answer
PAUSE = 0.2
NUMBER = re.compile(r"_(\d{2,})\.csv$")
FLOW = re.compile(r"_ACCES_([A-Z_]+)_V\d+_\d{8}_\d+\.csv$")


class Late(Exception):
    """An answer that did not come in time."""


def header(flow, version="V1.3"):
    """The columns of a flow in a version."""
    new = NEW_COLUMNS.get(flow, ()) if version == "V1.2" else ()
    return [column for column in HEADERS[flow].split(";") if column not in new]


def flow_of(name):
    """The flow that the name of a file tells."""
    return FLOW.search(name)[1]


def write(flow, rows, version="V1.3"):
    """The bytes of a file of this flow; rows are dicts by column name."""
    return write_rows(header(flow, version), rows)


def write_rows(columns, rows):
    """The bytes of a file with these columns."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def read(content):
    """The lines of a file as dicts by column name."""
    return list(csv.DictReader(io.StringIO(content.decode()), delimiter=";"))


class Account:
    """The operator's account: `with Account(…) as account: account.drop(…)`.

    :param identity: the password, or a key of paramiko
    """

    def __init__(self, port, login, identity, host="127.0.0.1", timeout=120):
        self.address = (host, port)
        self.login = login
        self.identity = identity
        self.timeout = timeout
        self.seen = set()

    def __enter__(self):
        self._transport = paramiko.Transport(self.address)
        kind = "password" if isinstance(self.identity, str) else "pkey"
        self._transport.connect(username=self.login, **{kind: self.identity})
        self._sftp = paramiko.SFTPClient.from_transport(self._transport)
        self.seen = set(self._sftp.listdir("out"))
        return self

    def __exit__(self, *exception):
        self._transport.close()

    def drop(self, name, content):
        """Put a file in `in/`: under a temporary name first, as one should."""
        with self._sftp.open(f"in/{name}.tmp", "wb") as target:
            target.write(content)
        self._sftp.posix_rename(f"in/{name}.tmp", f"in/{name}")

    def wait(self, flow):
        """The next file of this flow that was not seen yet: its name and bytes."""
        end = time.monotonic() + self.timeout
        while time.monotonic() < end:
            for name in sorted(self._sftp.listdir("out")):
                if f"_{flow}_" in name and name.endswith(".csv"):
                    if name not in self.seen:
                        self.seen.add(name)
                        return name, self.fetch(f"out/{name}")
            time.sleep(PAUSE)
        raise Late(f"no {flow} in out/ after {self.timeout} seconds")

    def take(self):
        """Take all files out of `out/`, as operators do: their names and bytes."""
        taken = []
        for name in sorted(self._sftp.listdir("out")):
            if name.endswith((".csv", ".zip")):
                taken.append((name, self.fetch(f"out/{name}")))
                self._sftp.remove(f"out/{name}")
        return taken

    def wait_put_away(self, name, folder="in/archive"):
        """Until a dropped file was moved to where it ends."""
        end = time.monotonic() + self.timeout
        while time.monotonic() < end:
            if any(found.endswith(name) for found in self._sftp.listdir(folder)):
                return
            time.sleep(PAUSE)
        raise Late(f"{name} is not in {folder}/ after {self.timeout} seconds")

    def fetch(self, path):
        with self._sftp.open(path, "rb") as source:
            return source.read()

    def sent(self):
        """Names of all our files there: what we answered to this operator."""
        return sorted(self._sftp.listdir("out"))

    def free_name(self, oi, oc, flow, day, version="V13"):
        """A file name of the day that was not used yet."""
        start = f"{oi}_{oc}_ACCES_{flow}_{version}_{day}_"
        names = [
            posixpath.basename(name)
            for folder in ("in", "in/archive", "in/error")
            for name in self._sftp.listdir(folder)
        ]
        used = [
            int(NUMBER.search(name)[1])
            for name in names
            if start in name and NUMBER.search(name)
        ]
        return f"{start}{max(used, default=0) + 1:02d}.csv"
