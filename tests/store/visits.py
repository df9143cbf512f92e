"""A crowded market → every page that a visitor goes to there, and every button pressed."""

from dataclasses import dataclass

from web.links import Links


@dataclass(slots=True)
class Places:
    """Where in the market the visitor goes, as paths."""

    contact_id: int
    row: str
    draft: str
    offer: str
    asked_id: int
    met: str
    outcome: str
    held: str
    colleague: str
    links: Links

    def of(self, link: str) -> str:
        return link.removeprefix(self.links.settings.base_url)


def visits(p: Places) -> list[tuple[str, dict[str, str] | None]]:
    """List what a visitor does: a path to read, or a path and the fields to send."""
    profile, digest = p.of(p.links.profile(p.contact_id)), p.of(p.links.digest(p.contact_id))
    sign_in, one_click = p.of(p.links.sign_in(p.contact_id)), p.of(p.links.one_click_unsubscribe(p.contact_id))
    steward = p.of(p.links.steward(1))
    posting = {
        "nonce": "n", "text": "We need somebody to move 40 mailboxes.", "due": "in four months", "place": "remote",
        "pays": "the customer pays us, we pay you", "email": "new@elsewhere.example",
    }  # fmt: skip
    joining = {"name": "Tide", "country": "IE", "email": "ann@tide.example", "text": "We move mailboxes."}
    return [
        ("/", None), ("/how", None), ("/healthz", None), ("/post", None), ("/post", posting),
        (p.draft, None), (p.row, None), (p.row + "/matches", None), (p.draft + "/correct", {"correct-text": "50"}),
        (p.row + "/confirm", {"reading": "0"}), (p.row + "/choose", {"choose-numbers": "1"}),
        (p.offer, None), (p.offer, {"verb": "ask", "ask-text": "When?"}), (p.offer + "/standing", None),
        (p.offer + "/standing", {}), (f"{p.row}/answer/{p.asked_id}", {f"answer-{p.asked_id}-text": "In May."}),
        (p.offer, {"verb": "yes", "yes-text": "Gladly."}), (p.row + "/ask/2", {"ask-2-text": "Who?"}),
        (p.met, None), (p.met.rpartition("/")[0], None), (p.outcome, None),
        (p.met + "/outcome", {"result": "won", "revenue": "12000"}), (p.met + "/confirm", {}),
        (p.met + "/dispute", {"dispute-text": "No."}), (p.row + "/extend", {}), (p.row + "/close", {}),
        (p.held, None), (p.held, {}), (p.colleague, None), (p.colleague + "/no", {}), (p.colleague + "/yes", {}),
        ("/join", None), ("/join", joining), ("/join/sent", None),
        (profile, None), (profile + "/ok", {}), (profile + "/correct", {"text": "We are in Cork."}),
        (digest, None), (digest, {"digest": "weekly", "hour": "8"}), (digest + "/stop", {}), (digest + "/again", {}),
        (digest + "/resume", {}),
        (one_click, None), (one_click, {}), ("/sign-in", None), ("/sign-in", {"email": "ana@quay.example"}),
        ("/sign-in/sent", None), (sign_in, None), (sign_in, {}), ("/partner", None), ("/partner/edit", None),
        ("/partner/edit", {"name": "Quay", "profile": "Networks.", "country": "IE"}),
        ("/partner/digest", {"digest": "daily", "hour": "7"}), (f"/partner/mail-again/{p.contact_id}", {}),
        ("/partner/digest-again", {}), ("/partner/tell", None),
        ("/partner/tell", {"text": "We take work from 5,000 EUR."}), ("/partner/tell/ok", {}),
        ("/partner/pause", {}), ("/partner/resume", {}), ("/partner/leave", None), ("/partner/leave", {}),
        ("/sign-out", {}), (steward, None), (steward, {}), ("/steward?address=ana@quay.example", None),
        ("/steward/jobs/1/again", {}), ("/steward/jobs/1/drop", {}), ("/steward/out", {}), ("/metrics", None),
    ]  # fmt: skip
