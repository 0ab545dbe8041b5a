"""No commit and no outside call without a crash point on each side: read from the code itself."""

from __future__ import annotations

import ast
from pathlib import Path

SERVICE = Path(__file__).parents[2] / "service" / "reelgate_service"
COMMITS = {"commit", "begin"}
MAY_COMMIT = {"db/base.py", "db/migrations/env.py", "db/migrate.py", "crash/bench.py"}
"""``db/base.py`` holds the points; migrations run before any job; the bench makes its scratch schema."""

OUTSIDE = {
    "generator": {"start", "find", "poll", "collect", "cancel"},
    "platform": {"deliver", "find", "decline", "progress"},
    "store": {"put", "delete"},
    "http": {"post"},
}
MAY_CALL = {"web/trust.py"}
"""An upload is kept before its event is accepted: nothing is lost when the process dies on either side."""


def _files() -> list[tuple[str, ast.Module]]:
    paths = [path for path in SERVICE.rglob("*.py") if "versions" not in path.parts]
    return [(path.relative_to(SERVICE).as_posix(), ast.parse(path.read_text())) for path in sorted(paths)]


def test_only_the_database_room_commits() -> None:
    found = [
        f"{name}:{node.lineno}"
        for name, tree in _files()
        if name not in MAY_COMMIT
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in COMMITS
    ]
    assert not found, f"write through Database.write(name), which has the points: {found}"


def test_the_database_room_has_a_point_on_each_side_of_its_commit() -> None:
    tree = dict(_files())["db/base.py"]
    write = next(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == "write")
    calls = [ast.unparse(node.func) for node in ast.walk(write) if isinstance(node, ast.Call)]
    ordered = [name for name in calls if name in {"point", "session.commit"}]
    assert ordered == ["point", "session.commit", "point"]


def test_a_statement_that_is_its_own_transaction_has_them_too() -> None:
    tree = dict(_files())["db/base.py"]
    add = next(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == "add")
    made = sorted((node for node in ast.walk(add) if isinstance(node, ast.Call)), key=lambda node: node.lineno)
    calls = [ast.unparse(node.func) for node in made]
    # Where there is no statement of its own, ``write`` has the points.
    assert [name for name in calls if name in {"point", "self.write", "self._alone.run"}] == [
        "self.write", "point", "self._alone.run", "point",
    ]  # fmt: skip


def test_every_outside_call_goes_through_outside() -> None:
    found: list[str] = []
    for name, tree in _files():
        if name in MAY_CALL or name.startswith(("crash/", "storage")):
            continue
        guarded = {
            id(inner)
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"outside", "Call"}
            for inner in ast.walk(node)
        }
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or id(node) in guarded:
                continue
            owner = ast.unparse(node.func.value).lower()
            for kind, verbs in OUTSIDE.items():
                if node.func.attr in verbs and owner.split(".")[-1].split("(")[0].rstrip("s") == kind:
                    found.append(f"{name}:{node.lineno} {ast.unparse(node.func)}")
    assert not found, f"call it as outside(name, lambda: ...), which has the points: {found}"


def test_a_call_handed_to_ask_is_made_through_outside() -> None:
    tree = dict(_files())["steps/asking.py"]
    loose = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in {"call.send", "call.look"}
        and not any(
            isinstance(outer, ast.Call) and ast.unparse(outer.func) == "outside" and node in list(ast.walk(outer))
            for outer in ast.walk(tree)
        )
    ]
    assert not loose


def test_names_of_transactions_are_not_reused_for_other_things() -> None:
    """A point's name must tell where one is; ``move`` names its transaction after the event."""
    names: dict[str, str] = {}
    for name, tree in _files():
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "write"
                and node.args
                and isinstance(node.args[0], ast.Constant)
                and isinstance(node.args[0].value, str)
            ):
                point = node.args[0].value
                assert point not in names, f"{point} is written in {names[point]} and in {name}:{node.lineno}"
                names[point] = f"{name}:{node.lineno}"
