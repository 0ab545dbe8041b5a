"""PDQ agrees with the reference implementation; the bank finds what it holds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFilter

from reelgate_moderation.errors import BankInvalid
from reelgate_moderation.hashes.bank import Entry, HashBank, parse
from reelgate_moderation.hashes.pdq import distance, from_hex, pdq, pdq_rgb, to_hex
from reelgate_moderation.policy.policy import Category


def picture(width: int, height: int, seed: int) -> np.ndarray:
    """A drawn picture with soft colour fields and hard edges."""
    rng = np.random.default_rng(seed)
    field = (rng.random((6, 8, 3)) * 255).astype(np.uint8)
    image = Image.fromarray(field).resize((width, height), Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(image)
    for _ in range(20):
        x, y, r = rng.integers(0, width), rng.integers(0, height), rng.integers(3, max(4, width // 5))
        draw.ellipse([x - r, y - r, x + r, y + r], fill=tuple(int(v) for v in rng.integers(0, 255, 3)))
    return np.asarray(image.filter(ImageFilter.GaussianBlur(1)))


@pytest.mark.parametrize("size", [(64, 64), (130, 128), (256, 144), (300, 200), (511, 333), (512, 512), (720, 1280)])
def test_pdq_is_within_ten_bits_of_the_reference(size):
    # It compiles on installation: where there is no compiler this comparison alone is left out, and says so.
    pdqhash = pytest.importorskip("pdqhash", reason="pdqhash is not installed: PDQ was not compared with it")
    for seed in range(4):
        rgb = picture(*size, seed)
        bits, grade = pdqhash.compute(rgb)
        ours, quality = pdq_rgb(rgb)
        reference = int("".join(str(bit) for bit in bits), 2)
        assert abs(quality - int(grade)) <= 1
        if grade >= 80:
            assert distance(ours, reference) <= 10


def test_flat_pictures_have_no_quality_and_odd_ones_are_refused():
    assert pdq(np.full((90, 160), 128, np.uint8))[1] == 0
    assert pdq(np.zeros((1, 1), np.uint8))[1] == 0
    with pytest.raises(ValueError, match="luma picture"):
        pdq(np.zeros((4, 4, 3), np.uint8))
    with pytest.raises(ValueError, match="luma picture"):
        pdq(np.zeros((0, 4), np.uint8))


def test_a_copy_stays_near_and_another_picture_far():
    rgb = picture(400, 300, 7)
    number, _ = pdq_rgb(rgb)
    smaller = np.asarray(Image.fromarray(rgb).resize((256, 192), Image.Resampling.LANCZOS))
    brighter = np.clip(rgb.astype(int) + 12, 0, 255).astype(np.uint8)
    assert distance(number, pdq_rgb(smaller)[0]) <= 31
    assert distance(number, pdq_rgb(brighter)[0]) <= 31
    assert distance(number, pdq_rgb(picture(400, 300, 8))[0]) > 60


@given(st.integers(0, 2**256 - 1))
def test_hex_round_trip(number):
    assert from_hex(to_hex(number)) == number


@given(st.text(max_size=70))
def test_hex_of_anything_else_is_a_value_error(text):
    try:
        assert to_hex(from_hex(text)) == text.lower()
    except ValueError:
        pass


@given(
    st.lists(st.integers(0, 2**256 - 1), min_size=1, max_size=30, unique=True),
    st.integers(0, 255).flatmap(lambda n: st.sets(st.integers(0, 255), min_size=n % 60, max_size=n % 60)),
)
def test_the_bank_agrees_with_counting_bits_one_by_one(numbers, flips):
    bank = HashBank(Entry(n, f"e{i}", Category.GORE) for i, n in enumerate(numbers))
    asked = numbers[0]
    for bit in flips:
        asked ^= 1 << bit
    nearest = min(distance(asked, n) for n in numbers)
    match = bank.find(asked)
    assert (match is None) == (nearest > 31)
    if match:
        assert match.distance == nearest


def test_what_is_added_and_removed_counts_at_once():
    bank = HashBank()
    assert bank.find(5) is None
    bank.add(Entry(5, "five", Category.VIOLENCE))
    found = bank.find(4)
    assert found is not None
    assert found.distance == 1
    assert found.entry.label == "five"
    assert bank.remove(5)
    assert not bank.remove(5)
    assert bank.find(5) is None
    assert len(bank) == 0


def test_a_bank_is_read_from_a_directory_and_written_back(tmp_path):
    assert len(HashBank.load(tmp_path / "nothing")) == 0
    assert len(HashBank.load(tmp_path)) == 0
    (tmp_path / "a.txt").write_text(f"# ours\n{to_hex(9)} nine gore\n\n{to_hex(3)} three violence # remark\n")
    bank = HashBank.load(tmp_path)
    assert sorted(entry.label for entry in bank) == ["nine", "three"]
    assert {e.hash for e in parse(bank.text())} == {3, 9}


@pytest.mark.parametrize(
    "line", ["zz nine gore", f"{to_hex(1)} nine", f"{to_hex(1)} nine gory", f"{to_hex(1)} n/ne gore", "word"]
)
def test_a_wrong_line_is_named(tmp_path, line):
    (tmp_path / "b.txt").write_text(f"\n{line}\n")
    with pytest.raises(BankInvalid) as caught:
        HashBank.load(tmp_path)
    assert "b.txt" in str(caught.value)
    assert "line 2" in str(caught.value)
