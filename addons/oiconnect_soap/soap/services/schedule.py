"""PlanChargeFtthSav 5.0: operators look for free slots, book, consult and move visits.

Interop'Fibre SAV 3.0 §7.2, contract §8.
"""

from ..contract import Field, Operation, Service

NAMESPACE = "http://interop-fibre.fr"

VISIT = Field("typeIntervention", "visit_kind", codes="visit_kind", required=True)
PRODUCT = Field("natureProduit", "product", codes="product", required=True)
MARKET = Field("segmentMarche", "market", codes="market", required=True)
INSEE = Field("codeInsee", "insee_code", required=True)
SLOT = Field("idCreneau", "slot_reference", required=True)
START = Field("dateDebut", "start", "dateTime", required=True)
END = Field("dateFin", "end", "dateTime", required=True)
#: the contract spells it in two ways
REFERENCE = Field("idRendezvous", "appointment_reference", required=True)
REFERENCE_V = Field("idRendezVous", "appointment_reference", required=True)

HEADER = Field(
    "EnteteType",
    "",
    children=(
        Field("versionWS", "version", required=True),
        Field("horodatageRequete", "request_date", "dateTime", required=True),
        Field("horodatageReponse", "answer_date", "dateTime", nillable=True),
        Field("sirenOC", "oc_siren", required=True),
        Field("sirenOI", "oi_siren", required=True),
    ),
)
FAULT = Field(
    "InfoErreurType",
    "",
    children=(
        Field("codeErreur", "code", "int", required=True),
        Field("messageErreur", "label", required=True),
    ),
)
FREE_SLOT = Field(
    "occCreneau",
    "slots",
    nillable=True,
    many=True,
    children=(START, END, Field("idOI", "slot_reference", required=True)),
)


def _operation(name: str, element: str, request, response) -> Operation:
    return Operation(
        name,
        Field(f"{element}Requete", "", children=request),
        Field(f"{element}Reponse", "", nillable=True, children=response),
        (FAULT,),
    )


OPERATIONS = (
    _operation(
        "rechercheCreneauxLibres",
        "RechercheCreneauxLibres",
        (
            VISIT,
            PRODUCT,
            MARKET,
            Field("technicalId", "pto_reference", nillable=True),
            Field("commercialId", "service_reference", nillable=True),
            INSEE,
            START,
            END,
            Field(
                "defectPrelocalization",
                "defect_prelocalization",
                codes="slot_location",
                required=True,
            ),
        ),
        (
            Field(
                "listeCreneau",
                "slots",
                required=True,
                collapsed=True,
                children=(FREE_SLOT,),
            ),
        ),
    ),
    _operation(
        "reservationCreneau",
        "ReservationCreneau",
        (PRODUCT, MARKET, INSEE, SLOT),
        (REFERENCE,),
    ),
    _operation(
        "consultationRdv",
        "ConsultationRdv",
        (REFERENCE_V,),
        (
            REFERENCE_V,
            START,
            END,
            INSEE,
            VISIT,
            Field("natureProduit", "product", codes="product", nillable=True),
            Field("segmentMarche", "market", codes="market", nillable=True),
            Field(
                "statutRendezVous", "state", codes="appointment_state", required=True
            ),
            Field("referencePrestationPrise", "service_reference", nillable=True),
        ),
    ),
    _operation(
        "reportRDV",
        "ReportRDV",
        (
            VISIT,
            PRODUCT,
            MARKET,
            INSEE,
            REFERENCE,
            Field("natureReport", "move_kind", codes="move_kind", required=True),
            SLOT,
        ),
        (),
    ),
)

SERVICE = Service(
    key="schedule",
    path="/oiconnect/soap/plan-de-charge/5.0",
    wsdl="plan-de-charge-5.0.wsdl",
    namespace=NAMESPACE,
    qualified=False,
    operations=OPERATIONS,
    header=HEADER,
    answered_header=True,
    unread_fault=FAULT,
)
