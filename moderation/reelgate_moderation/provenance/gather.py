"""Everything that has to open the file: manifest, marks, label and fingerprint, as one plain JSON object.

The file may come from a stranger, so this is written to be run where nothing can be reached but the one open
file (:mod:`reelgate.media.sandbox`), and to hand back words and numbers only.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from reelgate.media.decode import open_clip
from reelgate.words import Detection, MarkFormat
from reelgate_moderation.provenance.claim import Said
from reelgate_moderation.provenance.fingerprint import Fingerprint, fingerprint_of, from_text
from reelgate_moderation.provenance.manifest import ManifestReport, read_manifest
from reelgate_moderation.provenance.report import LabelSeen

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reelgate.contract import Clip
    from reelgate_moderation.provenance.fingerprint import Hasher


class MarkReader(Protocol):
    """Finds what was put into the media: two invisible marks and the visible label."""

    def picture(self, clip: Clip) -> Detection:
        """The mark in the pictures."""
        ...

    def sound(self, clip: Clip) -> Detection:
        """The mark in the sound."""
        ...

    def label(self, clip: Clip, texts: Sequence[str]) -> LabelSeen:
        """The label, whose words are one of ``texts`` or of the house's own."""
        ...


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the file itself says."""

    manifest: ManifestReport
    picture: Detection
    sound: Detection
    label: LabelSeen
    fingerprint: Fingerprint


def gather(
    file: BinaryIO, reader: MarkReader, hasher: Hasher, own: Sequence[bytes], anchors: bytes | None
) -> dict[str, Any]:
    """The evidence in ``file`` as JSON; raises ``MediaRejected`` for what is no picture or video."""
    manifest = read_manifest(file, own=own, anchors=anchors)
    file.seek(0)
    clip = open_clip(file)
    said = manifest.said.label
    return {
        "manifest": asdict(manifest),
        "picture": _plain(reader.picture(clip)),
        "sound": _plain(reader.sound(clip)),
        "label": asdict(reader.label(clip, [said] if said else [])),
        "fingerprint": fingerprint_of(clip, hasher).text,
    }


def evidence(answer: Mapping[str, Any]) -> Evidence:
    """The evidence that :func:`gather` wrote down."""
    manifest = answer["manifest"]
    said: dict[str, Any] = {**manifest["said"], "actions": tuple(manifest["said"]["actions"])}
    lists = {name: tuple(manifest[name]) for name in ("failures", "earlier")}
    return Evidence(
        manifest=ManifestReport(**{**manifest, **lists, "said": Said(**said)}),
        picture=_detection(answer["picture"]),
        sound=_detection(answer["sound"]),
        label=LabelSeen(**answer["label"]),
        fingerprint=from_text(answer["fingerprint"]),
    )


def _plain(detection: Detection) -> dict[str, Any]:
    return {
        "payload": detection.payload,
        "candidates": list(detection.candidates),
        "presence": float(detection.presence),
        "p_value": float(detection.p_value),
        "format": detection.format.value if detection.format else None,
    }


def _detection(plain: Mapping[str, Any]) -> Detection:
    return Detection(
        plain["payload"],
        tuple(plain["candidates"]),
        plain["presence"],
        plain["p_value"],
        MarkFormat(plain["format"]) if plain["format"] else None,
    )
