"""``reelgate screen``: what the policy says about words, a stream of words, or a media file."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from reelgate.contract import Context
from reelgate.errors import BadInput, ReelgateError
from reelgate.words import Decision
from reelgate_moderation.policy.loader import load
from reelgate_moderation.policy.message import reason_message
from reelgate_moderation.policy.policy import LANGUAGES, SURFACES
from reelgate_moderation.prompt.screen import PolicyPromptScreen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reelgate.words import Reason, Verdict
    from reelgate_moderation.policy.policy import Policy

SUMMARY = "Say what the policy thinks of words or of a media file."
EXIT = {Decision.ALLOW: 0, Decision.BLOCK: 3, Decision.REVIEW: 4}
"""Exit codes: 0 allow, 3 block, 4 review; 2 is bad usage. With ``--jsonl`` 0 when every line was judged, else 2."""

_LINE_LONGEST = 1_000_000


def screen_command(argv: list[str]) -> int:
    """Run the command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="reelgate screen", description=SUMMARY)
    parser.add_argument("text", nargs="?", help="the words; left out, they are read from standard input")
    parser.add_argument("--file", type=Path, help="a media file to judge by what it shows")
    parser.add_argument("--jsonl", action="store_true", help='read {"id","text"} lines, write one verdict a line')
    parser.add_argument("--json", action="store_true", help="print the verdict as JSON")
    parser.add_argument("--surface", choices=SURFACES, default="public", help="where it would be seen (public)")
    parser.add_argument("--language", choices=LANGUAGES, default="en", help="the language of the sentence (en)")
    try:
        given = parser.parse_args(argv)
        if sum((given.text is not None, given.file is not None, given.jsonl)) > 1:
            parser.error("give a text, --file or --jsonl, one of them")
    except SystemExit as stop:
        return int(stop.code or 0) and 2
    context = Context(surface=given.surface, language=given.language)
    try:
        policy = load(_policy_directory())
        if given.jsonl:
            return _stream(sys.stdin.buffer, policy, context)
        if given.file is not None:
            from reelgate_moderation.output.file import judge_file

            verdict = judge_file(given.file, policy, context)
        else:
            text = given.text if given.text is not None else sys.stdin.read()
            verdict = PolicyPromptScreen(policy).screen(text, context)
    except ReelgateError as error:
        print(error.detail, file=sys.stderr)
        return 2
    if given.json:
        print(json.dumps(as_json(verdict, spans=given.file is None), ensure_ascii=False))
    else:
        _tell(verdict, policy, context)
    return EXIT[verdict.decision]


def as_json(verdict: Verdict, *, spans: bool = True) -> dict[str, object]:
    """A verdict as the command prints it: ``span`` for words, ``at`` (seconds) for a file."""
    return {
        "decision": str(verdict.decision),
        "score": verdict.score,
        "reasons": [_reason(reason, spans) for reason in verdict.reasons],
        "policy": verdict.policy,
    }


def _reason(reason: Reason, spans: bool) -> dict[str, object]:
    place = reason.span if spans else reason.at
    return {
        "category": reason.category,
        "severity": reason.severity,
        "score": reason.score,
        "span" if spans else "at": list(place) if place else None,
    }


def judge_lines(lines: Iterable[bytes], screen: PolicyPromptScreen, context: Context) -> Iterator[dict[str, object]]:
    """One object a line: a verdict with its ``id``, or ``{"id", "error": {"code", "detail"}}`` if malformed."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        key: object = None
        try:
            key, text = _parsed(line, number)
            yield {"id": key, **as_json(screen.screen(text, context))}
        except BadInput as error:
            yield {"id": key, "error": {"code": error.code, "detail": error.detail}}


def _parsed(line: bytes, number: int) -> tuple[object, str]:
    """The id and the text of one line; raises :class:`BadInput` naming the line, never quoting it."""
    if len(line) > _LINE_LONGEST:
        raise BadInput(f"line {number}: longer than {_LINE_LONGEST} bytes")
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as cause:
        raise BadInput(f"line {number}: not JSON in UTF-8") from cause
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise BadInput(f'line {number}: needs an object with "id" and "text"')
    key = row.get("id")
    if not isinstance(key, (str, int)) or isinstance(key, bool):
        raise BadInput(f'line {number}: "id" is a text or a whole number')
    return key, row["text"]


def _stream(lines: Iterable[bytes], policy: Policy, context: Context) -> int:
    clean = True
    for answer in judge_lines(lines, PolicyPromptScreen(policy), context):
        clean = clean and "error" not in answer
        print(json.dumps(answer, ensure_ascii=False), flush=True)
    return 0 if clean else 2


def _tell(verdict: Verdict, policy: Policy, context: Context) -> None:
    """Print a verdict for a person: the decision, the sentence a member would read, the grounds."""
    print(f"{verdict.decision}  (score {verdict.score:.2f}, policy {verdict.policy})")
    sentence = reason_message(policy, verdict, context.language, context.surface)
    if sentence:
        print(sentence)
    for reason in verdict.reasons:
        place = f" at {reason.span[0]}-{reason.span[1]}" if reason.span else ""
        place = f" at {reason.at[0]:.1f}-{reason.at[1]:.1f} s" if reason.at else place
        print(f"  {reason.category} {reason.severity} ({reason.score:.2f}){place}  {reason.evidence}")


def _policy_directory() -> Path | None:
    """Where the operator keeps a policy of their own (``REELGATE_POLICY_DIR``), or None for the default."""
    named = os.environ.get("REELGATE_POLICY_DIR", "")
    return Path(named) if named else None
