"""Settings, the vault, the store, the log: small parts with sharp edges."""

from __future__ import annotations

import io
import os
import stat
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelgate.errors import NotFound, NotOffered
from reelgate_service import marking, observe
from reelgate_service.settings import SettingInvalid, from_environment
from reelgate_service.storage import DiskStore
from reelgate_service.vault import Vault, VaultError, open_vault

if TYPE_CHECKING:
    from pathlib import Path

KEY, OTHER = b"k" * 32, b"o" * 32


def test_settings_name_the_variable_that_cannot_be_read() -> None:
    for name, value in (("REELGATE_LEASE_S", "soon"), ("REELGATE_WORKERS", "2.5"), ("REELGATE_LEASE_S", "0.2")):
        with pytest.raises(SettingInvalid, match=name):
            from_environment({name: value})


def test_settings_hide_secrets_and_passwords(tmp_path: Path) -> None:
    chosen = from_environment(
        {
            "REELGATE_HOME": str(tmp_path),
            "REELGATE_SECRET_KEYS": "c2VjcmV0",
            "REELGATE_DATABASE_URL": "postgresql://me:hunter2@db/reelgate",
            "REELGATE_BROKER_URL": "amqp://me:hunter3@rabbit",
        }
    )
    shown = str(chosen.masked()) + repr(chosen.masked())
    assert "hunter" not in shown
    assert "c2VjcmV0" not in shown
    assert "hunter3" not in repr(chosen)


@given(st.binary(max_size=200), st.lists(st.text(st.characters(codec="ascii", exclude_characters="|")), max_size=4))
def test_what_is_sealed_opens_only_in_its_place(plain: bytes, where: list[str]) -> None:
    vault = Vault([KEY])
    sealed = vault.seal(plain, *where)
    assert vault.open(sealed, *where) == plain
    with pytest.raises(VaultError):
        vault.open(sealed, *where, "elsewhere")


def test_a_new_key_seals_and_old_ones_still_open() -> None:
    old = Vault([OTHER]).seal(b"x", "a")
    rotated = Vault([KEY, OTHER])
    assert rotated.open(old, "a") == b"x"
    with pytest.raises(VaultError, match="no longer"):
        Vault([OTHER]).open(rotated.seal(b"y", "a"), "a")
    assert rotated.fingerprint("key") == Vault([OTHER]).fingerprint("key")


def test_the_home_key_is_private_and_stays(tmp_path: Path) -> None:
    chosen = from_environment({"REELGATE_HOME": str(tmp_path)})
    sealed = open_vault(chosen).seal(b"x", "a")
    path = tmp_path / "keys" / "secret.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert open_vault(chosen).open(sealed, "a") == b"x"
    path.write_bytes(b"short")
    with pytest.raises(VaultError, match="damaged"):
        open_vault(chosen)


def test_mark_keys_are_read_and_the_published_one_is_always_there() -> None:
    assert marking.keys(from_environment({})) == (marking.DEFAULT_KEY,)
    own = marking.keys(from_environment({"REELGATE_MARK_KEYS": "MTIzNDU2Nzg5MDEyMzQ1Ng=="}))
    assert own == (b"1234567890123456", marking.DEFAULT_KEY)
    for bad in ("%%%", "c2hvcnQ="):
        with pytest.raises(SettingInvalid, match="REELGATE_MARK_KEYS"):
            marking.keys(from_environment({"REELGATE_MARK_KEYS": bad}))


@given(st.binary(max_size=3000))
def test_the_store_gives_back_what_it_was_given(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    store = DiskStore(tmp_path_factory.mktemp("store"))
    name = store.put("sealed", io.BytesIO(data))
    assert store.put("sealed", io.BytesIO(data)) == name
    with store.open("sealed", name) as file:
        assert file.read() == data
    assert store.check("sealed", name)
    with pytest.raises(NotFound):
        store.open("quarantine", name)


def test_the_store_notices_a_flipped_bit(tmp_path: Path) -> None:
    store = DiskStore(tmp_path)
    name = store.put("sealed", io.BytesIO(b"\x00" * 64))
    (tmp_path / "sealed" / name[:2] / name).write_bytes(b"\x00" * 63 + b"\x01")
    assert not store.check("sealed", name)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "0" * 63, "0" * 64 + "/x"])
def test_the_store_takes_no_names_but_hashes(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotFound):
        DiskStore(tmp_path).open("sealed", name)


def test_quarantine_and_disk_have_no_links(tmp_path: Path) -> None:
    with pytest.raises(NotOffered):
        DiskStore(tmp_path).url("0" * 64, 60)


def test_the_log_takes_only_what_is_on_its_list(capsys: pytest.CaptureFixture[str]) -> None:
    observe.log("tested", job="j1", state="done")
    assert '"job": "j1"' in capsys.readouterr().err
    with pytest.raises(KeyError, match="prompt"):
        observe.log("tested", prompt="words")


def test_a_log_that_nobody_reads_any_more_ends_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    gone = os.fdopen(writer, "w")
    monkeypatch.setattr("sys.stderr", gone)
    with pytest.raises(BrokenPipeError):
        print("this does", file=gone, flush=True)
    observe.log("tested", job="j1")
    with pytest.raises(BrokenPipeError):
        gone.close()
