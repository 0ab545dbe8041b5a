"""Windowsill: a small photo-sharing app with a sticker button and a reel button, made with the Reelgate SDK."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, abort, jsonify, redirect, render_template, request, send_from_directory, url_for
from making import OVER, WORDS, Making
from photos import NotAPhoto, keep, starters

from reelgate import ReelgateError
from reelgate.errors import BodyInvalid, NotAllowed

if TYPE_CHECKING:
    import sqlite3

    from store import Store
    from werkzeug.wrappers import Response as Answer

    from reelgate import Client

BIGGEST = 12 << 20
LONGEST = 200
POLICY = (
    "default-src 'none'; img-src 'self'; media-src 'self'; script-src 'self'; style-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def create_app(client: Client, store: Store) -> Flask:
    """The app. ``WEBHOOK_SECRET`` in its config is set once Reelgate was told where we are (see run.py)."""
    app = Flask(__name__)
    app.config.update(MAX_CONTENT_LENGTH=BIGGEST, WEBHOOK_SECRET="")
    app.jinja_env.globals["new_key"] = lambda: str(uuid.uuid4())
    making = Making(client, store)
    starters(store)

    @app.before_request
    def only_our_own_pages() -> None:
        """Another site's page must not press our buttons; Reelgate's webhooks prove themselves otherwise."""
        site = request.headers.get("Sec-Fetch-Site", "same-origin")
        if request.method == "POST" and request.endpoint != "webhook" and site not in {"same-origin", "none"}:
            abort(403)

    @app.after_request
    def guarded(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    @app.get("/")
    def wall() -> str:
        return render_template("wall.html", cards=[card_of(photo) for photo in store.photos()], said="")

    @app.post("/photos")
    def upload() -> Answer | tuple[str, int]:
        caption = " ".join(request.form.get("caption", "").split())[:LONGEST]
        try:
            store.add_photo(caption or "A quiet day", keep(store, request.files["photo"].stream))
        except (NotAPhoto, KeyError) as error:
            said = str(error) if isinstance(error, NotAPhoto) else "Please choose a photo first."
            return render_template("wall.html", cards=[card_of(photo) for photo in store.photos()], said=said), 422
        return redirect(url_for("wall"), 303)

    @app.errorhandler(413)
    def too_big(error: Exception) -> tuple[str, int]:
        said = f"That photo is too big. At most {BIGGEST >> 20} MB, please."
        return render_template("wall.html", cards=[card_of(photo) for photo in store.photos()], said=said), 413

    @app.get("/photos/<photo>/card")
    def card(photo: str) -> str:
        return render_template("card.html", card=card_of(store.photo(photo) or abort(404)))

    @app.get("/photos/<photo>/news")
    def news(photo: str) -> Answer:
        """How far everything on a photo is. The page asks us, we ask Reelgate: no key ever reaches a browser."""
        for extra in store.extras(photo):
            making.look(extra)
        return jsonify([{name: told[name] for name in SHOWN} for told in map(view, store.extras(photo))])

    @app.post("/photos/<photo>/<any(reel, sticker):kind>")
    def attach(photo: str, kind: str) -> Answer:
        """Have a reel or a sticker made of some words. ``key`` comes from the page: pressed twice is asked once."""
        about = store.photo(photo) or abort(404)
        words = " ".join(request.form.get("words", "").split())[:LONGEST] or about["caption"]
        key = request.form.get("key", "")
        key = key if re.fullmatch(r"[0-9a-f-]{32,36}", key) else str(uuid.uuid4())
        making.order(store.ask(key, photo, kind, words, share("x"), share("y")))
        store.remove(request.form.get("instead", ""))
        return answered(photo)

    @app.post("/extras/<id>/<any(place, stop, remove):what>")
    def change(id: str, what: str) -> Answer:
        try:
            extra = store.one(id)
        except LookupError:
            abort(404)
        if what == "place":
            store.place(id, share("x"), share("y"))
        elif what == "stop":
            making.stop(extra)
        else:
            store.remove(id)
        return answered(extra["photo"])

    @app.post("/reelgate")
    def webhook() -> tuple[str, int]:
        """Reelgate tells us that a job ended."""
        if not app.config["WEBHOOK_SECRET"]:
            return "", 404
        try:
            making.hear(request.headers, request.get_data(), app.config["WEBHOOK_SECRET"])
        except NotAllowed:
            return "", 401
        except BodyInvalid:
            return "", 400
        except ReelgateError:
            return "", 503
        return "", 204

    @app.get("/media/<name>")
    def media(name: str) -> Answer:
        return send_from_directory(store.media, name, conditional=True, max_age=3600)

    def card_of(photo: sqlite3.Row) -> dict[str, Any]:
        extras = [view(extra) for extra in store.extras(photo["id"])]
        reels = [extra for extra in extras if extra["kind"] == "reel" and extra["file"]]
        return {"photo": photo, "extras": extras, "reel": reels[-1] if reels else None}

    def answered(photo: str) -> Answer:
        return Response(status=204) if "X-Fetch" in request.headers else redirect(f"{url_for('wall')}#p-{photo}", 303)

    return app


SHOWN = ("id", "kind", "stage", "progress", "words_now", "over")


def view(extra: sqlite3.Row) -> dict[str, Any]:
    """A reel or sticker as the page shows it."""
    over = extra["stage"] in OVER
    now = extra["says"] or WORDS.get(extra["stage"], "" if over else "Working on it …")
    return {**dict(extra), "words_now": now, "over": over}


def share(name: str) -> float:
    """A place on the photo, from 0 to 1 of its width or height; the middle when none is given."""
    value = request.form.get(name, 0.5, type=float)
    return min(0.95, max(0.05, value)) if value == value else 0.5
