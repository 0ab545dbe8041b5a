"""Signing a browser in: a link that works once, a session that ends, and requests from elsewhere that do nothing."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from tests.service.web_client import Web, rows, web_of

from reelgate.errors import NotFound
from reelgate_service import access
from reelgate_service.cli import main
from reelgate_service.db import sessions, tables
from reelgate_service.settings import from_environment

if TYPE_CHECKING:
    from pathlib import Path

    from werkzeug.test import TestResponse

    from reelgate_service.clock import SharedClock
    from reelgate_service.db.base import Database
    from reelgate_service.settings import Settings
    from reelgate_service.vault import Vault

MINUTE = 60.0
PAGE = {"X-Reelgate-Page": "1", "Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}
"""What a browser sends along with a request that our page's script makes."""

ELSEWHERE: list[tuple[str, dict[str, str]]] = [
    ("a form on another site", {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}),
    ("a script on another site", {**PAGE, "Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}),
    ("another port of this machine", {**PAGE, "Sec-Fetch-Site": "same-site", "Origin": "http://localhost:5000"}),
    ("an old browser on another site", {"X-Reelgate-Page": "1", "Origin": "https://evil.example"}),
    ("a browser that says nothing", {"X-Reelgate-Page": "1"}),
    ("a form of our own host", {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}),
    ("an address typed in", {**PAGE, "Sec-Fetch-Site": "none"}),
]


def sign_in(web: Web, tenant: str = "local", **kwargs: Any) -> TestResponse:
    secret = sessions.issue(web.parts.db, web.parts.vault, tenant)
    return web.client.post("/sign-in", json={"secret": secret}, headers=PAGE, **kwargs)


def ask(web: Web, headers: dict[str, str], **kwargs: Any) -> TestResponse:
    return web.client.post("/v1/reels", json={"prompt": "a fox runs"}, headers=headers, **kwargs)


def test_a_link_signs_in_and_the_session_makes_reels(web: Web) -> None:
    assert ask(web, PAGE).status_code == 401
    answer = sign_in(web)
    assert answer.status_code == 200
    assert answer.json["tenant"] == "local"  # type: ignore[index]
    assert web.client.get("/session").json == answer.json
    made: Any = ask(web, PAGE)
    assert made.status_code == 202
    assert web.client.get(f"/v1/jobs/{made.json['id']}").status_code == 200
    assert web.client.post(f"/v1/jobs/{made.json['id']}/cancel", headers=PAGE).status_code == 202


def test_looking_at_the_link_uses_nothing_up(web: Web) -> None:
    for _ in range(3):
        assert web.client.get("/sign-in").status_code == 200
    assert sign_in(web).status_code == 200


@pytest.mark.parametrize(("headers"), [row[1] for row in ELSEWHERE], ids=[row[0] for row in ELSEWHERE])
def test_a_request_from_elsewhere_changes_nothing(web: Web, headers: dict[str, str]) -> None:
    sign_in(web)
    answer: Any = ask(web, headers)
    assert (answer.status_code, answer.json["code"]) == (403, "cross_site")
    assert rows(web, tables.Job) == 0
    assert web.client.delete("/session", headers=headers).status_code == 403
    assert web.client.get("/session").status_code == 200
    secret = sessions.issue(web.parts.db, web.parts.vault, "local")
    assert web.client.post("/sign-in", json={"secret": secret}, headers=headers).status_code == 403


def test_an_old_browser_is_known_by_its_origin(web: Web) -> None:
    sign_in(web)
    assert ask(web, {"X-Reelgate-Page": "1", "Origin": "http://localhost"}).status_code == 202


def test_a_session_may_make_and_not_decide(web: Web) -> None:
    sign_in(web)
    refused: Any = web.client.get("/v1/reviews")
    assert (refused.status_code, refused.json["code"]) == (403, "not_allowed")


def test_a_key_counts_before_a_cookie(web: Web) -> None:
    access.make_tenant(web.parts.db, "acme", "Acme")
    sign_in(web, "acme")
    job = web.call("POST", "/v1/reels", json={"prompt": "a fox runs"}).json["id"]  # type: ignore[index]
    assert web.client.get(f"/v1/jobs/{job}").status_code == 404
    assert web.call("GET", f"/v1/jobs/{job}").status_code == 200
    assert web.call("GET", f"/v1/jobs/{job}", key="rg_live_no").status_code == 401


def test_on_this_machine_the_cookie_is_strict_and_out_of_reach_of_scripts(web: Web) -> None:
    cookie = sign_in(web, base_url="http://127.0.0.1:8700").headers["Set-Cookie"]
    assert cookie.startswith("reelgate-8700=")
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    assert "Domain" not in cookie
    assert "Expires" not in cookie


@pytest.mark.parametrize("base_url", ["http://reels.example", "https://reels.example", "http://192.0.2.7:8700"])
def test_anywhere_else_only_https_carries_it(web: Web, base_url: str) -> None:
    secret = sessions.issue(web.parts.db, web.parts.vault, "local")
    headers = {**PAGE, "Origin": base_url}
    answer = web.client.post("/sign-in", json={"secret": secret}, headers=headers, base_url=base_url)
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-reelgate=")
    assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))


def test_signing_in_again_and_out_ends_the_session_before(web: Web) -> None:
    sign_in(web)
    first = web.client.get_cookie("reelgate-80")
    assert first is not None
    sign_in(web)
    second = web.client.get_cookie("reelgate-80")
    assert second is not None and second.value != first.value
    assert rows(web, tables.BrowserSession) == 1
    out = web.client.delete("/session", headers=PAGE)
    assert out.status_code == 204
    assert web.client.get_cookie("reelgate-80") is None
    web.client.set_cookie("reelgate-80", second.value)
    assert web.client.get("/session").json["code"] == "session_ended"  # type: ignore[index]
    assert rows(web, tables.BrowserSession) == 0


def test_the_playground_can_be_switched_off(settings: Settings) -> None:
    web = web_of(replace(settings, playground=False))
    secret = sessions.issue(web.parts.db, web.parts.vault, "local")
    assert web.client.post("/sign-in", json={"secret": secret}, headers=PAGE).status_code == 404
    assert web.client.get("/sign-in").status_code == 404
    home = web.client.get("/", headers={"Accept": "text/html"})
    assert (home.mimetype, home.status_code) == ("text/plain", 200)
    cookie = sessions.redeem(web.parts.db, web.parts.vault, secret)
    web.client.set_cookie("reelgate-80", cookie)
    assert ask(web, PAGE).json["code"] == "key_missing"  # type: ignore[index]
    assert web.call("POST", "/v1/reels", json={"prompt": "a fox runs"}).status_code == 202
    web.parts.db.close()


def test_a_browser_gets_the_page_and_a_command_line_a_few_lines(web: Web) -> None:
    page = web.client.get("/", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert page.mimetype == "text/html"
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    words = web.client.get("/", headers={"Accept": "*/*"})
    assert words.mimetype == "text/plain"
    assert "reelgate-service sign-in" in words.text


@pytest.mark.parametrize(
    "name", ["..%2Fpages.py", "nothing.js", "playground.html", "%2Fetc%2Fpasswd", ".", "a%00.js"]
)
def test_only_the_files_of_the_pages_are_served(web: Web, name: str) -> None:
    assert web.client.get(f"/static/{name}").status_code == 404


# -- links and sessions themselves, on both databases ---------------------------------------------------------------


def test_a_link_works_once_and_for_fifteen_minutes(db: Database, vault: Vault, clock: SharedClock) -> None:
    secret = sessions.issue(db, vault, "local")
    cookie = sessions.redeem(db, vault, secret)
    assert sessions.find(db, vault, cookie).tenant_id == "local"
    with pytest.raises(sessions.SignInSpent):
        sessions.redeem(db, vault, secret)
    late = sessions.issue(db, vault, "local")
    clock.advance(15 * MINUTE)
    with pytest.raises(sessions.SignInSpent):
        sessions.redeem(db, vault, late)
    with pytest.raises(sessions.SignInSpent):
        sessions.redeem(db, vault, "never-one-of-ours")
    with pytest.raises(NotFound):
        sessions.issue(db, vault, "nobody")


def test_of_two_at_once_one_gets_in(db: Database, vault: Vault) -> None:
    secret = sessions.issue(db, vault, "local")
    got: list[str] = []
    barrier = threading.Barrier(4)

    def redeem() -> None:
        barrier.wait()
        try:
            got.append(sessions.redeem(db, vault, secret))
        except sessions.SignInSpent:
            got.append("")

    threads = [threading.Thread(target=redeem) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(bool, got)) == [False, False, False, True]


def test_a_session_ends_unused_after_half_an_hour(db: Database, vault: Vault, clock: SharedClock) -> None:
    cookie = sessions.redeem(db, vault, sessions.issue(db, vault, "local"))
    for _ in range(4):
        clock.advance(29 * MINUTE)
        sessions.find(db, vault, cookie)
    clock.advance(30 * MINUTE)
    with pytest.raises(sessions.SessionEnded):
        sessions.find(db, vault, cookie)


def test_a_session_ends_after_twelve_hours_however_busy(db: Database, vault: Vault, clock: SharedClock) -> None:
    cookie = sessions.redeem(db, vault, sessions.issue(db, vault, "local"))
    for _ in range(35):
        clock.advance(20 * MINUTE)
        sessions.find(db, vault, cookie)
    clock.advance(20 * MINUTE)
    with pytest.raises(sessions.SessionEnded):
        sessions.find(db, vault, cookie)


def test_the_tables_sign_nobody_in_and_are_tidied(db: Database, vault: Vault, clock: SharedClock) -> None:
    secret = sessions.issue(db, vault, "local")
    cookie = sessions.redeem(db, vault, secret)
    with db.read() as session:
        ids = [*session.scalars(select(tables.SignIn.id)), *session.scalars(select(tables.BrowserSession.id))]
    assert len(ids) == 2
    for found in ids:
        assert secret not in found and cookie not in found
        with pytest.raises(sessions.SessionEnded):
            sessions.find(db, vault, found)
        with pytest.raises(sessions.SignInSpent):
            sessions.redeem(db, vault, found)
    clock.advance(13 * 60 * MINUTE)
    sessions.issue(db, vault, "local")
    with db.read() as session:
        assert len(session.scalars(select(tables.SignIn.id)).all()) == 1
        assert session.scalars(select(tables.BrowserSession.id)).all() == []


# -- the command -----------------------------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("DATABASE_URL", "BIND", "PUBLIC_URL", "PLAYGROUND"):
        monkeypatch.delenv(f"REELGATE_{name}", raising=False)
    monkeypatch.setenv("REELGATE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_the_command_prints_a_link_that_works(home: Path) -> None:
    link = CliRunner().invoke(main, ["sign-in"]).stdout.strip()
    address, _, secret = link.partition("#")
    assert address == "http://127.0.0.1:8700/sign-in"
    web = web_of(from_environment())
    assert web.client.post("/sign-in", json={"secret": secret}, headers=PAGE).status_code == 200
    web.parts.db.close()


def test_the_command_says_what_is_wrong(home: Path) -> None:
    done = CliRunner().invoke(main, ["sign-in", "--tenant", "nobody"])
    assert (done.exit_code, done.stderr) == (1, "There is no tenant 'nobody'. [not_found]\n")
    done = CliRunner().invoke(main, ["sign-in"], env={"REELGATE_PLAYGROUND": "0"})
    assert done.exit_code == 1 and "REELGATE_PLAYGROUND" in done.stderr


@pytest.mark.parametrize(
    ("environ", "address", "alone"),
    [
        ({}, "http://127.0.0.1:8700", True),
        ({"REELGATE_BIND": "0.0.0.0:80"}, "http://127.0.0.1:80", False),
        ({"REELGATE_BIND": "[::1]:8700"}, "http://[::1]:8700", True),
        ({"REELGATE_BIND": "10.0.0.4:8700"}, "http://10.0.0.4:8700", False),
        ({"REELGATE_PUBLIC_URL": "https://reels.example/"}, "https://reels.example", False),
    ],
)
def test_the_link_leads_where_browsers_find_the_service(environ: dict[str, str], address: str, alone: bool) -> None:
    chosen = from_environment(environ)
    assert (chosen.address, chosen.here_alone) == (address, alone)
