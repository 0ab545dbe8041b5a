"""Having a job filmed: ask a generator once, wait for it, and run its footage through the one tee.

The tee reads the stream a single time: frame -> sample for screening -> label -> invisible mark -> encoder,
into a file that stays in quarantine. What differs between a reel and a sticker is in ``forms.py``.
"""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
from dataclasses import asdict
from typing import TYPE_CHECKING

from reelgate.contract import Moment, Ticket
from reelgate.errors import AnswerLost, GeneratorError, Unavailable
from reelgate.media.clip import flattened
from reelgate.words import Kind, Order
from reelgate_moderation.marks.label import label_text
from reelgate_moderation.output.sampler import Sampler
from reelgate_service.db import effects, jobs, renditions
from reelgate_service.db.jobs import Parked
from reelgate_service.points import outside
from reelgate_service.steps import ending
from reelgate_service.steps.asker import asker
from reelgate_service.steps.asking import Asked, Call, ask
from reelgate_service.steps.forms import STRONGEST, form_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.orm import Session

    from reelgate.contract import Clip, Generator
    from reelgate_service.db.jobs import Job
    from reelgate_service.db.renditions import Rendition
    from reelgate_service.steps.forms import Cut
    from reelgate_service.studio import Studio


def cut_for(job: Job, studio: Studio) -> Cut:
    """How the file will be made: worked backwards from the platform's limits before anything is drawn."""
    form = form_of(job.kind)
    targets = [] if job.platform == "api" else [form.limits(studio.platforms(job.platform, job.app).facts)]
    return form.cut(job.order, studio.generators(job.generator).facts, targets)


def submit(job: Job, studio: Studio) -> Job:
    """Ask the generator, once: write the intent, call, settle."""
    generator = studio.generators(job.generator)
    if job.state == "cleared":
        job = _intend(job, studio, generator)
    if job.state != "submitting":
        return job
    order = _order(job, studio)
    call = Call(
        purpose=effects.PAY,
        once=generator.facts.once,
        timeout=generator.facts.call_timeout,
        send=lambda key: generator.start(order, key),
        look=generator.find,
        named=lambda external_id: Ticket(external_id, generator.facts.price_cents),
    )
    try:
        asked = ask(job, studio, call)
    except GeneratorError as error:
        return _refused_by_generator(job, studio, error)
    if not isinstance(asked, Asked):
        return ending.hold(job, studio, "effect", "the generator's answer was lost", asked)
    ticket = asked.reply
    return jobs.move(
        studio.db,
        job,
        "submitted",
        "submitted",
        facts={"external": ticket.external_id, "cents": ticket.charged_cents},
        values={"spent": job.spent + ticket.charged_cents},
        with_=lambda session, now: effects.settle(
            session, job, asked.effect, ticket.external_id, ticket.charged_cents, now
        ),
    )


def film(job: Job, studio: Studio, tell: Callable[[int, int], None]) -> Job:
    """Wait for the footage, then run it through the tee into quarantine."""
    if job.state != "submitted":
        return job
    generator = studio.generators(job.generator)
    effect = effects.find(studio.db, job, effects.PAY)
    if effect is None:
        raise LookupError(f"Job {job.id} was submitted without an effect.")
    try:
        progress = outside("generate.poll", lambda: generator.poll(effect.external_id))
        if not progress.ready:
            tell(progress.done, progress.total)
            raise Parked.after(studio.db.time(), progress.retry_after)
        order = _order(job, studio)
        footage = outside("generate.collect", lambda: generator.collect(effect.external_id, order))
    except AnswerLost:
        raise Unavailable("The generator did not say how far it is.") from None  # asking again costs nothing
    except GeneratorError as error:
        if error.retryable:
            raise
        return _refused_by_generator(job, studio, error)
    cents = effect.cents if progress.charged_cents is None else progress.charged_cents
    rendition = renditions.of(studio.db, job)
    cut = cut_for(job, studio)
    studio.settings.spool.mkdir(mode=0o700, parents=True, exist_ok=True)
    sampler = Sampler(fps=cut.plan.fps, duration=cut.plan.seconds)
    with tempfile.TemporaryFile(dir=studio.settings.spool) as file:
        moments = _tee(footage.clip, cut, sampler, rendition, studio)
        encoded = cut.write(moments, rendition.strength, file, tell)
        file.seek(0)
        sha256 = outside("quarantine.put", lambda: studio.store.put("quarantine", file))
    samples = sampler.to_bytes()
    samples_sha = outside("samples.put", lambda: studio.store.put("quarantine", io.BytesIO(samples)))
    scene = json.dumps(asdict(footage.scene)).encode()

    def rows(session: Session, now: int) -> None:
        effects.reprice(session, job, effect, cents)
        renditions.disown(session, job, "quarantine")
        renditions.own(session, job, "quarantine", sha256, encoded.size, now)
        renditions.own(session, job, "quarantine", samples_sha, len(samples), now)
        renditions.change(
            session,
            rendition,
            quarantine_sha=sha256,
            samples_sha=samples_sha,
            sealed=studio.vault.seal(scene, job.tenant_id, "renditions", "sealed", rendition.id),
        )

    return jobs.move(
        studio.db,
        job,
        "rendered",
        "rendered",
        facts={"quarantine": sha256, "frames": encoded.frames, "cents": cents},
        values={"spent": job.spent - effect.cents + cents},
        with_=rows,
    )


def _tee(clip: Clip, cut: Cut, sampler: Sampler, rendition: Rendition, studio: Studio) -> Iterator[Moment]:
    dressed = cut.dresser(rendition.label)
    embed = studio.picture_mark.embedder(
        clip.width, clip.height, rendition.mark_id, rendition.mark_format, min(rendition.strength, STRONGEST)
    )
    for index, moment in enumerate(clip.open()):
        sampler.offer(index, Moment(flattened(moment.frame), moment.sound))
        yield Moment(embed(dressed(moment.frame)), moment.sound)


def _intend(job: Job, studio: Studio, generator: Generator) -> Job:
    form, plan = form_of(job.kind), cut_for(job, studio).plan
    request_hash = hashlib.sha256(json.dumps(dict(job.order), sort_keys=True).encode()).hexdigest()

    def rows(session: Session, now: int) -> None:
        effects.intend(session, job, effects.PAY, job.generator, generator.facts.once.value, request_hash, now)
        renditions.plan(
            session,
            job,
            target=job.platform,
            media_type=form.media_type,
            mark=form.ladder[0],
            label=label_text(generator.facts.source_type),
            size=(plan.width, plan.height),
            seconds=plan.seconds,
        )

    return jobs.move(
        studio.db,
        job,
        "submitting",
        "generate.intent",
        facts={"generator": job.generator},
        with_=rows,
        unless_cancelled=True,
    )


def _order(job: Job, studio: Studio) -> Order:
    plan = cut_for(job, studio).plan
    return Order(
        kind=Kind(job.kind),
        text=asker(job, studio).words,
        seconds=plan.seconds,
        width=plan.width,
        height=plan.height,
        fps=plan.fps,
        seed=int(job.order["seed"]),
        variation=int(job.order.get("variation", 0)),
    )


def _refused_by_generator(job: Job, studio: Studio, error: GeneratorError) -> Job:
    effect = effects.find(studio.db, job, effects.PAY)
    if effect is None:
        raise LookupError(f"Job {job.id} was refused without an effect.")
    cents = max(effect.cents, error.charged_cents)  # an order that failed later was charged once, not twice
    return ending.stop(
        job,
        studio,
        "refused" if error.code == "generator_refused" else "failed",
        "generate.refused",
        facts={"code": error.code, "cents": cents},
        values={"error_code": error.code, "error_says": error.says, "spent": job.spent - effect.cents + cents},
        with_=lambda session, now: effects.refuse(session, job, effect, cents, now),
    )
