"""Whose word counts for who sent a message: the trusted server's, its topmost, and only for the From address."""

import pytest

from matcher.inbound import is_authentic

MX = "mx.in.example"


def believed(*results: str, sender: str = "ana@firm.example", written: str = "") -> bool:
    lines = [f"Authentication-Results: {one}" for one in results] + [
        f"From: {written or sender}",
        "Subject: Re",
        "",
        "ok",
    ]
    return is_authentic("\n".join(lines).encode(), authserv_id=MX, sender=sender)


@pytest.mark.parametrize(
    "result",
    [
        f"{MX}; dmarc=pass (p=none) header.from=firm.example",
        f"{MX}; spf=pass smtp.mailfrom=ana@firm.example",
        f"{MX}; spf=pass smtp.mailfrom=bounces.firm.example",
        f"{MX}; dkim=pass header.d=firm.example header.s=one",
        f"{MX}; dkim=pass header.i=@mail.firm.example header.b=abc123",
        f"{MX}; dkim=fail header.d=firm.example; dkim=pass header.d=firm.example",
        "MX.IN.EXAMPLE 1; dmarc=pass header.from=FIRM.example.",
        f"(our server) {MX};\n\tdkim=none;\n\tdmarc=pass\n\theader.from=firm.example",
    ],
)
def test_a_pass_for_the_senders_domain_is_believed(result: str) -> None:
    assert believed(result)


@pytest.mark.parametrize(
    "results",
    [
        (),
        (f"{MX}; none",),
        (f"{MX}; dmarc=fail header.from=firm.example",),
        (f"{MX}; dmarc=pass header.from=evil.example",),
        (f"{MX}; spf=pass smtp.mailfrom=evil.example",),
        (f"{MX}; spf=pass smtp.helo=firm.example",),
        (f"{MX}; spf=softfail smtp.mailfrom=firm.example",),
        (f"{MX}; dkim=pass header.d=example",),
        (f"{MX}; dkim=pass header.d=evilfirm.example",),
        (f"{MX}; arc=pass header.d=firm.example",),
        (f"{MX}; iprev=pass policy.iprev=192.0.2.1",),
        ("mx.evil.example; dmarc=pass header.from=firm.example",),
        (f"{MX}.evil.example; dmarc=pass header.from=firm.example",),
        (f"{MX}; dmarc=fail header.from=firm.example; dkim=pass header.d=firm.example",),
        (f"{MX}; spf=pass smtp.mailfrom=evil.example", f"{MX}; dmarc=pass header.from=firm.example"),
        (f"{MX}; spf=pass smtp.mailfrom=evil.example; spf=pass smtp.mailfrom=firm.example",),
        (f"{MX}; broken (((", f"{MX}; dmarc=pass header.from=firm.example"),
        (f"{MX}; dmarc=fail header.from=evil.example; x=y; dmarc=pass header.from=firm.example",),
    ],
)
def test_nothing_else_is(results: tuple[str, ...]) -> None:
    assert not believed(*results)


@pytest.mark.parametrize(
    "written",
    [
        "ana@firm.example, eve@evil.example",
        "ana@firm.example <eve@evil.example>",
        '"ana@firm.example" <eve@evil.example>',
        "eve@evil.example\nFrom: ana@firm.example",
        "ana@firm.example\nFrom: eve@evil.example",
    ],
)
def test_a_from_that_can_be_read_in_two_ways_is_not_believed(written: str) -> None:
    assert not believed(f"{MX}; dmarc=pass header.from=firm.example", written=written)


def test_a_domain_beyond_ascii_is_compared_as_servers_write_it() -> None:
    assert believed(f"{MX}; dmarc=pass header.from=xn--mller-kva.example", sender="ana@müller.example")
