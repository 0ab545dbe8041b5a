"""Writes the music: tempo and metre that fit the reel, chords by a small grammar, a melody that states and answers.

A piece is ``bars`` bars and one last beat: the reel's final struck beat is the downbeat on which the
harmony and the melody come home. Pitches are MIDI note numbers; times are beats.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

TONIC, SUBDOMINANT, DOMINANT = "T", "S", "D"


@dataclass(frozen=True, slots=True)
class Mood:
    """How a mood sounds: tempo range in bpm, metres, the scale in semitones, and which scale degrees stand for
    the three functions (the first is the plain one). ``swing`` delays every second half-beat, as its share."""

    tempo: tuple[float, float]
    metres: tuple[int, ...]
    scale: tuple[int, ...]
    functions: dict[str, tuple[int, ...]]
    swing: float
    style: str


_MAJOR = (0, 2, 4, 5, 7, 9, 11)
_MINOR = (0, 2, 3, 5, 7, 8, 10)
_HARMONIC_MINOR = (0, 2, 3, 5, 7, 8, 11)
MOODS = {
    "calm": Mood((60.0, 84.0), (3, 4, 2), _MAJOR, {"T": (0, 5, 2), "S": (3, 1), "D": (4,)}, 0.0, "arpeggio"),
    "cheerful": Mood((100.0, 128.0), (4, 3), _MAJOR, {"T": (0, 5), "S": (3, 1), "D": (4,)}, 0.12, "hop"),
    "wistful": Mood((66.0, 92.0), (3, 4), _MINOR, {"T": (0, 5, 2), "S": (3, 5), "D": (4, 6)}, 0.0, "broken"),
    "tense": Mood((92.0, 120.0), (4, 3), _HARMONIC_MINOR, {"T": (0, 5), "S": (3, 1), "D": (4,)}, 0.0, "pulse"),
}  # fmt: skip

RHYTHMS: dict[int, tuple[tuple[float, ...], ...]] = {
    1: ((0.0,), (0.0, 0.5)),
    2: ((0.0, 1.0), (0.0, 0.5, 1.0), (0.0, 1.0, 1.5)),
    3: ((0.0, 1.0, 2.0), (0.0, 1.5, 2.0), (0.0, 1.0, 1.5, 2.0), (0.0, 2.0)),
    4: ((0.0, 1.0, 2.0, 3.0), (0.0, 1.5, 2.0, 3.0), (0.0, 0.5, 1.0, 2.0, 3.0),
        (0.0, 1.0, 1.5, 2.5, 3.0), (0.0, 1.0, 2.0, 2.5, 3.0)),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Note:
    """One note: ``at`` and ``beats`` long, MIDI ``pitch``, ``velocity`` 0..1, and the part that plays it."""

    at: float
    beats: float
    pitch: int
    velocity: float
    part: str


@dataclass(frozen=True, slots=True)
class Score:
    """A whole piece; ``resolve`` is the beat on which it comes home, ``beats`` the reel's length in beats."""

    bpm: float
    metre: int
    bars: int
    beats: float
    tonic: int
    chords: tuple[int, ...]
    notes: tuple[Note, ...]

    @property
    def resolve(self) -> float:
        """The last struck beat."""
        return float(self.bars * self.metre)


def fit(seconds: float, mood: Mood, rng: np.random.Generator) -> tuple[int, int, float, float]:
    """(metre, bars, last ring in beats, bpm) so that the piece ends with the reel.

    Four to eight bars where the tempo allows it; a very short reel gets fewer. The tempo stays within
    60 to 128 bpm, in the mood's own range where some metre reaches it.
    """
    wanted = float(rng.uniform(*mood.tempo))
    best: tuple[float, tuple[int, int, float, float]] | None = None
    for bars in range(1, 9):
        for metre in (*mood.metres, 2, 1):
            for ring in (1.0, 1.5, 2.0):
                bpm = (bars * metre + ring) * 60.0 / seconds
                outside = max(60.0 - bpm, bpm - 128.0, 0.0)
                cost = abs(np.log2(bpm / wanted)) * 4.0 + outside * 10.0
                cost += 0.0 if bars >= 4 else (4 - bars) * 1.2
                cost += 0.0 if metre in mood.metres else 0.8 * (3 - metre) ** 2
                cost += 0.15 * mood.metres.index(metre) if metre in mood.metres else 0.0
                cost += abs(ring * 60.0 / bpm - 0.95) * 0.6 + 0.2 * (bars % 2)
                if best is None or cost < best[0]:
                    best = (float(cost), (metre, bars, ring, bpm))
    assert best is not None
    return best[1]


def harmony(bars: int, mood: Mood, rng: np.random.Generator) -> tuple[int, ...]:
    """One chord a bar, as scale degrees: a statement that opens on the dominant, an answer that closes it."""
    half = max(1, bars // 2)
    functions = _phrase(half, rng) + _phrase(bars - half, rng)
    if bars <= 1:
        functions = [DOMINANT]
    chords = [_pick(mood.functions[name], rng) for name in functions]
    if bars > 1:
        chords[0] = mood.functions[TONIC][0]
    chords[-1] = mood.functions[DOMINANT][0]
    return tuple(chords)


def _phrase(bars: int, rng: np.random.Generator) -> list[str]:
    """PHRASE -> T (T | S)* S? D: starts at home, wanders, ends leaning forward."""
    if bars <= 1:
        return [TONIC] if bars == 1 else []
    inner = [TONIC if rng.uniform() < 0.4 else SUBDOMINANT for _ in range(bars - 2)]
    if inner:
        inner[-1] = SUBDOMINANT
    return [TONIC, *inner, DOMINANT]


def _pick(degrees: tuple[int, ...], rng: np.random.Generator) -> int:
    weights = np.array([1.0 / (1 + i) for i in range(len(degrees))])
    return int(rng.choice(degrees, p=weights / weights.sum()))


def pitch(degree: int, scale: tuple[int, ...], tonic: int) -> int:
    """The MIDI note of a scale degree, any octave."""
    octave, step = divmod(degree, len(scale))
    return tonic + 12 * octave + scale[step]


def melody(chords: tuple[int, ...], metre: int, rng: np.random.Generator) -> list[tuple[float, float, int, float]]:
    """(beat, length, degree, velocity) of the tune, without its last note.

    A motif of one or two bars is stated over the first half; the answer keeps its rhythm, turns its shape
    around, and walks down to the tonic that the caller adds.
    """
    cells = RHYTHMS[metre]
    first, second = cells[int(rng.integers(len(cells)))], cells[int(rng.integers(len(cells)))]
    shape = [int(rng.choice((-2, -1, 1, 2, 3), p=(0.15, 0.3, 0.3, 0.15, 0.1))) for _ in range(8)]
    half = max(1, len(chords) // 2)
    out: list[tuple[float, float, int, float]] = []
    here = int(rng.choice((2, 4)))
    for bar, chord in enumerate(chords):
        answering = bar >= half
        within = bar - half if answering else bar
        last = bar in (half - 1, len(chords) - 1)
        cell = first if within % 2 == 0 else second
        if last and len(chords) > 1:
            cell = cell[: max(1, (len(cell) + 1) // 2)]
        tones = {(chord + step) % 7 for step in (0, 2, 4)}
        for number, beat in enumerate(cell):
            move = shape[(number + 3 * (within % 2)) % 8] * (-1 if answering else 1)
            move = 0 if number == 0 and within == 0 else move
            here = here + move if -2 <= here + move <= 8 else here - move
            if beat == 0.0 or (metre == 4 and beat == 2.0):
                here = min((here + s for s in (0, 1, -1, 2, -2)), key=lambda d: (d % 7 not in tones, abs(d - here)))
            if bar == len(chords) - 1 and number == len(cell) - 1:
                here = 1 if here < 5 else 8
            end = cell[number + 1] if number + 1 < len(cell) else float(metre)
            strong = 1.0 if beat == 0.0 else 0.8
            out.append((bar * metre + beat, (end - beat) * 0.95, here, strong * float(rng.uniform(0.85, 1.0))))
    return out


def compose(seconds: float, mood_name: str, night: bool, rng: np.random.Generator) -> Score:
    """The whole piece for one reel; an unknown mood is calm."""
    mood = MOODS.get(mood_name, MOODS["calm"])
    metre, bars, ring, bpm = fit(seconds, mood, rng)
    tonic = int(rng.integers(57, 65)) - (2 if night else 0)
    chords = harmony(bars, mood, rng)
    home = float(bars * metre)
    notes: list[Note] = []
    tune = melody(chords, metre, rng)
    for beat, length_, degree, velocity in tune:
        late = mood.swing * 0.5 if (beat * 2) % 2 == 1 else 0.0
        notes.append(Note(beat + late, length_, pitch(degree, mood.scale, tonic + 12), velocity, "lead"))
    end = 7 if tune and tune[-1][2] >= 5 else 0
    notes.append(Note(home, ring, pitch(end, mood.scale, tonic + 12), 1.0, "lead"))
    for bar, chord in enumerate((*chords, 0)):
        start, long = bar * float(metre), float(metre) if bar < bars else ring
        notes.extend(_backing(mood, start, long, chord, tonic, bar == bars, rng))
    return Score(bpm, metre, bars, home + ring, tonic, chords, tuple(notes))


def _backing(
    mood: Mood, start: float, long: float, chord: int, tonic: int, last: bool, rng: np.random.Generator
) -> list[Note]:
    """Bass, chords and soft percussion of one bar in the mood's manner; the last beat is a plain chord."""
    tones = [pitch(chord + step, mood.scale, tonic) for step in (0, 2, 4)]
    tones = [tone - 12 if tone > tonic + 9 else tone for tone in tones]
    root = pitch(chord, mood.scale, tonic - 24)
    root = root - 12 if root > tonic - 14 else root
    if last:
        low = [Note(start, long, tonic - 24, 1.0, "bass"), Note(start, long, 36, 0.9, "drum")]
        return low + [Note(start + 0.02 * i, long, tone, 0.85, "chord") for i, tone in enumerate(tones)]
    notes: list[Note] = []
    beats = [float(beat) for beat in range(int(long))]
    match mood.style:
        case "hop":
            for beat in beats:
                if beat % 2 == 0:
                    notes.append(Note(start + beat, 0.8, root + (7 if beat == 2 else 0), 0.9, "bass"))
                    notes.append(Note(start + beat, 0.5, 36, 0.7, "drum"))
                else:
                    notes += [Note(start + beat, 0.45, tone, 0.6, "chord") for tone in tones]
                    notes.append(Note(start + beat, 0.3, 76, 0.35, "wood"))
                notes += [
                    Note(start + beat + off, 0.2, 80, v, "shaker")
                    for off, v in ((0.0, 0.3), (0.5 + mood.swing / 2, 0.5))
                ]
        case "arpeggio" | "broken":
            notes.append(Note(start, long * 0.95, root, 0.8, "bass"))
            order = [0, 1, 2, 1] if mood.style == "arpeggio" else [0, 2, 1, 2]
            for number in range(int(long * 2)):
                tone = tones[order[number % 4]] + (12 if number % 4 == 2 and mood.style == "broken" else 0)
                notes.append(Note(start + number / 2, 1.2, tone, float(rng.uniform(0.42, 0.6)), "chord"))
            notes += [Note(start, long, tone, 0.5, "pad") for tone in tones]
            notes += [Note(start + beat, 0.3, 80, 0.3, "shaker") for beat in beats if beat % 2 == 1]
        case _:
            notes += [Note(start, long, tone, 0.6, "pad") for tone in tones]
            notes += [
                Note(start + n / 2, 0.4, root + 12, 0.8 if n % 2 == 0 else 0.5, "chord") for n in range(int(long * 2))
            ]
            notes += [Note(start + off, 0.4, 36, v, "drum") for off, v in ((0.0, 0.9), (0.35, 0.5))]
            notes += [Note(start + n / 2, 0.1, 84, 0.25 + 0.1 * (n % 2), "shaker") for n in range(int(long * 2))]
            notes.append(Note(start, long * 0.9, root, 0.7, "bass"))
    return notes
