"""The folder platform: whole files or none, never over another one, and safe names from any words."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import sys
import threading
from pathlib import Path
from urllib.parse import unquote, urlparse

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reelgate.contract import Parcel
from reelgate.errors import NotFound, NotOffered, OutOfSpace, PlatformFault
from reelgate.testing.platforms import check_platform, parcel_of, sample_parcel
from reelgate.words import Address
from reelgate_integrations.folder.naming import LONGEST, own, safe
from reelgate_integrations.folder.platform import FolderPlatform


def to(**place: str) -> Address:
    return Address("folder", "local", place)


def video(data: bytes = b"a reel", name: str = "reel.mp4") -> Parcel:
    return parcel_of(data, name, "video/mp4")


def held(root: Path) -> dict[str, bytes]:
    """Every file below ``root``, hidden ones too."""
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if not path.is_dir()}


@pytest.mark.parametrize("place", [{}, {"name": "a baby hippo swimming", "tenant": "zoo"}])
def test_the_folder_passes_the_conformance_kit(tmp_path: Path, place: dict[str, str]) -> None:
    check_platform(FolderPlatform(tmp_path / "out"), to(**place))


def test_a_delivery_is_one_whole_file_whose_link_can_be_opened(tmp_path: Path) -> None:
    receipt = FolderPlatform(tmp_path / "new" / "out").deliver(to(name="a baby hippo"), video(), "k1")
    assert receipt.message_id == "a baby hippo.mp4"
    link = urlparse(receipt.link)
    assert link.scheme == "file"
    assert Path(unquote(link.path)).read_bytes() == b"a reel"
    assert list(held(tmp_path)) == ["new/out/a baby hippo.mp4"]


def test_a_repeat_adopts_its_own_file_and_rewrites_nothing(tmp_path: Path) -> None:
    folder = FolderPlatform(tmp_path)
    first = folder.deliver(to(), video(), "k1")
    before = (tmp_path / first.message_id).stat()
    assert folder.deliver(to(), video(), "k1") == first
    after = (tmp_path / first.message_id).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert len(held(tmp_path)) == 1


def test_another_file_of_that_name_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "reel.mp4").write_bytes(b"holiday")
    folder = FolderPlatform(tmp_path)
    first = folder.deliver(to(), video(), "k1")
    second = folder.deliver(to(), video(b"another"), "k2")
    assert len({"reel.mp4", first.message_id, second.message_id}) == 3
    assert folder.deliver(to(), video(), "k1") == first
    assert held(tmp_path) == {"reel.mp4": b"holiday", first.message_id: b"a reel", second.message_id: b"another"}


def test_a_repeat_finds_its_file_even_when_the_plain_name_became_free(tmp_path: Path) -> None:
    (tmp_path / "reel.mp4").write_bytes(b"holiday")
    folder = FolderPlatform(tmp_path)
    first = folder.deliver(to(), video(), "k1")
    (tmp_path / "reel.mp4").unlink()
    assert folder.deliver(to(), video(), "k1") == first
    assert len(held(tmp_path)) == 1


def test_a_link_or_a_folder_of_that_name_is_left_alone(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(b"a reel")
    root = tmp_path / "out"
    root.mkdir()
    (root / "reel.mp4").symlink_to(outside)
    (root / "note.mp4").mkdir()
    folder = FolderPlatform(root)
    assert folder.deliver(to(), video(), "k1").message_id != "reel.mp4"
    assert folder.deliver(to(name="note"), video(), "k2").message_id != "note.mp4"
    assert outside.read_bytes() == b"a reel"


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
@pytest.mark.parametrize("when", ["writing", "syncing"])
def test_a_full_disk_is_told_and_leaves_no_half_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, when: str
) -> None:
    class Full(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell():
                raise OSError(code, "full")
            return super().read(3)

    parcel = video()
    if when == "writing":
        parcel = Parcel(parcel.name, parcel.media_type, parcel.size, parcel.sha256, "", lambda: Full(b"a reel"))
    else:

        def full(handle: int) -> None:
            raise OSError(code, "full")

        monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutOfSpace) as caught:
        FolderPlatform(tmp_path).deliver(to(name="secret words"), parcel, "k1")
    assert held(tmp_path) == {}
    assert caught.value.retryable
    assert "secret words" not in f"{caught.value}{caught.value.says}"


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is a Linux device")
def test_a_truly_full_device_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel's own ENOSPC, from a device that is always full."""
    really = os.open

    def onto_full(path: str | Path, flags: int, mode: int = 0o777) -> int:
        return really("/dev/full" if str(path).endswith(".part") else path, flags & ~(os.O_CREAT | os.O_EXCL), mode)

    monkeypatch.setattr(os, "open", onto_full)
    with pytest.raises(OutOfSpace):
        FolderPlatform(tmp_path).deliver(to(), video(), "k1")


@pytest.mark.parametrize(
    ("size", "sha256"),
    [(5, hashlib.sha256(b"a reel").hexdigest()), (7, hashlib.sha256(b"a reel").hexdigest()), (6, "0" * 64)],
)
def test_bytes_that_are_not_those_promised_are_removed(tmp_path: Path, size: int, sha256: str) -> None:
    lying = Parcel("reel.mp4", "video/mp4", size, sha256, "", lambda: io.BytesIO(b"a reel"))
    with pytest.raises(PlatformFault):
        FolderPlatform(tmp_path).deliver(to(), lying, "k1")
    assert held(tmp_path) == {}


def test_an_endless_stream_is_cut_off(tmp_path: Path) -> None:
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1, /) -> bytes:
            Endless.given += size
            assert Endless.given < 1 << 22, "the stream was read far past the promised size"
            return b"x" * size

    lying = Parcel("reel.mp4", "video/mp4", 100, "0" * 64, "", Endless)  # type: ignore[arg-type]
    with pytest.raises(PlatformFault):
        FolderPlatform(tmp_path).deliver(to(), lying, "k1")
    assert held(tmp_path) == {}


def test_an_error_of_the_store_passes_through_and_leaves_nothing(tmp_path: Path) -> None:
    def gone() -> io.BytesIO:
        raise NotFound("no such blob")

    parcel = video()
    with pytest.raises(NotFound):
        FolderPlatform(tmp_path).deliver(
            to(), Parcel(parcel.name, parcel.media_type, parcel.size, parcel.sha256, "", gone), "k1"
        )
    assert held(tmp_path) == {}


def test_what_a_killed_try_left_behind_is_swept_away(tmp_path: Path) -> None:
    folder = FolderPlatform(tmp_path)
    folder.deliver(to(), video(), "k1")
    name = next(iter(held(tmp_path)))
    tag = folder.deliver(to(), video(b"other"), "k1").message_id.removesuffix(".mp4").rsplit("-", 1)[1]
    (tmp_path / f".{tag}.4711.part").write_bytes(b"hal")
    (tmp_path / ".somebody.part").write_bytes(b"else")
    folder.deliver(to(), video(), "k1")
    assert f".{tag}.4711.part" not in held(tmp_path)
    assert {name, ".somebody.part"} <= set(held(tmp_path))


def test_a_disk_without_hard_links_still_never_overwrites(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", none)
    (tmp_path / "reel.mp4").write_bytes(b"holiday")
    receipt = FolderPlatform(tmp_path).deliver(to(), video(), "k1")
    assert held(tmp_path) == {"reel.mp4": b"holiday", receipt.message_id: b"a reel"}


def test_many_deliveries_at_once_all_arrive_under_their_own_names(tmp_path: Path) -> None:
    names: list[str] = []
    threads = [
        threading.Thread(
            target=lambda n=n: names.append(
                FolderPlatform(tmp_path).deliver(to(name="same"), video(b"%d" % n), f"k{n}").message_id
            )
        )
        for n in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(names)) == 12
    assert sorted(held(tmp_path).values()) == sorted(b"%d" % n for n in range(12))


def test_the_media_type_decides_the_ending(tmp_path: Path) -> None:
    folder = FolderPlatform(tmp_path)
    assert folder.deliver(to(name="run.exe"), video(name="run.sh"), "k1").message_id == "run.exe.mp4"
    assert folder.deliver(to(), sample_parcel("x.png"), "k2").message_id == "x.png"
    with pytest.raises(NotOffered):
        folder.deliver(to(), parcel_of(b"<html>", "x.mp4", "text/html"), "k3")


def test_a_refusal_leaves_one_kind_note(tmp_path: Path) -> None:
    folder = FolderPlatform(tmp_path)
    first = folder.decline(to(name="a hippo"), "We can't film that one.", "k1")
    assert folder.decline(to(name="a hippo"), "We can't film that one.", "k1") == first
    assert held(tmp_path) == {"a hippo.txt": b"We can't film that one.\n"}


def test_tenants_never_share_a_sub_folder(tmp_path: Path) -> None:
    folder = FolderPlatform(tmp_path)
    for tenant in ("zoo", "a/b", "a-b", "..", ".", "/", "a\\b"):
        folder.deliver(to(tenant=tenant), video(), "k1")
    assert len(held(tmp_path)) == 7
    assert all(len(Path(name).parts) == 2 for name in held(tmp_path))


def test_a_folder_that_cannot_be_written_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(PlatformFault):
        FolderPlatform(tmp_path / "file").deliver(to(), video(), "k1")


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("../../etc/passwd", "etc-passwd"),
        ("...hidden", "hidden"),
        ("--help", "help"),
        ("a\nb\x00c\u202ed", "a bcd"),
        ("C:\\reels\\one", "C--reels-one"),
        ("con", "con-reel"),
        ("Nul.mp4", "Nul-reel"),
        ("  ", "reel"),
        ("été au lac", "été au lac"),
        ("カバの赤ちゃん", "カバの赤ちゃん"),
    ],
)
def test_names_are_made_safe_and_stay_readable(words: str, name: str) -> None:
    assert safe(words, "reel") == name


@given(st.text(max_size=400))
@settings(max_examples=200, deadline=None)
def test_any_words_make_one_safe_component(words: str) -> None:
    for name in (safe(words, "reel"), own(words, "reel")):
        assert name
        assert Path(name).parts == (name,)
        assert not name.startswith((".", "-", "~", " "))
        assert not name.endswith((".", " "))
        assert not set(name) & set('/\\:*?"<>|')
        assert name.isprintable()
        assert len(name.encode()) <= LONGEST + 20
    assert safe(safe(words, "reel"), "reel") == safe(words, "reel")
