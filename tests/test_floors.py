"""Keeps the floors of the house: arrows point down, the wings never see each other, nothing runs in circles.

The table is the one of ``docs/architecture.md``. A fault says who reaches where, and what to do instead.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.import_graph import House, Import, read, within

ROOT = Path(__file__).parent.parent
OURS = {
    "reelgate": ROOT / "sdk" / "reelgate",
    "reelgate_integrations": ROOT / "integrations" / "reelgate_integrations",
    "reelgate_moderation": ROOT / "moderation" / "reelgate_moderation",
    "reelgate_service": ROOT / "service" / "reelgate_service",
}
MEDIA = {"av", "PIL"}
ROOF = {"flask", "celery", "sqlalchemy", "alembic", "gunicorn"}
TESTS_ONLY = {
    "scipy", "pdqhash", "cbor2", "jsonschema", "responses", "hypothesis", "standardwebhooks", "pytest",
    "playwright", "axe_playwright_python",
}  # fmt: skip

SERVICE = (
    ("settings", "observe", "storage", "clock", "db", "points", "vault"),
    ("broker", "access", "studio", "steps", "ordering", "marking", "signing", "needs", "chat", "links"),
    ("pipeline", "web", "dashboard"),
    ("worker", "app"),
    ("cli", "cli_apps", "cli_base", "local", "doctor", "crash", "__main__"),
)
"""The service's inner floors, lowest first. A module may import its own floor and those below."""


@pytest.fixture(scope="module")
def house() -> House:
    return read(*OURS.values())


def told(faults: list[str], instead: str) -> str:
    return "\n".join(["", *sorted(faults), "", f"Instead: {instead}"])


def line(house: House, each: Import) -> str:
    return f"  {house.modules[each.source].name}:{each.line}  {each.source} imports {each.target}"


def faults(house: House, source: str, wrong: set[str], but: str = "") -> list[str]:
    """Imports within ``source`` (except within ``but``) of anything within ``wrong``, those for types included."""
    return [
        line(house, each)
        for each in house.of(source)
        if not (but and within(each.source, but)) and any(within(each.target, name) for name in wrong)
    ]


def strangers(house: House, source: str, allowed: set[str], but: str = "") -> list[str]:
    """Imports that run within ``source`` (except within ``but``), but for the standard library and ``allowed``."""
    return [
        line(house, each)
        for each in house.of(source)
        if each.runs
        and not (but and within(each.source, but))
        and each.top not in sys.stdlib_module_names | allowed
    ]


def test_the_ground_needs_requests_and_nothing_else(house: House):
    found = strangers(house, "reelgate", {"requests", "reelgate"}, but="reelgate.media")
    found += strangers(house, "reelgate.media", {"requests", "reelgate", "av", "PIL", "numpy"})
    found += faults(house, "reelgate", set(OURS) - {"reelgate"})
    assert not found, told(
        found,
        "keep the noun or contract in sdk/ and move what needs more to the room that has it; find plugins by entry "
        "point, never by import. Type-only imports go under TYPE_CHECKING.",
    )


def test_the_wings_never_see_each_other_nor_the_roof(house: House):
    found = faults(house, "reelgate_integrations", {"reelgate_moderation", "reelgate_service"} | ROOF)
    found += faults(house, "reelgate_moderation", {"reelgate_integrations", "reelgate_service"} | ROOF)
    assert not found, told(
        found,
        "put what both need into sdk/reelgate (words or contract), and let service/ hand it over as an argument.",
    )


def test_only_the_media_room_opens_pictures_and_sound(house: House):
    found = [each for name in OURS for each in faults(house, name, MEDIA, but="reelgate.media")]
    assert not found, told(found, "call reelgate.media, the one door; add there what it cannot do yet.")


def test_the_libraries_of_the_tests_stay_in_the_tests(house: House):
    found = [each for name in OURS for each in faults(house, name, TESTS_ONLY)]
    assert not found, told(found, "write the few lines, and let the test compare them with the library.")


def floor_of(module: str) -> int | None:
    """The inner floor of a module of the service; the package itself stands under all of them."""
    parts = module.split(".")
    if len(parts) == 1:
        return -1
    return next((floor for floor, names in enumerate(SERVICE) if parts[1] in names), None)


def test_every_module_of_the_service_has_a_floor(house: House):
    found = [f"  {name}" for name in house.modules if within(name, "reelgate_service") and floor_of(name) is None]
    assert not found, told(found, "name it in SERVICE in tests/test_floors.py and in docs/architecture.md.")


def test_the_services_arrows_point_down(house: House):
    found = []
    for each in house.of("reelgate_service"):
        if not each.runs or not within(each.target, "reelgate_service"):
            continue
        source, target = floor_of(each.source), floor_of(each.target)
        if source is not None and target is not None and target > source:
            found.append(line(house, each))
    assert not found, told(
        found,
        "the lower floor declares what it needs (a Protocol, a callable) and the upper floor hands it in.",
    )


@pytest.mark.parametrize("room", ["reelgate_service.web", "reelgate_service.dashboard"])
def test_the_web_never_films_or_decodes(house: House, room: str):
    heavy = {
        "reelgate_service.studio", "reelgate_service.pipeline", "reelgate_service.steps", "reelgate_service.worker",
        "torch", "av",
    }  # fmt: skip
    ways = [house.way(name, heavy) for name in house.modules if within(name, room)]
    found = [f"  {' -> '.join(way)}" for way in ways if way]
    assert not found, told(
        found,
        "store the bytes in quarantine and make a job (verify or ingest); the worker prepares what a page shows.",
    )


def test_a_web_process_holds_nothing_that_films(house: House):
    """The same, seen from inside: what is found by name at run time is not in any import statement."""
    names = [name for name in house.modules if within(name, "reelgate_service.web")]
    script = (
        f"import importlib, sys\nfor name in {names!r}: importlib.import_module(name)\n"
        "heavy = ('reelgate_service.studio', 'reelgate_service.pipeline', 'reelgate_service.worker', 'torch', 'av')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    path = os.pathsep.join(str(package.parent) for package in OURS.values())
    env = {**os.environ, "PYTHONPATH": path}
    done = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


def test_nothing_runs_in_circles(house: House):
    found = [f"  {' <-> '.join(circle)}" for circle in house.circles()]
    assert not found, told(
        found,
        "move the noun that both need into a module below them; a package's __init__ imports nothing of its own "
        "rooms (use a lazy __getattr__).",
    )


def test_no_file_is_longer_than_400_lines():
    found = []
    for package in OURS.values():
        for path in package.rglob("*.py"):
            length = len(path.read_text(encoding="utf-8").splitlines())
            if length > 400:
                found.append(f"  {path.relative_to(ROOT)}: {length} lines")
    assert not found, told(found, "a file says one thing: split it where the second thing begins.")


# -- the test of the test: a small house with every fault in it ------------------------------------------------------


@pytest.fixture
def crooked(tmp_path: Path) -> House:
    files = {
        "reelgate/__init__.py": "",
        "reelgate/words.py": "import json\nimport av\nfrom reelgate_service import db\n",
        "reelgate/media/__init__.py": "import av\n",
        "reelgate_moderation/__init__.py": "",
        "reelgate_moderation/a.py": "def late():\n    from reelgate_moderation import b\n",
        "reelgate_moderation/b.py": "from . import a\n",
        "reelgate_moderation/c.py": (
            "from typing import TYPE_CHECKING\n"
            "if TYPE_CHECKING:\n    from reelgate_moderation import d\n    import PIL\n"
        ),
        "reelgate_moderation/d.py": "from reelgate_moderation.c import late\n",
        "reelgate_service/__init__.py": "",
        "reelgate_service/db/__init__.py": "",
        "reelgate_service/helper.py": "try:\n    import reelgate.media.clip\nexcept ImportError:\n    pass\n",
        "reelgate_service/web/__init__.py": "",
        "reelgate_service/web/app.py": "from ..helper import thing\n",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return read(*[tmp_path / name for name in ("reelgate", "reelgate_moderation", "reelgate_service")])


def test_it_sees_strangers_late_imports_and_relative_ones(crooked: House):
    assert len(strangers(crooked, "reelgate", {"requests", "reelgate"}, but="reelgate.media")) == 2
    assert len(faults(crooked, "reelgate", MEDIA, but="reelgate.media")) == 1
    assert [each.target for each in crooked.of("reelgate_moderation.b")] == ["reelgate_moderation.a"]
    assert len(faults(crooked, "reelgate_moderation", MEDIA)) == 1
    assert strangers(crooked, "reelgate_moderation", {"reelgate_moderation"}) == []


def test_it_sees_circles_but_not_those_of_type_checkers(crooked: House):
    assert crooked.circles() == [["reelgate_moderation.a", "reelgate_moderation.b"]]


def test_it_sees_a_long_way_round_and_the_packages_passed_on_it(crooked: House):
    assert crooked.way("reelgate_service.web.app", {"av"}) == [
        "reelgate_service.web.app",
        "reelgate_service.helper",
        "reelgate.media",
        "av",
    ]
    assert crooked.way("reelgate_service.web.app", {"torch"}) == []
