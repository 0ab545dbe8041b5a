"""The board as a page: no script, one form, and what was said."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from reelgate_echo.board import Board, Message

HEAD = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Echo board</title>{refresh}
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 0 auto; padding: 1rem; background: #fbfaf7;
  color: #1d2320 }}
h1 {{ font-size: 1.3rem }} ol {{ list-style: none; padding: 0 }} li {{ margin: 0 0 1rem }}
li.Reelgate {{ background: #fff; border: 1px solid #d9d5cc; border-radius: .8rem; padding: .8rem }}
b {{ display: block; font-size: .85rem; color: #55605a }} video, img {{ display: block; max-height: 26rem;
  max-width: 100%; border-radius: .5rem; margin-top: .5rem }}
form {{ display: inline }} form.say {{ display: flex; gap: .5rem }} .say input {{ flex: 1; min-width: 0 }}
input, textarea, button {{ font: inherit; padding: .5rem .8rem; border: 1px solid #6d766f; border-radius: .5rem }}
button {{ background: #124e43; color: #fff; border-color: #124e43; margin: .5rem .3rem 0 0 }}
.say button {{ margin: 0 }} .status {{ color: #55605a }} .note {{ background: #fff3d1; padding: .8rem;
  border-radius: .8rem }} label, textarea {{ display: block; width: 100%; box-sizing: border-box }}
</style></head><body><h1>Echo board</h1>
"""


def page(board: Board) -> str:
    """The whole board as HTML. It asks again every two seconds while somebody waits."""
    waits = bool(board.status) and board.shown.get("show") != "form"
    head = HEAD.format(refresh='<meta http-equiv="refresh" content="2">' if waits else "")
    said = "".join(_message(board, message) for message in board.messages.values())
    return (
        f"{head}<main><ol>{said}</ol>{_shown(board.shown)}"
        '<form class="say" method="post" action="/say"><input name="text" aria-label="Message" required '
        'maxlength="2000" value="/imagine a baby hippo swimming"><button>Send</button></form></main></body></html>'
    )


def _message(board: Board, message: Message) -> str:
    picture = ""
    if message.file and message.media_type.startswith("video/"):
        picture = f'<video src="/shown/{escape(message.file)}" controls loop playsinline></video>'
    elif message.file:
        picture = f'<img src="/shown/{escape(message.file)}" alt="{escape(message.text)}">'
    status = ""
    if message.id in board.status:
        text, buttons = board.status[message.id]
        status = f'<p class="status" role="status">{escape(text)}</p>{_buttons(buttons, message.id)}'
    return (
        f'<li id="{escape(message.id)}" class="{escape(message.by)}"><b>{escape(message.by)}</b>'
        f"{escape(message.text)}{picture}<div>{_buttons(message.buttons, message.id)}</div>{status}</li>"
    )


def _buttons(buttons: Iterable[Mapping[str, str]], message: str) -> str:
    return "".join(
        f'<form method="post" action="/press"><input type="hidden" name="state" value="{escape(one["state"])}">'
        f'<input type="hidden" name="message" value="{escape(message)}">'
        f"<button>{escape(one['label'])}</button></form>"
        for one in buttons
    )


def _shown(shown: Mapping[str, object]) -> str:
    """What the app whispered: a note, or a form to fill in."""
    if shown.get("show") == "note":
        return f'<p class="note" role="status">{escape(str(shown["text"]))}</p>'
    if shown.get("show") != "form":
        return ""
    return (
        f'<form class="note" method="post" action="/form"><h2>{escape(str(shown["title"]))}</h2>'
        f'<input type="hidden" name="state" value="{escape(str(shown["state"]))}">'
        f'<label>{escape(str(shown["label"]))}<textarea name="words" rows="3" maxlength="{shown["longest"]}">'
        f"{escape(str(shown['value']))}</textarea></label><button>Send</button></form>"
    )
