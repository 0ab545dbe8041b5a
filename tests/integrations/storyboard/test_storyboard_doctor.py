"""The doctor says whether drawing works, and what to type when it does not."""

from __future__ import annotations

import builtins
from typing import Any

import pytest

from reelgate.errors import MissingExtra
from reelgate_integrations.generators.storyboard.doctor import checks
from reelgate_integrations.generators.storyboard.generator import drawing


def without(monkeypatch: pytest.MonkeyPatch, error: ImportError) -> None:
    real = builtins.__import__

    def importing(name: str, *args: Any, **more: Any) -> Any:
        if name == "skia":
            raise error
        return real(name, *args, **more)

    monkeypatch.setattr(builtins, "__import__", importing)


def test_all_is_well_here() -> None:
    assert [check.ok for check in checks()] == [True]


def test_a_missing_system_library_names_the_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, ImportError("libEGL.so.1: cannot open shared object file"))
    (check,) = checks()
    assert not check.ok and "apt-get install libegl1 libgl1" in check.mend
    with pytest.raises(MissingExtra, match="libegl1 libgl1"):
        drawing()


def test_a_missing_module_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, ModuleNotFoundError("No module named 'skia'", name="skia"))
    (check,) = checks()
    assert not check.ok and "reelgate[storyboard]" in check.mend
