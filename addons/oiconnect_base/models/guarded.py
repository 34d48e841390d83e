from odoo import api, models
from odoo.exceptions import AccessError
from odoo.models import MAGIC_COLUMNS

from ..odoo_internals import addon_of, has_rows_to_guard

# In place of names: all fields that are not named otherwise.
EVERY_FIELD = ("*",)


class Base(models.AbstractModel):
    """Write access by field: by users, at creation only, or by our own code only.

    Views hide what a person may not change; the server refuses it here, by whatever
    path it comes (RPC, import, copy, default). Our own code writes as superuser, once
    it has checked the right of who asks: nothing else passes.

    Each class of a model declares its fields in these lists, which add up, those of
    extensions and mixins too; the most specific class wins. A field that is readonly,
    as computed fields are, is declared by that. What is not declared is refused to
    people, and named by ``_undeclared_fields``.
    """

    _inherit = "base"

    # Written by what happens to the record only
    _event_fields = ()
    # Given by who creates the record, and fixed from then on
    _creation_fields = ()
    # Written by people, as their rights allow
    _free_fields = ()
    # {free field: the field that closes it once it has a value}
    _closing_fields = {}

    # What follows from the declarations
    _guarded_fields = frozenset()
    _guarded_at_creation = frozenset()
    _closed_by = {}

    def _post_model_setup__(self):
        kinds = self._kinds_of_fields()
        free = {name for name, kind in kinds.items() if kind == "free"}
        given = {name for name, kind in kinds.items() if kind == "creation"}
        model_class = type(self)
        model_class._guarded_fields = frozenset(kinds.keys() - free)
        model_class._guarded_at_creation = model_class._guarded_fields - given
        model_class._closed_by = {}
        for cls in reversed(model_class.__mro__):
            model_class._closed_by |= vars(cls).get("_closing_fields", {})
        return super()._post_model_setup__()

    @api.model
    def _kinds_of_fields(self):
        """Return ``{field: "event", "creation", "free" or None}`` of our own fields.

        The rows of a one2many are written in their own model, which says by whom.
        """
        if not has_rows_to_guard(self):
            return {}
        declared = self._declared_kinds()
        kinds = {}
        for name, field in self._fields.items():
            if not (field.store and self._is_our_field(field)):
                continue
            kind = declared.get(name) or (field.readonly and "event")
            kind = kind or declared.get("*")
            if kind or field.type != "one2many":
                kinds[name] = kind
        return kinds

    @api.model
    def _declared_kinds(self):
        """Return ``{name: kind}``, "*" for what has no name of its own."""
        declared = {}
        for cls in type(self).__mro__:
            for kind in ("event", "creation", "free"):
                for name in vars(cls).get(f"_{kind}_fields", ()):
                    declared.setdefault(name, kind)
        return declared

    @api.model
    def _is_our_field(self, field):
        if field.name in MAGIC_COLUMNS or field.manual:
            return False
        return (addon_of(field) or self._name).startswith("oiconnect")

    @api.model
    def _undeclared_fields(self):
        """Return the names of our stored fields that are in no list."""
        return sorted(
            name for name, kind in self._kinds_of_fields().items() if not kind
        )

    # ------------------------------------------------------------------
    # Enforced
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if self._guarded_at_creation and not self.env.su:
            for vals in vals_list:
                self._refuse_guarded(vals, self._guarded_at_creation, "create")
        return super().create(vals_list)

    def write(self, vals):
        if self._guarded_fields and not self.env.su:
            self._refuse_guarded(vals, self._guarded_fields, "write")
            self._refuse_closed(vals)
        return super().write(vals)

    @api.model
    def default_get(self, fields):
        """Take guarded fields' defaults from the model only.

        Those of the context and those that users set would be another way in.
        """
        guarded = not self.env.su and self._guarded_at_creation.intersection(fields)
        if not guarded:
            return super().default_get(fields)
        defaults = super().default_get([name for name in fields if name not in guarded])
        for name in guarded:
            field = self._fields[name]
            if field.default:
                value = field.convert_to_cache(field.default(self), self, False)
                defaults[name] = field.convert_to_write(value, self)
        return defaults

    def copy_data(self, default=None):
        """Leave out of a copy what happened to the original."""
        copies = super().copy_data(default)
        if self.env.su:
            return copies
        left_out = self._guarded_at_creation - (default or {}).keys()
        return [
            {name: value for name, value in vals.items() if name not in left_out}
            for vals in copies
        ]

    def _refuse_guarded(self, vals, guarded, operation):
        names = vals.keys() & guarded
        if not names:
            return
        # An unauthorized user gets the usual error.
        self.check_access(operation)
        raise AccessError(
            self.env._(
                "%(model)s: “%(fields)s” cannot be written by hand. %(advice)s",
                model=self._label_of_model(),
                fields=self._labels_of_fields(names),
                advice=self._guarded_advice(),
            )
        )

    def _refuse_closed(self, vals):
        for name in vals.keys() & self._closed_by.keys():
            closing = self._closed_by[name]
            if any(record[closing] for record in self.sudo()):
                self.check_access("write")
                raise AccessError(
                    self.env._(
                        "%(model)s: “%(fields)s” cannot be changed once there is "
                        "something in “%(closing)s”.",
                        model=self._label_of_model(),
                        fields=self._labels_of_fields([name]),
                        closing=self._fields[closing]._description_string(self.env),
                    )
                )

    @api.model
    def _guarded_advice(self):
        """Hook: return what to do instead of writing a guarded field."""
        return self.env._(
            "It follows from what happens to the record: use the buttons of its form."
        )

    @api.model
    def _label_of_model(self):
        return self.env["ir.model"].sudo()._get(self._name).name or self._description

    @api.model
    def _labels_of_fields(self, names):
        labels = (self._fields[name]._description_string(self.env) for name in names)
        return ", ".join(sorted(labels))
