import base64
import binascii

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.orm.models import NO_ACCESS
from odoo.tools.translate import LazyTranslate

from odoo.addons.oiconnect_base.exceptions import RefusedError

from ... import secret, signing

_lt = LazyTranslate(__name__)


class SigningCertificate(models.Model):
    """Key pair by which a company signs its reports; the newest that is valid serves.

    It is made here, or read from a PKCS#12 file. What others vouched for stays listed
    once it has expired: it verifies the reports of its time.
    """

    _name = "oiconnect.signing.certificate"
    _description = "Signing certificate"
    _inherit = "oiconnect.chatter"
    _created_text = _lt("Signing certificate created")
    _order = "id desc"
    _secret_fields = ("key_token",)
    _creation_fields = ("company_id",)
    _free_fields = ("active",)
    _event_fields = ("name", "expiry_date", "fingerprint", "certificate", "key_token")

    name = fields.Char("Name in the certificate", readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    active = fields.Boolean(default=True)
    expiry_date = fields.Datetime("Valid until", readonly=True)
    fingerprint = fields.Char("SHA-256 fingerprint", readonly=True)
    certificate = fields.Binary(
        "Public certificate",
        readonly=True,
        attachment=True,
        help="Readers of reports verify the signature with it",
    )
    file_name = fields.Char("Name of the file", compute="_compute_file_name")
    key_token = fields.Char(groups=NO_ACCESS, copy=False)
    # What is uploaded is read and forgotten: only the pair is stored.
    upload = fields.Binary("PKCS#12 file", store=False)
    password = fields.Char("Password of the file", store=False)

    @api.depends("company_id")
    def _compute_file_name(self):
        for certificate in self:
            certificate.file_name = f"oiconnect-{certificate.id}.pem"

    @api.model_create_multi
    def create(self, vals_list):
        self.check_access("create")
        # What people give is checked as theirs; what follows from it is ours.
        split = [self._split_vals(vals) for vals in vals_list]
        certificates = super().create([given for given, _made in split])
        for certificate, (_given, pair) in zip(certificates, split, strict=True):
            certificate.sudo().write(certificate._pair_vals(pair(certificate)))
        return certificates

    @api.model
    def _split_vals(self, vals):
        """Return what is stored of ``vals``, and what makes the pair of a record."""
        given = {
            key: value
            for key, value in vals.items()
            if key not in ("upload", "password")
        }
        if not vals.get("upload"):
            return given, lambda record: signing.make(record.company_id.name)
        pair = self._read_upload(vals["upload"], vals.get("password") or "")
        return given, lambda record: pair

    @api.model
    def _read_upload(self, upload, password):
        try:
            pair = signing.read(base64.b64decode(upload), password)
        except (ValueError, TypeError, binascii.Error):
            raise RefusedError(
                self.env._(
                    "This file cannot be read: give a PKCS#12 file (.p12, .pfx) with "
                    "an RSA or EC key and its certificate, and its password."
                )
            ) from None
        if pair.expiry <= fields.Datetime.now():
            raise RefusedError(
                self.env._("The certificate of this file has expired: get a new one.")
            )
        return pair

    def _pair_vals(self, pair):
        return {
            "name": pair.name,
            "expiry_date": pair.expiry,
            "fingerprint": pair.fingerprint,
            "certificate": base64.b64encode(pair.pem),
            "key_token": secret.encrypt_bytes(self.env, pair.content),
        }

    @api.model
    @api.private
    def _of_company(self, company):
        """Return the certificate that signs for ``company`` now.

        :raises RefusedError: there is none
        """
        valid = Domain("company_id", "=", company.id) & Domain(
            "expiry_date", ">", fields.Datetime.now()
        )
        valid_certificate = self.sudo().search(
            valid & Domain("key_token", "!=", False), limit=1
        )
        if not valid_certificate:
            raise RefusedError(
                self.env._(
                    "No valid certificate signs the reports of %s: an administrator "
                    "of the API makes or uploads one in API / Signing certificates.",
                    company.name,
                )
            )
        return valid_certificate

    def _sign(self, pdf, reason):
        """Return the PDF file with the signature of this certificate.

        :raises RefusedError: no key of this server reads its key
        """
        content = secret.decrypt_bytes(self.sudo().key_token)
        if content is None:
            raise RefusedError(
                self.env._(
                    "The key of %s was kept by another server: archive it, and make or "
                    "upload a certificate in API / Signing certificates.",
                    self.display_name,
                )
            )
        return signing.sign(pdf, content, reason)
