"""The doctor always answers: an ill part is a line in the report, never a traceback."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reelgate import doctor, extras
from reelgate.doctor import Check
from reelgate.errors import MissingExtra

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest


@dataclass(frozen=True)
class Part:
    """An entry point whose target is given by the test."""

    name: str
    loads: Callable[[], object]
    value: str = "acme_reels.doctor:checks"

    def load(self) -> object:
        return self.loads()


def raising(error: Exception) -> Callable[[], object]:
    def load() -> object:
        raise error

    return load


def by_name(*parts: Part) -> dict[str, Check]:
    return {check.name: check for check in doctor.gather(parts)}


def test_the_ground_names_its_interpreter_and_requests():
    found = by_name()
    assert set(found) == {"python", "requests"}
    assert all(check.ok and check.detail for check in found.values())


def test_a_parts_own_checks_are_shown_as_they_are():
    fault = Check("acme key", ok=False, detail="no key is set", mend="export ACME_KEY=...")
    found = by_name(Part("acme", lambda: lambda: [Check("acme clock", True, "in time"), fault]))
    assert found["acme clock"].ok
    assert found["acme key"] == fault


def test_a_part_that_cannot_be_imported_is_a_fault_with_a_mend():
    found = by_name(Part("acme", raising(ModuleNotFoundError("No module named 'acme'", name="acme"))))
    assert not found["acme"].ok
    assert "acme" in found["acme"].detail
    assert found["acme"].mend


def test_a_part_left_out_on_purpose_is_no_fault_and_says_what_to_type():
    gap = MissingExtra("This needs acme, which is not installed. Type: pip install 'reelgate[acme]'")
    found = by_name(Part("acme", raising(gap)))
    assert found["acme"].ok
    assert found["acme"].mend == "pip install 'reelgate[acme]'"


def test_a_check_that_breaks_down_keeps_the_others_and_hides_its_message():
    def ill() -> list[Check]:
        raise RuntimeError("password=hunter2")

    found = by_name(Part("acme", lambda: ill), Part("other", lambda: lambda: [Check("other", True, "fine")]))
    assert not found["acme"].ok
    assert found["other"].ok
    assert "hunter2" not in found["acme"].detail + found["acme"].mend


def test_an_uninstalled_extra_of_ours_is_left_out_without_importing_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(extras, "requires", lambda _: ["no-such-dist-xyz>=1 ; extra == 'media'"])
    part = Part("media", raising(AssertionError("was imported")), value="reelgate.media.doctor:checks")
    found = by_name(part)
    assert found["media"].ok
    assert "no-such-dist-xyz" in found["media"].detail
    assert found["media"].mend == "pip install 'reelgate[media]'"


def test_the_report_puts_the_mend_beneath_the_fault():
    lines = doctor.report([Check("a", True, "fine"), Check("long-name", False, "bad", "do this")]).splitlines()
    assert lines[1].startswith("FAULT") and "bad" in lines[1]
    assert lines[2].strip() == "-> do this"
    assert lines[-1] == "1 fault to mend."


def test_extras_follow_an_extra_within_an_extra(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(
        extras,
        "requires",
        lambda _: [
            "requests>=2.32",
            "no-such-a[x]>=1.0; extra == 'media'",
            'no-such-b; python_version > "3" and extra == "service"',
            "reelgate[media,other]; extra == 'service'",
            "no-such-c>1; extra == 'elsewhere'",
        ],
    )
    assert extras.absent("service") == ("no-such-a", "no-such-b")
    assert extras.absent("undeclared") == ()
