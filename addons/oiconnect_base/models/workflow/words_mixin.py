from odoo import fields, models

WORKFLOW = "oiconnect.workflow"


class WordsMixin(models.AbstractModel):
    """A line about a record, with words that may name an end customer.

    No right reads the stored words. Each has a computed field besides, which is empty
    but to those whom the record says (``_with_readable_words`` of the workflow): who
    sees lines of several kinds reads the words of the kinds of his rights.
    """

    _name = "oiconnect.words.mixin"
    _description = "Words about a record"

    # Groups that read the words of lines about no record that we have
    _stray_words_groups = fields.NO_ACCESS

    def _with_readable_words(self):
        """Return the lines whose words the user may read."""
        if self.env.su:
            return self
        workflows = self.env.registry.descendants([WORKFLOW], "_inherit")
        stray = self.env.user.has_groups(self._stray_words_groups)
        readable = set()
        for name, lines in self.grouped("res_model").items():
            if name in workflows:
                records = self.env[name].browse(lines.mapped("res_id"))
                readable |= {(name, id_) for id_ in records._with_readable_words().ids}
        return self.filtered(
            lambda line: (
                (line.res_model, line.res_id) in readable
                if line.res_model in workflows
                else stray
            )
        )

    def _compute_words(self, **shown):
        """Fill the computed fields: ``{shown: stored}``."""
        readable = self._with_readable_words()
        for line in self:
            stored = line.sudo() if line in readable else None
            for name, column in shown.items():
                line[name] = stored and stored[column]
