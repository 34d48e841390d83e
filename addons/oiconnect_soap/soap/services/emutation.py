"""E-mutation 1.2: an operator looks at fibres of a PBO and changes an optical route.

Interop'Fibre Accès §9: RecherchePBO, then ConsultationFibres, MiseAJourRouteOptique.
Of a fibre in use the state is sent, never the holder. Names of the elements of faults
are proposed.
"""

from ..contract import Field, Operation, Service
from .common import ADDRESS, REQUEST_HEADER, RESPONSE_HEADER, fault

NAMESPACE = "http://interop-fibre.fr/Emutation/1.2/"

TECHNICAL, FUNCTIONAL = fault("TechnicalFault"), fault("FunctionalFault")
DEFAULT = fault("DefaultFault")

ORDER = (
    Field("ReferenceCommandePriseInterneOC", "oc_reference"),
    Field("ReferencePrestationPrise", "service_reference"),
)
PAGE = (
    Field("offset", "offset", "nonNegativeInteger"),
    Field("limit", "limit", "nonNegativeInteger"),
)
PBO = (
    Field("ReferencePM", "pm_reference", required=True),
    Field("ReferencePBO", "pbo_reference", required=True),
    Field("LocalisationPBO", "location", required=True),
    Field("NombreFibresDisponibles", "free_fibre_count", "nonNegativeInteger"),
    Field("NaturePBO", "kind"),
)
FIBRE = Field(
    "Fibre",
    "fibres",
    many=True,
    children=(
        Field("IdentifiantFibre", "fibre_identifier", length=(0, 30), required=True),
        Field("ReferenceCablePBO", "cable_reference"),
        Field("InformationFibrePBO", "fibre", required=True),
        Field("InformationTubePBO", "tube", required=True),
        Field("EtatFibre", "state", codes="fibre_state", required=True),
        Field("ReferencePrise", "pto_reference", length=(0, 30)),
    ),
)
ROUTE = Field(
    "RoutesOptiques",
    "routes",
    many=True,
    children=(
        Field("OC", "operator_code", required=True),
        Field(
            "PositionPm",
            "position",
            required=True,
            children=(
                Field("NomModulePM", "module_name", required=True),
                Field("PositionModulePM", "module_position", required=True),
                Field("ReferenceCableModulePM", "cable_reference"),
                Field("InfoTubeModulePM", "tube"),
                Field("InfoFibreModulePM", "fibre"),
            ),
        ),
        Field("ReferenceCablePBO", "cable_reference"),
        Field("InformationTubePBO", "tube", required=True),
        Field("InformationFibrePBO", "fibre", required=True),
        Field("ConnecteurPriseNumero", "connector_number", "int", required=True),
        Field("ConnecteurPriseCouleur", "connector_colour"),
    ),
)


def _operation(name: str, request, response, *own_faults: Field) -> Operation:
    return Operation(
        name,
        Field(name, "", children=(REQUEST_HEADER, *request)),
        Field(f"{name}Response", "", children=(RESPONSE_HEADER, *response)),
        (DEFAULT, TECHNICAL, FUNCTIONAL, *own_faults),
    )


def _list(name: str, key: str, item: Field, **options) -> Field:
    return Field(name, key, required=True, collapsed=True, children=(item,), **options)


OPERATIONS = (
    _operation(
        "RecherchePBO",
        (*ORDER, *PAGE),
        (_list("ListePBO", "pbos", Field("Pbo", "pbos", many=True, children=PBO)),),
    ),
    _operation(
        "ConsultationFibres",
        (
            Field("ReferencePM", "pm_reference"),
            Field("ReferencePBO", "pbo_reference"),
            *ORDER,
            *PAGE,
        ),
        (
            Field("PboType", "pbo", required=True, children=PBO),
            _list("Fibres", "fibres", FIBRE),
        ),
        fault("ConsultationFibresFault"),
    ),
    _operation(
        "MiseAJourRouteOptique",
        (
            *ORDER,
            Field(
                "IdentifiantFibre", "fibre_identifier", length=(0, 30), required=True
            ),
            Field(
                "MotifMutation",
                "mutation_reason",
                codes="mutation_reason",
                required=True,
            ),
            ADDRESS,
            Field("Batiment", "building_name"),
            Field("Escalier", "staircase"),
            Field("Etage", "floor"),
            Field("ReferencePrise", "pto_reference", length=(0, 30)),
            Field("BatimentTerrain", "seen_building_name"),
            Field("EscalierTerrain", "seen_staircase"),
            Field("EtageTerrain", "seen_floor"),
            Field("PorteTerrain", "seen_door", customer=True),
        ),
        (
            Field("NumeroDecharge", "discharge_number", length=(0, 50), required=True),
            # Four at the most: one for each connector of a PTO
            ROUTE,
            Field("ReferencePrise", "pto_reference", length=(0, 30), required=True),
            Field("ReferencePM", "pm_reference", required=True),
            Field("ReferencePMT", "technical_pm_reference", required=True),
            PBO[1],
        ),
        fault("MiseAJourFault"),
    ),
)

SERVICE = Service(
    key="emutation",
    path="/oiconnect/soap/emutation/1.2",
    wsdl="emutation-1.2.wsdl",
    namespace=NAMESPACE,
    operations=OPERATIONS,
    unread_fault=DEFAULT,
)
