"""Signed links to finished files: they open one file, for a while, and nothing when changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from reelgate.errors import NotFound
from reelgate_service import links

if TYPE_CHECKING:
    from tests.service.web_client import Web

    from reelgate_service.settings import Settings
    from reelgate_service.vault import Vault

JOB, NOW = "0123456789abcdef" * 2, 1_800_000_000_000


def test_a_link_names_its_job_until_it_is_over(settings: Settings, vault: Vault) -> None:
    assert links.file_link(settings, vault, JOB, NOW) == "", "nobody could reach it"
    public = replace(settings, public_url="https://reels.example/")
    link = links.file_link(public, vault, JOB, NOW)
    assert link.startswith("https://reels.example/f/")
    token = link.rpartition("/")[2]
    assert links.job_of(vault, token, NOW) == JOB
    with pytest.raises(NotFound):
        links.job_of(vault, token, NOW + links.LIFE_MS + 1)
    for at in range(len(token) - 1):
        other = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        with pytest.raises(NotFound):
            links.job_of(vault, other, NOW)
    with pytest.raises(NotFound):
        links.job_of(vault, vault.token("button", b"x" * 24), NOW)


def test_a_link_to_nothing_is_a_plain_404(web: Web) -> None:
    public = replace(web.parts.settings, public_url="https://reels.example")
    token = links.file_link(public, web.parts.vault, JOB, web.parts.db.time()).rpartition("/")[2]
    for path in (f"/f/{token}", "/f/nonsense", "/f/" + "é" * 20):
        answer = web.call("GET", path, key="")
        assert (answer.status_code, answer.json["code"]) == (404, "not_found")
