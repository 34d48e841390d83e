import base64
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    pkcs12,
)
from cryptography.x509.oid import NameOID

from odoo.exceptions import AccessError
from odoo.tests.common import TransactionCase, new_test_user, tagged

from odoo.addons.oiconnect_base.exceptions import RefusedError

from ... import secret


def make_pkcs12(days=30, password=b"demo"):
    """Return a PKCS#12 file with an RSA key, as an authority gives it."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "OI d'essai")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=60))
        .not_valid_after(now + timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    return pkcs12.serialize_key_and_certificates(
        b"oi", key, certificate, None, BestAvailableEncryption(password)
    )


@tagged("post_install", "-at_install")
class TestSigningCertificate(TransactionCase):
    """Key pairs are made or uploaded; the private key is never read back."""

    def setUp(self):
        super().setUp()
        self.user = new_test_user(self.env, "signe", "oiconnect_base.group_api_manager")
        self.certificates = self.env["oiconnect.signing.certificate"].with_user(
            self.user
        )

    def _upload(self, content, password="demo"):
        return self.certificates.create(
            {"upload": base64.b64encode(content), "password": password}
        )

    def test_an_uploaded_pair_is_stored_without_its_password(self):
        certificate = self._upload(make_pkcs12())
        self.assertEqual(certificate.name, "CN=OI d'essai")
        self.assertNotIn("key_token", certificate.fields_get())
        with self.assertRaises(AccessError):
            certificate.read(["key_token"])
        self.assertTrue(secret.decrypt_bytes(certificate.sudo().key_token))
        self.assertFalse(certificate.upload or certificate.password)
        self.assertEqual(
            self.certificates._of_company(self.env.company).id, certificate.id
        )

    def test_what_cannot_be_read_is_refused(self):
        for content, password in (
            (b"rien", "demo"),
            (make_pkcs12(), "faux"),
            (make_pkcs12(days=-1), "demo"),
        ):
            with self.assertRaises(RefusedError):
                self._upload(content, password)

    def test_a_pair_of_another_server_signs_nothing(self):
        certificate = self.certificates.create({})
        certificate.sudo().key_token = "gAAAAA"
        with self.assertRaisesRegex(RefusedError, "another server"):
            certificate._sign(b"", "")

    def test_only_an_administrator_of_the_api_has_them(self):
        reader = new_test_user(self.env, "lit", "oiconnect_base.group_api_read")
        with self.assertRaises(AccessError):
            self.certificates.with_user(reader).create({})
