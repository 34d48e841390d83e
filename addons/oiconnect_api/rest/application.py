"""The FastAPI application: routes and documentation of all declared resources."""

import json
from functools import partial
from typing import Annotated
from urllib.parse import quote

from fastapi import Body, Depends, FastAPI, Header, Path, Query, Request, Response
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from odoo.addons.fastapi.context import odoo_env_ctx
from odoo.addons.oiconnect_base.files import download_name
from odoo.addons.oiconnect_base.resource import Dialog

from . import (
    ROOT,
    documentation,
    examples,
    export,
    messages,
    schemas,
    tiles,
    trace,
    versions,
)
from .problem import CONTENT_TYPE, TEXTS, Problem
from .resources import resources

TITLE = "OIConnect"
VERSION = "1.0"
SUMMARY = (
    "The network, its orders, appointments and tickets, for other systems. Every call "
    "has a key: `Authorization: Bearer <key id>.<secret>`. A key of an operator sees "
    "what is its own and what every operator is told, and says what its files and web "
    "services say, with the same answers; a key of a user has the rights of that user. "
    "Failures are problem details (RFC 9457)."
)
_PROBLEM = {"$ref": "#/components/schemas/Problem"}
_STATUSES = {
    401: "No key that serves",
    403: "The key, or its user, may not do this",
    404: "Unknown, or not for this key",
    409: "Its state does not allow this now",
    412: "Changed since it was read",
    413: "Body too large",
    415: "Not JSON",
    422: "Values that are not accepted, all of them",
    428: "If-Match is missing",
    429: "Too many calls",
}
_JSON = ("application/json", "application/merge-patch+json")
_READS = (401, 403, 404, 422, 429)
_WRITES = (*_READS, 409, 413, 415)
BINARY = "application/octet-stream"
_FILE = {"type": "string", "format": "binary"}
_bearer = HTTPBearer(
    auto_error=False, bearerFormat="<key id>.<secret>", scheme_name="key"
)
IfMatch = Annotated[str | None, Header(description="ETag that was read")]
IdempotencyKey = Annotated[
    str | None,
    Header(
        max_length=255,
        pattern=r"^[\x21-\x7e]+$",
        description="A text of yours: the same request again is answered the same, "
        "and done once, for 24 hours",
    ),
]


async def authenticated(
    request: Request,
    _credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
):
    """Return who calls. What follows has its rights."""
    headers = request.headers
    is_json = headers.get("Content-Type", "").partition(";")[0].strip().lower() in _JSON
    keys = odoo_env_ctx.get()["oiconnect.api.key"]
    caller = keys._authenticate(
        headers.get("Authorization"),
        request.scope["wsgi_environ"].get("REMOTE_ADDR", ""),
        headers.get("Accept-Language"),
    )
    request.state.caller = caller
    if not is_json and await request.body():
        raise Problem(415, "not-json")
    odoo_env_ctx.set(caller.env)
    is_operator = bool(caller.operator_id)
    schemas.asking.set(schemas.BY_OPERATOR if is_operator else schemas.BY_USER)
    return caller


Caller = Annotated[object, Depends(authenticated)]


def _operations(caller):
    return caller.env["oiconnect.rest"]


def _json(text, status=200, **headers):
    headers = {
        name.replace("_", "-"): value for name, value in headers.items() if value
    }
    return Response(text, status, headers, media_type="application/json")


def _problems(*statuses):
    """Return what the documentation says of failures."""
    content = {CONTENT_TYPE: {"schema": _PROBLEM}}
    return {
        status: {"description": _STATUSES[status], "content": content}
        for status in sorted(statuses)
    }


def _answers(status, description, model=None, more=()):
    answer = {"description": description}
    if model:
        answer["model"] = model
    return {status: answer} | _problems(*more)


# ----------------------------------------------------------------------
# Routes
# ----------------------------------------------------------------------


class ResourceRoutes:
    """Adds the routes of one resource to a router."""

    def __init__(self, env, router, model_name, resource):
        self.env = env
        self.router = router
        self.resource = resource
        self.description = env["oiconnect.rest"]._describe(model_name)
        self.path = f"/{resource.path}"
        self.one = f"{self.path}/{{record_id}}"
        self.record = schemas.answer_model(self.description, env)

    def add(self):
        self._add_list()
        # First: "export" is no id.
        self._add_export()
        self._add_read()
        if self.resource.line:
            self._add_trace()
        creation = schemas.creation_model(self.description, self.env)
        if body := schemas.either(creation, self._message(None)):
            self._add_create(body)
        message = self._message(None) if self._is_received_by_files() else None
        forms = [form and schemas.rows_model(form) for form in (creation, message)]
        if rows := schemas.either(*forms):
            self._add_create_many(rows)
        if change := schemas.change_model(self.description, self.env):
            row = schemas.changed_row_model(change)
            # First: "bulk" is no id.
            self._add_change_many(schemas.rows_model(row))
            self._add_change(change)
        if self.description.is_deleted:
            self._add_delete()
        if self.resource.content:
            self._add_content()
        verbs = {*self.description.events, *self.description.messages} - {None}
        for verb in sorted(verbs):
            self._add_action(verb)

    def _is_received_by_files(self):
        """Return whether operators create records by the lines of a flow."""
        said = self.description.messages.get(None)
        return bool(said and said.flow)

    def _message(self, verb):
        return messages.body_model(self.description, verb, self.env)

    def _route(self, method, path, verb, summary, responses, endpoint, status=200):
        self.router.add_api_route(
            path,
            endpoint,
            methods=[method],
            summary=summary,
            responses=responses,
            status_code=status,
            response_model=None,
            response_class=Response,
            tags=[self.resource.path],
            operation_id=f"{verb}_{self.resource.path.replace('-', '_')}",
        )

    def _add_list(self):
        description = self.description
        query_model = schemas.list_model(description)

        async def many(caller: Caller, query: Annotated[query_model, Query()]):
            values = schemas.by_alias(query)
            return _json(_operations(caller)._list(caller, description, values))

        page = schemas.page_model(description, self.record)
        answers = _answers(200, "One page", page, (401, 403, 422, 429))
        self._route("GET", self.path, "list", "List and search", answers, many)

    def _add_export(self):
        description = self.description
        query_model = export.export_model(description)

        async def whole(
            caller: Caller,
            query: Annotated[query_model, Query()],
            accept: Annotated[str | None, Header()] = None,
        ):
            form = export.chosen_form(description, query.format, accept)
            values = schemas.by_alias(query)
            blocks = _operations(caller)._export(caller, description, values, form)
            name = f"{description.resource.path}.{form}"
            headers = {"Content-Disposition": f'attachment; filename="{name}"'}
            return export.Streamed(blocks, export.MEDIA_TYPES[form], headers)

        answers = _problems(401, 403, 422, 429)
        content = export.answered(description, self.record)
        answers[200] = {"description": "All of them, by id", "content": content}
        path, summary = f"{self.path}/export", "The whole list as a file"
        self._route("GET", path, "export", summary, answers, whole)

    def _add_read(self):
        description = self.description

        async def one(
            caller: Caller,
            record_id: int,
            query: Annotated[schemas.fields_model(description), Query()],
            if_none_match: Annotated[str | None, Header()] = None,
        ):
            text, tag = _operations(caller)._read(
                caller, description, record_id, query.fields
            )
            if tag and versions.names(if_none_match, tag):
                return Response(status_code=304, headers={"ETag": tag})
            return _json(text, ETag=tag)

        answers = _answers(200, "The record", self.record, _READS)
        answers[304] = {"description": "As it was read already"}
        self._route("GET", self.one, "read", "Read one", answers, one)

    def _add_trace(self):
        description = self.description

        async def follow(
            caller: Caller,
            record_id: int,
            query: Annotated[trace.TraceQuery, Query()],
            accept: Annotated[str | None, Header()] = None,
        ):
            operations = _operations(caller)
            if trace.is_drawing(query.format, accept):
                drawing = operations._trace_svg(caller, description, record_id)
                return Response(drawing, media_type=trace.SVG)
            return _json(operations._trace_json(caller, description, record_id))

        answers = _answers(200, "Its paths", trace.Trace, _READS)
        answers[200]["content"] = {trace.SVG: {"schema": {"type": "string"}}}
        path, summary = f"{self.one}/trace", "Follow its fibres to both ends"
        self._route("GET", path, "trace", summary, answers, follow)

    def _add_content(self):
        description = self.description

        async def content(caller: Caller, record_id: int):
            name, body = _operations(caller)._content(caller, description, record_id)
            named = f"attachment; filename*=UTF-8''{quote(download_name(name))}"
            return Response(body, 200, {"Content-Disposition": named}, BINARY)

        answers = _answers(200, "The file", None, _READS)
        answers[200]["content"] = {BINARY: {"schema": _FILE}}
        path = f"{self.one}/content"
        self._route("GET", path, "download", "Its file", answers, content)

    def _add_create(self, body_model):
        description, path = self.description, self.path

        async def create(
            caller: Caller,
            request: Request,
            body: body_model,
            idempotency_key: IdempotencyKey = None,
        ):
            content = await request.body()
            return _made(
                _operations(caller)._create(
                    caller, description, body, idempotency_key, content
                ),
                path,
            )

        answers = _answers(201, "Created", self.record, _WRITES)
        self._route("POST", self.path, "create", "Create one", answers, create, 201)

    def _add_create_many(self, body_model):
        description = self.description

        async def create_many(
            caller: Caller,
            request: Request,
            body: body_model,
            idempotency_key: IdempotencyKey = None,
        ):
            content = await request.body()
            rows = getattr(body, "root", body).rows
            text = _operations(caller)._create_many(
                caller, description, rows, idempotency_key, content
            )
            return _json(text, 201)

        rows = schemas.many_model(description, self.record)
        answers = _answers(201, "All created", rows, _WRITES)
        path = f"{self.path}/bulk"
        summary = "Create many: all or none"
        self._route("POST", path, "create_many", summary, answers, create_many, 201)

    def _add_change(self, body_model):
        description = self.description

        async def change(
            caller: Caller, record_id: int, body: body_model, if_match: IfMatch = None
        ):
            text, tag = _operations(caller)._change(
                caller, description, record_id, body, if_match
            )
            return _json(text, ETag=tag)

        answers = _answers(200, "Changed", self.record, (*_WRITES, 412, 428))
        self._route("PATCH", self.one, "change", "Change one", answers, change)

    def _add_change_many(self, body_model):
        description = self.description

        async def change_many(caller: Caller, body: body_model):
            text = _operations(caller)._change_many(caller, description, body.rows)
            return _json(text)

        rows = schemas.many_model(description, self.record)
        answers = _answers(200, "All changed", rows, (*_WRITES, 412))
        path = f"{self.path}/bulk"
        summary = "Change many: all or none"
        self._route("PATCH", path, "change_many", summary, answers, change_many)

    def _add_delete(self):
        description = self.description

        async def delete(caller: Caller, record_id: int, if_match: IfMatch = None):
            _operations(caller)._delete(caller, description, record_id, if_match)
            return Response(status_code=204)

        answers = _answers(204, "Deleted", None, (*_READS, 409, 412, 428))
        self._route("DELETE", self.one, "delete", "Delete one", answers, delete, 204)

    def _add_action(self, event):
        description, by_user = self.description, None
        if event in description.events:
            how = description.events[event]
            dialog = how if isinstance(how, Dialog) else None
            by_user = schemas.action_model(description, dialog, event, self.env)
        body_model = schemas.either(by_user, self._message(event))
        body_type, body_default = body_model | None, Body(None)
        needed = by_user.model_fields.values() if by_user else ()
        if any(one.is_required() for one in needed):
            body_type, body_default = body_model, Body()

        async def act(
            caller: Caller,
            request: Request,
            record_id: int,
            body: body_type = body_default,
            idempotency_key: IdempotencyKey = None,
        ):
            content = event.encode() + await request.body()
            text, tag = _operations(caller)._act(
                caller, description, record_id, event, body, idempotency_key, content
            )
            return _json(text, ETag=tag)

        answers = _answers(200, "Done", self.record, _WRITES)
        path = f"{self.one}/actions/{event}"
        self._route("POST", path, event, f"Do: {event}", answers, act)


def _made(made, path):
    text, tag, record_id = made
    return _json(text, 201, ETag=tag, Location=f"{ROOT}{path}/{record_id}")


def build(env):
    """Return the application of a registry.

    Failures are raised through it: Odoo rolls back, and tries again what it may.
    """
    app = FastAPI(
        title=TITLE,
        version=VERSION,
        # The pages of the library take their scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    declared = resources(env)
    for model_name, resource in declared:
        ResourceRoutes(env, app.router, model_name, resource).add()

    _add_eligibility(env, app)
    _add_tiles(app)
    _add_slots(env, app)

    @app.get("/docs", include_in_schema=False)
    async def docs():
        return HTMLResponse(documentation.reference())

    @app.get("/docs/guides", include_in_schema=False)
    async def docs_guides():
        return HTMLResponse(documentation.guide_page())

    @app.get("/docs/{name}", include_in_schema=False)
    async def docs_asset(name: str):
        if not (found := documentation.asset(name)):
            raise Problem(404, "unknown")
        headers = {"Cache-Control": "public, max-age=86400"}
        return Response(found[0], headers=headers, media_type=found[1])

    app.exception_handlers = {}
    paths = [resource.path for _model, resource in declared]
    app.openapi = partial(_openapi, app, paths)
    return app


def _add_eligibility(env, app):
    description = env["oiconnect.rest"]._describe("oiconnect.building")

    async def eligibility(
        caller: Caller, query: Annotated[schemas.EligibilityQuery, Query()]
    ):
        values = query.model_dump()
        return _json(_operations(caller)._eligibility(caller, description, values))

    answers = _answers(200, "Places", schemas.Offers, (401, 403, 422, 429))
    app.router.add_api_route(
        "/eligibility",
        eligibility,
        methods=["GET"],
        summary="What can be ordered there, by which mode, from when",
        responses=answers,
        response_model=None,
        response_class=Response,
        tags=["eligibility"],
        operation_id="eligibility",
    )


def _add_tiles(app):
    row = Annotated[int, Path(ge=0, lt=2**tiles.DEEPEST_TILE)]
    content = {tiles.MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}
    of_tile = {"description": "The tile", "content": content}
    common = {"response_model": None, "response_class": Response, "tags": ["tiles"]}

    @app.get(
        "/tiles/{z}/{x}/{y}.mvt",
        summary="Vector tile of the network: a layer for each resource of the key",
        responses={200: of_tile, 304: {"description": "As it was read already"}}
        | _problems(401, 403, 422, 429),
        operation_id="tile",
        **common,
    )
    async def tile(
        caller: Caller,
        z: Annotated[int, Path(ge=0, le=tiles.DEEPEST_TILE)],
        x: row,
        y: row,
        if_none_match: Annotated[str | None, Header()] = None,
        accept_encoding: Annotated[str | None, Header()] = None,
    ):
        content = _operations(caller)._tile(caller, tiles.tile_at(z, x, y))
        return tiles.answer(content, if_none_match, accept_encoding)

    @app.get(
        "/tiles.json",
        summary="TileJSON: what the tiles of the key hold, and where they are",
        responses=_answers(200, "The description", dict, (401, 403, 429)),
        operation_id="tilejson",
        **common,
    )
    async def tilejson(caller: Caller, request: Request):
        layers = _operations(caller)._tile_layers(caller)
        base = str(request.base_url).rstrip("/")
        return _json(json.dumps(tiles.tilejson(base, layers)))


def _add_slots(env, app):
    description = env["oiconnect.rest"]._describe("oiconnect.appointment")

    async def slots(caller: Caller, query: Annotated[schemas.SlotsQuery, Query()]):
        return _json(_operations(caller)._slots(caller, description, query))

    app.router.add_api_route(
        "/slots",
        slots,
        methods=["GET"],
        summary="Free slots of a commune, by time: one is booked by its reference",
        responses=_answers(200, "Slots", schemas.Slots, (401, 403, 422, 429)),
        response_model=None,
        response_class=Response,
        tags=["appointments"],
        operation_id="slots",
    )


# ----------------------------------------------------------------------
# Documentation
# ----------------------------------------------------------------------


def _openapi(app, paths):
    if not app.openapi_schema:
        document = get_openapi(
            title=TITLE,
            version=VERSION,
            summary="REST API of an infrastructure operator",
            description=SUMMARY,
            routes=app.routes,
            servers=[{"url": ROOT}],
            tags=[{"name": name} for name in ("eligibility", "tiles", *paths)],
        )
        components = document["components"]["schemas"]
        components["Problem"] = schemas.Problem.model_json_schema()
        components["Problem"]["properties"]["type"]["examples"] = [
            f"urn:oiconnect:problem:{kind}" for kind in TEXTS
        ]
        document = json.loads(json.dumps(document))
        examples.add(document)
        app.openapi_schema = document
    return app.openapi_schema
