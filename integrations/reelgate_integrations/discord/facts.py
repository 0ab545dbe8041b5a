"""What Discord is, as data: its limits, its clock, the codes it answers with, and the commands that we have there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from reelgate.contract import Limits, PlatformFacts
from reelgate.words import Once

if TYPE_CHECKING:
    from collections.abc import Mapping

API: Final = "https://discord.com/api/v10"
MAX_FILE: Final = 10 << 20
"""The least that every place takes; a place may say more and then refuse it, so more is never planned for."""

# -- time, in seconds ------------------------------------------------------------------------------------------

SKEW_S: Final = 300
"""How far a signed time may be from ours, and an interaction's own clock from the signed time."""

TOKEN_S: Final = 870.0
"""How long an interaction's token is used: it dies after 900, and a call that starts earlier shall end earlier."""

PROGRESS_S: Final = 860.0
"""No progress is told after this age: what is said last must not arrive when the token is dead."""

ACK_S: Final = 15.0
"""Before this age, a token that Discord does not know is one whose first response is still on its way there."""

MARGIN_S: Final = 20.0
"""How far apart the clocks of those who decide and those who call may be, near the end of a token."""

NONCE_S: Final = 120.0
"""How long Discord remembers a message's nonce ("the past few minutes"; we count on two)."""

BAD_REQUESTS: Final = (500, 600.0)
"""So many refusals (401, 403, 429) in so many seconds stop us; at 10,000 Discord shuts the address out."""

# -- sizes ------------------------------------------------------------------------------------------------------

CONTENT, LABEL, TITLE, DESCRIPTION, CHOICE, CHOICES, ROW, INPUT = 2000, 80, 45, 1024, 100, 25, 5, 4000
MAX_BODY: Final = 1 << 20

# -- numbers on the wire ----------------------------------------------------------------------------------------

EPOCH_MS: Final = 1_420_070_400_000
EPHEMERAL, SUPPRESS_EMBEDS = 64, 4
NOBODY: Final[dict[str, list[str]]] = {"parse": []}
"""``allowed_mentions`` of everything we send: no words of anybody's ring anybody's bell."""

ADMINISTRATOR, MANAGE_GUILD, MANAGE_MESSAGES = 1 << 3, 1 << 5, 1 << 13

UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, UNKNOWN_WEBHOOK, UNKNOWN_INTERACTION = 10003, 10008, 10015, 10062
TOO_LARGE, NO_ACCESS, NO_DM, NO_PERMISSION, TOKEN_INVALID = 40005, 50001, 50007, 50013, 50027

TOKEN_DEAD: Final = frozenset({UNKNOWN_MESSAGE, UNKNOWN_WEBHOOK, UNKNOWN_INTERACTION, TOKEN_INVALID})
"""Codes that say that an interaction cannot be answered through its token any more."""

NOT_YET: Final = frozenset({UNKNOWN_WEBHOOK, UNKNOWN_INTERACTION})

SHUT_OUT: Final = frozenset({UNKNOWN_CHANNEL, NO_ACCESS, NO_PERMISSION, 50008, 160005})
"""Codes that say that the bot cannot write in a channel: gone, no access, not permitted, not for text, locked."""

FACTS: Final = PlatformFacts(
    slug="discord",
    title="Discord",
    once=Once.KEY,
    limits=Limits(MAX_FILE, 1920, 1920, 600.0, ("mp4", "webm", "webp", "png")),
    sticker_limits=Limits(500_000, 512, 512, 10.0, ("webp",)),
    ack_deadline=3.0,
    retry_horizon=0.0,
    patience=TOKEN_S,
    call_timeout=45.0,
    secrets=("public_key", "bot_token"),
    scopes=("bot", "applications.commands"),
    links={
        "developers": "https://discord.com/developers/applications",
        "interactions": "https://discord.com/developers/docs/interactions/receiving-and-responding",
    },
)
"""Interactions are never sent twice by Discord, so whatever stands in the way of one must be said at once."""

PERMISSIONS: Final = 1 << 10 | 1 << 11 | 1 << 15 | 1 << 16 | 1 << 38
"""What the bot needs in a server: see channels, write there and in threads, attach files, read the history."""

TOO_BIG_HERE: Final[Mapping[str, str]] = {
    "en": "The file is too big for this place. Here it is:",
    "de": "Die Datei ist für diesen Ort zu groß. Hier ist sie:",
    "fr": "Le fichier est trop volumineux pour cet endroit. Le voici :",
    "es": "El archivo es demasiado grande para este lugar. Aquí está:",
    "pt": "O arquivo é grande demais para este lugar. Aqui está:",
    "ja": "ここにはファイルが大きすぎます。こちらからどうぞ：",
}

# -- commands ---------------------------------------------------------------------------------------------------

IMAGINE, STICKER, CONFIGURE, FROM_MESSAGE = "imagine", "sticker", "reelgate", "Make a sticker of this"

_LOCALES: Final = (("de",), ("fr",), ("es-ES", "es-419"), ("pt-BR",), ("ja",))
"""Discord's names for our languages after English, in the order in which the texts stand."""

_STRING, _INTEGER, _BOOLEAN, _CHANNEL, _NUMBER, _SUB = 3, 4, 5, 7, 10, 1
_IN_GUILD, _EVERYWHERE = [0], [0, 1, 2]

_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "imagine": ("ausdenken", "imaginer", "imagina", "imaginar", "イメージ"),
    "sticker": ("sticker", "autocollant", "pegatina", "figurinha", "ステッカー"),
    "prompt": ("idee", "idée", "idea", "ideia", "アイデア"),
    "seconds": ("sekunden", "secondes", "segundos", "segundos", "秒数"),
    "aspect": ("format", "format", "formato", "formato", "縦横比"),
    "seed": ("startwert", "graine", "semilla", "semente", "シード"),
    "spoiler": ("spoiler", "spoiler", "spoiler", "spoiler", "ネタバレ"),
    "reelgate": ("reelgate", "reelgate", "reelgate", "reelgate", "reelgate"),
    "settings": ("einstellungen", "réglages", "ajustes", "ajustes", "設定"),
    "channel": ("kanal", "salon", "canal", "canal", "チャンネル"),
    "rule": ("regel", "règle", "regla", "regra", "ルール"),
    "quota": ("kontingent", "quota", "cuota", "cota", "上限"),
    "reels": ("reels", "reels", "reels", "reels", "本数"),
    "language": ("sprache", "langue", "idioma", "idioma", "言語"),
    FROM_MESSAGE: (
        "Sticker daraus machen", "En faire un autocollant", "Hacer una pegatina", "Fazer uma figurinha",
        "ステッカーにする",
    ),
}  # fmt: skip

_TEXTS: Final[Mapping[str, tuple[str, ...]]] = {
    "imagine": (
        "Turn a few words into a short film", "Aus ein paar Worten einen kurzen Film machen",
        "Transformer quelques mots en un petit film", "Convierte unas palabras en un vídeo corto",
        "Transforma algumas palavras em um vídeo curto", "短い言葉から動画を作ります",
    ),
    "sticker": (
        "Turn a few words into an animated sticker", "Aus ein paar Worten einen bewegten Sticker machen",
        "Transformer quelques mots en un autocollant animé", "Convierte unas palabras en una pegatina animada",
        "Transforma algumas palavras em uma figurinha animada", "短い言葉から動くステッカーを作ります",
    ),
    "prompt": (
        "What to film, for example: a baby hippo swimming",
        "Was gefilmt wird, zum Beispiel: ein Nilpferdbaby schwimmt",
        "Ce qu'il faut filmer, par exemple : un bébé hippopotame qui nage",
        "Qué filmar, por ejemplo: una cría de hipopótamo nadando",
        "O que filmar, por exemplo: um filhote de hipopótamo nadando", "何を撮るか。例：泳ぐカバの赤ちゃん",
    ),
    "seconds": (
        "How long, from 1 to 16 seconds", "Wie lang, 1 bis 16 Sekunden", "Durée, de 1 à 16 secondes",
        "Duración, de 1 a 16 segundos", "Duração, de 1 a 16 segundos", "長さ（1～16秒）",
    ),
    "aspect": (
        "Which shape", "Welche Form", "Quel format", "Qué formato", "Qual formato", "画面の形",
    ),
    "seed": (
        "The same number films the same words the same way", "Dieselbe Zahl filmt dieselben Worte gleich",
        "Le même nombre filme les mêmes mots de la même façon", "El mismo número filma igual las mismas palabras",
        "O mesmo número filma as mesmas palavras do mesmo jeito", "同じ番号なら同じ言葉から同じ動画になります",
    ),
    "spoiler": (
        "Hide it until somebody clicks on it", "Verdecken, bis jemand darauf klickt",
        "Le masquer jusqu'à ce qu'on clique dessus", "Ocultarlo hasta que alguien haga clic",
        "Esconder até alguém clicar", "クリックされるまで隠します",
    ),
    "reelgate": (
        "How Reelgate behaves in this server", "Wie sich Reelgate auf diesem Server verhält",
        "Le comportement de Reelgate sur ce serveur", "Cómo se comporta Reelgate en este servidor",
        "Como o Reelgate se comporta neste servidor", "このサーバーでのReelgateの動作",
    ),
    "settings": (
        "Show the settings", "Einstellungen zeigen", "Afficher les réglages", "Mostrar los ajustes",
        "Mostrar os ajustes", "設定を表示します",
    ),
    "channel": (
        "Where Reelgate answers", "Wo Reelgate antwortet", "Où Reelgate répond", "Dónde responde Reelgate",
        "Onde o Reelgate responde", "Reelgateが応答するチャンネル",
    ),
    "rule": (
        "Allow a channel, forbid it, or answer everywhere", "Kanal erlauben, verbieten, oder überall antworten",
        "Autoriser un salon, l'interdire, ou répondre partout", "Permitir un canal, prohibirlo o responder en todos",
        "Permitir um canal, proibir ou responder em todos", "チャンネルを許可、禁止、またはすべてで応答",
    ),
    "which": (
        "Which channel; this one when left out", "Welcher Kanal; ohne Angabe dieser",
        "Quel salon ; celui-ci par défaut", "Qué canal; si no se indica, este",
        "Qual canal; se não for indicado, este", "どのチャンネルか（省略時はここ）",
    ),
    "quota": (
        "How many reels a member may ask for in a day", "Wie viele Reels ein Mitglied am Tag bestellen darf",
        "Combien de reels un membre peut demander par jour", "Cuántos reels puede pedir un miembro al día",
        "Quantos reels um membro pode pedir por dia", "メンバー1人が1日に頼める本数",
    ),
    "reels": (
        "A number; 0 means no limit", "Eine Zahl; 0 heißt ohne Grenze", "Un nombre ; 0 veut dire sans limite",
        "Un número; 0 significa sin límite", "Um número; 0 significa sem limite", "数字（0は無制限）",
    ),
    "language": (
        "Which language Reelgate speaks here", "Welche Sprache Reelgate hier spricht",
        "La langue que Reelgate parle ici", "Qué idioma habla Reelgate aquí", "Que idioma o Reelgate fala aqui",
        "Reelgateがここで使う言語",
    ),
}  # fmt: skip

_RULES: Final = (
    ("allow", "channel_allow", ("erlauben", "autoriser", "permitir", "permitir", "許可")),
    ("forbid", "channel_forbid", ("verbieten", "interdire", "prohibir", "proibir", "禁止")),
    ("everywhere", "channels_all", ("überall", "partout", "en todos", "em todos", "すべて")),
)
_LANGUAGES: Final = (
    ("English", "en"), ("Deutsch", "de"), ("Français", "fr"), ("Español", "es"), ("Português", "pt"),
    ("日本語", "ja"),
)  # fmt: skip


def _in_locales(texts: tuple[str, ...]) -> dict[str, str]:
    return {locale: text for locales, text in zip(_LOCALES, texts, strict=True) for locale in locales}


def _told(name: str, text: str = "") -> dict[str, Any]:
    """A name and what it means, in English and in the other languages."""
    english, *others = _TEXTS[text or name]
    return {
        "name": name,
        "name_localizations": _in_locales(_NAMES[name]),
        "description": english,
        "description_localizations": _in_locales(tuple(others)),
    }


def _option(name: str, type: int, text: str = "", **more: object) -> dict[str, Any]:
    return {"type": type, **_told(name, text), **more}


def commands(*, everywhere: bool = True) -> list[dict[str, Any]]:
    """Our commands as Discord wants them. In one server (not ``everywhere``) there is no word on contexts."""
    prompt = _option("prompt", _STRING, required=True, min_length=1, max_length=CONTENT, autocomplete=True)
    seed = _option("seed", _INTEGER, min_value=0, max_value=2**32 - 1)
    spoiler = _option("spoiler", _BOOLEAN)
    seconds = _option("seconds", _NUMBER, min_value=1, max_value=16)
    shapes = [{"name": shape, "value": shape} for shape in ("9:16", "1:1", "16:9")]
    rules = [
        {"name": name, "name_localizations": _in_locales(texts), "value": value} for name, value, texts in _RULES
    ]
    languages = [{"name": name, "value": value} for name, value in _LANGUAGES]
    settings = [
        _option("settings", _SUB),
        _option("channel", _SUB, options=[
            _option("rule", _STRING, required=True, choices=rules),
            _option("channel", _CHANNEL, "which", channel_types=[0, 2, 5, 10, 11, 12, 13, 15, 16]),
        ]),
        _option("quota", _SUB, options=[_option("reels", _INTEGER, required=True, min_value=0, max_value=1000)]),
        _option("language", _SUB, options=[_option("language", _STRING, required=True, choices=languages)]),
    ]  # fmt: skip
    there = {"contexts": _EVERYWHERE, "integration_types": [0, 1]} if everywhere else {}
    in_guild = {"contexts": _IN_GUILD, "integration_types": [0]} if everywhere else {}
    manage = {"default_member_permissions": str(MANAGE_GUILD)}
    menu = {"name": FROM_MESSAGE, "name_localizations": _in_locales(_NAMES[FROM_MESSAGE])}
    aspect = _option("aspect", _STRING, choices=shapes)
    return [
        {"type": 1, "nsfw": False, **_told(IMAGINE), "options": [prompt, seconds, aspect, seed, spoiler], **there},
        {"type": 1, "nsfw": False, **_told(STICKER), "options": [prompt, seed, spoiler], **there},
        {"type": 1, "nsfw": False, **_told(CONFIGURE), "options": settings, **manage, **in_guild},
        {"type": 3, "nsfw": False, **menu, **there},
    ]
