"""Certificates of an authority that exists for one test."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Signed = Callable[[tuple[int, int], str], tuple[ssl.SSLContext, ssl.SSLContext]]


def authority(folder: Path) -> Signed:
    """Makes a server's side with a certificate for a host, and a client's that trusts it.

    The days are those from which and until which it is valid, counted from today. `folder` takes
    the server's file, whose key is of no use elsewhere.
    """
    today = datetime.now(UTC)
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Authority")])

    def certificate(
        subject: x509.Name, days: tuple[int, int], host: str | None
    ) -> x509.Certificate:
        made = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(today + timedelta(days=days[0]))
            .not_valid_after(today + timedelta(days=days[1]))
            .add_extension(x509.BasicConstraints(ca=host is None, path_length=None), critical=True)
        )
        if host is not None:
            made = made.add_extension(
                x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False
            )
        return made.sign(key, hashes.SHA256())

    def sides(days: tuple[int, int], host: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
        root = certificate(issuer, (-400, 400), None)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        path = folder / "server.pem"
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + certificate(name, days, host).public_bytes(serialization.Encoding.PEM)
        )
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.load_cert_chain(path)
        client = ssl.create_default_context(
            cadata=root.public_bytes(serialization.Encoding.PEM).decode()
        )
        return server, client

    return sides
