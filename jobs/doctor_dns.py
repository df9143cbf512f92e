"""The DNS → whether receivers can tell that letters are ours: SPF, DKIM, DMARC and the way back (MX)."""

import base64
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from dns.exception import DNSException
from dns.resolver import NXDOMAIN, NoAnswer, NoNameservers, Resolver

from jobs.doctor_settings import domain_of_sender, is_public
from jobs.findings import Finding, fault, ok, skipped, warning
from web.settings import Settings

PATIENCE_S = 5.0


class Offline(Exception):
    """No name server answers here."""


def of_dns(settings: Settings, resolver: Resolver | None = None) -> Iterator[Finding]:
    """Look up what a sender needs; skipped while letters stay on this machine, or without a name server."""
    if not is_public(settings):
        yield skipped("dns", "letters stay on this machine, so no receiver looks anything up")
        return
    try:
        asked = resolver or Resolver()
        asked.lifetime = PATIENCE_S
        yield from _records(settings, asked)
    except (Offline, DNSException):
        yield skipped("dns", "no name server answers here; run this again where one does")


def _records(settings: Settings, resolver: Resolver) -> Iterator[Finding]:
    sender = domain_of_sender(settings)
    for domain in dict.fromkeys((settings.inbound_domain, sender)):  # bounces come back to the first
        yield _spf(resolver, domain)
    yield _dkim(settings, resolver)
    yield _dmarc(resolver, sender)
    yield _mx(resolver, settings.inbound_domain)


def _spf(resolver: Resolver, domain: str) -> Finding:
    found = [each for each in _texts(resolver, domain) if each.lower().split(" ")[0] == "v=spf1"]
    record = f'{domain} TXT "v=spf1 a:NAME-OF-YOUR-RELAY -all"'
    if not found:
        return fault("spf", f"{domain} has no SPF record: big providers call our letters spam.", f"Publish {record}.")
    if len(found) > 1:
        return fault("spf", f"{domain} has {len(found)} SPF records, so none of them counts.", "Make one of them.")
    if "+all" in found[0].split() or found[0].split()[-1:] == ["all"]:
        return fault("spf", f"the SPF record of {domain} lets everybody send for it.", f"End it with -all: {record}.")
    return ok("spf", f"{domain}: {found[0]}")


def _dkim(settings: Settings, resolver: Resolver) -> Finding:
    if not settings.dkim_key_file:
        return skipped("dkim", "we do not sign (DKIM_KEY_FILE is empty); the relay must")
    domain = settings.dkim_domain or domain_of_sender(settings)
    name = f"{settings.dkim_selector}._domainkey.{domain}"
    found = [each.replace(" ", "") for each in _texts(resolver, name)]
    public = _public_key(Path(settings.dkim_key_file))
    record = f'{name} TXT "v=DKIM1; k=rsa; p={public}"'
    if not found:
        return fault("dkim", f"{name} is not in the DNS: no receiver can check what we sign.", f"Publish {record}.")
    if not any(f"p={public}" in each for each in found):
        return fault("dkim", f"{name} holds another key than ours: every signature fails.", f"Publish {record}.")
    return ok("dkim", f"{name} holds the key that we sign with")


def _public_key(file: Path) -> str:
    key = load_pem_private_key(file.read_bytes(), password=None).public_key()
    return base64.b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


def _dmarc(resolver: Resolver, domain: str) -> Finding:
    """Find the record as receivers do: at the domain, or at the nearest one above it. Source: RFC 7489, 6.6.3"""
    labels = domain.split(".")
    above = [".".join(labels[n:]) for n in range(len(labels) - 1)]
    at, said = next(((name, each) for name in above for each in _policies(resolver, name)), ("", ""))
    do = f'Publish _dmarc.{domain} TXT "v=DMARC1; p=quarantine; rua=mailto:YOU@{domain}".'
    if not at:
        return fault("dmarc", f"{domain} has no DMARC record: big providers want one of whoever sends much.", do)
    pairs = (each.replace(" ", "").lower().partition("=") for each in said.split(";"))
    tags = {name: word for name, _, word in pairs}
    policy = tags.get("p", "none") if at == domain else tags.get("sp", tags.get("p", "none"))
    if policy == "none":
        where = "" if at == domain else f", by the record of {at}"
        return warning("dmarc", f"{domain} has p=none{where}: anybody may write in our name.", do)
    return ok("dmarc", f"{at}: {said}")


def _policies(resolver: Resolver, name: str) -> list[str]:
    return [each for each in _texts(resolver, f"_dmarc.{name}") if each.replace(" ", "").startswith("v=DMARC1")]


def _mx(resolver: Resolver, domain: str) -> Finding:
    found = sorted(_asked(resolver, domain, "MX"))
    if not found:
        do = f"Publish {domain} MX 10 NAME-OF-YOUR-RECEIVING-SERVER."
        return fault("mx", f"{domain} has no MX record: replies and bounces do not find us.", do)
    return ok("mx", f"{domain}: {', '.join(found)}")


def _texts(resolver: Resolver, name: str) -> list[str]:
    """Give the TXT records of a name, each with its pieces put together."""
    return ["".join(_pieces(each)) for each in _asked(resolver, name, "TXT")]


def _pieces(record: str) -> list[str]:
    return record.strip('"').split('" "')


def _asked(resolver: Resolver, name: str, kind: str) -> list[str]:
    try:
        return [each.to_text() for each in resolver.resolve(name, kind)]
    except (NXDOMAIN, NoAnswer):
        return []
    except NoNameservers as error:
        raise Offline from error
