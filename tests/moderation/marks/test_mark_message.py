"""What a mark says survives coding, noise and nothing but its own key."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reelgate.errors import BadInput
from reelgate.words import MarkFormat
from reelgate_moderation.marks import keyed
from reelgate_moderation.marks.code import code
from reelgate_moderation.marks.payload import DEFAULT_KEY, mark_id, message_bits, message_format, message_id
from reelgate_moderation.marks.tile import carrier, chips, tile_spectrum, variant_of

IDS = st.integers(0, 2**64 - 1).map(lambda number: f"{number:016x}")
FORMATS = st.sampled_from(list(MarkFormat))
KEYS = st.binary(min_size=16, max_size=40)

KEYED_WORDS = [2310244667615741469, 13493160087119746072]
FIRST_LINES = [[9, 15], [-18, 7], [-8, 4]]


@given(IDS, FORMATS, KEYS)
def test_bits_say_the_id_under_their_own_key_only(message: str, kind: MarkFormat, key: bytes) -> None:
    bits = message_bits(message, kind, key)
    assert bits.size == {MarkFormat.FULL: 96, MarkFormat.SHORT: 56}[kind]
    wanted = message if kind is MarkFormat.FULL else message[:8]
    assert message_id(bits, kind, key) == wanted
    assert message_id(bits, kind, key + b"x") is None


@given(IDS, FORMATS, st.data())
def test_a_flipped_bit_is_noticed(message: str, kind: MarkFormat, data: st.DataObject) -> None:
    bits = message_bits(message, kind, DEFAULT_KEY)
    bits[data.draw(st.integers(0, bits.size - 1))] ^= 1
    assert message_id(bits, kind, DEFAULT_KEY) is None


@pytest.mark.parametrize("bad", ["", "0123456789abcde", "0123456789ABCDEF", "0123456789abcdef0", "g" * 16])
def test_an_id_is_sixteen_lower_case_digits(bad: str) -> None:
    with pytest.raises(BadInput):
        mark_id(bad)
    with pytest.raises(BadInput):
        message_format("medium")


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(list(MarkFormat)), st.integers(0, 2**32 - 1))
def test_the_code_carries_any_bits_through_noise(kind: MarkFormat, seed: int) -> None:
    random = np.random.default_rng(seed)
    coder = code(kind)
    bits = random.integers(0, 2, coder.bits).astype(np.uint8)
    symbols = coder.encode(bits)
    assert set(np.unique(symbols)) <= {-1.0, 1.0}
    assert symbols.size == coder.symbols == {MarkFormat.FULL: 576, MarkFormat.SHORT: 560}[kind]
    # z = 22: a fifth of all symbols has the wrong sign.
    noisy = symbols + random.normal(size=symbols.size) * np.sqrt(symbols.size) / 22
    assert np.array_equal(coder.decode(noisy.astype(np.float32)), bits)


@pytest.mark.parametrize(("kind", "z", "most"), [(MarkFormat.FULL, 16.0, 2), (MarkFormat.SHORT, 13.0, 2)])
def test_the_code_is_near_its_limit(kind: MarkFormat, z: float, most: int) -> None:
    """Of 100 messages at this signal-to-noise hardly any is lost (the bound for 96 bits and 1 % is z = 14.7)."""
    random = np.random.default_rng(5)
    coder = code(kind)
    lost = 0
    for _ in range(100):
        bits = random.integers(0, 2, coder.bits).astype(np.uint8)
        noisy = coder.encode(bits) + random.normal(size=coder.symbols) * np.sqrt(coder.symbols) / z
        lost += not np.array_equal(coder.decode(noisy.astype(np.float32)), bits)
    assert lost <= most


@pytest.mark.parametrize("kind", list(MarkFormat))
def test_tail_biting_ends_where_it_began(kind: MarkFormat) -> None:
    """Turning the message round turns the code word round: only a tail-biting code does that."""
    coder = code(kind)
    bits = np.random.default_rng(1).integers(0, 2, coder.bits).astype(np.uint8)
    turned = coder.encode(np.roll(bits, 5))
    assert np.array_equal(turned, np.roll(coder.encode(bits), 5 * coder.rate))


def test_keyed_numbers_never_change() -> None:
    """Marks made today must be readable in years: these values are part of the format."""
    assert keyed.words(b"key", "purpose", 2).tolist() == KEYED_WORDS
    assert carrier(DEFAULT_KEY).lines[:3].tolist() == FIRST_LINES


@given(KEYS)
@settings(max_examples=10, deadline=None)
def test_sync_lines_keep_apart_and_have_no_mirror_image(key: bytes) -> None:
    lines = carrier(key).lines
    assert lines.shape == (28, 2)
    distance = np.hypot(*lines.T)
    assert distance.min() >= 6
    assert distance.max() <= 20
    assert np.abs(lines).min() >= 3
    apart = np.abs(lines[:, None] - lines[None]).sum(axis=2) + 99 * np.eye(28, dtype=int)
    mirrored = np.abs(lines[:, None] * [-1, 1] - lines[None]).sum(axis=2)
    assert apart.min() >= 3
    assert mirrored.min() >= 2


@given(IDS, FORMATS)
@settings(max_examples=10, deadline=None)
def test_a_clean_tile_gives_its_symbols_back(message: str, kind: MarkFormat) -> None:
    spectrum = tile_spectrum(message, kind, DEFAULT_KEY)
    tile = np.fft.ifft2(spectrum)
    assert np.abs(tile.imag).max() < 1e-9
    assert abs(tile.real.var() - 1) < 1e-6
    wanted = code(kind).encode(message_bits(message, kind, DEFAULT_KEY))
    pattern = chips(DEFAULT_KEY, kind, variant_of(message, DEFAULT_KEY))
    soft = pattern.gather(tile.real.astype(np.float32), wanted.size)
    assert np.mean(np.sign(soft) == wanted) > 0.97
