"""The signed file checked without any C2PA library, from the specification alone."""

from __future__ import annotations

import importlib.util
import io
import random
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import cbor2
from cryptography import x509

from reelgate_moderation.provenance.manifest import read_manifest

if TYPE_CHECKING:
    from types import ModuleType

    from reelgate.words import Claim
    from reelgate_moderation.provenance.identity import SigningIdentity


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bare_c2pa", Path(__file__).with_name("bare_c2pa.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["bare_c2pa"] = module
    spec.loader.exec_module(module)
    return module


bare = _load()


def test_every_hash_and_the_signature_hold(signed: bytes, claim: Claim, identity: SigningIdentity) -> None:
    checked = bare.check(signed)
    assert checked.certificates == x509.load_pem_x509_certificates(identity.chain_pem)
    assert set(checked.assertions) == {
        "c2pa.actions.v2",
        "c2pa.soft-binding",
        "com.reelgate.disclosure",
        "c2pa.hash.bmff.v3",
    }
    actions = checked.assertions["c2pa.actions.v2"]
    created, labelled, marked = actions["actions"]
    assert created["action"] == "c2pa.created"
    assert created["digitalSourceType"] == ("http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia")
    assert created["softwareAgent"] == {"name": claim.generator, "version": claim.generator_version}
    assert labelled["action"] == "c2pa.edited" and claim.label in labelled["description"]
    assert marked["action"] == "c2pa.watermarked.bound"
    assert actions["allActionsIncluded"] is True
    binding = checked.assertions["c2pa.soft-binding"]
    assert binding["alg"] == "com.reelgate.tile.1"
    assert [block["value"] for block in binding["blocks"]] == [claim.mark_id]
    assert checked.claim["claim_generator_info"]["name"] == "Reelgate"
    assert checked.claim["dc:title"] == claim.title


def test_an_untouched_unsigned_file_does_not_hold(plain: bytes) -> None:
    assert not bare.holds(plain)


def test_both_readers_find_a_flipped_byte_anywhere(signed: bytes) -> None:
    """All media, the claim, every assertion and the signature; C2PA itself leaves out ``ftyp`` and free space."""
    draw = random.Random(11)
    whole = [box for box in bare.boxes(signed) if box.kind not in {b"uuid", b"ftyp", b"free"}]
    assert {b"moov", b"mdat"} <= {box.kind for box in whole}
    manifest = bare.manifest_store(signed).children[-1]
    parts = [part.content[0].payload for part in manifest.child("c2pa.assertions").children]
    parts.append(manifest.child("c2pa.claim.v2").content[0].payload)
    cose = manifest.child("c2pa.signature").content[0].payload
    parts.append(cbor2.loads(cose).value[3])
    spans = [(box.at, box.size) for box in whole] + [(signed.index(part), len(part)) for part in parts]
    for start, size in spans:
        for at in [start, start + size - 1, *(start + draw.randrange(size) for _ in range(15))]:
            spoiled = bytearray(signed)
            spoiled[at] ^= 1 << draw.randrange(8)
            assert not bare.holds(bytes(spoiled)), at
            assert not read_manifest(io.BytesIO(bytes(spoiled))).valid, at


def test_the_checker_itself_loads_no_c2pa_library() -> None:
    words = (
        "import sys, importlib.util as u;"
        "s = u.spec_from_file_location('bare_c2pa', sys.argv[1]); m = u.module_from_spec(s);"
        "sys.modules['bare_c2pa'] = m; s.loader.exec_module(m);"
        "assert not [n for n in sys.modules if n.split('.')[0] in ('c2pa', 'reelgate', 'reelgate_moderation')]"
    )
    path = str(Path(__file__).with_name("bare_c2pa.py"))
    done = subprocess.run([sys.executable, "-c", words, path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
