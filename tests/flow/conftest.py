"""Fixtures of the tests that run real processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.flow.browser import Browser


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    """A fresh Chromium; see :mod:`tests.flow.browser`."""
    from tests.flow.browser import running  # its library is needed by these tests alone

    with running(tmp_path / "pictures") as made:
        yield made
