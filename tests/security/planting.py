"""A random number → what a person writes to the other side, with secrets planted in it in many spellings and places."""

import base64
import random
from dataclasses import dataclass, field
from email.message import EmailMessage

from tests.security.spellings import HARMLESS, OFFICIAL, PHONES, SPELT_PHONE, STRANGERS, STREETS, SURNAMES


@dataclass(frozen=True, slots=True)
class Writer:
    """One side, as everything in its mails gives it away."""

    firm: str
    core: str  # the word that names the firm
    domain: str
    given: str
    surname: str
    local: str

    @property
    def email(self) -> str:
        return f"{self.local}@{self.domain}"

    @property
    def name(self) -> str:
        return f"{self.given} {self.surname}"

    @property
    def secrets(self) -> list[str]:
        return [self.core, self.domain.partition(".")[0], self.given, self.surname, self.local]


@dataclass(slots=True)
class Planted:
    """What was written, and what of it must not arrive."""

    text: str
    secrets: list[str] = field(default_factory=list)


def message(rng: random.Random, who: Writer, to: str, opening: str) -> tuple[bytes, Planted]:
    """Write a mail as some program would, with two to five secrets in its text and more around it."""
    planted = Planted(opening + rng.choice(HARMLESS), list(who.secrets))
    for _ in range(rng.randint(2, 5)):
        words, secrets = rng.choice(PLANTS)(rng, who)
        planted.secrets += secrets
        planted.text += f" {words}" if rng.random() < 0.7 or opening else f"\n{words}"
    if rng.random() < 0.5:
        planted.text += f" {rng.choice(HARMLESS)}"
    signed = planted.text + _signature(rng, who)
    return _as_program(rng, who, to, signed), planted


def _email(rng: random.Random, who: Writer) -> tuple[str, list[str]]:
    local, domain = (who.local, who.domain) if rng.random() < 0.6 else ("j.doe", "contoso-foods.example")
    plain = f"{local}@{domain}"
    dotted = domain.replace(".", " dot ")
    spellings = (
        plain, plain.upper(), f"<{plain}>", f"mailto:{plain}", f"{local} (at) {domain}", f"{local}[at]{domain}",
        f"{local} at {dotted}",
        f"{local} [at] {domain.replace('.', ' [dot] ')}", f"{local} @ {domain.replace('.', ' . ')}",
        f"{local}(at){domain.replace('.', '(dot)')}",
        plain.replace("@", "＠"), "\u200b".join(plain), plain.replace("a", "а").replace("o", "о"), " ".join(plain),
        plain.replace("@", "%40"),
        plain.replace("@", "=40"), plain.replace("@", "&#64;"), plain.replace(".", "\u2024"),
        base64.b64encode(plain.encode()).decode(),
        f"{local} AT {dotted.upper()}", f"{local} arroba {domain.replace('.', ' punto ')}",
        "".join(f"{one}\u0332" for one in plain),
    )  # fmt: skip
    words = rng.choice(spellings)
    frame = rng.choice(
        (
            "My address is {}.",
            "Please write to {} for the drawings.",
            "{} reaches me.",
            "(mail: {})",
            "Mail {}",
            "Is {} fine?",
        )
    )
    return frame.format(words), [local, domain.partition(".")[0], base64.b64encode(plain.encode()).decode()[:16]]


def _phone(rng: random.Random, who: Writer) -> tuple[str, list[str]]:
    digits = rng.choice(sorted(PHONES))
    frame = rng.choice(
        (
            "Call me on {}.",
            "My number is {}, any time.",
            "Tel. {}",
            "({})",
            "Reach us under {} please.",
            "{} is best",
            "M: {}",
        )
    )
    if rng.random() < 0.05:
        return frame.format(SPELT_PHONE), [SPELT_PHONE]
    return frame.format(rng.choice(PHONES[digits].split("|"))), [digits]


def _firm(rng: random.Random, who: Writer) -> tuple[str, list[str]]:
    core = who.core
    spellings = (
        who.firm, core, core.upper(), core.lower(), f"{core}s", f"the {core} team", " ".join(core), ".".join(core),
        core.replace("o", "0"),
        core.replace("o", "о"), f"{core}-Team", f"{core[:4]}-{core[4:]}", f"{core}’s", f"„{core}“",
        "".join(f"{one}\u00ad" for one in core),
    )  # fmt: skip
    frame = rng.choice(
        (
            "We at {} have done that.",
            "{} does this every week.",
            "Ask anyone about {}.",
            "Greetings from {}!",
            "(that is {})",
        )
    )
    return frame.format(rng.choice(spellings)), [core]


def _person(rng: random.Random, who: Writer) -> tuple[str, list[str]]:
    spellings = (
        "Ask for {given}.", "{given} here.", "My name is {given} {surname}.", "Mr {surname} decides.",
        "This is {given} {surname}.",
        "{given} {surname} will call you.", "I am {surname}, {given}.", "Say {given} sent you.",
        "{GIVEN} {SURNAME} leads it.", "{given_small} knows it.",
        "It is {spaced} who decides.", "({given})", "Dr. {surname} signs.", "{initial}. {surname} is in charge.",
        "{given}’s team does it.",
    )  # fmt: skip
    words = rng.choice(spellings).format(
        given=who.given, surname=who.surname, GIVEN=who.given.upper(), SURNAME=who.surname.upper(),
        given_small=who.given.lower(),
        spaced=" ".join(who.surname), initial=who.given[0],
    )  # fmt: skip
    return words, [who.given, who.surname]


def _stranger(rng: random.Random, who: Writer) -> tuple[str, list[str]]:
    given, surname = rng.choice(STRANGERS), rng.choice(SURNAMES)
    frames = (
        ("Please talk to {given} about it.", [given]),
        ("Our colleague {given} {surname} knows the plant.", [given, surname]),
        ("Mrs {surname} pays the bills.", [surname]), ("{given} {surname} runs the network there.", [given, surname]),
        ("{given} and I did it twice.", [given]), ("Dear {given}, that is all.", [given]),
        ("Herr {surname} weiß es.", [surname]),
        ("ask {small} about the licences", [given]), ("The customer is {surname} Foods plc.", [surname]),
    )  # fmt: skip
    frame, secrets = rng.choice(frames)
    return frame.format(given=given, surname=surname, small=given.lower()), secrets


def _web(rng: random.Random, who: Writer) -> tuple[str, list[str]]:
    spellings = (
        f"https://www.{who.domain}/team?x=1", f"http://{who.domain}", f"www.{who.domain}", who.domain,
        who.domain.upper(), f"{who.domain}/about",
        who.domain.replace(".", " dot "), who.domain.replace(".", "[.]"), f"hxxps://{who.domain}",
        f"portal.{who.domain}:8443",
    )  # fmt: skip
    return rng.choice(("See {}.", "Our site {} shows it.", "More: {}")).format(rng.choice(spellings)), [
        who.domain.partition(".")[0]
    ]


def _account(rng: random.Random, who: Writer) -> tuple[str, list[str]]:
    handle = f"{who.given}.{who.core}".lower()
    plain = f"{who.given}{who.core[:4]}9".lower()
    spellings = (
        f"skype: {handle}", f"Skype {handle} works", f"my Teams is {who.email}", f"@{plain} on Twitter",
        f"Telegram @{plain}", f"t.me/{plain}",
        f"linkedin.com/in/{who.given}-{who.surname}-8812".lower(),
        f"https://www.xing.com/profile/{who.given}_{who.surname}", f"live:{handle}",
        f"My WhatsApp is {rng.choice(PHONES['612345678'].split('|'))}",
    )  # fmt: skip
    words = rng.choice(spellings)
    secrets = [who.given, *([plain] if plain in words else []), *(["612345678"] if "WhatsApp" in words else [])]
    return words + ".", secrets


def _official(rng: random.Random, who: Writer) -> tuple[str, list[str]]:
    words, secret = rng.choice((*STREETS, *OFFICIAL))
    return rng.choice(("We sit at {}.", "For the contract: {}.", "({})")).format(words), [secret]


def _service(rng: random.Random, who: Writer) -> tuple[str, list[str]]:
    token = "".join(rng.choices("abcdefghijklmnopqrstuvwxyz234567", k=29))
    words = rng.choice((
        f"reply+{token}@in.counterpart.example", f"http://127.0.0.1:5000/offer/{token}/1", f"<{token}@{who.domain}>",
        f"code {token[:28]}7",
    ))  # fmt: skip
    return f"It says {words} there.", [token[:28]]


PLANTS = (
    _email,
    _email,
    _phone,
    _phone,
    _phone,
    _firm,
    _firm,
    _person,
    _person,
    _stranger,
    _web,
    _account,
    _official,
    _service,
)


def _signature(rng: random.Random, who: Writer) -> str:
    signatures = (
        "", f"\n\nBest, {who.given}", f"\n\nKind regards,\n{who.name}\n{who.firm}\n+44 20 7946 0123",
        f"\n-- \n{who.name}\n{who.email}\nwww.{who.domain}",
        f"\n\nCheers\n{who.given.lower()}", f"\n\nSent from {who.given}'s iPhone",
        f"\n\nMit freundlichen Grüßen\n\n{who.name}\nGeschäftsführer\n{who.firm}",
        f"\n\n_______________\n{who.name} | {who.firm} | T: 030 901820", f"\n\n– {who.given}",
        f" Thanks, {who.given}", f"\n\n{who.name}", f"\n\n/{who.given}",
        f"\n\nGet Outlook for iOS\n________________________________\nFrom: {who.name} <{who.email}>\nSent:"
        f" Monday\nTo: x\nSubject: y\n\nold {who.core}",
        f"\n\nOn Mon, 23 Nov 2026 at 09:00, {who.name} <{who.email}> wrote:\n> earlier words of {who.given}",
    )  # fmt: skip
    return rng.choice(signatures)


def _as_program(rng: random.Random, who: Writer, to: str, text: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"] = f'"{who.name}" <{who.email}>', to
    mail["Subject"] = f"Re: your letter ({who.firm}, {who.name})"
    mail["Message-ID"] = f"<{rng.getrandbits(64):x}.{who.local}@{who.domain}>"
    mail["Organization"], mail["X-Originating-Host"] = who.firm, f"pc-{who.given.lower()}.{who.domain}"
    mail["Received"] = f"from pc.{who.domain} by mx.{who.domain}; Mon, 23 Nov 2026 09:00:00 +0000"
    html = f"<html><body><p>{_escaped(text)}</p><img src='https://{who.domain}/{who.given}.png'"
    f" alt='{who.core}'></body></html>"
    form = rng.randrange(5)
    if form == 0:
        mail.set_content(html, subtype="html")
    else:
        mail.set_content(text, cte=rng.choice(("8bit", "base64", "quoted-printable")))
    if form in (2, 3):
        mail.add_alternative(html, subtype="html")
    if form in (3, 4):
        mail.add_attachment(
            f"{who.name} {who.email}".encode(), maintype="application", subtype="pdf", filename=f"Offer {who.firm}.pdf"
        )
    return mail.as_bytes()


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br>\n")
