from dataclasses import dataclass

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..search_text import (
    SHORTEST,
    clean,
    escaped,
    forms,
    has_suffix,
    is_address,
    pattern,
    references,
    squeezed,
    words,
)

# Records of each kind that are returned, and looked at
MOST = 6
LOOKED_AT = 60
# Rows that have a part of a text, from which on the part is common
COMMON = 5000
COMMON_ADDRESSES = 50_000
# Words of an address that are looked up in the index
KEYS = 2


@dataclass(frozen=True)
class Kind:
    """Kind of records that the quick search finds: fields, label, details.

    ``exact`` fields have an index by value, ``loose`` and ``typed`` ones by their
    parts: ``typed`` fields are compared as a whole by it. ``own_search`` fields
    find by a search of their own, for users who may read them. ``key``: the field by
    which others name such a record; ``on_line``: it leads to what its line consists of.
    """

    model: str
    exact: tuple = ()
    typed: tuple = ()
    loose: tuple = ()
    address: str = ""
    own_search: tuple = ()
    detail: tuple = ()
    label: str = ""
    key: str = ""
    on_line: bool = False


class QuickSearch(models.AbstractModel):
    """One box for every reference: it leads to the record.

    Other addons add their kinds.
    """

    _name = "oiconnect.quick.search"
    _description = "Quick search"

    @api.model
    @api.private
    def _kinds(self):
        named = {"exact": ("reference",), "loose": ("reference",)}
        return [
            Kind(
                "oiconnect.pto",
                **named,
                detail=("building_id", "state"),
                key="pto_id",
                on_line=True,
            ),
            Kind(
                "oiconnect.building",
                exact=("identifier", "address_code", "street_code"),
                loose=("identifier",),
                address="address",
                detail=("address", "state"),
                key="building_id",
                on_line=True,
            ),
            Kind("oiconnect.pbo", **named, detail=("pm_id",), key="pbo_id"),
            Kind("oiconnect.splice.box", **named, detail=("kind", "place")),
            Kind(
                "oiconnect.pm",
                **named,
                address="address",
                detail=("city", "state"),
                key="pm_id",
            ),
            Kind("oiconnect.prdm", **named, detail=("city", "state")),
            Kind("oiconnect.nro", **named),
            Kind("oiconnect.pm.link", **named, detail=("pm_id", "prdm_id")),
            Kind("oiconnect.pbo.cable", **named, detail=("pm_id",)),
            Kind(
                "oiconnect.pm.module",
                exact=("name",),
                loose=("name",),
                detail=("pm_id",),
            ),
            Kind(
                "oiconnect.route",
                exact=("name",),
                loose=("name",),
                detail=("pbo_id", "state"),
            ),
            Kind("oiconnect.lot", **named, detail=("name",)),
            # Few: their names need no index.
            Kind(
                "oiconnect.operator",
                exact=("interop_code",),
                own_search=("display_name",),
                detail=("arcep_code",),
            ),
        ]

    @api.model
    @api.private
    def _readable_kinds(self, among=None):
        return [
            kind
            for kind in self._kinds()
            if (among is None or kind.model in among)
            and kind.model in self.env
            and self.env[kind.model].has_access("read")
        ]

    @api.model
    @api.readonly
    def find(self, text, among=None):
        """Return ``{"text", "exact", "groups"}`` of what ``text`` may mean.

        ``exact``: the records have just this reference; one of them is where the user
        wants to go. Otherwise they hold it, or have the words of it in their address.
        A group is ``{"model", "label", "more", "records"}``, a record ``{"id",
        "name", "detail"}``. Nothing that the user may not read is returned.

        :param among: the models to look in; all of them by default
        """
        text = clean(text)
        if len(squeezed(text)) < SHORTEST:
            return {"text": text, "exact": False, "groups": []}
        exact, found = self._find_kinds(self._readable_kinds(among), text)
        groups = [self._group(kind, rows) for kind, rows in found if rows]
        return {"text": text, "exact": exact, "groups": groups}

    # ------------------------------------------------------------------
    # Choice of a record by what is known of its line
    # ------------------------------------------------------------------

    @api.model
    @api.private
    def _pick(self, model, text):
        """Return the records of ``model`` that the text names, or whose line it does.

        The text is an address, a customer, a telephone or any reference.
        """
        text = clean(text)
        picked = self.env[model].with_context(active_test=False)
        if len(squeezed(text)) < SHORTEST:
            return picked
        kinds = self._readable_kinds()
        key = next((kind.key for kind in kinds if kind.model == model), "")
        kinds = [kind for kind in kinds if kind.on_line or kind.model == model]
        for kind, found in self._find_kinds(kinds, text)[1]:
            picked |= self._on_line_of(kind, found[:MOST], model, key)
        self._look_at_most(0)
        return picked

    @api.model
    def _on_line_of(self, kind, found, model, key):
        """Return the records of ``model`` that those of another kind lead to.

        One names the other: ``pbo_id``, or several, ``pbo_ids``.
        """
        if found and kind.model == model:
            return found
        for name in (key, f"{key}s"):
            if name in found._fields:
                return found.sudo()[name].sudo(False)
        if not found or kind.key not in self.env[model]._fields:
            return self.env[model]
        named = Domain(kind.key, "in", found.ids)
        return self.env[model].search(named, order="id desc", limit=MOST)

    @api.model
    def _find_kinds(self, kinds, text):
        """Return whether these are just the ones, and ``[(kind, records)]``."""
        found = [(kind, self._equal(kind, text)) for kind in kinds]
        if _any(found):
            return True, found
        found = [(kind, self._holding(kind, text)) for kind in kinds]
        if not _any(found):
            inside = [(kind, self._named_inside(kind, text)) for kind in kinds]
            return _any(inside), inside
        same = [(kind, self._same(kind, rows, text)) for kind, rows in found]
        return (True, same) if _any(same) else (False, found)

    @api.model
    def _look_at_most(self, count):
        """Limit the rows that a search of common words reads.

        A part that is rare is still looked for in all of them.
        """
        self.env.cr.execute(SQL("SET LOCAL gin_fuzzy_search_limit = %s", count))

    # ------------------------------------------------------------------
    # Search of one kind
    # ------------------------------------------------------------------

    @api.model
    def _equal(self, kind, text):
        """Return the records with this very reference: by the indexes of values."""
        model = self.env[kind.model].with_context(active_test=False)
        domain = Domain.OR(
            [
                Domain(name, "in", self._fitting(model, name, text))
                for name in kind.exact
            ]
            + [Domain(name, "=ilike", escaped(text)) for name in kind.typed]
        )
        # Without an order, which would choose the index in the planner's place.
        return self._shown(model, domain, MOST + 1)

    @api.model
    def _shown(self, model, domain, limit):
        """Return some records of a domain, none of networks that the screen hides."""
        networks = self.env["oiconnect.network"]
        shown = networks._domain_of_screen(model, domain)
        return model.browse(model._search(shown, limit=limit))

    @api.model
    def _named_inside(self, kind, text):
        """Return the records that a word of the text names: "PTO ZZ-AB12-CD34"."""
        found = self.env[kind.model]
        for part in references(text):
            found |= self._equal(kind, part)
        return found

    @api.model
    def _fitting(self, model, name, text):
        """Return the forms that are not too long: they would be cut, and found."""
        size = model._fields[name].size
        return [form for form in forms(text) if not size or len(form) <= size]

    @api.model
    def _holding(self, kind, text):
        """Return the records that hold the text, those that begin with it first."""
        found = self._beginning(kind, text)
        if len(found) <= MOST:
            found |= self._containing(kind, text)
        if kind.address and len(found) <= MOST:
            found |= self._at_address(kind, text)
        if kind.own_search and len(found) <= MOST:
            found |= self._by_own_search(kind, text)
        return found

    @api.model
    def _beginning(self, kind, text):
        model = self.env[kind.model].with_context(active_test=False)
        domain = Domain.OR(
            Domain(name, "=like", f"{escaped(form)}%")
            for name in kind.loose
            for form in self._fitting(model, name, text)
        )
        return self._shown(model, domain, MOST + 1) if kind.loose else model

    @api.model
    def _containing(self, kind, text):
        model = self.env[kind.model].with_context(active_test=False)
        self._look_at_most(COMMON)
        domain = Domain.OR(
            Domain(name, "=ilike", f"%{pattern(text)}%") for name in kind.loose
        )
        found = self._shown(model, domain, LOOKED_AT) if kind.loose else model
        wanted = squeezed(text)
        return found.filtered(
            lambda row: any(wanted in squeezed(row[name]) for name in kind.loose)
        ).sorted(lambda row: self._rank(kind, row, wanted))

    @api.model
    def _rank(self, kind, record, wanted):
        texts = [squeezed(record[name]) for name in kind.loose]
        return (not any(text.startswith(wanted) for text in texts), texts[0])

    @api.model
    def _at_address(self, kind, text):
        """Return the records whose address has all words of the text.

        The longest words, which tell the most, are looked up in the index; the others
        are read in the addresses that these give.
        """
        model = self.env[kind.model].with_context(active_test=False)
        every = words(text)
        keys = [word for word in every if len(word) >= SHORTEST][:KEYS]
        if not keys:
            return model
        others = [word for word in every if word not in keys or has_suffix(word)]
        self._look_at_most(COMMON_ADDRESSES)
        domain = Domain.AND(
            Domain(kind.address, "ilike", escaped(word)) for word in keys
        )
        domain &= Domain.custom(
            to_sql=lambda model, alias, query: _has_words(
                model, model._field_to_sql(alias, kind.address, query), others
            )
        )
        return self._shown(model, domain, MOST + 1)

    @api.model
    def _by_own_search(self, kind, text):
        """Return what a field with a search of its own finds, the newest first."""
        model = self.env[kind.model].with_context(active_test=False)
        names = [name for name in kind.own_search if self._tells(model, name)]
        if not names:
            return model
        # Of two common words, those that go together may be in no small sample.
        self._look_at_most(0)
        domain = Domain.OR(Domain(name, "ilike", text) for name in names)
        return self._shown(model, domain, LOOKED_AT).sorted("id", reverse=True)

    @api.model
    def _tells(self, model, name):
        """Tell whether the user may read a field of the model."""
        return model._has_field_access(model._fields[name], "read")

    @api.model
    def _same(self, kind, records, text):
        """Return the records of this reference but for its dashes, or address."""
        wanted = squeezed(text)
        return records.filtered(
            lambda row: (
                any(squeezed(row[name]) == wanted for name in kind.loose)
                or (kind.address and is_address(text, row[kind.address]))
            )
        )

    # ------------------------------------------------------------------
    # Results
    # ------------------------------------------------------------------

    @api.model
    def _group(self, kind, records):
        return {
            "model": kind.model,
            "label": kind.label or self.env["ir.model"].sudo()._get(kind.model).name,
            "more": len(records) > MOST,
            "records": [
                {
                    "id": record.id,
                    "name": record.display_name,
                    "detail": self._detail(kind, record),
                }
                for record in records[:MOST]
            ],
        }

    @api.model
    def _detail(self, kind, record):
        """Return what helps to choose: neighbours and state, on one line."""
        parts = []
        for name in kind.detail:
            if not self._tells(record, name):
                continue
            value, field = record.sudo()[name], record._fields[name]
            if field.type == "selection":
                value = dict(field._description_selection(self.env)).get(value)
            elif field.relational:
                value = value.display_name
            if value and value != record.display_name:
                parts.append(value)
        return " · ".join(parts)


class IrHttp(models.AbstractModel):
    """The box of the quick search is there for who may find something by it."""

    _inherit = "ir.http"

    def session_info(self):
        info = super().session_info()
        if self.env.user._is_internal():
            info["oiconnect_quick_search"] = bool(
                self.env["oiconnect.quick.search"]._readable_kinds()
            )
        return info


def _any(found):
    return any(records for _kind, records in found)


def _has_words(model, column, words):
    """Return the condition that a text has the words, which no index serves."""
    return SQL(" AND ").join(
        [SQL("TRUE"), *(_has_word(model, column, word) for word in words)]
    )


def _has_word(model, column, word):
    if word.isdigit():
        # 1 is not 11, but it is 1B
        return SQL("%s ~ %s", column, rf"\m{word}[A-Za-z]?\M")
    if has_suffix(word):
        # 1B is not 11B
        return SQL("%s ~* %s", column, rf"\m{word}\M")
    unaccent = model.env.registry.unaccent
    return SQL(
        "%s || '' ILIKE %s",
        unaccent(column),
        unaccent(SQL("%s", f"%{escaped(word)}%")),
    )
