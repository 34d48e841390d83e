from lxml import etree

from odoo.tests import TransactionCase, tagged

# Models that people edit on a form without a history, and why
NO_HISTORY = {
    "oiconnect.gracethd.difference": "two files are compared; it is dropped with time",
}
# Fields that people write and no history tracks, and why
UNTRACKED = {
    "oiconnect.gracethd.difference": {
        "other_id": "the comparison is made anew, deliveries keep their history",
    },
    "oiconnect.appointment": {
        "address": "it may name the end customer, whom the law has us forget",
        "comment": "it may name the end customer, whom the law has us forget",
    },
    "oiconnect.ticket.task": {
        "instructions": "it may name the end customer, whom the law has us forget",
        "result": "it may name the end customer, whom the law has us forget",
        "photo_ids": "the name of a file may name the end customer",
    },
}
# Fields of objects of the network that other fields track, or no one can change
TRACKED_BY_OTHERS = {
    "network_id": "it is fixed: the object would be another one",
    "latitude": "follows x and y, which are tracked",
    "longitude": "follows x and y, which are tracked",
    "commune_id": "follows the columns of the address, which are tracked",
    "manager_id": "its columns are tracked",
    "batch_ids": "tracked by the PB batch",
    "abandoned_date": "follows the state, which is tracked",
    "connector_colour": "follows the number of the connector, which is tracked",
    "sequence": "the order of a drawing; it follows the number or the colour",
    "line": "points by the hundred, which surveys give; its ends are tracked",
}
# Tracked otherwise: lines of a form are records of their own, files are retained
UNTRACKED_TYPES = {"one2many", "binary", "html"}


@tagged("post_install", "-at_install")
class TestTrackedFields(TransactionCase):
    """Every form on which people write shows who changed what."""

    def _edited(self):
        """Yield what people edit on a form of ours: ``(model, arch)``."""
        data = self.env["ir.model.data"].search(
            [("module", "=like", "oiconnect%"), ("model", "=", "ir.ui.view")]
        )
        views = self.env["ir.ui.view"].search(
            [
                ("id", "in", data.mapped("res_id")),
                ("type", "=", "form"),
                ("inherit_id", "=", False),
            ]
        )
        for view in views:
            model = self.env[view.model]
            if not model._auto or model._transient:
                continue
            arch = etree.fromstring(model.get_view(view.id, "form")["arch"])
            if arch.get("edit") != "0" and self._free(model):
                yield model, arch

    def _free(self, model):
        """Return the fields of the model that people write."""
        kinds = model._kinds_of_fields()
        return {
            name
            for name, kind in kinds.items()
            if kind == "free" and model._fields[name].type not in UNTRACKED_TYPES
        }

    def _tracked(self, model):
        """Return the fields whose changes the history of a record tells."""
        tracked = set(getattr(model, "_tracked_fields", ()))
        if hasattr(model, "_track_get_fields"):
            tracked |= set(model._track_get_fields() or ())
        return tracked

    def test_every_form_that_people_edit_shows_its_history(self):
        followed, bare, dialogs = set(), set(), set()
        for model, arch in self._edited():
            if arch.xpath(
                "//chatter | //widget[@name='oiconnect_discussion']"
                " | //field[@name='change_ids']"
            ):
                followed.add(model._name)
            else:
                (dialogs if arch.xpath("//footer") else bare).add(model._name)
        # A dialog does without where another form of its model has the history.
        bare |= dialogs - followed
        self.assertEqual(
            bare,
            set(NO_HISTORY),
            "inherit oiconnect.chatter and show <chatter />, or for an object of the "
            "network oiconnect.tracked and its change_ids",
        )

    def test_every_field_that_people_write_is_tracked(self):
        models = {model._name: model for model, _arch in self._edited()}
        for name, model in models.items():
            with self.subTest(name):
                left = self._free(model) - self._tracked(model)
                if hasattr(model, "_tracked_fields"):
                    left -= TRACKED_BY_OTHERS.keys()
                self.assertEqual(
                    left, set(UNTRACKED.get(name, ())), "name it in _tracked_fields"
                )

    def test_what_a_person_changes_on_a_network_a_commune_or_a_service_is_tracked(self):
        network = self.env["oiconnect.network"].create(
            {"name": "Réseau", "oi_code": "OIHI", "code": "OIHI", "pto_prefix": "ZH"}
        )
        commune = self.env["oiconnect.commune"].create(
            {"name": "Ville Exemple", "insee_code": "99001"}
        )
        team = self.env["oiconnect.appointment.team"].create(
            {
                "name": "Équipe Nord",
                "network_id": network.id,
                "calendar_id": self.env.company.resource_calendar_id.id,
            }
        )
        self._flush_tracking()
        for record, field, value in (
            (network, "pto_prefix", "ZZ"),
            (network, "name", "Réseau d'essai"),
            (commune, "postal_codes", "99100"),
            (team, "capacity", 3),
            (team, "name", "Équipe Sud"),
            (team, "commune_ids", commune.ids),
        ):
            with self.subTest(f"{record._name}.{field}"):
                record.write({field: value})
                self._flush_tracking()
                values = record.message_ids[:1].sudo().tracking_value_ids
                self.assertEqual(values.field_id.name, field)
                self.assertEqual(
                    record.message_ids[0].author_id, self.env.user.partner_id
                )

    def _flush_tracking(self):
        """Write what is followed, as the end of a transaction does."""
        self.env.flush_all()
        self.env.cr.precommit.run()

    def test_loading_the_communes_of_france_tells_nothing(self):
        """37 000 lines come by COPY, none of them with a message."""
        commune = self.env["oiconnect.commune"].search([], limit=1)
        self.assertFalse(commune.message_ids)
