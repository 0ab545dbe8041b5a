"""How a scene looks and is filmed: light, weather, season, camera, mood, colours, sizes."""

from __future__ import annotations

from . import each


def _flat(table: dict[str, str]) -> dict[str, str]:
    return {word: name for name, words in table.items() for word in words.split()}


LIGHT_WORDS = _flat({
    "dawn": "dawn sunrise morning daybreak early mist misty foggy fog",
    "day": "day daytime noon midday sunny afternoon daylight sunshine bright",
    "sunset": "sunset dusk evening twilight golden sundown goldenhour",
    "night": (
        "night nighttime midnight moonlight moonlit dark starry stars nocturnal neon fireworks aurora "
        "northern-lights"
    ),
})  # fmt: skip

WEATHER_WORDS = _flat(
    {
        "rain": "rain raining rainy storm stormy thunder thunderstorm drizzle shower downpour umbrella wet",
        "snow": "snow snowing snowy blizzard winter wintry christmas snowflake snowflakes snowfall icy frozen",
        "wind": "wind windy breeze breezy gale hurricane tornado gust",
    }
)

AUTUMN_WORDS = each("autumn autumnal fall-leaves october leaves halloween")

CAMERA_WORDS = _flat(
    {
        "static": "static still locked-off fixed tripod",
        "pan": "pan panning pans truck tilt sweeping sweep",
        "follow": "follow following tracking track chase-cam dolly",
        "zoom_in": "zoom zooming close-up closeup closer close",
        "zoom_out": "zoom-out wide wideshot pullback pull-out aerial establishing drone-shot",
        "push": "push slow-push slow-motion cinematic",
    }
)

MOOD_WORDS = _flat(
    {
        "calm": "calm peaceful gentle quiet serene relaxing slow slowly sleepy cozy cosy dreamy tranquil soft",
        "cheerful": (
            "happy happily cheerful joyful joy fun funny playful excited smiling silly party merry cute "
            "laughing jolly"
        ),
        "wistful": "sad sadly lonely alone wistful melancholic nostalgic rainy crying lost missing blue-mood",
        "tense": (
            "scary spooky tense dramatic angry fast dangerous epic creepy furious fierce intense stormy evil horror"
        ),
    }
)

COLOUR_WORDS: dict[str, int] = {
    "red": 0xE0473A, "scarlet": 0xDE3B33, "crimson": 0xC62B45, "orange": 0xF08A2C, "amber": 0xF2A93B,
    "yellow": 0xF7C93B, "golden": 0xE9B23C, "gold": 0xE9B23C, "green": 0x5DAE55, "lime": 0x9CCB3C,
    "mint": 0x8FD7B5, "olive": 0x8A8F3F, "teal": 0x2F9E9A, "turquoise": 0x3DBFB8, "cyan": 0x45BEDB,
    "blue": 0x3F7FD6, "navy": 0x2E4A86, "indigo": 0x4A4FB0, "purple": 0x8F5BC4, "violet": 0x9A63CF,
    "lilac": 0xBFA0E0, "lavender": 0xBBA8E6, "magenta": 0xD2479F, "pink": 0xF093B5, "rose": 0xE8799A,
    "brown": 0x9A6A45, "tan": 0xC9A06C, "beige": 0xDCC7A1, "cream": 0xF4E6C8, "white": 0xF4F0E8,
    "silver": 0xB9C0C9, "grey": 0x8F959E, "gray": 0x8F959E, "black": 0x3C3A44, "rainbow": 0xE86FA8,
    "ginger": 0xE08A3E,
}  # fmt: skip
"""Colour word -> sRGB, as a painter would mix it: never the pure corners of the cube."""

SIZE_WORDS: dict[str, float] = {
    "tiny": 0.60, "little": 0.80, "small": 0.78, "mini": 0.65, "miniature": 0.60, "big": 1.18, "large": 1.18,
    "huge": 1.30, "giant": 1.34, "enormous": 1.34, "gigantic": 1.38, "massive": 1.34, "tall": 1.15,
}  # fmt: skip

BABY_WORDS = each("baby young newborn infant bebe")

SLOW = each("slow slowly lazily gently calmly")
FAST = each("fast quickly quick speedy rapidly swiftly")

SIGNS: dict[str, tuple[str, str]] = {
    "🌙": ("light", "night"), "🌃": ("light", "night"), "🌌": ("light", "night"), "🌅": ("light", "sunset"),
    "🌇": ("light", "sunset"), "🌄": ("light", "dawn"), "☀": ("light", "day"), "🌞": ("light", "day"),
    "🌧": ("weather", "rain"), "☔": ("weather", "rain"), "❄": ("weather", "snow"), "🌨": ("weather", "snow"),
    "💨": ("weather", "wind"), "💃": ("action", "dance"), "🕺": ("action", "dance"), "🏃": ("action", "run"),
    "🏊": ("action", "swim"), "😴": ("action", "sleep"), "💤": ("action", "sleep"), "🚶": ("action", "walk"),
}  # fmt: skip

COUNT_WORDS = each("two three four five six many several some group pair herd flock pack school couple dozens")

FILLER = each(
    "a an the and or of in on at to with by for from its his her their my your our is are was be "
    "being it he she they this that through over under across along into onto near around up down "
    "very really some as while under above behind beside between video clip film movie scene reel "
    "animation animated cartoon please make show me us one who which there out off"
)
"""Words that need no picture."""
