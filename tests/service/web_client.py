"""A web application with a tenant and keys of the test's own, and bodies checked against the OpenAPI file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import jsonschema
from sqlalchemy import func, select

from reelgate_service import access
from reelgate_service.app import create_app
from reelgate_service.db import migrate, tables
from reelgate_service.web.openapi import document
from reelgate_service.web.parts import KEY, Parts

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from reelgate_service.settings import Settings


@dataclass
class Web:
    """The application, its parts, a client, and a key with both scopes for tenant ``local``."""

    app: Flask
    parts: Parts
    client: FlaskClient
    key: str

    def call(self, method: str, path: str, *, key: str | None = None, **kwargs: Any) -> TestResponse:
        """Call with the key (``key=""`` sends none)."""
        headers = dict(kwargs.pop("headers", {}))
        chosen = self.key if key is None else key
        if chosen:
            headers["Authorization"] = f"Bearer {chosen}"
        return self.client.open(path, method=method, headers=headers, **kwargs)

    def check(self, name: str, body: object) -> None:
        """``body`` is what the OpenAPI file says of ``name``."""
        schemas = document(self.app)["components"]["schemas"]
        jsonschema.validate(body, {"$ref": f"#/components/schemas/{name}", "components": {"schemas": schemas}})


def web_of(settings: Settings) -> Web:
    """A fresh application over a fresh database."""
    app = create_app(settings)
    parts: Parts = app.extensions[KEY]
    migrate.upgrade(parts.db)
    key = access.make_key(parts.db, parts.vault, "local", "test", ("make", "review"))
    return Web(app, parts, app.test_client(), key)


def rows(web: Web, table: type[tables.Base]) -> int:
    """How many rows the table holds."""
    with web.parts.db.read() as session:
        return session.execute(select(func.count()).select_from(table)).scalar_one()
