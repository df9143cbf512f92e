"""Forms in a real browser over TLS, as people send them: their pages say no Referer and their cookie is bound."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import expect
from werkzeug.serving import make_server

from tests import places
from tests.browser.chromium import open_chromium
from tests.certificates import found_authority, server_trusted_by
from web import create_app
from web.settings import Settings

pytestmark = pytest.mark.browser


@pytest.fixture
def site(settings: Settings, tmp_path: Path) -> Iterator[str]:
    """Serve the pages over TLS; give their address."""
    port = places.free_port()
    address = f"https://127.0.0.1:{port}"
    tls = server_trusted_by(found_authority(tmp_path, "test-authority"), tmp_path)
    app = create_app(replace(settings, base_url=address))
    server = make_server("127.0.0.1", port, app, threaded=True, ssl_context=tls)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield address
    server.shutdown()
    thread.join()


def test_a_form_is_taken_over_tls(site: str) -> None:
    with open_chromium() as browser:
        page = browser.new_page(ignore_https_errors=True)
        page.goto(f"{site}/sign-in")
        page.get_by_label("Your address").fill("ana@quay.example")
        page.get_by_role("button").last.click()
        expect(page).to_have_url(f"{site}/sign-in/sent")
        [cookie] = page.context.cookies()
        assert (cookie["name"], cookie["secure"], cookie["httpOnly"]) == ("__Host-session", True, True)
