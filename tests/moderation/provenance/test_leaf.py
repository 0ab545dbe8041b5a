"""The ledger's leaves and chain: whatever is changed, swapped, dropped or added is found; erasing is not."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reelgate_moderation.provenance.leaf import (
    GENESIS,
    Checkpoint,
    Row,
    canonical,
    chain_hash,
    commit,
    leaf_hash,
    new_salt,
    opens,
    seal,
    verify_chain,
)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
facts = st.dictionaries(
    texts.filter(lambda name: name != "committed"),
    st.one_of(texts, st.integers(-(2**63), 2**63), st.booleans(), st.none()),
    max_size=5,
)
personal = st.dictionaries(texts, texts, max_size=3)
salts = st.binary(min_size=32, max_size=32)
leaves = st.lists(st.builds(seal, facts, personal, salts).map(lambda sealed: sealed.leaf), min_size=1, max_size=8)


def chained(all_leaves: list[bytes]) -> list[Row]:
    rows, previous = [], GENESIS
    for seq, leaf in enumerate(all_leaves, 1):
        digest = leaf_hash(leaf)
        previous = chain_hash(previous, seq, digest)
        rows.append(Row(seq, leaf, digest, previous))
    return rows


@settings(max_examples=40, deadline=None)
@given(leaves)
def test_a_whole_chain_verifies(all_leaves: list[bytes]) -> None:
    rows = chained(all_leaves)
    report = verify_chain(rows)
    assert report.ok and report.rows == len(rows)
    assert report.head == Checkpoint(len(rows), rows[-1].chain_hash)


@settings(max_examples=40, deadline=None)
@given(leaves, st.data())
def test_any_changed_bit_is_found_where_it_is(all_leaves: list[bytes], data: st.DataObject) -> None:
    rows = chained(all_leaves)
    at = data.draw(st.integers(0, len(rows) - 1))
    name = data.draw(st.sampled_from(["leaf", "leaf_hash", "chain_hash"]))
    spoiled = bytearray(getattr(rows[at], name))
    spoiled[data.draw(st.integers(0, len(spoiled) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    rows[at] = replace(rows[at], **{name: bytes(spoiled)})
    report = verify_chain(rows)
    assert (report.ok, report.bad_seq, report.rows) == (False, at + 1, at)
    assert report.why


@settings(max_examples=40, deadline=None)
@given(leaves, st.data())
def test_a_rewritten_leaf_with_its_hash_made_to_fit_is_found(all_leaves: list[bytes], data: st.DataObject) -> None:
    rows = chained(all_leaves)
    at = data.draw(st.integers(0, len(rows) - 1))
    leaf = rows[at].leaf + b" "
    rows[at] = replace(rows[at], leaf=leaf, leaf_hash=leaf_hash(leaf))
    assert verify_chain(rows).bad_seq == at + 1


@settings(max_examples=40, deadline=None)
@given(leaves.filter(lambda some: len(some) > 1), st.data())
def test_a_removed_row_is_found(all_leaves: list[bytes], data: st.DataObject) -> None:
    rows = chained(all_leaves)
    at = data.draw(st.integers(0, len(rows) - 2))
    assert verify_chain(rows[:at] + rows[at + 1 :]).bad_seq == at + 1
    renumbered = rows[:at] + [replace(row, seq=row.seq - 1) for row in rows[at + 1 :]]
    assert verify_chain(renumbered).bad_seq == at + 1


@settings(max_examples=40, deadline=None)
@given(leaves)
def test_rows_cut_off_at_the_end_are_found_by_a_checkpoint(all_leaves: list[bytes]) -> None:
    rows = chained(all_leaves)
    head = verify_chain(rows).head
    assert verify_chain(rows, head=head).ok
    report = verify_chain(rows[:-1], head=head)
    assert (report.ok, report.bad_seq) == (False, len(rows))


@settings(max_examples=40, deadline=None)
@given(leaves, leaves)
def test_a_history_written_anew_is_found_by_a_checkpoint(one: list[bytes], other: list[bytes]) -> None:
    head = verify_chain(chained(one)).head
    rewritten = chained(other)
    assert verify_chain(rewritten, head=head).ok == (other[: len(one)] == one)


@settings(max_examples=40, deadline=None)
@given(leaves.filter(lambda some: len(some) > 1), st.data())
def test_swapped_and_doubled_rows_are_found(all_leaves: list[bytes], data: st.DataObject) -> None:
    rows = chained(all_leaves)
    at = data.draw(st.integers(0, len(rows) - 2))
    swapped = [*rows[:at], rows[at + 1], rows[at], *rows[at + 2 :]]
    assert verify_chain(swapped).bad_seq == at + 1
    assert verify_chain([*rows[: at + 1], *rows[at:]]).bad_seq == at + 2


@settings(max_examples=40, deadline=None)
@given(leaves, st.data())
def test_checking_can_start_at_any_checkpoint(all_leaves: list[bytes], data: st.DataObject) -> None:
    rows = chained(all_leaves)
    at = data.draw(st.integers(0, len(rows)))
    report = verify_chain(rows[at:], after=verify_chain(rows[:at]).head)
    assert report.ok and report.head == verify_chain(rows).head


@given(facts, personal, salts)
def test_the_bytes_do_not_depend_on_the_order_of_fields(
    some: dict[str, str], private: dict[str, str], salt: bytes
) -> None:
    turned = dict(reversed(list(some.items())))
    assert seal(some, private, salt) == seal(turned, dict(reversed(list(private.items()))), salt)
    assert json.loads(seal(some, private, salt).leaf) == {
        **some,
        "committed": {name: commit(salt, name, value) for name, value in private.items()},
    }


def test_the_format_is_fixed_for_good() -> None:
    salt = bytes(range(32))
    sealed = seal({"event": "published", "mark_id": "0123456789abcdef"}, {"member": "42"}, salt)
    assert sealed.leaf == (
        b'{"committed":{"member":"' + commit(salt, "member", "42").encode() + b'"},'
        b'"event":"published","mark_id":"0123456789abcdef"}'
    )
    assert sealed.leaf_hash == hashlib.sha256(b"reelgate.ledger.leaf.v1\0" + sealed.leaf).digest()
    row = b"reelgate.ledger.row.v1\0" + (1).to_bytes(8, "big") + GENESIS + sealed.leaf_hash
    assert chain_hash(GENESIS, 1, sealed.leaf_hash) == hashlib.sha256(row).digest()


@given(texts, texts, texts, texts, salts)
def test_a_commitment_opens_only_to_what_was_committed(
    name: str, value: str, other_name: str, other: str, salt: bytes
) -> None:
    sealed = commit(salt, name, value)
    assert opens(sealed, salt, name, value)
    assert opens(sealed, salt, other_name, other) == ((name, value) == (other_name, other))
    assert not opens(sealed, new_salt(), name, value)


def test_erasing_leaves_the_chain_as_it_was_and_the_person_out_of_it() -> None:
    people = [f"member-{number}" for number in range(20)]
    sealed = [seal({"n": number}, {"member": who}, new_salt()) for number, who in enumerate(people)]
    side_table = {number: (one.salt, people[number]) for number, one in enumerate(sealed)}
    rows = chained([one.leaf for one in sealed])
    before = verify_chain(rows).head
    salt, who = side_table.pop(7)
    assert verify_chain(rows, head=before).ok
    assert who.encode() not in b"".join(row.leaf for row in rows)
    committed = json.loads(rows[7].leaf)["committed"]["member"]
    assert opens(committed, salt, "member", who)
    # Without the salt even somebody who tries every member finds nothing, also not with others' salts.
    others = [salt for salt, _ in side_table.values()]
    assert not any(opens(committed, other, "member", one) for other in others for one in people)


def test_the_same_person_looks_different_in_every_leaf() -> None:
    assert seal({}, {"member": "42"}, new_salt()).leaf != seal({}, {"member": "42"}, new_salt()).leaf


def test_the_salt_is_never_printed() -> None:
    sealed = seal({}, {}, b"s" * 32)
    assert "ssss" not in repr(sealed)


@pytest.mark.parametrize("value", [1.5, b"bytes", ["list"], object()])
def test_what_has_no_single_text_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical({"x": value})  # type: ignore[dict-item]


def test_misuse_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        commit(b"short", "a", "b")
    with pytest.raises(ValueError, match="committed"):
        seal({"committed": "x"}, {}, new_salt())
