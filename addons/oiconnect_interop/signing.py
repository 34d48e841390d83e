"""Signatures of PDF files: the key pair, and what it signs. Plain Python."""

import io
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from asn1crypto.keys import PrivateKeyInfo
from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

DAYS = 3 * 365
#: longest common name of a certificate (X.520)
NAME_LENGTH = 64


class KeyPair(NamedTuple):
    """A private key with its certificate and those that vouch for it.

    :param content: all of them as PKCS#12, without password
    """

    content: bytes
    certificate: x509.Certificate

    @property
    def name(self):
        return self.certificate.subject.rfc4514_string()

    @property
    def expiry(self):
        """End of the validity: UTC without time zone, as Odoo has it."""
        return self.certificate.not_valid_after_utc.replace(tzinfo=None)

    @property
    def fingerprint(self):
        return self.certificate.fingerprint(hashes.SHA256()).hex(":").upper()

    @property
    def pem(self):
        return self.certificate.public_bytes(serialization.Encoding.PEM)


def make(name: str) -> KeyPair:
    """Return a new pair that vouches for itself: EC on P-256, valid for three years."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:NAME_LENGTH])])
    now = datetime.now(UTC)
    usage = dict.fromkeys(
        "key_encipherment data_encipherment key_agreement key_cert_sign crl_sign "
        "encipher_only decipher_only".split(),
        False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=DAYS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(digital_signature=True, content_commitment=True, **usage),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )
    return _pair(key, certificate, ())


def read(content: bytes, password: str = "") -> KeyPair:
    """Return the pair of a PKCS#12 file.

    :raises ValueError: it cannot be read, or has no RSA or EC key with a certificate
    """
    key, certificate, others = pkcs12.load_key_and_certificates(
        content, password.encode() or None
    )
    known = isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey)
    if not known or not certificate:
        raise ValueError("no key")
    return _pair(key, certificate, others)


def _pair(key, certificate, others):
    content = pkcs12.serialize_key_and_certificates(
        None, key, certificate, list(others) or None, serialization.NoEncryption()
    )
    return KeyPair(content, certificate)


def sign(pdf: bytes, content: bytes, reason: str) -> bytes:
    """Return the file with a signature (PAdES) after which nothing may change.

    :param content: PKCS#12 without password
    """
    metadata = signers.PdfSignatureMetadata(
        field_name="OIConnect",
        reason=reason,
        md_algorithm="sha256",
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        subfilter=SigSeedSubFilter.PADES,
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    return signers.sign_pdf(writer, metadata, signer=_signer(content)).getvalue()


def _signer(content):
    key, certificate, others = pkcs12.load_key_and_certificates(content, None)
    encoding = serialization.Encoding.DER
    key_info = key.private_bytes(
        encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    chain = [Certificate.load(one.public_bytes(encoding)) for one in others]
    return signers.SimpleSigner(
        signing_cert=Certificate.load(certificate.public_bytes(encoding)),
        signing_key=PrivateKeyInfo.load(key_info),
        cert_registry=SimpleCertificateStore.from_certs(chain),
    )
