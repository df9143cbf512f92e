"""A real IMAP server for tests: Dovecot with a configuration of its own, on loopback, ended with the tests."""

import grp
import imaplib
import itertools
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import factories as make
from tests import places
from tests.jobs.environment import environment_of
from tests.jobs.line import DOMAIN
from web.settings import Settings

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAM = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")
PASSWORD = "sesame"
NUMBERS = itertools.count(1)  # so that each test has a mailbox of its own
BELOW_INBOX = "namespace inbox {\n  inbox = yes\n  prefix = INBOX.\n  separator = .\n}\n"
CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
listen = 127.0.0.1
protocols = imap
disable_plaintext_auth = no
auth_failure_delay = 0
default_login_user = {user}
default_internal_user = {user}
default_internal_group = {group}
first_valid_uid = 1
mail_location = maildir:{folder}/mail/%u
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u allow_all_users=yes
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
ssl = {ssl}
{more}
"""


@dataclass(frozen=True, slots=True)
class Dovecot:
    """A running server: anybody may log in with the one password, and has a mailbox of their own."""

    port: int
    tls_port: int
    certificate: Path

    def open(self, user: str) -> imaplib.IMAP4:
        """Log in like a mail program beside the one that is tested."""
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
        client.login(user, PASSWORD)
        client.select()
        return client


@contextmanager
def running(more: str = "") -> Iterator[Dovecot]:
    """Run a server for the length of a block."""
    folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
    made = Dovecot(places.free_port(), places.free_port(), folder / "certificate.pem")
    try:
        process = _start(folder, made, more)
        try:
            _wait_for(made.port, folder)
            yield made
        finally:
            process.terminate()
            process.wait(20)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _start(folder: Path, made: Dovecot, more: str) -> subprocess.Popen[bytes]:
    assert PROGRAM
    owner = _owner()
    for each in (folder / "run", folder / "mail"):
        each.mkdir()
    folder.chmod(0o755)
    os.chown(folder / "mail", owner.pw_uid, owner.pw_gid)
    ssl = f"yes\nssl_cert = <{made.certificate}\nssl_key = <{folder}/key.pem" if _certify(made) else "no"
    (folder / "dovecot.conf").write_text(
        CONFIGURATION.format(
            folder=folder, user=owner.pw_name, group=_group_of(owner), uid=owner.pw_uid, gid=owner.pw_gid,
            port=made.port, tls_port=made.tls_port, password=PASSWORD, ssl=ssl, more=more,
        )
    )  # fmt: skip
    return subprocess.Popen([PROGRAM, "-F", "-c", str(folder / "dovecot.conf")], stderr=subprocess.DEVNULL)


def _owner() -> pwd.struct_passwd:
    """Choose whose the mail is: ours, or nobody's where the tests run as root, whose mail Dovecot does not serve."""
    return pwd.getpwuid(os.getuid()) if os.getuid() else pwd.getpwnam("nobody")


def _group_of(owner: pwd.struct_passwd) -> str:
    return grp.getgrgid(owner.pw_gid).gr_name


def _certify(made: Dovecot) -> bool:
    """Make a certificate for this machine, where there is a program for it."""
    openssl = shutil.which("openssl")
    if openssl is None:
        return False
    asked = (
        f"{openssl} req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost "
        f"-addext subjectAltName=DNS:localhost -keyout {made.certificate.parent}/key.pem -out {made.certificate}"
    )
    return subprocess.run(asked.split(), capture_output=True, check=False).returncode == 0


def _wait_for(port: int, folder: Path) -> None:
    for _ in range(100):
        try:
            imaplib.IMAP4("127.0.0.1", port, timeout=5).logout()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"Dovecot did not start: {(folder / 'log').read_text()[-500:]}")


def put(box: imaplib.IMAP4, raw: bytes, *flags: str) -> bytes:
    """Deliver a message into the mailbox; return it as it travels."""
    crossed = raw.replace(b"\n", b"\r\n")
    assert box.append("INBOX", f"({' '.join(flags)})", None, crossed)[0] == "OK"  # type: ignore[arg-type]
    return crossed


def n_in(box: imaplib.IMAP4, folder: str) -> int:
    """Count the messages of a folder."""
    status, found = box.select(folder)
    assert status == "OK"
    return int(found[0] or 0)


def flags_in(box: imaplib.IMAP4, folder: str = "INBOX") -> list[str]:
    """List the flags of each message of a folder, but for the one that says that nobody looked before."""
    box.select(folder)
    found = [each.decode() for each in box.fetch("1:*", "(FLAGS)")[1] if isinstance(each, bytes)]
    return [each.replace(r"\Recent", "").replace("( ", "(").replace(" )", ")") for each in found]


def run(settings: Settings, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Poll by hand, in a process of its own."""
    imap_settings = {
        "IMAP_HOST": settings.imap_host, "IMAP_PORT": str(settings.imap_port), "IMAP_USE_TLS": "0",
        "IMAP_USERNAME": settings.imap_username, "IMAP_PASSWORD": settings.imap_password,
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "-m", "jobs.imap", *options], cwd=ROOT, capture_output=True, text=True, check=False,
        env=environment_of(settings) | imap_settings | environment,
    )  # fmt: skip


def mail(text: str = "How does this work?", *, to: str = f"help@{DOMAIN}", sender: str = "ann@firm.example") -> bytes:
    return make.mail(sender, to, text)
