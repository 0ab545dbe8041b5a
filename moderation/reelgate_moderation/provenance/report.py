"""The report of ``reelgate verify``: a fixed JSON shape, and the same in words for a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reelgate_moderation.provenance.judge import PRESENT

if TYPE_CHECKING:
    from reelgate.words import Detection
    from reelgate_moderation.provenance.judge import Findings, Judgement

_HEADLINES = {
    "ours": "Ours",
    "ours_altered": "Ours, altered",
    "mark_only": "A mark, and nothing that proves it",
    "signed_by_others": "Signed by somebody else",
    "contradiction": "A contradiction",
    "nothing_found": "Nothing found",
}
_GREEN, _YELLOW, _RED, _DIM, _PLAIN = "\033[32m", "\033[33m", "\033[31m", "\033[2m", "\033[0m"
_COLOURS = {"ours": _GREEN, "ours_altered": _GREEN, "contradiction": _RED}


@dataclass(frozen=True, slots=True)
class LabelSeen:
    """Whether the visible label was found where it belongs, its words, and how well it fits (-1 to 1)."""

    found: bool
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that was found in one file, and the verdict."""

    label: LabelSeen
    findings: Findings
    distance: float | None
    judgement: Judgement

    def document(self) -> dict[str, Any]:
        """The JSON shape: every key always there, ``None`` and empty text where nothing was found."""
        manifest, entry = self.findings.manifest, self.findings.entry
        said = manifest.said
        return {
            "label": {"found": self.label.found, "text": self.label.text, "score": round(self.label.score, 4)},
            "picture_mark": _mark(self.findings.picture),
            "sound_mark": _mark(self.findings.sound),
            "manifest": {
                "present": manifest.present,
                "valid": manifest.valid,
                "own": manifest.own,
                "trusted": manifest.trusted,
                "signer": manifest.signer,
                "issuer": manifest.issuer,
                "provider": said.provider,
                "provider_version": said.provider_version,
                "title": said.title,
                "source_type": said.source_type,
                "generator": said.generator,
                "generator_version": said.generator_version,
                "created": said.created,
                "mark_id": said.mark_id or None,
                "soft_binding": said.soft_binding,
                "label": said.label,
                "training_data": said.training_data,
                "failures": list(manifest.failures),
            },
            "ledger": {
                "consulted": self.findings.consulted,
                "found": entry is not None,
                "mark_id": entry.mark_id if entry else None,
                "likeness": self.findings.likeness.value,
                "distance": self.distance,
            },
            "verdict": self.judgement.outcome.value,
        }


def _mark(detection: Detection) -> dict[str, Any]:
    return {
        "payload": detection.payload,
        "candidates": list(detection.candidates),
        "presence": float(detection.presence),
        "p_value": float(detection.p_value),
    }


def in_words(report: Report, name: str, *, colour: bool) -> str:
    """The report as a small table for a person; ``colour`` allows terminal colours."""
    verdict = report.judgement.outcome.value

    def paint(code: str, text: str) -> str:
        return f"{code}{text}{_PLAIN}" if colour else text

    lines = [f"{name}", paint(_COLOURS.get(verdict, _YELLOW), _HEADLINES[verdict]) + f" ({verdict})"]
    lines.append(f"  {report.judgement.why}")
    lines.append("")
    lines += [f"  {paint(_DIM, title.ljust(12))}  {text}" for title, text in _rows(report)]
    return "\n".join(lines)


def _rows(report: Report) -> list[tuple[str, str]]:
    found = report.findings
    label = f"\N{LEFT DOUBLE QUOTATION MARK}{report.label.text}\N{RIGHT DOUBLE QUOTATION MARK}"
    rows = [
        ("label", f"found, {label} (fit {report.label.score:.2f})" if report.label.found else "not found"),
        ("picture mark", _mark_words(found.picture)),
        ("sound mark", _mark_words(found.sound)),
        ("manifest", _manifest_words(report)),
    ]
    if found.manifest.present:
        said = found.manifest.said
        rows += [
            (title, text)
            for title, text in (
                ("  signer", found.manifest.signer),
                ("  made with", f"{said.generator} {said.generator_version}".strip()),
                ("  source", said.source_type.rsplit("/", 1)[-1]),
                ("  made at", said.created),
                ("  mark id", said.mark_id),
                ("  codes", ", ".join(found.manifest.failures)),
            )
            if text
        ]
    return [*rows, ("ledger", _ledger_words(report))]


def _mark_words(detection: Detection) -> str:
    least = "under 1e-300" if detection.p_value < 1e-300 else f"{detection.p_value:.0e}"
    chance = f"(chance of a false alarm {least})"
    if detection.payload:
        return f"{detection.payload} {chance}"
    if detection.candidates:
        return f"could be {', '.join(detection.candidates)} {chance}"
    return f"there, but not readable {chance}" if detection.p_value <= PRESENT else "none"


def _manifest_words(report: Report) -> str:
    manifest = report.findings.manifest
    if not manifest.present:
        return "none"
    who = "ours" if manifest.own else "trusted signer" if manifest.trusted else "signer not known here"
    state = "valid" if manifest.valid else "does not hold for this content"
    return f"{state}, {who}"


def _ledger_words(report: Report) -> str:
    found = report.findings
    if not found.consulted:
        return "not asked (no ledger on this machine)"
    if found.entry is None:
        return "knows nothing of it"
    words = {
        "same": "this very file",
        "alike": "the same pictures",
        "different": "other pictures under this id",
        "unknown": "known, recorded without a fingerprint to compare",
    }[found.likeness.value]
    bits = f" ({report.distance:g} of 256 bits differ)" if report.distance is not None else ""
    return f"{found.entry.mark_id}: {words}{bits}"
