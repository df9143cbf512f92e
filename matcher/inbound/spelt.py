"""A mail address → the ways in which it is spelt: its domain in letters of its own, or in ASCII as mail has it."""


def spellings(address: str) -> tuple[str, ...]:
    """List the spellings of one mailbox, the given one first: anna@müller.example is anna@xn--mller-kva.example."""
    plain = address.strip().lower()
    local, at, domain = plain.rpartition("@")
    return tuple(dict.fromkeys((plain, f"{local}{at}{_other(domain)}")))


def _other(domain: str) -> str:
    """Spell a domain the other way; as it is where that does not lead back, as from "straße", which is another name."""
    try:
        if domain.isascii():
            letters = domain.encode("ascii").decode("idna")
            return letters if letters.encode("idna").decode("ascii") == domain else domain
        written = domain.encode("idna").decode("ascii")
        return written if written.encode("ascii").decode("idna") == domain else domain
    except UnicodeError:
        return domain
