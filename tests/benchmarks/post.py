"""The time from the POST of a posting to ranked matches in the database, beside the bare encoding of the same texts."""

import argparse
import csv
import json
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from html import unescape
from http.cookiejar import CookieJar
from pathlib import Path
from time import perf_counter, sleep
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import numpy as np
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from jobs.demo import fill, running, settings_apart
from jobs.ground import ground_on, log_to
from jobs.seed import SEEDS
from matcher.models import Contact, Match, Need, Opportunity
from matcher.ranking.embed import Embedder
from web import create_app
from web.settings import Settings, load_settings

N_WARM = 3
POLL_S = 0.002
TIMEOUT_S = 20


def main(argv: Sequence[str] | None = None) -> None:
    """Print median and p95 in milliseconds of both, and their ratio."""
    arguments = _parser().parse_args(argv)
    settings = replace(settings_apart(load_settings(), "bench"), mailbox=True)
    log_to((settings.folder / "log" / "bench.log").open("w"))
    g = ground_on(create_app(settings))
    fill(g)
    g.embedder.encode(["warm"])
    texts = _texts(arguments.postings + N_WARM)
    with running(settings, application="tests.benchmarks.unlimited:create_app()"):
        took = [_post_one(settings, g.engine, text, n) for n, text in enumerate(texts)][N_WARM:]
        bare = [_encode_one(g.engine, g.embedder, n) for n in range(N_WARM, len(texts))]
    result = {"postings": len(took), **_figures("post_to_matches_ms", took), **_figures("bare_encoding_ms", bare)}
    result["ratio_median"] = round(result["post_to_matches_ms_median"] / result["bare_encoding_ms_median"], 1)
    print(json.dumps(result, indent=1))
    if arguments.json:
        arguments.json.write_text(json.dumps(result, indent=1))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postings", type=int, default=50, help="how many different postings (default 50)")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    return parser


def _texts(n_wanted: int) -> list[str]:
    with (SEEDS / "postings.csv").open(encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    if len(texts) < n_wanted:
        sys.exit(f"--postings {n_wanted - N_WARM}: the seeds have {len(texts) - N_WARM} postings to measure at most.")
    # A word of its own makes every text new, so that no vector of an earlier load is found.
    return [f"{text}\n\nThis is posting number {n}." for n, text in enumerate(texts[:n_wanted])]


def _sender(n: int) -> str:
    return f"poster{n}@bench{n}.example"


def _post_one(settings: Settings, engine: Engine, text: str, n: int) -> float:
    """Post a text on the form; return seconds from the POST until its matches are in the database."""
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    fields = _form(browser, f"{settings.base_url}/post") | {
        "text": text,
        "due": "in four months",
        "place": "remote",
        "pays": "the customer pays us, we pay you",
        "email": _sender(n),
    }
    began = perf_counter()
    with browser.open(f"{settings.base_url}/post", urlencode(fields).encode(), timeout=TIMEOUT_S) as page:
        if "/opportunity/" not in page.url:
            raise SystemExit(f"posting {n} was not taken: {page.url}")
    _wait_for_matches(engine, _sender(n), until=began + TIMEOUT_S)
    return perf_counter() - began


def _form(browser: OpenerDirector, url: str) -> dict[str, str]:
    with browser.open(url, timeout=TIMEOUT_S) as page:
        html = page.read().decode()
    inputs = re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", html)
    pairs = [(re.search(r'name="([^"]+)"', each), re.search(r'value="([^"]*)"', each)) for each in inputs]
    return {name[1]: unescape(value[1]) for name, value in pairs if name and value}


def _wait_for_matches(engine: Engine, email: str, *, until: float) -> None:
    chosen = select(Opportunity.matched_at).join(Contact, Contact.id == Opportunity.contact_id)
    while perf_counter() < until:
        with Session(engine) as session:
            if session.scalar(chosen.where(Contact.email == email)) is not None:
                return
        sleep(POLL_S)
    raise SystemExit(f"no matches for the posting of {email} within {TIMEOUT_S} s")


def _encode_one(engine: Engine, embedder: Embedder, n: int) -> float:
    with Session(engine) as session:
        chosen = select(Need.text).join(Opportunity).join(Contact, Contact.id == Opportunity.contact_id)
        texts = list(session.scalars(chosen.where(Contact.email == _sender(n))))
        n_matches = session.scalars(
            select(Match.id).join(Opportunity).join(Contact, Contact.id == Opportunity.contact_id)
        ).first()
    assert texts
    assert n_matches
    began = perf_counter()
    embedder.encode(texts)
    return perf_counter() - began


def _figures(name: str, took_s: list[float]) -> dict[str, float]:
    ms = np.array(took_s) * 1000
    return {f"{name}_median": round(float(np.median(ms)), 1), f"{name}_p95": round(float(np.percentile(ms, 95)), 1)}


if __name__ == "__main__":
    main()
