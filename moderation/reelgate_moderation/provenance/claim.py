"""What a manifest says: a :class:`Claim` written as C2PA assertions, and read back out of them.

Nothing personal goes in: no prompt, no member, no place, no job. Whoever holds the file holds the manifest.
Section numbers are those of the C2PA Technical Specification 2.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reelgate.words import Claim

PROVIDER = "Reelgate"
SPEC_VERSION = "2.4.0"
PICTURE_ALGORITHM = "com.reelgate.tile.1"
"""The soft binding's name: the invisible mark in the pictures, first edition.

The value is the asset's 64-bit mark id in 16 lower-case hex digits, over the whole asset (an empty scope). A
reader that finds the mark looks the id up; the mark alone proves nothing.
"""

ACTIONS, SOFT_BINDING, DISCLOSURE = "c2pa.actions.v2", "c2pa.soft-binding", "com.reelgate.disclosure"
CREATED_LABELS = [ACTIONS, SOFT_BINDING, DISCLOSURE, "c2pa.hash.bmff.v3", "c2pa.hash.data"]
"""All assertions are our own statement, none is gathered from elsewhere (section 10.3)."""

_LONGEST = 300  # characters of any text taken over from a manifest, which a stranger may have written


@dataclass(frozen=True, slots=True)
class Said:
    """What one manifest says in our terms; empty where it says nothing. Any stranger may have written it."""

    provider: str = ""
    provider_version: str = ""
    title: str = ""
    source_type: str = ""
    generator: str = ""
    generator_version: str = ""
    created: str = ""
    mark_id: str = ""
    mark_format: str = ""
    soft_binding: str = ""
    label: str = ""
    training_data: str = ""
    actions: tuple[str, ...] = ()


def reelgate_version() -> str:
    """The installed version, or ``source`` when run from a checkout that was never installed."""
    try:
        return version("reelgate")
    except PackageNotFoundError:
        return "source"


def definition(claim: Claim, media_type: str = "video/mp4") -> dict[str, Any]:
    """The manifest definition for ``claim`` about a file of ``media_type``, as the C2PA builder takes it (JSON).

    ``c2pa.created`` carries the digital source type and names the generator (section 18.15), the visible label
    is an edit, ``c2pa.watermarked.bound`` points to the soft binding (section 18.10). ``allActionsIncluded``
    holds because the file is ours from the first frame to the signature. The disclosure assertion repeats in
    one place what AI-transparency rules ask for: provider, system and version, time, unique id.
    """
    system = {"name": claim.generator, "version": claim.generator_version}
    us = {"name": PROVIDER, "version": reelgate_version()}
    actions: list[dict[str, Any]] = [
        {
            "action": "c2pa.created",
            "when": claim.created,
            "digitalSourceType": claim.source_type.uri,
            "softwareAgent": system,
        }
    ]
    if claim.label:
        actions.append(
            {
                "action": "c2pa.edited",
                "when": claim.created,
                "softwareAgent": us,
                "description": f"Visible label: {claim.label}",
            }
        )
    actions.append({"action": "c2pa.watermarked.bound", "when": claim.created, "softwareAgent": us})
    disclosure = {
        "provider": PROVIDER,
        "system": claim.generator,
        "system_version": claim.generator_version,
        "created": claim.created,
        "mark_id": claim.mark_id,
        "mark_format": claim.mark_format.value,
        "label": claim.label,
    }
    if claim.training_data:
        disclosure["training_data"] = claim.training_data
    return {
        "claim_version": 2,
        "claim_generator_info": [{**us, "specVersion": SPEC_VERSION}],
        "title": claim.title,
        "format": media_type,
        "assertions": [
            {"label": ACTIONS, "data": {"actions": actions, "allActionsIncluded": True}},
            {
                "label": SOFT_BINDING,
                "data": {"alg": PICTURE_ALGORITHM, "blocks": [{"scope": {}, "value": claim.mark_id}]},
            },
            {"label": DISCLOSURE, "data": disclosure},
        ],
    }


def said(manifest: Mapping[str, Any]) -> Said:
    """What ``manifest`` (one entry of the reader's JSON) says; never raises on a stranger's oddities."""
    info = _first(manifest.get("claim_generator_info"))
    disclosure = next(_data(manifest, DISCLOSURE), {})
    actions = [action for data in _data(manifest, "c2pa.actions") for action in _maps(data.get("actions"))]
    created = next((one for one in actions if one.get("digitalSourceType")), {})
    agent = created.get("softwareAgent")
    system = agent if isinstance(agent, dict) else {"name": agent}
    algorithm, value = _binding(manifest)
    return Said(
        provider=shown(info.get("name")),
        provider_version=shown(info.get("version")),
        title=shown(manifest.get("title")),
        source_type=shown(created.get("digitalSourceType")),
        generator=shown(system.get("name")),
        generator_version=shown(system.get("version")),
        created=shown(created.get("when")),
        mark_id=value if algorithm == PICTURE_ALGORITHM and is_mark_id(value) else "",
        mark_format=shown(disclosure.get("mark_format")),
        soft_binding=algorithm,
        label=shown(disclosure.get("label")),
        training_data=shown(disclosure.get("training_data")),
        actions=tuple(shown(one.get("action")) for one in actions[:50]),
    )


def is_mark_id(text: str) -> bool:
    """True for 16 lower-case hex digits."""
    return len(text) == 16 and set(text) <= set("0123456789abcdef")


def _binding(manifest: Mapping[str, Any]) -> tuple[str, str]:
    """Algorithm and value of the soft binding: ours when there is one, else the first."""
    found = [
        (shown(data.get("alg")), shown(_first(data.get("blocks")).get("value")))
        for data in _data(manifest, SOFT_BINDING)
    ]
    ours = [pair for pair in found if pair[0] == PICTURE_ALGORITHM]
    return (ours or found or [("", "")])[0]


def _data(manifest: Mapping[str, Any], label: str) -> Iterator[dict[str, Any]]:
    """The data of every assertion called ``label``, with or without a version or a copy number."""
    for assertion in _maps(manifest.get("assertions")):
        name, data = assertion.get("label"), assertion.get("data")
        if isinstance(data, dict) and isinstance(name, str) and (name == label or _variant(name, label)):
            yield data


def _variant(name: str, label: str) -> bool:
    return name.startswith(label) and name[len(label) :].startswith((".v", "__"))


def _maps(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _first(value: object) -> dict[str, Any]:
    return next(iter(_maps(value)), {})


def shown(value: object) -> str:
    """A stranger's text made fit to show: a string, printable, short; anything else is empty."""
    if not isinstance(value, str):
        return ""
    return "".join(sign for sign in value[:_LONGEST] if sign.isprintable())
