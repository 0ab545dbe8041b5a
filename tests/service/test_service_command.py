"""``reelgate-service`` at the keyboard: what cannot be done is one sentence and an exit status."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from reelgate.errors import BadInput, MissingExtra
from reelgate_service.cli import main
from reelgate_service.doctor import checks
from reelgate_service.local import imagine_command
from reelgate_service.needs import need_address, need_drivers
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


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"REELGATE_DATABASE_URL": "mysql://me@host/x"}, "REELGATE_DATABASE_URL must look like"),
        ({"REELGATE_BROKER_URL": "nonsense"}, "REELGATE_BROKER_URL must start with"),
        ({"REELGATE_SIGNING_CERT": "/nowhere/chain.pem"}, "go together"),
        ({"REELGATE_SIGNING_KEY": "/nowhere/key.pem"}, "go together"),
        ({"REELGATE_SIGNING_CERT": "/nowhere/a", "REELGATE_SIGNING_KEY": "/nowhere/b"}, "cannot read the signing"),
        ({"REELGATE_POLICY_DIR": "/nowhere"}, "policy.toml"),
        ({"REELGATE_MARK_KEYS": "short"}, "REELGATE_MARK_KEYS must be base64"),
        ({"REELGATE_STORE_URL": "s3://bucket"}, "REELGATE_STORE_URL must start with file://"),
        ({"REELGATE_SECRET_KEYS": "zz"}, "REELGATE_SECRET_KEYS must be base64"),
    ],
)
def test_no_reel_is_accepted_and_no_worker_started_with_a_setting_that_no_worker_could_use(
    home: Path, settings: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    done = CliRunner().invoke(main, ["worker"])
    assert done.exit_code == 1 and said in done.stderr
    with pytest.raises(BadInput, match=said):
        imagine_command(["a fox"])
    assert not (home / "reelgate.db").exists()
    assert any(said in check.detail for check in checks() if not check.ok)


def test_a_driver_that_is_not_installed_is_named_with_its_own_extra(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reelgate_service.needs.find_spec", lambda _: None)
    chosen = from_environment({"REELGATE_DATABASE_URL": "postgresql://me@host/x"})
    with pytest.raises(MissingExtra, match=r"psycopg.*pip install 'reelgate\[postgres\]'"):
        need_drivers(chosen)
    need_drivers(from_environment({"REELGATE_HOME": str(home)}))
