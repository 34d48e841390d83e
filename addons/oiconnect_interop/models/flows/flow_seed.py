import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import UserError


class FlowSeed(models.AbstractModel):
    """Delivered record, updated with the product until a user edits it.

    ``seed_hash`` is the digest of what was delivered last. A record whose content has
    another digest was edited, and no update touches it any more.
    """

    _name = "oiconnect.flow.seed"
    _description = "Delivered record"

    seed_hash = fields.Char(readonly=True, copy=False)
    origin = fields.Selection(
        [
            ("delivered", "Delivered"),
            ("edited", "Delivered, then edited"),
            ("own", "Own"),
        ],
        compute="_compute_origin",
    )

    def _compute_origin(self):
        for record in self:
            if not record.seed_hash:
                record.origin = "own"
            else:
                record.origin = "edited" if record._is_edited() else "delivered"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_delivered(self):
        if any(self.mapped("seed_hash")):
            raise UserError(
                self.env._(
                    "What the product delivers would come back at the next update: "
                    "archive it instead."
                )
            )

    def _is_edited(self):
        return self.seed_hash != self._seed_digest(self._seed_content())

    def _seed_content(self):
        """Return the content that a seed fixes, as JSON values."""
        raise NotImplementedError

    @api.model
    def _seed_digest(self, content):
        text = json.dumps(content, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def _reseed(self, content, vals):
        """Bring the record to a new seed, unless it was edited."""
        self.ensure_one()
        digest = self._seed_digest(content)
        if self.seed_hash != digest and not self._is_edited():
            self.write({**vals, "seed_hash": digest})
