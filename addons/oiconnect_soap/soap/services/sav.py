"""SAV 3.0: the OSS/J trouble ticket service with the block of Interop'Fibre.

One contract for both directions: operators open and change tickets on our server, we
change them on theirs. Interop'Fibre SAV 3.0 §2 and §6, contract §1 to §5.
"""

from dataclasses import replace

from ..contract import Field, Operation, Service, within

WSDL = "http://ossj.org/wsdl/TroubleTicket/v1-2"
TICKET = "http://ossj.org/xml/TroubleTicket/v1-2"
TROUBLE = "http://ossj.org/xml/TroubleTicket-CBETrouble/v1-2"
INTERACTION = "http://ossj.org/xml/Common-CBEBi/v1-5"
COMMON = "http://ossj.org/xml/Common/v1-5"
VALUE = "http://interop-fibre.fr/xml/TroubleTicketValue/v3-0"
#: namespaces that partners of 2.x may use for the block of Interop'Fibre [inferred]
VALUE_2 = "http://interop-fibre.fr/xml/TroubleTicketValue/v1-2"
HEADER = "http://interop-fibre.fr/xml/TroubleTicketHeader/v1-0"

SIREN = (9, 9)


def _optional(*fields: Field) -> tuple[Field, ...]:
    """Every element of the block may be absent or nil."""
    return within(VALUE, *(replace(field, nillable=True) for field in fields))


BLOCK = _optional(
    Field("serviceProviderID", "oc_siren", length=SIREN),
    Field("serviceProviderName", "oc_name", length=(0, 40)),
    Field("serviceProviderUnit", "oc_unit", length=(0, 40)),
    Field("serviceProviderPhoneNumber", "oc_phone", length=(0, 25)),
    Field("supplierID", "oi_siren", length=SIREN),
    Field("supplierName", "oi_name", length=(0, 40)),
    Field("supplierUnit", "oi_unit", length=(0, 40)),
    Field("supplierPhoneNumber", "oi_phone", length=(0, 25)),
    Field("troubleTicketType", "type", "integer", codes="type"),
    Field("offerId", "offer", length=(0, 50)),
    Field("commercialId", "service_reference", length=(0, 50)),
    Field("technicalId", "pto_reference", length=(0, 50)),
    Field("PRDMId", "prdm_reference", length=(0, 20)),
    Field("PMTechnicalId", "pm_reference", length=(0, 50)),
    Field("serviceProviderTroubleTicketKey", "oc_key", length=(0, 30)),
    Field("customerLastName", "customer_name", length=(0, 30), customer=True),
    Field("customerFirstName", "customer_firstname", length=(0, 30), customer=True),
    Field("contactPhoneNumber1", "customer_contact1", length=(0, 25), customer=True),
    Field("contactPhoneNumber2", "customer_contact2", length=(0, 25), customer=True),
    Field(
        "customerAccessibilityHours", "customer_hours", length=(0, 50), customer=True
    ),
    Field("appointmentMode", "appointment_mode", codes="appointment_mode"),
    Field("SUAppointmentManagementId", "appointment_reference", length=(0, 30)),
    Field("appointmentSuggestion1", "suggestion1", "dateTime"),
    Field("appointmentSuggestion2", "suggestion2", "dateTime"),
    Field("appointmentSuggestion3", "suggestion3", "dateTime"),
    Field("defectClassId", "defect_class", "integer", codes="defect_class"),
    Field("defectDescription", "defect", codes="defect"),
    Field("defectPrelocalization", "prelocation", codes="location"),
    Field("alreadyOperated", "already_operated", "boolean"),
    Field("messageType", "message_type", codes="message_type"),
    Field("messageContent", "message_content", length=(0, 1024), customer=True),
    Field("escalation", "escalation", "boolean"),
    Field("supplierPlannedActionDate", "planned_date", "dateTime"),
    Field("supplierResolutionAction", "resolution_action", codes="resolution_action"),
    Field("supplierResolutionState", "resolution_state", codes="resolution_state"),
    Field("troubleTicketClosureCode", "closure_code", codes="closure_code"),
    Field("troubleTicketClosureLabel", "closure_label", codes="closure_label"),
    Field("defectLocalization", "location", codes="location"),
    Field("defectResponsibility", "responsibility", codes="responsibility"),
    Field("reprovisionningId", "reprovision_reference", length=(0, 30)),
    Field(
        "troubleTicketClosureComment",
        "closure_comment",
        length=(0, 1024),
        customer=True,
    ),
    Field("closureDuration", "closure_duration", "duration"),
    Field("listImpactCommercialId", "impacted_service_references", length=(0, 1024)),
    Field("listImpactTechnicalId", "impacted_pto_references", length=(0, 1024)),
    Field("GRTDelay", "gtr_delay", length=(0, 10)),
    Field("GRTSignalingRangeDay", "gtr_days", length=(0, 10)),
    Field("GRTRecoveryRange", "gtr_range", codes="gtr_range"),
    Field("GRTSignalingRangeHour", "gtr_hours", length=(0, 20)),
    Field("linkLengthPMPRDM", "link_length", length=(0, 5)),
    Field("delivryPointPRDM", "prdm_delivery_point", length=(0, 70)),
    Field("delivryPointPM", "pm_delivery_point", length=(0, 70)),
    Field("criticalLevel", "critical_level", length=(0, 30)),
    Field("offerLinkValue", "offer_link", length=(0, 30)),
    Field("offerOptionalId", "offer_option", length=(0, 30)),
    Field("OLTranking", "olt_rank", length=(0, 30)),
    Field("activatedCustomertechnicalId", "working_pto_reference", length=(0, 50)),
)
#: keys that 2.x does not know [inferred]: escalation, and what follows the closure
SINCE_3 = frozenset({"escalation"} | {field.key for field in BLOCK[42:]})

VALUE_FIELDS = (
    *within(
        INTERACTION,
        Field("interactionDate", "date", "dateTime", nillable=True),
        Field("interactionDateComplete", "closure_date", "dateTime", nillable=True),
        Field("description", "event", codes="event", nillable=True),
    ),
    *within(
        TROUBLE,
        Field("troubleTicketKey", "reference", required=True, nillable=True),
        Field(
            "troubleTicketState",
            "wire_state",
            codes="wire_state",
            required=True,
            nillable=True,
        ),
        Field("troubleDescription", "description", nillable=True, customer=True),
        Field("troubleDetectionTime", "detection_date", "dateTime", nillable=True),
        Field("serviceRestoredTime", "restored_date", "dateTime", nillable=True),
        Field("FTTHMUTTroubleTicket", "", nillable=True, flat=True, children=BLOCK),
    ),
)
# Long in OSS/J; the version of the copy that resyncRequired is about.
VERSION = Field("lastUpdateVersionNumber", "version", "long", namespace=COMMON)
TICKET_VALUE = Field(
    "troubleTicketValue", "ticket", required=True, children=(VERSION, *VALUE_FIELDS)
)
TICKET_RESPONSE = Field(
    "troubleTicketResponse",
    "answer",
    required=True,
    children=within(
        TROUBLE,
        Field("troubleTicketKey", "reference", required=True, nillable=True),
        Field("returnCode", "return_code", nillable=True),
        Field("returnLabel", "return_label", nillable=True),
    ),
)

MESSAGE = Field("message", "message", required=True, namespace=COMMON)
ENTITY = Field(
    "managedEntityKey",
    "entity",
    required=True,
    namespace=COMMON,
    children=(
        Field("type", "type", required=True),
        Field("primaryKey", "reference", required=True),
    ),
)
ILLEGAL, REMOTE = "ossIllegalArgumentException", "remoteException"
NOT_FOUND, RESYNC = "objectNotFoundException", "ossResyncRequiredException"
#: an exception has the one child ``message``, but for this one
_EXCEPTION_FIELDS = {RESYNC: (MESSAGE, ENTITY)}


def _strings(name: str, key: str, **options) -> Field:
    item = Field("item", "items", nillable=True, many=True, namespace=COMMON)
    return Field(name, key, required=True, collapsed=True, children=(item,), **options)


def _faults(name: str, namespace: str, *exceptions: str) -> tuple[Field, ...]:
    """Return the detail elements of an operation, one for each exception."""
    return tuple(
        Field(
            f"{name}Exception",
            "",
            namespace=namespace,
            children=(
                Field(
                    exception,
                    exception,
                    required=True,
                    children=_EXCEPTION_FIELDS.get(exception, (MESSAGE,)),
                ),
            ),
        )
        for exception in exceptions
    )


def _operation(
    name: str,
    request: tuple[Field, ...],
    response: tuple[Field, ...],
    *exceptions: str,
    namespace: str = TICKET,
) -> Operation:
    return Operation(
        name,
        Field(f"{name}Request", "", namespace=namespace, children=request),
        Field(f"{name}Response", "", namespace=namespace, children=response),
        _faults(name, namespace, REMOTE, *exceptions),
    )


TICKET_KEY = Field("troubleTicketKey", "reference", required=True)
CREATE = _operation(
    "createTroubleTicketByValue",
    (TICKET_VALUE,),
    (TICKET_RESPONSE,),
    ILLEGAL,
    "duplicateKeyException",
    "createException",
)
SET = _operation(
    "setTroubleTicketByValue",
    (
        TICKET_VALUE,
        Field("resyncRequired", "resync_required", "boolean", required=True),
    ),
    (TICKET_RESPONSE,),
    ILLEGAL,
    NOT_FOUND,
    "ossSetException",
    RESYNC,
)
GET = _operation(
    "getTroubleTicketByKey",
    (TICKET_KEY, _strings("attrNames", "names")),
    (TICKET_RESPONSE, TICKET_VALUE),
    ILLEGAL,
    NOT_FOUND,
)
DESCRIPTOR = Field(
    "eventPropertyDescriptor",
    "descriptor",
    required=True,
    namespace=COMMON,
    children=(
        Field("eventType", "event_type", required=True),
        _strings("propertyNames", "names"),
        _strings("propertyTypes", "types"),
    ),
)


def _list_operation(name: str, element: str, namespace: str = COMMON) -> Operation:
    return _operation(name, (), (_strings(element, "values"),), namespace=namespace)


OPERATIONS = (
    CREATE,
    SET,
    GET,
    _operation(
        "getTroubleTicketPrivateData",
        (),
        (Field("ttPrivateDataXml", "xml", required=True),),
    ),
    _operation(
        "getTroubleTicketPublicData",
        (),
        (Field("ttPublicDataXml", "xml", required=True),),
    ),
    _list_operation("getSupportedOptionalOperations", "strings"),
    _list_operation("getManagedEntityTypes", "strings"),
    _list_operation("getEventTypes", "strings"),
    _operation(
        "getEventDescriptor",
        (Field("eventType", "event_type", required=True),),
        (DESCRIPTOR,),
        ILLEGAL,
        namespace=COMMON,
    ),
    _list_operation("getUpdateProcedureTypes", "strings"),
    _list_operation("getNamedQueryTypes", "strings"),
    _list_operation("getTroubleTicketItemTypes", "troubleTicketItemTypes", TICKET),
    _list_operation("getTroubleTicketTypes", "troubleTicketTypes", TICKET),
)

SERVICE = Service(
    key="sav",
    path="/oiconnect/soap/sav/3.0",
    wsdl="sav-3.0/TroubleTicket.wsdl",
    namespace=TICKET,
    operations=OPERATIONS,
    header=Field(
        "TroubleTicketHeaderRequest",
        "",
        namespace=HEADER,
        children=(
            Field("LoginName", "login", required=True),
            Field("Password", "password", required=True, secret=True),
        ),
    ),
    value_namespace=VALUE,
    # Proposed: the OSS/J element for a request that is no known one
    unread_fault=_faults("ossInvalidXMLRequest", COMMON, REMOTE)[0],
)


def known_in(ticket: dict, version: str) -> dict:
    """Return the payload of a ticket as ``version`` knows it ("2.1", "3.0")."""
    if not version.startswith("2"):
        return ticket
    return {key: value for key, value in ticket.items() if key not in SINCE_3}
