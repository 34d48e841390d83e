"""Structure verticale 1.0: order help, how the OI describes a building [proposed].

Interop'Fibre Accès §8: no public contract exists, this one is drawn from the types of
E-mutation. Who holds a line is never part of an answer.
"""

from dataclasses import replace

from ..contract import Field, Operation, Service
from .common import ADDRESS, REQUEST_HEADER, RESPONSE_HEADER, fault

NAMESPACE = "http://interop-fibre.fr/StructureVerticale/1.0/"

FAULT = fault("StructureVerticaleFault")


def _flag(name: str, key: str, **options) -> Field:
    return Field(name, key, codes="flag", **options)


RESULT = Field(
    "CodeRetour",
    "result",
    required=True,
    children=(
        Field("CodeRetour", "return_code", "int", required=True),
        Field("CodeErreur", "error_code"),
        Field("LibelleErreur", "error_label"),
    ),
)
BUILDING_ADDRESS = Field(
    "Adresse",
    "address",
    children=(
        Field("Libelle", "name"),
        Field("CodeInsee", "insee_code", length=(5, 5)),
        Field("CodeRivoli", "rivoli_code", length=(4, 4)),
        Field("ReferenceHexacle", "address_code", length=(10, 10)),
        Field("IdentifiantImmeuble", "building_identifier", length=(0, 30)),
    ),
)
PM = Field(
    "PM",
    "pms",
    many=True,
    children=(
        Field("ReferencePM", "pm_reference", required=True),
        Field("ReferencePrestationPm", "pm_service_reference"),
        Field("EtatPM", "state"),
        Field("DateMiseEnServiceCommerciale", "opening_date", "dateTime"),
    ),
)
PBO = Field(
    "PBO",
    "pbos",
    many=True,
    children=(
        Field("ReferencePBO", "pbo_reference", required=True),
        Field("TypePBO", "kind"),
        Field("TypeRaccoPBPTO", "connection_kind"),
        _flag("SaturationPBO", "is_saturated"),
    ),
)
PTO = Field(
    "Prise",
    "ptos",
    many=True,
    children=(
        Field("ReferencePrise", "pto_reference", length=(0, 30), required=True),
        Field("EtatPrise", "state", codes="pto_state", required=True),
        _flag("Occupee", "in_use"),
        _flag("RaccordementLong", "long_connection"),
    ),
)
FLOOR = Field(
    "Etage",
    "floors",
    many=True,
    children=(
        Field("Reference", "reference", required=True),
        Field("NombreLocaux", "dwelling_count", "nonNegativeInteger"),
        PBO,
        PTO,
    ),
)
STAIRCASE = Field(
    "Escalier",
    "staircases",
    many=True,
    children=(Field("Reference", "reference", required=True), FLOOR),
)
BUILDING = Field(
    "Batiment",
    "buildings",
    many=True,
    children=(
        Field("Reference", "reference", required=True),
        Field("EtatBatiment", "state"),
        STAIRCASE,
    ),
)


def _list(name: str, key: str, item: Field) -> Field:
    return Field(name, key, collapsed=True, children=(item,))


STRUCTURE = _list("ListeBatiment", "buildings", BUILDING)


def _operation(name: str, request, response) -> Operation:
    return Operation(
        name,
        Field(name, "", children=(REQUEST_HEADER, *request)),
        Field(f"{name}Response", "", children=(RESPONSE_HEADER, RESULT, *response)),
        (FAULT,),
    )


OPERATIONS = (
    _operation(
        "obtentionStructureVerticale",
        (
            replace(ADDRESS, required=True),
            Field("ReferencePrise", "pto_reference", length=(0, 30)),
            Field("Batiment", "building_name"),
            Field("Escalier", "staircase"),
            Field("Etage", "floor"),
            _flag("PriseExistante", "existing_socket"),
        ),
        (
            BUILDING_ADDRESS,
            Field("EtatImmeuble", "building_state"),
            Field("DateOuvertureCommerciale", "opening_date", "dateTime"),
            _list("ListePM", "pms", PM),
            STRUCTURE,
        ),
    ),
    _operation(
        "recherchePrise",
        (Field("ReferencePrise", "pto_reference", length=(0, 30), required=True),),
        (BUILDING_ADDRESS, STRUCTURE, Field("EtatPrise", "state", codes="pto_state")),
    ),
)

SERVICE = Service(
    key="vertical_structure",
    path="/oiconnect/soap/structure-verticale/1.0",
    wsdl="structure-verticale-1.0.wsdl",
    namespace=NAMESPACE,
    operations=OPERATIONS,
    unread_fault=FAULT,
)
