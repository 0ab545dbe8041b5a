"""``reelgate-service apps`` and ``installations`` at the keyboard; secrets never pass through an argument."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from reelgate.contract import Limits, PlatformFacts
from reelgate.errors import BadInput
from reelgate.plugins import Row
from reelgate.words import Once
from reelgate_integrations import catalog
from reelgate_integrations.folder.platform import FolderPlatform
from reelgate_service import settings as settings_
from reelgate_service.cli import main
from reelgate_service.db import apps
from reelgate_service.db.base import open_database
from reelgate_service.doctor import checks
from reelgate_service.vault import open_vault

if TYPE_CHECKING:
    from click.testing import Result

    from reelgate.chat import Registration
    from reelgate_service.db.apps import Registered


class ParrotPlatform(FolderPlatform):
    """A platform that has to be told its commands, with two secrets; made as a chat platform is."""

    told: list[tuple[str, str, str]] = []  # noqa: RUF012  what it was asked, read by the tests

    def __init__(self, registration: Registration) -> None:
        if registration.secrets.get("token") == "nonsense":
            raise BadInput("A token of Parrot starts with p.")
        self._registration = registration

    @property
    def facts(self) -> PlatformFacts:
        limits = Limits(1 << 20, 640, 640, 16.0)
        return PlatformFacts("parrot", "Parrot", Once.KEY, limits, secrets=("public_key", "token"))

    def register(self, place: str = "") -> list[str]:
        self.told.append((self._registration.app, self._registration.secrets["token"], place))
        return ["imagine", "sticker"]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("REELGATE_DATABASE_URL", "REELGATE_SECRET_KEYS", "REELGATE_BIND", "REELGATE_PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("REELGATE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("KEY_OF_PARROT", "aa11")
    monkeypatch.setenv("TOKEN_OF_PARROT", "p-secret-1\n")
    parrot = Row("parrot", f"{__name__}:ParrotPlatform", "Says what it hears.")
    monkeypatch.setattr(catalog, "PLATFORMS", (*catalog.PLATFORMS, parrot))
    monkeypatch.setattr(ParrotPlatform, "told", [])
    return tmp_path / "home"


SECRETS = ("--secret-env", "public_key=KEY_OF_PARROT", "--secret-env", "token=TOKEN_OF_PARROT")


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def ran(*words: str) -> str:
    done = run(*words)
    assert done.exit_code == 0, done.output
    return done.stdout


def said(*words: str) -> str:
    done = run(*words)
    assert done.exit_code == 1, done.output
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def found() -> Registered:
    chosen = settings_.from_environment()
    return apps.find(open_database(chosen.database_url), open_vault(chosen), "parrot", "42")


def test_an_app_is_added_listed_told_and_disabled() -> None:
    added = ran("apps", "add", "parrot", "42", *SECRETS)
    assert "Registered parrot/42 for the tenant local" in added and "/platforms/parrot/42" in added
    assert found().registration.secrets == {"public_key": "aa11", "token": "p-secret-1"}
    assert ran("apps", "list") == "parrot 42  closed   Reelgate  (tenant local)\n"
    assert ran("apps", "commands", "parrot", "42") == "imagine\nsticker\n"
    assert ran("apps", "commands", "parrot", "42", "--place", "nest")
    assert ParrotPlatform.told == [("42", "p-secret-1", ""), ("42", "p-secret-1", "nest")]
    assert ran("apps", "disable", "parrot", "42") == "Disabled parrot/42.\n"
    assert json.loads(ran("apps", "list", "--json"))["state"] == "disabled"
    assert "not_found" in said("apps", "commands", "parrot", "42")
    assert "not_found" in said("apps", "disable", "parrot", "42")
    shown = "".join((added, ran("apps", "list"), ran("apps", "list", "--json")))
    assert "p-secret" not in shown and "aa11" not in shown


def test_adding_again_brings_new_secrets_and_leaves_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    api = "http://127.0.0.1:9"
    ran("tenants", "add", "acme", "Acme")
    ran("apps", "add", "parrot", "42", *SECRETS, "--tenant", "acme", "--name", "Polly", "--api", api, "--open")
    monkeypatch.setenv("TOKEN_OF_PARROT", "p-secret-2")
    ran("apps", "add", "parrot", "42", *SECRETS)
    now = found()
    assert (now.tenant_id, now.open, now.registration.name, now.registration.api) == ("acme", True, "Polly", api)
    assert now.registration.secrets["token"] == "p-secret-2"
    ran("apps", "add", "parrot", "42", *SECRETS, "--closed", "--api", "")
    assert (found().open, found().registration.api) == (False, "")


def test_what_cannot_be_added_is_one_sentence_that_says_what_to_type(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "--secret-env token=VARIABLE" in said("apps", "add", "parrot", "42", *SECRETS[:2])
    assert "needs: public_key=VARIABLE token=VARIABLE" in said("apps", "add", "parrot", "42", "--secret-env", "x=Y")
    assert "needs: public_key" in said("apps", "add", "parrot", "42", "--secret-env", "token")
    assert "NOBODY_SET_ME" in said("apps", "add", "parrot", "42", "--secret-env", "token=NOBODY_SET_ME")
    assert "No plugin is called 'nowhere'" in said("apps", "add", "nowhere", "42")
    assert "needs no app" in said("apps", "add", "folder", "42")
    assert not home.exists(), "nothing is made for what cannot be kept"
    assert "no tenant 'nobody'" in said("apps", "add", "parrot", "42", *SECRETS, "--tenant", "nobody")
    assert "letters, digits" in said("apps", "add", "parrot", "4 2", *SECRETS)
    monkeypatch.setenv("TOKEN_OF_PARROT", "nonsense")
    assert "starts with p" in said("apps", "add", "parrot", "42", *SECRETS)
    assert ran("apps", "list").startswith("No app is registered.")


def test_a_place_is_added_set_listed_and_shut_out() -> None:
    ran("tenants", "add", "acme", "Acme")
    ran("apps", "add", "parrot", "42", *SECRETS)
    assert ran("installations", "list").startswith("No app was added")
    assert "tenant local" in ran("installations", "add", "parrot", "42", "nest")
    assert "belongs to the tenant 'local'" in said("installations", "add", "parrot", "42", "nest", "--tenant", "acme")
    told = ran(
        "installations", "set", "parrot", "42", "nest", "--quota", "5", "--channels", "1, 2", "--language", "ja"
    )
    assert told == "channels 1,2; 5 a day; language ja\n"
    assert ran("installations", "list") == f"parrot 42 nest  {told.strip()}  (tenant local)\n"
    assert json.loads(ran("installations", "list", "--json")) == {
        "platform": "parrot",
        "app": "42",
        "place": "nest",
        "tenant": "local",
        "channels": ["1", "2"],
        "quota": 5,
        "language": "ja",
    }
    told = ran(
        "installations", "set", "parrot", "42", "nest", "--quota", "0", "--channels", "all", "--language", "own"
    )
    assert told == "channels all; no limit; language own\n"
    assert "from 0" in said("installations", "set", "parrot", "42", "nest", "--quota", "1001")
    assert "digits" in said("installations", "set", "parrot", "42", "nest", "--channels", "general")
    assert "--quota, --language or --channels" in said("installations", "set", "parrot", "42", "nest")
    assert run("installations", "set", "parrot", "42", "nest", "--language", "xx").exit_code == 2
    assert ran("installations", "remove", "parrot", "42", "nest")
    assert "tenant acme" in ran("installations", "add", "parrot", "42", "nest", "--tenant", "acme")
    for words in (("set", "parrot", "42", "else", "--quota", "1"), ("remove", "parrot", "42", "else")):
        assert "There is no installation 'parrot/42/else'. [not_found]" in said("installations", *words)
    assert "No app 'parrot/9' is registered here." in said("installations", "add", "parrot", "9", "nest")


def test_keys_and_tenants_are_listed_without_the_keys() -> None:
    assert run("migrate").exit_code == 0
    assert "keys add NAME" in ran("keys", "list")
    ran("tenants", "add", "acme", "Acme & Söhne")
    ran("tenants", "budget", "acme", "700")
    key = ran("keys", "add", "shop", "--tenant", "acme").strip()
    assert ran("keys", "list") == f"{key[8:16]}  live     shop  (make; tenant acme)\n"
    ran("keys", "revoke", key[8:16])
    shown = json.loads(ran("keys", "list", "--json"))
    assert shown == {"id": key[8:16], "name": "shop", "tenant": "acme", "scopes": ["make"], "state": "revoked"}
    assert "acme  Acme & Söhne  (0 of 700 cents in " in ran("tenants", "list")
    assert [json.loads(line)["id"] for line in ran("tenants", "list", "--json").splitlines()] == ["acme", "local"]


def test_the_doctor_names_an_app_that_cannot_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("migrate").exit_code == 0
    assert not [check for check in checks() if check.name.startswith("app")]
    ran("apps", "add", "parrot", "42", *SECRETS)
    ran("apps", "add", "parrot", "43", *SECRETS)
    ran("apps", "disable", "parrot", "43")
    assert [(check.ok, check.detail) for check in checks() if check.name.startswith("app")] == [
        (True, "1 of 1 registered chat apps can be used")
    ]
    monkeypatch.setenv("REELGATE_SECRET_KEYS", "bmV3IGtleSBuZXcga2V5IG5ldyBrZXkgbmV3IGtleSE=")
    fault = next(check for check in checks() if check.name == "app parrot/42")
    assert not fault.ok and "no longer in REELGATE_SECRET_KEYS" in fault.detail
    assert "reelgate-service apps add parrot 42" in fault.mend
    monkeypatch.delenv("REELGATE_SECRET_KEYS")
    monkeypatch.setattr(catalog, "PLATFORMS", catalog.PLATFORMS[:-1])
    fault = next(check for check in checks() if check.name == "app parrot/42")
    assert not fault.ok and "apps disable parrot 42" in fault.mend


def test_a_secret_is_asked_for_without_being_shown(tmp_path: Path) -> None:
    script = (
        f"import sys; sys.path.insert(0, {str(Path.cwd())!r})\n"
        "from reelgate.plugins import Row\nfrom reelgate_integrations import catalog\n"
        f"catalog.PLATFORMS += (Row('parrot', '{__name__}:ParrotPlatform', ''),)\n"
        "from reelgate_service.cli import main\nmain(['apps', 'add', 'parrot', '42'])"
    )
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-c", script], stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    os.close(theirs)
    shown, answers = b"", [(b"public_key", b"aa11\n"), (b"token", b"p-typed-1\n")]
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if not select.select([ours], [], [], 1)[0]:
            continue
        try:
            part = os.read(ours, 4096)
        except OSError:  # the other end was closed
            break
        if not part:
            break
        shown += part
        if answers and shown.rstrip().endswith(answers[0][0] + b":"):
            os.write(ours, answers.pop(0)[1])
    os.close(ours)
    assert child.wait(60) == 0, shown
    assert b"p-typed-1" not in shown and b"Registered parrot/42" in shown
    assert found().registration.secrets == {"public_key": "aa11", "token": "p-typed-1"}
