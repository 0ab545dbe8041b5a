"""The least a service can do: Flask, one signature checked, one row inserted and committed, one answer.

What it lacks is what the bench is about: no app is looked up, nothing is sealed, no job, no ledger, no doorbell.
"""

from __future__ import annotations

import json
import os
import threading

import psycopg
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import Flask, Response, request

TABLE = "CREATE TABLE bare (id text PRIMARY KEY, body text NOT NULL)"


def create_app() -> Flask:
    """The application; its key and its database come in by variables."""
    app = Flask("bare")
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(os.environ["BARE_PUBLIC_KEY"]))
    kept = threading.local()

    def connection() -> psycopg.Connection:
        if not hasattr(kept, "connection"):
            kept.connection = psycopg.connect(os.environ["BARE_DATABASE_URL"])
            kept.connection.execute("SET synchronous_commit = on")
            kept.connection.commit()
        made: psycopg.Connection = kept.connection
        return made

    @app.post("/interactions")
    def interactions() -> Response:
        body = request.get_data()
        signature = bytes.fromhex(request.headers.get("X-Signature-Ed25519", ""))
        try:
            key.verify(signature, request.headers.get("X-Signature-Timestamp", "").encode() + body)
        except InvalidSignature:
            return Response(status=401)
        here = connection()
        here.execute("INSERT INTO bare (id, body) VALUES (%s, %s)", (json.loads(body)["id"], body.decode()))
        here.commit()
        return Response('{"type":5}', mimetype="application/json")

    return app
