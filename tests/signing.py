"""An office that signs its CAP alerts, with a key and a certificate made for the test."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from lxml import etree
from signxml.algorithms import (
    CanonicalizationMethod,
    DigestAlgorithm,
    SignatureConstructionMethod,
    SignatureMethod,
)
from signxml.signer import XMLSigner

NOW = datetime(2026, 9, 25, 5, tzinfo=UTC)
EXCLUSIVE = CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0
INCLUSIVE = CanonicalizationMethod.CANONICAL_XML_1_0


class Signer:
    """An office with a key and a certificate of its own."""

    def __init__(self, name: str, until: datetime = NOW + timedelta(days=365)) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        title = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        self.certificate = (
            x509.CertificateBuilder()
            .subject_name(title)
            .issuer_name(title)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - timedelta(days=700))
            .not_valid_after(until)
            .sign(self.key, hashes.SHA256())
        )
        self.pem = self.certificate.public_bytes(serialization.Encoding.PEM)

    def sign(self, text: str, c14n: CanonicalizationMethod = EXCLUSIVE) -> str:
        """The alert with an enveloped signature as its last child."""
        signer = XMLSigner(
            method=SignatureConstructionMethod.enveloped,
            signature_algorithm=SignatureMethod.ECDSA_SHA256,
            digest_algorithm=DigestAlgorithm.SHA256,
            c14n_algorithm=c14n,
        )
        alert = etree.fromstring(text)
        signed = signer.sign(alert, key=self.key, cert=[self.certificate])
        return str(etree.tostring(signed, encoding="unicode"))
