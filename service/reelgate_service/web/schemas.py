"""What the API answers with, as JSON Schema: one description a noun."""

from __future__ import annotations

from typing import Any

from reelgate.words import Kind, Stage


def _object(properties: dict[str, Any], required: tuple[str, ...] | None = None) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": sorted(required or tuple(properties))}


def _page(item: str, *, cursor: bool = False) -> dict[str, Any]:
    properties: dict[str, Any] = {"items": {"type": "array", "items": {"$ref": f"#/components/schemas/{item}"}}}
    if cursor:
        properties["next"] = {"type": ["string", "null"]}
    return _object(properties)


_TEXT = {"type": "string"}
_TIME = {"type": "string", "format": "date-time"}
_WORDS = {"type": "array", "items": _TEXT}
_COUNT = {"type": "integer", "minimum": 0}

_MAYBE = {"type": ["string", "null"]}
_MAYBE_NUMBER = {"type": ["number", "null"]}
_ASKED = _object(
    {
        "prompt": _MAYBE,
        "seconds": {"type": "number"},
        "aspect": _TEXT,
        "seed": _COUNT,
        "variation": _COUNT,
        "parent": _MAYBE,
        "platform": _TEXT,
        "generator": _TEXT,
    }
)
_MARKS = _object(
    {
        "label": _TEXT,
        "mark_id": _TEXT,
        "format": _TEXT,
        "strength": _COUNT,
        "presence": _MAYBE_NUMBER,
        "p_value": _MAYBE_NUMBER,
        "width": _COUNT,
        "height": _COUNT,
        "seconds": {"type": "number"},
        "media_type": _TEXT,
    }
)
_MANIFEST = _object(
    {
        "valid": {"type": "boolean"},
        "trusted": {"type": "boolean"},
        "signer": _TEXT,
        "issuer": _TEXT,
        "algorithm": _TEXT,
        "serial": _TEXT,
        "codes": _WORDS,
        "generator": _TEXT,
        "generator_version": _TEXT,
        "source_type": _TEXT,
        "training_data": _TEXT,
        "created": _TEXT,
        "actions": _WORDS,
        "store": {"type": "object"},
    }
)
_LEAF = _object(
    {
        "event": _TEXT,
        "at": _TIME,
        "seq": {"type": ["integer", "null"]},
        "leaf_hash": _TEXT,
        "chain_hash": _MAYBE,
        "facts": {"type": "object"},
    }
)

SCHEMAS: dict[str, Any] = {
    "Job": _object(
        {
            "id": _TEXT,
            "kind": {"type": "string", "enum": [kind.value for kind in Kind]},
            "stage": {"type": "string", "enum": [stage.value for stage in Stage]},
            "created_at": _TIME,
            "updated_at": _TIME,
            "progress": _object({"done": _COUNT, "total": _COUNT}),
            "understood": _WORDS,
            "approximated": _WORDS,
            "ignored": _WORDS,
            "result": {"type": ["object", "null"]},
            "error": {"oneOf": [_object({"code": _TEXT, "says": _TEXT}), {"type": "null"}]},
            "waits": {"oneOf": [_object({"code": _TEXT, "says": _TEXT}), {"type": "null"}]},
            "review": {"oneOf": [_object({"id": _TEXT}), {"type": "null"}]},
        }
    ),
    "JobPage": _page("Job", cursor=True),
    "RecordLine": _object({"job": _TEXT, "kind": _TEXT, "stage": _TEXT, "created_at": _TIME, "asked": _ASKED}),
    "RecordPage": _page("RecordLine", cursor=True),
    "Record": _object(
        {
            "job": {"$ref": "#/components/schemas/Job"},
            "asked": _ASKED,
            "verdicts": {
                "type": "array",
                "items": _object(
                    {"stage": _TEXT, "decision": _TEXT, "by": _TEXT, "policy": _TEXT, "grounds": _WORDS, "at": _TIME}
                ),
            },
            "marks": {"oneOf": [_MARKS, {"type": "null"}]},
            "manifest": {"oneOf": [_MANIFEST, {"type": "null"}]},
            "ledger": {"type": "array", "items": _LEAF},
            "times": {"type": "array", "items": _object({"stage": _TEXT, "seconds": {"type": "number"}})},
        }
    ),
    "Review": _object(
        {"id": _TEXT, "job": _TEXT, "kind": _TEXT, "reason": _TEXT, "offers": _WORDS, "opened_at": _TIME}
    ),
    "ReviewPage": _page("Review"),
    "Provenance": _object(
        {
            "mark_id": {"type": "string", "pattern": "^[0-9a-f]{16}$"},
            "job": _TEXT,
            "sealed_at": _TIME,
            "sha256": _TEXT,
            "manifest_hash": _TEXT,
            "fingerprint": _TEXT,
            "generator": _TEXT,
            "generator_version": _TEXT,
            "source_type": _TEXT,
            "label": _TEXT,
            "ledger": _object(
                {
                    "seq": {"type": ["integer", "null"]},
                    "leaf_hash": _TEXT,
                    "chain_hash": {"type": ["string", "null"]},
                }
            ),
        }
    ),
    "Report": _object(
        {
            "label": {"type": "object"},
            "picture_mark": {"type": "object"},
            "sound_mark": {"type": "object"},
            "manifest": {"type": "object"},
            "ledger": {"type": "object"},
            "verdict": _TEXT,
        }
    ),
    "Endpoint": _object(
        {"id": _TEXT, "url": _TEXT, "secret": _TEXT, "created_at": _TIME, "disabled": {"type": "boolean"}},
        ("id", "url"),
    ),
    "EndpointPage": _page("Endpoint"),
    "Problem": _object(
        {
            "type": _TEXT,
            "title": _TEXT,
            "status": {"type": "integer"},
            "detail": _TEXT,
            "code": _TEXT,
            "request_id": _TEXT,
        }
    ),
    "Health": _object({"status": _TEXT}),
}
