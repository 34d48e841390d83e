from urllib.parse import urlencode

from werkzeug.exceptions import NotFound

from odoo.http import Controller, request

from ..models.space import ListQuery
from ..pages import PAGES
from . import common


class Lists(Controller):
    """Lists and sheets, all alike: what they show is declared by ``pages``."""

    @common.route("/<string:key>", readonly=True)
    def records(self, key, page="1", shown="open", sort="", search="", **choices):
        if key not in PAGES:
            raise NotFound
        its, space = PAGES[key], common.space()
        chosen = {name: choices[name] for name in its.choices if choices.get(name)}
        number = max(common.number(page), 1)
        query = ListQuery(number, shown, sort, search.strip(), chosen)
        rows, total = space._list(its, query)
        place = {"shown": shown, "sort": sort, "search": query.search, **chosen}
        place = {name: value for name, value in place.items() if value}
        return common.render(
            "records",
            key,
            page=its,
            title=request.env._(its.title),
            empty=request.env._(its.empty),
            rows=rows,
            total=total,
            query=query,
            chosen=chosen,
            is_narrowed=bool(chosen or query.search or shown == "closed"),
            sorts=[(name, request.env._(label)) for name, label, _by in its.sorts],
            choices=space._choices(its),
            headings=self._headings(its),
            makes_keys=space._may_make_keys(),
            has_sandbox=key == "cles" and bool(space._sandbox_networks()),
            pager=common.pages(f"/{key}", total, query.page, urlencode(place)),
        )

    def _headings(self, its):
        described = request.env[its.model].fields_get(its.columns, ["string"])
        return [described[name]["string"] for name in its.columns]

    @common.route("/<string:key>/<int:record_id>", readonly=True)
    def sheet(self, key, record_id):
        its, record = common.find(key, record_id)
        space = common.space()
        return common.render(
            "sheet",
            key,
            page=its,
            title=request.env._(its.one),
            record=record,
            known=record.sudo(),
            cells=space._sheet(record),
            story=space._story(record),
            related=[
                (one, request.env._(one.title), rows)
                for one, rows in space._related(its, record)
            ],
            messages=space._messages(record),
            dialogue=space._dialogue(record) if key == "tickets" else (),
            seen=space._seen(record) if key == "rendez-vous" else "",
            can_fire=lambda event: record.sudo()._can_fire(event),
            has_file=key in ("echanges", "publications") and space._file(record),
            makes_keys=space._may_make_keys(),
        )

    @common.route("/<string:key>/<int:record_id>/fichiers/<int:file_id>", readonly=True)
    def message_file(self, key, record_id, file_id):
        _page, record = common.find(key, record_id)
        return common.message_file(record, file_id)
