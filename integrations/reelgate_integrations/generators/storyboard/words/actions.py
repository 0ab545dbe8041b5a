"""What can be done: verbs, the motion each is acted with, and the mouth and mood that go with it."""

from __future__ import annotations

from . import each

_TABLE = {
    "stand": (
        "stand standing wait waiting look looking watch watching sit sitting pose posing stare staring "
        "smile smiling think thinking read reading talk talking sing singing eat eating drink drinking "
        "cook cooking paint painting wave waving hug hugging cry crying laugh laughing listen listening "
        "rest resting float-still meditate meditating wear wearing hold holding write writing play-chess "
        "fish-still laughs smiles sits reads sings eats drinks knitting knit drawing draw blow blowing"
    ),
    "walk": (
        "walk walking walks stroll strolling wander wandering march marching hike hiking stomp stomping "
        "crawl crawling creep creeping sneak sneaking tiptoe waddle waddling waddles go going travel "
        "travelling traveling explore exploring patrol step stepping carry carrying search searching come "
        "coming arrive climb climbing limp stride striding shop shopping visit visiting pace pacing "
        "parade"
    ),
    "run": (
        "run running runs sprint sprinting dash dashing race racing gallop galloping trot trotting chase "
        "chasing flee fleeing hurry hurrying rush rushing escape escaping jog jogging charge charging "
        "play playing plays scamper scampering canter speed-run skate skating ski skiing snowboarding "
        "skateboarding surf surfing"
    ),
    "jump": (
        "jump jumping jumps hop hopping hops leap leaping leaps bounce bouncing bounces skip skipping "
        "spring springing pounce pouncing trampoline vault"
    ),
    "swim": (
        "swim swimming swims dive diving paddle paddling float floating floats bathe bathing bath sail "
        "sailing sails row rowing drift drifting splash splashing snorkel snorkeling wade wading cruise "
        "bob bobbing underwater-swim canoeing"
    ),
    "fly": (
        "fly flying flies soar soaring soars glide gliding hover hovering flutter fluttering flap "
        "flapping swoop swooping levitate levitating skydive skydiving launch launching blast blasting "
        "takeoff orbit orbiting"
    ),
    "drive": (
        "drive driving drives ride riding rides roll rolling cruise-drive park parking honk commute "
        "commuting deliver delivering zoom-past speed speeding vroom cycle cycling pedal pedalling"
    ),
    "dance": (
        "dance dancing dances boogie twirl twirling spin spinning spins groove grooving party partying "
        "celebrate celebrating cheer cheering disco ballet breakdance breakdancing waltz tango salsa "
        "wiggle wiggling juggle juggling cartwheel perform performing shake shaking sway swaying jive "
        "skip-rope flip"
    ),
    "sleep": (
        "sleep sleeping sleeps asleep nap napping naps snooze snoozing doze dozing dream dreaming dreams "
        "snore snoring hibernate slumber lie lying relax relaxing yawn yawning"
    ),
}

ACTION_WORDS: dict[str, str] = {word: action for action, words in _TABLE.items() for word in words.split()}
"""Verb form -> action."""

ACTIONS: tuple[str, ...] = tuple(_TABLE)
"""Every action, from still to lively."""

LOOSE = each(
    "read reading eat eating drink drinking cook cooking paint painting talk talking sing singing hug "
    "hugging cry crying play playing climb climbing skate skating ski skiing surf surfing juggle "
    "juggling write writing ride riding draw drawing knit knitting carry carrying wave waving hold "
    "holding shop shopping fight fighting snowboarding skateboarding sit sitting"
)
"""Verbs that are only acted roughly: the scene says so."""

TALKATIVE = each("sing singing sings talk talking laugh laughing laughs eat eating eats shout shouting roar roaring")
"""Verbs that move the mouth."""

GREETING = each("wave waves waving")
"""Verbs that a sticker's subject acts with a raised hand, paw or wing."""
