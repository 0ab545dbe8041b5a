"""Proving the marks, signing, and keeping: what has to be true of a file before it may leave."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from reelgate.errors import MarkFailed
from reelgate.media import decode
from reelgate.words import Claim, MarkFormat
from reelgate_moderation.hashes.pdq import pdq
from reelgate_moderation.provenance.fingerprint import fingerprint_of
from reelgate_moderation.provenance.manifest import read_manifest, sign
from reelgate_service.db import jobs, renditions
from reelgate_service.points import outside
from reelgate_service.steps import ending
from reelgate_service.steps.filming import cut_for
from reelgate_service.steps.forms import form_of

if TYPE_CHECKING:
    from typing import BinaryIO

    from sqlalchemy.orm import Session

    from reelgate.words import Detection
    from reelgate_service.db.jobs import Job
    from reelgate_service.db.renditions import Rendition
    from reelgate_service.steps.forms import Rung
    from reelgate_service.studio import Studio

PRESENCE_P = 1e-6
"""The chance of a false alarm below which a mark counts as present in our own read-back."""


def mark(job: Job, studio: Studio) -> Job:
    """Are the marks really there? Reads the quarantined file back; films it stronger when they are not."""
    if job.state != "passed":
        return job
    rendition = renditions.of(studio.db, job)
    with studio.store.open("quarantine", rendition.quarantine_sha) as file:
        cut_for(job, studio).prove(file, rendition.strength)
        file.seek(0)
        detection = studio.picture_mark.detect(decode.open_clip(file))
    form = form_of(job.kind)
    step = _next_step(rendition, form.ladder)
    thin = detection.p_value > form.firm_p and step is not None and step[0] == rendition.mark_format
    if thin or not _proven(detection, rendition):
        return _film_stronger(job, studio, rendition, step)
    return jobs.move(
        studio.db,
        job,
        "marked",
        "marked",
        facts={"mark_id": rendition.mark_id, "format": rendition.mark_format, "p_value": f"{detection.p_value:.2e}"},
        with_=lambda session, _now: renditions.change(
            session, rendition, presence=detection.presence, p_value=detection.p_value
        ),
    )


def publish(job: Job, studio: Studio) -> Job:
    """Sign it, keep it, and write it into the ledger."""
    if job.state != "marked":
        return job
    rendition = renditions.of(studio.db, job)
    facts = studio.generators(job.generator).facts
    claim = Claim(
        mark_id=rendition.mark_id,
        mark_format=MarkFormat(rendition.mark_format),
        source_type=facts.source_type,
        generator=facts.name,
        generator_version=facts.version,
        label=rendition.label,
        created=datetime.fromtimestamp(studio.db.time() / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        title=form_of(job.kind).title,
        training_data=facts.training_data,
    )
    with tempfile.TemporaryFile(dir=studio.settings.spool) as signed:
        with studio.store.open("quarantine", rendition.quarantine_sha) as source:
            manifest = sign(source, signed, claim, studio.identity, rendition.media_type)
        size = signed.seek(0, 2)
        _prove_signed(signed, claim)
        prints = fingerprint_of(decode.open_clip(signed), pdq).text
        signed.seek(0)
        sha256 = outside("sealed.put", lambda: studio.store.put("sealed", signed))

    def rows(session: Session, now: int) -> None:
        renditions.own(session, job, "sealed", sha256, size, now)
        renditions.change(
            session,
            rendition,
            sealed_sha=sha256,
            size=size,
            manifest_hash=manifest.manifest_hash,
            fingerprint=prints,
        )

    return jobs.move(
        studio.db,
        job,
        "sealed",
        "sealed",
        facts={
            "mark_id": rendition.mark_id,
            "format": rendition.mark_format,
            "sha256": sha256,
            "size": size,
            "manifest": manifest.manifest_hash,
            "fingerprint": prints,
            "generator": facts.name,
            "generator_version": facts.version,
            "source_type": facts.source_type.value,
            "label": rendition.label,
        },
        with_=rows,
    )


def _proven(detection: Detection, rendition: Rendition) -> bool:
    if detection.p_value > PRESENCE_P:
        return False
    if rendition.mark_format == "short":
        return rendition.mark_id[:8] in {candidate[:8] for candidate in detection.candidates}
    return detection.payload == rendition.mark_id


def _next_step(rendition: Rendition, ladder: tuple[Rung, ...]) -> Rung | None:
    """The format and strength to try after the rendition's own; ``None`` at the ladder's end."""
    step = ladder.index((rendition.mark_format, rendition.strength)) + 1
    return ladder[step] if step < len(ladder) else None


def _film_stronger(job: Job, studio: Studio, rendition: Rendition, step: Rung | None) -> Job:
    """One step up the ladder, back to the tee; at its end a person decides. Never on unmarked."""
    if step is None:
        return ending.hold(job, studio, "fault", "the mark does not read back")
    format_, strength = step

    def rows(session: Session, _now: int) -> None:
        renditions.change(
            session,
            rendition,
            mark_format=format_,
            strength=strength,
            mark_short=rendition.mark_id[:8] if format_ == "short" else None,
        )

    return jobs.move(
        studio.db, job, "submitted", "mark.stronger", facts={"format": format_, "strength": strength}, with_=rows
    )


def _prove_signed(signed: BinaryIO, claim: Claim) -> None:
    """Read the manifest back as a stranger would; raises :class:`MarkFailed` when it does not hold."""
    signed.seek(0)
    report = read_manifest(signed)
    if not report.valid or report.said.mark_id != claim.mark_id:
        raise MarkFailed("The manifest does not validate after signing: " + ", ".join(report.failures))
    signed.seek(0)
