"""Types that E-mutation and order help share: headers in the body, address, pages.

Interop'Fibre Accès §8, "Shared types". What lengths say is seen for references, and
the header's identifiers are free texts.
"""

from ..contract import Field

OPERATOR = Field(
    "OperateurCommercial",
    "operator",
    required=True,
    children=(
        Field("Nom", "name"),
        Field("Identifiant", "identifier", required=True),
    ),
)
REQUEST_HEADER = Field(
    "Entete",
    "header",
    required=True,
    children=(
        Field("VersionWS", "version", required=True),
        Field("HorodatageRequete", "request_date", "dateTime", required=True),
        OPERATOR,
        Field("IdentifiantRequete", "request_identifier", required=True),
    ),
)
RESPONSE_HEADER = Field(
    "Entete",
    "header",
    required=True,
    children=(
        Field("VersionWS", "version", required=True),
        Field("HorodatageReponse", "answer_date", "dateTime", required=True),
        Field("HorodatageRequete", "request_date", "dateTime", required=True),
        OPERATOR,
        Field("IdentifiantReponse", "answer_identifier", required=True),
    ),
)
NUMBER = (
    Field("NumeroVoie", "street_number", "nonNegativeInteger", required=True),
    Field("ComplementNumeroVoie", "street_number_suffix", length=(0, 1)),
)
ADDRESS = Field(
    "ReferenceAdresse",
    "address",
    children=(
        Field("ReferenceHexacle", "address_code", length=(10, 10)),
        Field(
            "ReferenceRivoli",
            "rivoli",
            children=(
                Field("CodeInsee", "insee_code", length=(5, 5), required=True),
                Field("CodeRivoli", "rivoli_code", length=(4, 4), required=True),
                *NUMBER,
            ),
        ),
        Field(
            "ReferenceGeographique",
            "position",
            children=(
                Field("TypeProjection", "projection", length=(0, 10), required=True),
                Field("CoordonneesX", "x", "float", required=True),
                Field("CoordonneesY", "y", "float", required=True),
            ),
        ),
        Field(
            "ReferenceHexacleVoie",
            "street",
            children=(
                Field("CodeHexacleVoie", "street_code", length=(10, 10), required=True),
                *NUMBER,
            ),
        ),
        Field("IdentifiantImmeuble", "building_identifier", length=(0, 30)),
    ),
)


def fault(name: str) -> Field:
    """Return a fault detail ``name``: a code of the service, and its wording."""
    return Field(
        name,
        "",
        children=(
            Field("CodeErreur", "code", required=True),
            Field("LibelleErreur", "label", required=True),
        ),
    )
