"""Mail per second: digests out beside a bare smtplib loop, replies in beside a bare aiosmtpd sink, in the same run."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from jobs.demo import settings_apart
from jobs.ground import Ground, ground_on, log_to
from tests.benchmarks import mail_in, mail_out
from tests.benchmarks.mail_sinks import open_sink
from web import create_app
from web.settings import Settings, load_settings

LINES = (1, 2)
SINKS = ("aiosmtpd", "quick")


def main(argv: Sequence[str] | None = None) -> None:
    """Print every repeat and the medians: rates per second, and ours as a share of the bare one's."""
    arguments = _parser().parse_args(argv)
    settings = replace(settings_apart(load_settings(), "bench"), mailbox=False)
    log_to((settings.folder / "log" / "bench.log").open("w"))
    g = ground_on(create_app(settings))
    found = {"out": out(g, arguments), "in": into(g, arguments)}
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=1))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=2000, help="how many digests go out (default 2000)")
    parser.add_argument("--replies", type=int, default=600, help="how many replies come in (default 600)")
    parser.add_argument("--repeats", type=int, default=3, help="how often each is measured (default 3)")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    return parser


def out(g: Ground, arguments: argparse.Namespace) -> dict[str, list[tuple[float, float]]]:
    """Measure each sink, number of connections and signature; pairs of ours and bare."""
    mail_out.write_letters(g, arguments.letters)
    print(f"\nout: {arguments.letters} digests of {mail_out.N_OFFERS} offers, letters per second")
    ways = [(sink, n_lines, g.settings) for sink in SINKS for n_lines in LINES]
    ways.append((SINKS[0], 1, _signing(g.settings)))
    found = {}
    for sink, n_lines, settings in ways:
        name = f"{sink}, {n_lines} connection{'s' * (n_lines > 1)}{', signed' * bool(settings.dkim_selector)}"
        pairs = [_out_once(g, settings, sink, n_lines) for _ in range(arguments.repeats)]
        found[name] = pairs
        _say(name, pairs)
    return found


def _out_once(g: Ground, settings: Settings, sink: str, n_lines: int) -> tuple[float, float]:
    mail_out.make_due_again(g)
    with open_sink(sink) as port:
        bare = mail_out.rate(mail_out.bare, settings, n_lines=n_lines, port=port)
    with open_sink(sink) as port:
        ours = mail_out.rate(mail_out.ours, settings, n_lines=n_lines, port=port)
    mail_out.check(g)
    return ours, bare


def into(g: Ground, arguments: argparse.Namespace) -> dict[str, list[tuple[float, float]]]:
    """Measure replies to the door and to a sink; pairs of ours and bare."""
    print(f"\nin: {arguments.replies} replies “1 yes” above the whole digest, messages per second")
    found = {}
    for n_lines in LINES:
        taken, acted = [], []
        for _ in range(arguments.repeats):
            mail_in.start_anew(g)
            replies = mail_in.write_replies(g, arguments.replies)
            with open_sink("aiosmtpd") as port:
                bare = mail_in.into_a_sink(replies, port=port, n_lines=n_lines)
                ours = mail_in.through_the_door(replace_port(g, port), replies, n_lines=n_lines)
            taken.append((ours.taken, bare))
            acted.append((ours.acted_on, bare))
        for name, pairs in (("taken", taken), ("acted on", acted)):
            found[f"{name}, {n_lines}"] = pairs
            _say(f"{name}, {n_lines} connection{'s' * (n_lines > 1)}", pairs)
    return found


def _say(name: str, pairs: list[tuple[float, float]]) -> None:
    ours, bare = (median(each) for each in zip(*pairs, strict=True))
    ratios = [one / other for one, other in pairs]
    shown = " ".join(f"{each:.2f}" for each in ratios)
    print(f"{name:34} ours {ours:6.0f}  bare {bare:6.0f}  ratio {median(ratios):.2f}  ({shown})", flush=True)


def _signing(settings: Settings) -> Settings:
    file = settings.folder / "dkim.pem"
    key = rsa.generate_private_key(65537, 2048)
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return replace(settings, dkim_selector="bench", dkim_key_file=str(file))


def replace_port(g: Ground, port: int) -> Ground:
    """Let what is answered go to a sink."""
    return replace(g, settings=replace(g.settings, mail_port=port))


if __name__ == "__main__":
    main()
