"""A few words about a message, to the raw bytes that would arrive."""

from email.message import EmailMessage

OUR_LETTER = """-- write above this line --

2 projects for you on Monday. To be introduced, reply "2 yes".

1. Notes migration in Cork
2. Firewall audit in Lyon
"""
QUOTED_LETTER = "".join(f"> {line}\n" for line in OUR_LETTER.split("\n"))


def raw(body: str = "2 yes\n", **headers: str) -> bytes:
    """Make a plain message; a header named with _ gets -; an empty value leaves the header out."""
    given = {"From": "Ana <ana@firm.example>", "To": "reply+abc234@in.example", "Subject": "Re: Two projects"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    lines = [f"{name}: {value}" for name, value in given.items() if value or name == "Return-Path"]
    return ("\n".join(lines) + "\n\n" + body).encode()


def html(markup: str) -> bytes:
    """Make a message that has HTML only."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "ana@firm.example", "reply+abc234@in.example", "Re: Two"
    message.set_content(markup, subtype="html")
    return message.as_bytes()


def report(
    kind: str, fields: str, *, to: str = "b+abc234@in.example", sender: str = "MAILER-DAEMON@mx.example"
) -> bytes:
    """Make a multipart/report: delivery-status, feedback-report or disposition-notification."""
    return f"""Return-Path: <>
From: {sender}
To: {to}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type={kind}; boundary=part

--part
Content-Type: text/plain

This is about your letter.

--part
Content-Type: message/{kind}

{fields}
--part
Content-Type: text/rfc822-headers

From: hello@in.example
To: ben@gone.example
List-Unsubscribe: <mailto:u+zzz777@in.example?subject=unsubscribe>

--part--
""".encode()


def failed(status: str, action: str = "failed") -> bytes:
    """Make a delivery report about ben@gone.example."""
    about = f"Final-Recipient: rfc822; Ben@gone.example\nAction: {action}\nStatus: {status}\n"
    return report(
        "delivery-status", f"Reporting-MTA: dns; mx.example\n\n{about}Diagnostic-Code: smtp; 550 no such user\n"
    )
