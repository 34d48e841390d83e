"""Formats shipped with the addon: their headers, letter by letter."""

import pytest

from odoo.addons.oiconnect_import.protocol import CsvReader

from .protocol_common import (
    FLOWS,
    FORMATS,
    PATHS,
    definitions,
    shipped_format,
    shipped_versions,
)

ROUTE = (
    "OC {n};NomModulePm N°{n};PositionModulePm N°{n};ReferenceCableModulePm N°{n};"
    "InformationTubeModulePm N°{n};InformationFibreModulePm N°{n};"
    "ReferenceCablePBO N°{n};InformationTubePBO N°{n};InformationFibrePBO N°{n};"
    "ConnecteurPriseNumero N°{n};ConnecteurPriseCouleur N°{n};Reserve{n}"
)
ROUTE_V12 = (
    "OC {n};NomModulePm N°{n};PositionModulePm N°{n};ReferenceCableModulePm N°{n};"
    "InformationTubeModulePm N°{n};ReferencePBO N°{n};LocalisationTubePBO N°{n};"
    "InformationTubePBO N°{n};InformationFibrePBO N°{n};"
    "ConnecteurPriseNumero N°{n};ConnecteurPriseCouleur N°{n}"
)
CMD_V12 = (
    "ReferenceCommandePriseInterneOC;CommuneImmeuble;CodePostalImmeuble;"
    "CodeInseeImmeuble;CodeVoieRivoliImmeuble;NumeroVoieImmeuble;"
    "ComplementNumeroVoieImmeuble;TypeVoieImmeuble;LibelleVoieImmeuble;"
    "CodeAdresseImmeuble;Batiment;Escalier;Etage;TypeRacco;DateInstall;NomClient;"
    "PrenomClient;ContactClient1;ContactClient2;IdRdv;ReferencePrestationPm;"
    "ReferencePm;ReferencePrise;PriseExistante;TypeCommandeDemande;DateCommandePrise;"
    "CommentaireCmdAcces;Info Cmd Accès 1;Info Cmd Accès 2;Info Cmd Accès 3;"
    "Info Cmd Accès 4;Info Cmd Accès 5;Info Cmd Accès 6;Info Cmd Accès 7;"
    "Info Cmd Accès 8"
)
CR_BASE = (
    "ReferenceCommandePriseInterneOC;ReferencePrestationPrise;EtatCrCommandePrise;"
    "MotifKoCrCommandePrise;DateCrCommandePrise;TypeCommandeRetenu;Commentaire;"
    "ReferencePrise;ReferencePm;ReferencePmTechnique;LocalisationPm;ReferencePBO;"
    "LocalisationPBO;CoordonneePBOX;CoordonneePBOY;HauteurPBO;TypeMaterielPBO;TypePBO;"
    "ConditionsSyndic;TypeRaccoPBPTO;AutresInfosPBOPTO;CodeAccesImmeuble;"
    "ContactsImmeuble;Pmaccessible;InfoObtentionCle;CodeAccesSousSol;CodeLocalPM;"
    "ContactsSyndic;RaccordementLong"
)
ANNUL = (
    "ReferenceCommandePriseInterneOC;TypeOperation;IdRdv;ReferencePrise;"
    "ReferencePrestationPrise;DateAnnulation;ResponsabiliteAnnulationCommandePrise;"
    "Commentaire"
)
CR_ANNUL = (
    "ReferenceCommandePriseInterneOC;ReferencePrestationPrise;TypeOperation;"
    "EtatCrAnnResCommandePrise;MotifKoCrAnnResCommandePrise;DateCrCommandeAnnulPrise;"
    "Commentaire"
)
REPORT = (
    "CrRaccordementPrise;MotifKoCrRaccordementPrise;ReferencePrise;"
    "DateRaccordementPrise;PrisePosee;BilanOptique;Commentaire;"
    "NotificationReprovisioningHL;NumeroDecharge;"
) + ";".join(f"Reserve{n}" for n in range(1, 18))
REPROV = (
    "ReferenceCommandePriseInterneOC;ReferencePrestationPrise;"
    "DateNotifReprovisioning;TypeReprovisioning;NumeroDecharge;MotifReprovisioning;"
    "TypeCommandeRetenu;ReferencePrise;ReferencePm;ReferencePmTechnique;ReferencePBO;"
    "LocalisationPBO;Commentaire"
)
MAD = (
    "ReferenceCommandePriseInterneOC;ReferencePrestationPrise;EtatCrMadPrise;"
    "MotifKoCrMadPrise;DateMadPrise;ReferencePrise;PrisePosee;BilanOptique;"
    "TypeCommandeRetenu;Commentaire"
)
NOTICE = "NomFichier;EtatNotif;DateNotif;NombreLignes;NombreLignesRejetees;Commentaire"
SUBCONTRACT = "ReferenceCommandeSousTraitantOI"
IPE_V20 = (
    "IdentifiantImmeuble;CodeVoieRivoliImmeuble;CodeInseeImmeuble;CodePostalImmeuble;"
    "CommuneImmeuble;CodeAdresseImmeuble;TypeVoieImmeuble;NomVoieImmeuble;"
    "NumeroVoieImmeuble;ComplementNumeroVoieImmeuble;BatimentImmeuble;"
    "NombreLogementsAdresseIPE;EtatImmeuble;DateSignatureConvention;"
    "GestionnaireImmeuble;CodePostalGestionnaire;CommuneGestionnaire;"
    "TypeVoieGestionnaire;NomVoieGestionnaire;NumeroVoieGestionnaire;"
    "ComplementNumeroVoieGestionnaire;CodeAdresseGestionnaire;SiretGestionnaire;"
    "DateCablageAdresse;DateDerniereModification;ReferencePM;EtatPM;"
    "DateInstallationPM;TypeEmplacementPM;CommentairePM;CapaciteMaxPM;"
    "CodeVoieRivoliPM;CodeInseePM;CodePostalPM;CommunePM;CodeAdressePM;TypeVoiePM;"
    "NomVoiePM;NumeroVoiePM;ComplementNumeroVoiePM;BatimentPM;TypeIngenierie;"
    "FibreDedieeLibre;NombreLogementsPM;NombreColonnesMontantesPM;"
    "DateMiseEnServiceCommercialePM;ReferenceConsultationNative;NombrePMTechniques;"
    "TypeImmeuble;TypeProjectionGeographique;CoordonneePMX;CoordonneePMY;"
    "CoordonneeImmeubleX;CoordonneeImmeubleY;RefRegroupementPM;"
    "EmplacementActifDisponible;QualiteAdressePM;DatePremiereMADPM;"
    "AccordGestionnaireImmeubleNecessaire;TypeZone"
)
IPE_V22 = (
    f"{IPE_V20};CodeHexacleVoie;DateMiseEnServiceCommercialeImmeuble;BrassageOI;"
    "ImmeubleNeuf;DatePrevisionnelleLivraisonImmeubleNeuf"
)
IPE_V30 = (
    f"{IPE_V22};SusceptibleRaccordableDemande;DateDebutAcceptationCmdAcces;"
    "DateDebutFournitureCRCmdAcces;DateRetablissementPM;LongueurLigneImmeuble;"
    "ConditionsSyndic;CodeBAN;TypePBO;TypeRaccoPBPTO;CodeOI"
)
CPN = (
    "CodeOI;ReferencePM;ReferencePMTechnique;ReferencePRDM;ReferenceNRO;TypeNRO;"
    "EtatNRO;{state};DateInstallationLienPMPRDM;ReferenceLienPMPRDM;"
    "LongueurLienPMPRDM;LongueurMaxLignes;CapaciteLienPMPRDM;NbFODisponibles;"
    "CodeInseeNRO;CommuneNRO;NomVoieNRO;NumeroVoieNRO;TypeProjectionGeographique;"
    "CoordonneeNROX;CoordonneeNROY;DateDerniereModification"
)
BOTH = ("V1.2", "V1.3")
BEFORE_V3 = ("V2.0", "V2.1", "V2.2")
V3 = ("V3.0", "V3.1")
# The columns of the full file follow those of a delta.
MOVE = "TypeMouvement;DateMouvement"


def blocks(route):
    return ";".join(route.format(n=n) for n in range(1, 5))


HEADERS = {
    ("CMD_ACCES", ("V1.2",)): CMD_V12,
    ("CMD_ACCES", ("V1.3",)): f"{CMD_V12};IdentifiantImmeuble;OffreAccesCommandee",
    ("AR_CMD", BOTH): (
        "ReferenceCommandePriseInterneOC;ReferencePrestationPrise;EtatArCommandePrise;"
        "DateArCommandePrise;MotifKoArCommandePrise"
    ),
    ("CR_CMD", ("V1.2",)): f"{CR_BASE};{blocks(ROUTE_V12)};{SUBCONTRACT}",
    ("CR_CMD", ("V1.3",)): f"{CR_BASE};{blocks(ROUTE)};{SUBCONTRACT}",
    ("CMD_STOC", BOTH): (
        "ReferenceCommandePriseInterneOC;ReferencePrestationPrise;"
        "ReferenceCommandeSousTraitantOI;DateCommandeSousTraitant;"
        "TypePrestationSousTraitee;ReferencePrise;PriseExistante;DateLimiteRealisation;"
        "Commentaire"
    ),
    ("CR_STOC", BOTH): (
        "ReferenceCommandePriseInterneOC;ReferencePrestationPrise;"
        f"{SUBCONTRACT};{REPORT}"
    ),
    ("CR_RACCO", BOTH): (
        f"ReferenceCommandePriseInterneOC;ReferencePrestationPrise;{REPORT}"
    ),
    ("NOTIF_RACCO_KO", BOTH): (
        "ReferenceCommandePriseInterneOC;ReferencePrestationPrise;DateNotifRaccoKo;"
        "MotifRaccoKo;IdRdv;ActionAttendue;Commentaire"
    ),
    ("CR_MAD", ("V1.2",)): f"{MAD};{blocks(ROUTE_V12)}",
    ("CR_MAD", ("V1.3",)): f"{MAD};{blocks(ROUTE)}",
    ("NOTIF_ECRASEMENT", BOTH): (
        "ReferencePrestationPrise;ReferenceCommandePriseInterneOC;ReferencePrise;"
        "DateEcrasement;Commentaire"
    ),
    ("NOTIF_REPROV", ("V1.2",)): f"{REPROV};{blocks(ROUTE_V12)}",
    ("NOTIF_REPROV", ("V1.3",)): f"{REPROV};{blocks(ROUTE)}",
    ("NOTIF_AR", BOTH): NOTICE,
    ("NOTIF_CR", BOTH): NOTICE,
    ("CR_MES", BOTH): (
        "ReferenceCommandePriseInterneOC;ReferencePrestationPrise;ReferencePrise;"
        "DateMiseEnServicePrise;Commentaire"
    ),
    ("ANNUL_ACCES", BOTH): ANNUL,
    ("RES_ACCES", BOTH): ANNUL,
    ("CR_ANNUL", BOTH): CR_ANNUL,
    ("CR_RES", BOTH): CR_ANNUL,
    ("IPE", ("V2.0", "V2.1")): IPE_V20,
    ("IPE", ("V2.2",)): IPE_V22,
    ("IPE", ("V3.0",)): IPE_V30,
    ("IPE", ("V3.1",)): f"{IPE_V30};VoletPlanFranceTHD;Code_RNB;Date_RNB",
    ("DELTAIPE", BEFORE_V3 + V3): MOVE,
    ("HISTOIPE", BEFORE_V3 + V3): (
        "CodeOI;IdentifiantImmeuble;CodeAdresseImmeuble;ReferencePM;NomChamp;"
        "AncienneValeur;NouvelleValeur;DateModification;MotifModification"
    ),
    ("CPN", BEFORE_V3): CPN.format(state="EtatLienNROPM"),
    ("CPN", V3): CPN.format(state="EtatLienPMPRDM"),
    ("DELTACPN", BEFORE_V3 + V3): MOVE,
    ("HISTOCPN", BEFORE_V3 + V3): (
        "CodeOI;ReferencePM;ReferenceNRO;NomChamp;AncienneValeur;NouvelleValeur;"
        "DateModification"
    ),
}
CASES = [
    (flow, version, header)
    for (flow, versions), header in HEADERS.items()
    for version in versions
]


@pytest.mark.parametrize(("flow", "version", "header"), CASES)
def test_header(flow, version, header):
    assert ";".join(shipped_format(flow, version).header) == header


@pytest.mark.parametrize("version", BOTH)
def test_columns_that_are_appended_when_used_are_not_there_else(version):
    for flow, plain in (("CR_MAD", MAD), ("CR_CMD", CR_BASE)):
        header = ";".join(shipped_format(flow, version).narrowed([]).header)
        assert header.startswith(plain)
        assert ("OC 4" in header) is (flow == "CR_CMD")
        assert SUBCONTRACT not in header


def test_every_shipped_format_is_checked():
    # Those of orders of the network are proposed: the files of their stories tell them.
    seen = [flow for flow in FLOWS if PATHS[flow].parent == FORMATS]
    shipped = {(flow, v) for flow in seen for v in shipped_versions(flow)}
    assert shipped == {(flow, version) for flow, version, _header in CASES}


def test_ranks_follow_one_another():
    for flow in FLOWS:
        for version in shipped_versions(flow):
            ranks = [
                item.rank for item in definitions(flow) if version in item.versions
            ]
            assert ranks == list(range(1, len(ranks) + 1))


def test_an_ipe_line_is_read_by_building_and_pm():
    file_format = shipped_format("IPE", "V3.1")
    cells = dict.fromkeys(file_format.header, "") | {
        "IdentifiantImmeuble": "IMB/99001/X/0001",
        "CodeInseeImmeuble": "99001",
        "CodePostalImmeuble": "99100",
        "CommuneImmeuble": "VILLE EXEMPLE",
        "NumeroVoieImmeuble": "166170",
        "NombreLogementsAdresseIPE": "3",
        "EtatImmeuble": "RAD EN COURS DE DEPLOIEMENT",
        "DateDerniereModification": "20260901",
        "ReferencePM": "OICN-99001-0001",
        "EtatPM": "DEPLOYE",
        "TypeEmplacementPM": "pme-armoire de rue",
        "TypeImmeuble": "PAVILLON",
        "TypeProjectionGeographique": "RGF93",
        "CoordonneePMX": "871234,12",
        "CoordonneeImmeubleX": "871301.55",
        "AccordGestionnaireImmeubleNecessaire": "N",
        "TypeZone": "3",
        "CodeOI": "OICN",
    }
    content = ";".join(cells) + "\r\n" + ";".join(cells.values()) + "\r\n"
    (line,) = file_format.parse_rows(CsvReader(content.encode()))
    assert not line.errors
    building, pm = line.payload["building"], line.payload["pm"]
    assert (building["state"], building["building_type"]) == (
        "on_demand_deploying",
        "house",
    )
    assert (building["street_number"], building["dwelling_count"]) == ("166170", 3)
    assert (pm["reference"], pm["location_type"]) == ("OICN-99001-0001", "cabinet")
    assert (pm["x"], building["x"]) == (871234.12, 871301.55)
