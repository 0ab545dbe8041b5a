"""Reads a command line; what cannot be read is a typed error, so that ``--json`` answers in JSON there too."""

from __future__ import annotations

import argparse
from typing import NoReturn

from reelgate.errors import AspectInvalid, BadInput


class Options(argparse.ArgumentParser):
    """The options of one ``reelgate`` command."""

    def __init__(self, command: str, summary: str) -> None:
        super().__init__(prog=f"reelgate {command}", description=summary, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        """Raise ``BadInput`` where argparse would print and leave."""
        sentence = f"{message[:1].upper()}{message[1:]}. Try '{self.prog} --help'."
        raise BadInput(sentence, says=sentence)


def aspect(text: str) -> tuple[int, int]:
    """``W:H`` as two small whole numbers; raises ``AspectInvalid``."""
    width, _, height = text.partition(":")
    if not (_count(width) and _count(height)):
        raise AspectInvalid(f"{text!r} is not an aspect like 9:16")
    return int(width), int(height)


def imagine_options() -> Options:
    """The options of ``reelgate imagine``, the same on a service and embedded.

    Gives ``prompt`` (a list of words), ``kind``, ``seconds``, ``aspect`` (``W:H`` as typed), ``seed``,
    ``generator``, ``local``, ``url``, ``approve``, ``output`` and ``json``; ``None`` where nothing was asked.
    """
    options = Options("imagine", "Make a reel or a sticker from a few words.")
    options.add_argument("prompt", nargs="+", metavar="PROMPT", help="what to film")
    kinds = ("reel", "sticker")
    options.add_argument("--kind", choices=kinds, default="reel", help="a reel with sound, or a looping sticker")
    options.add_argument("--seconds", type=float, metavar="N", help="how long: a reel 1 to 16, a sticker 1 to 3")
    options.add_argument("--aspect", metavar="W:H", help="9:16, 1:1 or 16:9; stickers are 1:1")
    options.add_argument("--seed", type=int, metavar="N", help="same seed, same frames")
    options.add_argument("--generator", metavar="NAME", help="which generator films it (see 'reelgate plugins')")
    options.add_argument("--local", action="store_true", help="make it here, without a service")
    options.add_argument("--url", metavar="URL", help="the service (REELGATE_URL); without one it is made here")
    options.add_argument("--approve", action="store_true", help="you decide what waits for a person; it is recorded")
    options.add_argument("-o", dest="output", metavar="PATH", help="where to put the file")
    options.add_argument("--json", action="store_true", help="answer in JSON")
    return options


def _count(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < int(text) < 10_000
