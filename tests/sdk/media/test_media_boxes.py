from __future__ import annotations

import dataclasses
import io
import struct
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reelgate.errors import MediaRejected
from reelgate.media import boxes, isobmff

if TYPE_CHECKING:
    from reelgate.media.fit import EncodePlan

quiet = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def box(kind: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I4s", 8 + len(body), kind) + body


FTYP = box(b"ftyp", b"isom\0\0\2\0isom")


def read(data: bytes) -> boxes.FileFacts:
    return boxes.read(io.BytesIO(data))


def other_encoder(
    *,
    x264: str = "bframes=0:keyint=48:min-keyint=48:scenecut=0",
    movflags: str = "",
    editlist: str = "0",
    rate: int = 48_000,
    layout: str = "stereo",
    step: int = 1,
    pix_fmt: str = "yuv420p",
    profile: str = "high",
    tagged: bool = True,
    sound: bool = True,
) -> bytes:
    """One second of 96x96 at 24 fps by av itself, wrong in the one way asked for."""
    out = io.BytesIO()
    options = {"use_editlist": editlist, **({"movflags": movflags} if movflags else {})}
    coding = {"x264-params": x264, "profile": profile, "threads": "1"}
    with av.open(out, "w", format="mp4", options=options, io_open=lambda *_: io.BytesIO(out.getvalue())) as container:
        video = container.add_stream("libx264", rate=24, options=coding)
        video.width = video.height = 96
        video.pix_fmt = pix_fmt
        video.codec_context.time_base = Fraction(1, 24 * step)
        if tagged:
            video.codec_context.colorspace, video.codec_context.color_range = 1, 1
            video.codec_context.color_primaries, video.codec_context.color_trc = 1, 1
        audio = container.add_stream("aac", rate=rate, layout=layout, format="fltp") if sound else None
        for index in range(24):
            frame = av.VideoFrame.from_ndarray(np.full((96, 96, 3), 10 * index, np.uint8)).reformat(format=pix_fmt)
            frame.pts = index * step if index < 23 else index * step + (step > 1)
            frame.time_base = Fraction(1, 24 * step)
            container.mux(video.encode(frame))
        if audio is not None:
            channels = audio.layout.nb_channels
            for at in range(0, rate, 1024):
                silence = np.zeros((channels, 1024), np.float32)
                block = av.AudioFrame.from_ndarray(silence, format="fltp", layout=layout)
                block.sample_rate, block.pts, block.time_base = rate, at, Fraction(1, rate)
                container.mux([packet for packet in audio.encode(block) if editlist != "0" or packet.pts >= 0])
            container.mux(audio.encode(None))
        container.mux(video.encode(None))
    return out.getvalue()


def test_a_good_file_by_another_writer_is_read_like_ours(reel: bytes, small: EncodePlan) -> None:
    ours, theirs = read(reel), read(other_encoder())
    assert (theirs.video.width, theirs.video.samples, theirs.video.closed, theirs.edit_list) == (96, 24, True, False)
    assert ours.moov_first and not theirs.moov_first
    with pytest.raises(MediaRejected, match="index before media data"):
        boxes.prove(theirs, small)


@pytest.mark.parametrize(
    ("wrong", "claim"),
    [
        ({"editlist": "1", "movflags": "faststart"}, "no edit list"),
        ({"x264": "bframes=2:b-adapt=0:open-gop=1:keyint=8", "movflags": "faststart"}, "closed groups"),
        ({"profile": "baseline", "movflags": "faststart"}, "High profile"),
        ({"pix_fmt": "yuv444p", "profile": "high444", "movflags": "faststart"}, "High profile"),
        ({"rate": 44_100, "movflags": "faststart"}, "48000 Hz"),
        ({"layout": "mono", "movflags": "faststart"}, "stereo"),
        ({"step": 10, "movflags": "faststart"}, "constant 24 frames"),
        ({"tagged": False, "movflags": "faststart"}, "BT.709"),
        ({"sound": False, "movflags": "faststart"}, "a sound track"),
        ({}, "index before media data"),
    ],
)
def test_what_was_not_planned_is_named(small: EncodePlan, wrong: dict[str, Any], claim: str) -> None:
    with pytest.raises(MediaRejected) as refusal:
        boxes.prove(read(other_encoder(**wrong)), small)
    assert refusal.value.detail.startswith(f"not_as_planned: {claim}")


@pytest.mark.parametrize(
    ("field", "value", "claim"),
    [
        ("width", 98, "98x96"),
        ("frames", 25, "25 frames"),
        ("fps", 25, "constant 25"),
        ("max_bytes", 1000, "at most 1000 bytes"),
        ("gop", 10, "a group at most 10"),
        ("level", 10, "level at most 1.0"),
    ],
)
def test_a_file_of_another_plan_is_refused(
    reel: bytes, small: EncodePlan, field: str, value: int, claim: str
) -> None:
    other: dict[str, Any] = {field: value}
    with pytest.raises(MediaRejected, match=claim):
        boxes.prove(read(reel), dataclasses.replace(small, **other))


def patched(data: bytes, old: bytes, new: bytes) -> bytes:
    assert data.count(old) >= 1 and len(old) == len(new)
    return data.replace(old, new)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"url \0\0\0\1", b"url \0\0\0\0", "external_data"),
        (b"avc1\0", b"encv\0", "encrypted"),
        (b"mp4a\0", b"enca\0", "encrypted"),
        (b"esds", b"sinf", "encrypted"),
        (b"avc1\0", b"rv40\0", "codec"),
        (b"vide", b"text", "track_kind"),
        (b"udta", b"pssh", "encrypted"),
        (b"udta", b"mvex", "fragmented"),
        (b"udta", b"trak", "track_count"),
        (b"udta", b"mvhd", "box_count"),
        (b"free\0\0", b"moof\0\0", "fragmented"),
        (b"stco", b"stcp", "box_count"),
    ],
)
def test_rules_of_the_house(reel: bytes, old: bytes, new: bytes, code: str) -> None:
    with pytest.raises(MediaRejected) as refusal:
        read(patched(reel, old, new))
    assert refusal.value.detail.startswith(code + ":")


def nested(depth: int) -> bytes:
    body = b""
    for _ in range(depth):
        body = box(b"moov", body)
    return body


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_mp4"),
        (FTYP, "box_count"),
        (FTYP + nested(40), "box_depth"),
        (FTYP + box(b"free") * 6000, "box_budget"),
        (FTYP + struct.pack(">I4s", 7, b"free"), "box_size"),
        (FTYP + struct.pack(">I4s", 1 << 31, b"mdat"), "box_size"),
        (FTYP + struct.pack(">I4sQ", 1, b"mdat", 1 << 63), "box_size"),
        (FTYP + struct.pack(">I4sQ", 1, b"mdat", 3), "box_size"),
        (FTYP + struct.pack(">I4s", 0, b"moov"), "box_size"),
        (FTYP + b"\0\0\0", "truncated"),
        (FTYP + box(b"moof") + box(b"mdat"), "fragmented"),
    ],
)
def test_bombs_and_stumps(data: bytes, code: str) -> None:
    with pytest.raises(MediaRejected) as refusal:
        read(data)
    assert refusal.value.detail.startswith(code + ":")


def grown(reel: bytes, name: bytes, at: int, value: int) -> bytes:
    """The file with a 32-bit number in the box ``name`` (payload offset ``at``) set to ``value``."""
    start = reel.index(name) + 4 + at
    return reel[:start] + struct.pack(">I", value) + reel[start + 4 :]


@pytest.mark.parametrize("value", [1 << 31, 0xFFFFFFFF, 40_000, 25])
@pytest.mark.parametrize("place", [(b"stsz", 8), (b"stts", 4), (b"stts", 8), (b"stco", 4), (b"stsc", 12)])
def test_tables_that_lie_are_refused(reel: bytes, place: tuple[bytes, int], value: int) -> None:
    with pytest.raises(MediaRejected):
        read(grown(reel, *place, value))


def test_a_sample_that_lies_outside_the_file_is_refused(reel: bytes) -> None:
    with pytest.raises(MediaRejected, match="truncated"):
        read(grown(reel, b"stco", 8, len(reel) + 10))


def test_two_hours_are_refused(reel: bytes) -> None:
    with pytest.raises(MediaRejected, match="too_long"):
        read(grown(reel, b"mdhd", 16, 7200 * 12288))


def test_a_content_credential_is_seen(reel: bytes) -> None:
    at = reel.index(b"moov") - 4
    credential = box(b"uuid", boxes.C2PA_UUID + b"\0" * 20)
    assert not read(reel).c2pa
    # The offsets are wrong by the box's length now, but still within the file; only the box is looked for.
    assert read(reel[:at] + credential + reel[at:]).c2pa


@quiet
@given(st.data())
def test_a_mutated_file_is_read_or_refused_and_nothing_else(reel: bytes, data: st.DataObject) -> None:
    index = reel.rindex(b"mdat")  # what has a meaning lies before the media data
    mutant = bytearray(reel)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, index - 1))
        mutant[at] = data.draw(st.sampled_from([0, 1, 0x7F, 0x80, 0xFF]) | st.integers(0, 255))
    try:
        facts = read(bytes(mutant))
    except MediaRejected:
        return
    assert facts.video.samples <= 36_000


@quiet
@given(st.data())
def test_a_cut_or_spliced_file_is_read_or_refused(reel: bytes, data: st.DataObject) -> None:
    first, second = sorted((data.draw(st.integers(0, len(reel))), data.draw(st.integers(0, len(reel)))))
    mutant = data.draw(st.sampled_from([reel[:first], reel[:first] + reel[second:], reel[:second] + reel[first:]]))
    try:
        read(mutant)
    except MediaRejected:
        return


@quiet
@given(st.binary(max_size=400), st.lists(st.sampled_from(["moov", "trak", "mdia", "minf", "stbl", "udta", "meta"])))
def test_random_bytes_in_well_formed_boxes_are_refused(noise: bytes, names: list[str]) -> None:
    body = noise
    for name in names:
        body = box(name.encode(), body)
    with pytest.raises(MediaRejected):
        read(FTYP + body)


def test_the_walk_never_reads_more_than_its_budget(reel: bytes) -> None:
    class Counting(io.BytesIO):
        read_bytes = 0

        def read(self, size: int | None = -1) -> bytes:
            data = super().read(size)
            Counting.read_bytes += len(data)
            return data

    padded = reel + box(b"free", b"\0" * (1 << 20))
    boxes.read(Counting(padded))
    assert Counting.read_bytes < 100_000
    assert isobmff.walk(io.BytesIO(padded)).children[-1].size == 1 << 20
