"""``reelgate-service`` at the keyboard: what cannot be done is one sentence and an exit status."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from reelgate_service.cli import main
from reelgate_service.listening import need_address
from reelgate_service.settings import SettingInvalid, from_environment

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("REELGATE_DATABASE_URL", "REELGATE_STORE_URL", "REELGATE_DELIVER_DIR", "REELGATE_BIND"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("REELGATE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.mark.parametrize(
    "bind", ["foo", "8700", ":8700", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:99999", "127.0.0.1:x", "http://a:80", ""]
)
def test_an_address_is_an_address_and_a_port(bind: str) -> None:
    with pytest.raises(SettingInvalid, match="ADDRESS:PORT"):
        need_address(bind)


def test_a_second_service_on_one_address_says_so_and_starts_nothing(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        bind = f"127.0.0.1:{taken.getsockname()[1]}"
        done = CliRunner().invoke(main, ["serve"], env={"REELGATE_BIND": bind})
    assert done.exit_code == 1
    assert f"Nothing can listen on {bind}" in done.stderr and "serves" not in done.stderr
    assert not home.exists()
    need_address(bind)  # free again


@pytest.mark.parametrize(
    "command",
    [["tenants", "budget", "nobody", "5"], ["keys", "add", "x", "--tenant", "nobody"]],
)
def test_an_unknown_tenant_is_one_sentence(home: Path, command: list[str]) -> None:
    runner = CliRunner()
    assert runner.invoke(main, ["migrate"]).exit_code == 0
    done = runner.invoke(main, command)
    assert (done.exit_code, done.stderr) == (1, "There is no tenant 'nobody'. [not_found]\n")


def test_the_settings_shown_are_those_in_force(home: Path) -> None:
    shown = from_environment({"REELGATE_HOME": str(home)}).masked()
    assert shown["deliver_dir"] == str(home / "delivered")
    assert all(shown.values())
