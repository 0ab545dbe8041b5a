"""For all tests: nothing leaves this machine, the log is quiet, and end-to-end tests run only when asked for."""

from __future__ import annotations

import ipaddress
import os
import socket
from typing import Any

import pytest

os.environ.setdefault("REELGATE_LOG", "")
# Before NumPy is imported: some tests fork this process, and a fork must not wait for threads it does not have.
os.environ["OPENBLAS_NUM_THREADS"] = "1"


def pytest_configure() -> None:
    """Property tests are never judged by time; in CI they draw the same examples in every run."""
    from hypothesis import HealthCheck, settings

    settings.register_profile(
        "reelgate", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize="CI" in os.environ
    )
    settings.load_profile("reelgate")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--run-e2e", action="store_true", help="also run the end-to-end tests (make test-e2e)")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """``make test`` leaves out what ``make test-e2e`` runs, and says so in its count of deselected tests."""
    wanted = config.getoption("--run-e2e")
    slow = [item for item in items if item.get_closest_marker("e2e")]
    if not wanted and slow:
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in slow]


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that would call anybody outside fails at once, with the address."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6}:
            host = str(address[0])
            local = host in {"localhost", ""} or ipaddress.ip_address(host).is_loopback
            assert local, f"a test tried to reach {host}"
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
