"""getInfoTravauxFTTH 1.0: planned works and collective incidents, for operators.

Interop'Fibre SAV 3.0 §7.1, contract §7. The published contract lacks a prefix in its
header part; ours has it, and the header is read in any namespace.
"""

from ..contract import Field, Operation, Service, list_of

NAMESPACE = "http://interop-fibre.fr/wsdl/ftth/infoTravaux/v1-0"


def _period(name: str, key: str) -> Field:
    return Field(
        name,
        key,
        children=(
            Field("dateDebutRecherche", "start", "dateTime", required=True),
            Field("dateFinRecherche", "end", "dateTime", required=True),
        ),
    )


def _yes_no(name: str, key: str, **options) -> Field:
    return Field(name, key, codes="yes_no", **options)


REQUEST = Field(
    "getInfoTravauxFTTHRequest",
    "",
    children=(
        Field("referenceTPDERCO", "reference"),
        Field("type", "category", codes="work_category"),
        list_of("referencePrestationPm", "pm_service_references", "prestationPm"),
        _period("dateCreation", "creation_period"),
        _period("dateModification", "change_period"),
        _period("dateDebutTravaux", "start_period"),
        _period("dateFinTravaux", "end_period"),
        _yes_no("interventionRequiseOC", "operator_needed"),
        Field("etat", "state", codes="work_state"),
        Field("referencePriseImpactee", "pto_reference"),
        Field("referencePrestationPriseImpactee", "service_reference"),
    ),
)

WORK = Field(
    "travaux",
    "works",
    many=True,
    children=(
        Field("reference", "reference", required=True, attribute=True),
        Field("serviceProviderID", "oi_siren", required=True, attribute=True),
        Field("type", "category", codes="work_category", required=True),
        Field("equipementConcerne", "equipment", codes="work_equipment", required=True),
        Field("referencePm", "pm_reference", required=True),
        Field("referencePrestationPm", "pm_service_reference", required=True),
        Field("dateModification", "change_date", "dateTime", required=True),
        _yes_no("interventionRequiseOC", "operator_needed", required=True),
        Field("dateDebutTravaux", "start_date", "dateTime"),
        Field("dateFinTravaux", "end_date", "dateTime"),
        _yes_no("travauxCuratifs", "repair"),
        Field("natureIntervention", "nature", codes="work_nature"),
        Field("etat", "state", codes="work_state"),
        list_of("referencePBO", "pbo_references", "PBO"),
        list_of("referencePmTechnique", "technical_pm_references", "PMT"),
        Field("commentairesIntervention", "comment", length=(0, 512), customer=True),
        Field("coordonneesContactOI", "oi_contact"),
        list_of("identifiantImmeuble", "building_identifiers", "immeuble"),
        list_of("referencePriseImpactees", "pto_references", "prise"),
        list_of(
            "referencePrestationPriseImpactees", "service_references", "prestation"
        ),
        Field("referenceIncident", "incident_reference"),
        Field(
            "commentaireInterventionOC",
            "operator_comment",
            length=(0, 512),
            customer=True,
        ),
    ),
)
RESPONSE = Field(
    "getInfoTravauxFTTHResponse",
    "",
    children=(Field("listeTravaux", "works", collapsed=True, children=(WORK,)),),
)
FAULT = Field(
    "infoFtthError",
    "",
    children=(
        Field("codeRetour", "code", "nonNegativeInteger", required=True),
        Field("messageRetour", "label", required=True),
    ),
)

SERVICE = Service(
    key="works",
    path="/oiconnect/soap/travaux/1.0",
    wsdl="infoTravaux-1.0.wsdl",
    namespace=NAMESPACE,
    qualified=False,
    operations=(Operation("getInfoTravauxFTTH", REQUEST, RESPONSE, (FAULT,)),),
    header=Field(
        "InfoTravauxFTTHHeader",
        "",
        children=(
            Field("supplierID", "oi_siren", required=True),
            Field("serviceProviderID", "oc_siren", required=True),
        ),
    ),
    unread_fault=FAULT,
)


def operator_siren(header: dict, own_sirens) -> str | None:
    """Return the SIREN of the operator that asks, None if the request is not for us.

    Versions of the specification before 2.10 swap the two SIRENs of the header: the one
    that is not among ``own_sirens`` is the operator's. Interop'Fibre SAV 3.0 §2.
    """
    first, second = header.get("oi_siren"), header.get("oc_siren")
    if first in own_sirens:
        return second
    return first if second in own_sirens else None
