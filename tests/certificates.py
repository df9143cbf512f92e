"""Certificates for mail servers of tests: an authority of the test's own, and what it vouches for."""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True, slots=True)
class Authority:
    """Somebody who vouches for names; its own certificate lies in `file`."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    file: Path


def found_authority(folder: Path, name: str) -> Authority:
    """Make an authority and write its certificate down."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _called(name)
    made = _draft(subject, subject, key.public_key()).add_extension(x509.BasicConstraints(True, 0), critical=True)
    signs = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
    identity = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    certificate = (
        made.add_extension(signs, critical=True).add_extension(identity, critical=False).sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return Authority(key, certificate, file)


def server_trusted_by(authority: Authority, folder: Path, *, address: str = "127.0.0.1") -> ssl.SSLContext:
    """Make the TLS side of a server that an authority vouches for under an address."""
    key = ec.generate_private_key(ec.SECP256R1())
    names = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address(address))])
    by = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key())
    draft = _draft(_called(address), authority.certificate.subject, key.public_key())
    certificate = draft.add_extension(names, critical=False).add_extension(by, critical=False)
    signed = certificate.sign(authority.key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = folder / f"server-{address}.pem"
    file.write_bytes(secret + signed.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def _called(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _draft(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    from_day = datetime.now(UTC) - timedelta(days=1)
    draft = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    dated = draft.not_valid_before(from_day).not_valid_after(from_day + timedelta(days=30))
    return dated.serial_number(x509.random_serial_number())
