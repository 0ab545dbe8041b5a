"""The event stream parser against the WHATWG standard: its own examples, a plain reading of its rules, any cut."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelgate.client.events import MAX_EVENT, Event, EventParser
from reelgate.errors import ServiceError


def parsed(*pieces: bytes) -> list[Event]:
    parser = EventParser()
    return [event for piece in pieces for event in parser.feed(piece)]


def by_the_book(text: str) -> list[tuple[str, str, str]]:
    """Sections 9.2.5 and 9.2.6 read literally, over the whole text at once."""
    lines = re.split("\r\n|\r|\n", text.removeprefix("\ufeff"))[:-1]  # what follows the last line end is unfinished
    found, data, kind, last = [], "", "", ""
    for line in lines:
        if line == "":
            if data:
                found.append((kind or "message", data.removesuffix("\n"), last))
            data = kind = ""
            continue
        name, colon, value = line.partition(":")
        if colon and name == "":
            continue
        value = value[1:] if value.startswith(" ") else value
        if name == "data":
            data += value + "\n"
        elif name == "event":
            kind = value
        elif name == "id" and "\0" not in value:
            last = value
    return found


def test_the_standards_examples():
    assert parsed(b"data: YHOO\ndata: +2\ndata: 10\n\n") == [Event("message", "YHOO\n+2\n10")]
    stream = b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n"
    assert parsed(stream) == [
        Event("message", "first event", "1"),
        Event("message", "second event", ""),
        Event("message", " third event", ""),
    ]
    assert parsed(b"data\n\ndata\ndata\n\ndata:") == [Event("message", ""), Event("message", "\n")]
    assert parsed(b"data:test\n\ndata: test\n\n") == [Event("message", "test")] * 2


def test_an_id_is_kept_for_later_events_and_without_data_too():
    parser = EventParser()
    assert parser.feed(b"id: 5\n\n") == []
    assert parser.last_id == "5"
    assert parser.feed(b"event: state\ndata: x\n\n") == [Event("state", "x", "5")]


def test_an_id_counts_only_once_its_event_is_whole():
    parser = EventParser("4")
    parser.feed(b"id: 5\ndata: half")
    assert parser.last_id == "4"


def test_an_id_with_a_null_and_a_retry_with_letters_are_ignored():
    parser = EventParser()
    parser.feed(b"id: 1\nretry: 1500\n\nid: 2\0\nretry: 9s\nretry: \xd9\xa1\n\n")
    assert (parser.last_id, parser.retry) == ("1", 1.5)


def test_a_cr_ends_a_line_at_once_and_its_lf_later_ends_no_other():
    parser = EventParser()
    assert parser.feed(b"data: x\r\n\r") == [Event("message", "x")]
    assert parser.feed(b"\ndata: y\r\r") == [Event("message", "y")]


def test_a_byte_order_mark_is_skipped_once_even_in_pieces():
    assert parsed(b"\xef", b"\xbb", b"\xbfdata: x\n\n") == [Event("message", "x")]
    assert parsed(b"data: x\n\n\xef\xbb\xbfdata: y\n\n") == [Event("message", "x")]


def test_an_endless_event_is_cut_off_but_a_long_stream_is_not():
    with pytest.raises(ServiceError):
        parsed(*[b"data: " + b"x" * 65536] * 20)
    with pytest.raises(ServiceError):
        parsed(*[b"data: x" * 100 + b"\n"] * (MAX_EVENT // 500))
    assert len(parsed(*[b"data: " + b"x" * 65536 + b"\n\n"] * 20)) == 20
    assert len(parsed(b"data: x\n\n" * (MAX_EVENT // 8))) == MAX_EVENT // 8


FRAGMENTS = ("data", "event", "id", "retry", ":", ": ", " ", "\n", "\r", "\r\n", "\n\n", "x", "é🦛", "\0", "\ufeff")
pieces_of_streams = st.lists(st.sampled_from(FRAGMENTS), max_size=60).map("".join)


@given(pieces_of_streams)
def test_it_reads_what_the_standard_reads(text: str):
    assert [(event.type, event.data, event.id) for event in parsed(text.encode())] == by_the_book(text)


@given(pieces_of_streams, st.data())
def test_where_the_bytes_are_cut_makes_no_difference(text: str, data: st.DataObject):
    whole = text.encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=8)))
    pieces = [whole[start:end] for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    assert parsed(*pieces) == parsed(whole)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_without_a_crash(noise: bytes):
    assert parsed(noise) == parsed(*[bytes([byte]) for byte in noise])


field_text = st.text(st.characters(exclude_characters="\r\n\0", exclude_categories=["Cs"]), max_size=20)


@given(st.lists(st.tuples(field_text.filter(bool), field_text, st.lists(field_text, min_size=1, max_size=3))))
def test_what_is_written_by_the_rules_comes_back(events: list[tuple[str, str, list[str]]]):
    wire = "".join(
        f"event: {kind}\nid: {name}\n" + "".join(f"data: {line}\n" for line in lines) + "\n"
        for kind, name, lines in events
    )
    assert parsed(wire.encode()) == [Event(kind, "\n".join(lines), name) for kind, name, lines in events]
