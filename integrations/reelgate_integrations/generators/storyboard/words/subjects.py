"""Who can be in a scene: nouns, what each is drawn as, and where it feels at home.

One entry a subject: ``name: drawn as, or else as ... | other words for it | home, usual action``. The first of
the drawn-as names that the cast can play is taken; when that is not the subject itself, the scene says that it
is an approximation.
"""

from __future__ import annotations

from dataclasses import dataclass

_TABLE = """
hippo: hippo | hippopotamus hippos | river swim
dog: dog | hound mutt doggo terrier poodle beagle labrador retriever corgi dachshund bulldog husky dalmatian
    chihuahua | meadow run
cat: cat | kitty tomcat tabby feline housecat pussycat | room walk
fox: fox | vixen foxes | forest run
wolf: wolf fox dog | wolves coyote jackal | forest run
bear: bear | grizzly bears | forest walk
polar bear: polar_bear bear | polarbear | mountains walk
panda: panda bear | pandas | forest walk
lion: lion cat | lioness lions | desert walk
tiger: tiger lion cat | tigers tigress | forest walk
leopard: leopard tiger lion cat | cheetah jaguar panther puma cougar lynx bobcat | forest run
rabbit: rabbit | bunny hare bunnies | meadow jump
mouse: mouse rabbit | mice rat gerbil | room run
hamster: hamster mouse rabbit | guineapig | room run
squirrel: squirrel fox rabbit | chipmunk squirrels | forest run
hedgehog: hedgehog mouse rabbit | porcupine | forest walk
pig: pig hippo | piggy hog boar swine | meadow walk
cow: cow horse elephant | cattle bull ox buffalo bison yak | meadow walk
sheep: sheep cow rabbit dog | ram ewe | meadow walk
goat: goat sheep deer dog | | mountains jump
horse: horse | pony stallion mare horses colt | meadow run
zebra: zebra horse | | desert run
unicorn: unicorn horse | pegasus | meadow run
donkey: donkey horse | mule | meadow walk
deer: deer horse | stag doe elk moose reindeer antelope gazelle impala | forest run
giraffe: giraffe horse deer | | desert walk
elephant: elephant hippo | elephants mammoth | desert walk
rhino: rhino hippo | rhinoceros | desert walk
camel: camel horse | dromedary llama alpaca | desert walk
monkey: monkey bear child | ape gorilla chimp chimpanzee orangutan baboon monkeys lemur | forest dance
koala: koala bear panda | sloth | forest sleep
raccoon: raccoon fox bear | badger skunk | forest walk
otter: otter seal beaver bear dog | beaver platypus | river swim
seal: seal otter dolphin dog fish | walrus sealion | sea swim
kangaroo: kangaroo rabbit deer | wallaby | desert jump
frog: frog turtle rabbit | toad frogs | river jump
turtle: turtle hippo | tortoise turtles terrapin | beach walk
crocodile: crocodile dragon dinosaur hippo | alligator croc gator caiman | river swim
lizard: lizard crocodile dragon dinosaur hippo | gecko chameleon iguana salamander snake serpent | desert walk
dinosaur: dinosaur dragon hippo | dino trex brontosaurus stegosaurus triceratops raptor dinosaurs | forest walk
dragon: dragon dinosaur lion | dragons wyvern drake | mountains fly
penguin: penguin bird | penguins | mountains walk
duck: duck penguin bird | mallard ducks | river swim
swan: swan duck penguin bird | goose geese | river swim
flamingo: flamingo duck bird | heron stork crane ibis pelican | river walk
bird: bird | birdie sparrow robin finch bluebird canary songbird wren swallow hummingbird cardinal birds tit
    nightingale | meadow fly
parrot: parrot bird | macaw cockatoo parakeet toucan budgie | forest fly
crow: crow bird | raven magpie blackbird | meadow fly
eagle: eagle owl bird | hawk falcon vulture condor kite kestrel | mountains fly
owl: owl bird | owls | forest fly
gull: gull seagull bird | seagull seagulls albatross puffin | sea fly
pigeon: pigeon bird | dove | city fly
chicken: chicken bird duck | hen rooster cockerel turkey chickens | meadow walk
peacock: peacock chicken bird | peahen ostrich emu | meadow walk
butterfly: butterfly bird | moth dragonfly butterflies | meadow fly
bee: bee butterfly bird | bumblebee wasp ladybug ladybird fly beetle firefly insect | meadow fly
bat: bat bird | | forest fly
fish: fish | goldfish clownfish trout salmon tuna carp koi guppy cod fishes angelfish pufferfish | underwater
    swim
shark: shark fish | sharks | underwater swim
whale: whale dolphin fish | orca whales narwhal | underwater swim
dolphin: dolphin fish | porpoise dolphins | underwater swim
octopus: octopus squid jellyfish fish | squid kraken cuttlefish | underwater swim
jellyfish: jellyfish octopus fish | medusa | underwater swim
seahorse: seahorse fish | | underwater swim
crab: crab turtle hippo | lobster shrimp prawn crayfish | beach walk
mermaid: mermaid child dolphin | merman | underwater swim
robot: robot | android bot cyborg droid mech robots | city walk
astronaut: astronaut robot person | spaceman cosmonaut spacewoman | space walk
alien: alien robot child | martian extraterrestrial ufo | space walk
monster: monster alien dinosaur bear | yeti bigfoot ogre troll goblin gremlin beast creature godzilla | forest
    walk
ghost: ghost owl astronaut | spirit phantom spook | city fly
snowman: snowman penguin bear | | mountains stand
person: person child girl boy | human people someone somebody man woman lady guy adult teacher doctor chef cook
    painter artist musician gardener farmer tourist hiker | meadow walk
girl: girl child person | daughter schoolgirl | meadow run
boy: boy child person | son schoolboy | meadow run
child: child girl boy person | kid children toddler kids infant | meadow run
princess: princess girl person child | queen fairy | meadow dance
knight: knight person robot | king prince warrior samurai ninja soldier viking gladiator | meadow walk
wizard: wizard person child | witch magician sorcerer warlock mage | forest walk
pirate: pirate person child | captain sailor fisherman | beach walk
dancer: dancer girl person child | ballerina | city dance
skater: skater child person | surfer skateboarder snowboarder skier skater cyclist runner jogger athlete | city
    run
superhero: superhero person knight child | hero heroine | city fly
clown: clown person child | jester juggler | city dance
car: car | automobile taxi cab sedan racecar jeep convertible cars vehicle | city drive
bus: bus van car | coach minibus schoolbus | city drive
van: van bus car | minivan camper caravan ambulance | city drive
truck: truck van bus car | lorry pickup firetruck digger excavator bulldozer | city drive
tractor: tractor truck car | combine harvester | meadow drive
train: train bus | locomotive tram subway metro trolley | meadow drive
motorbike: motorbike scooter bicycle car | motorcycle moped scooter vespa | city drive
bicycle: bicycle motorbike car | bike tricycle unicycle | city drive
boat: sailboat boat ship | | sea swim
sailboat: sailboat boat | yacht dinghy catamaran sailing-boat | sea swim
ship: ship boat sailboat | ferry steamer galleon freighter tanker cruiser | sea swim
tugboat: tugboat ship boat sailboat | tug trawler | sea swim
canoe: canoe rowboat boat sailboat | kayak rowboat raft gondola rowing-boat | river swim
submarine: submarine whale fish | sub | underwater swim
rocket: rocket spaceship astronaut | spaceship spacecraft shuttle starship | space fly
aeroplane: aeroplane plane rocket parrot bird | airplane plane jet aircraft helicopter glider biplane drone |
    meadow fly
balloon: balloon owl bird | airship blimp zeppelin | meadow fly
teapot: robot | kettle toaster lamp chair table box clock phone computer tv fridge | room walk
cake: monster bear | cupcake pizza burger donut doughnut banana apple carrot pumpkin potato tomato sandwich
    cookie | room dance
tree: monster bear | flower cactus plant mushroom bush sunflower rose tulip | meadow dance
toy: bear robot | teddy teddybear doll plushie puppet | room walk
"""

_YOUNG = {
    "puppy": "dog", "pup": "dog", "puppies": "dog", "kitten": "cat", "kittens": "cat", "cub": "bear",
    "foal": "horse", "calf": "cow", "lamb": "sheep", "piglet": "pig", "fawn": "deer", "chick": "chicken",
    "chicks": "chicken", "duckling": "duck", "ducklings": "duck", "owlet": "owl", "joey": "kangaroo",
    "gosling": "swan", "cygnet": "swan", "leveret": "rabbit", "kit": "fox",
    "tadpole": "frog",
}  # fmt: skip

_SIGNS = {
    "🦛": "hippo", "🐶": "dog", "🐕": "dog", "🐩": "dog", "🐱": "cat", "🐈": "cat", "🦊": "fox", "🐺": "wolf",
    "🐻": "bear", "🐼": "panda", "🦁": "lion", "🐯": "tiger", "🐅": "tiger", "🐰": "rabbit", "🐇": "rabbit",
    "🐭": "mouse", "🐹": "hamster", "🐿": "squirrel", "🦔": "hedgehog", "🐷": "pig", "🐖": "pig", "🐮": "cow",
    "🐄": "cow", "🐑": "sheep", "🐐": "goat", "🐴": "horse", "🐎": "horse", "🦓": "zebra", "🦄": "unicorn",
    "🦌": "deer", "🦒": "giraffe", "🐘": "elephant", "🦏": "rhino", "🐪": "camel", "🐵": "monkey", "🐒": "monkey",
    "🐨": "koala", "🦝": "raccoon", "🦦": "otter", "🦭": "seal", "🦘": "kangaroo", "🐸": "frog", "🐢": "turtle",
    "🐊": "crocodile", "🦎": "lizard", "🐍": "lizard", "🦕": "dinosaur", "🦖": "dinosaur", "🐉": "dragon",
    "🐲": "dragon", "🐧": "penguin", "🦆": "duck", "🦢": "swan", "🦩": "flamingo", "🐦": "bird", "🐤": "chicken",
    "🐔": "chicken", "🦜": "parrot", "🦅": "eagle", "🦉": "owl", "🦋": "butterfly", "🐝": "bee", "🐞": "bee",
    "🦇": "bat", "🐟": "fish", "🐠": "fish", "🐡": "fish", "🦈": "shark", "🐳": "whale", "🐋": "whale",
    "🐬": "dolphin", "🐙": "octopus", "🦀": "crab", "🤖": "robot", "👽": "alien", "👻": "ghost", "⛄": "snowman",
    "🧑": "person", "👧": "girl", "👦": "boy", "🧒": "child", "👸": "princess", "🧙": "wizard", "🧜": "mermaid",
    "🚗": "car", "🚙": "car", "🏎": "car", "🚕": "car", "🚌": "bus", "🚚": "truck", "🚜": "tractor", "🚂": "train",
    "🏍": "motorbike", "🚲": "bicycle", "⛵": "sailboat", "🚢": "ship", "🛶": "canoe", "🚀": "rocket",
    "✈": "aeroplane", "🎈": "balloon",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Noun:
    """A subject: its ``name``, who may play it (best first), its home and what it does unasked."""

    name: str
    played_by: tuple[str, ...]
    home: str
    action: str


def _read() -> tuple[dict[str, Noun], dict[str, str]]:
    nouns: dict[str, Noun] = {}
    words: dict[str, str] = {}
    for line in _TABLE.replace("\n    ", " ").strip().splitlines():
        head, others, usual = line.split("|")
        name, players = head.split(":")
        home, action = usual.split()
        nouns[name] = Noun(name, tuple(players.split()), home, action)
        words.setdefault(name, name)
        for other in others.split():
            words.setdefault(other, name)
    return nouns, words


NOUNS, _WORDS = _read()
"""Every subject by name."""

SUBJECT_WORDS: dict[str, str] = {**_WORDS, **_SIGNS}
"""Word, phrase or pictograph -> subject name."""

YOUNG_WORDS: dict[str, str] = _YOUNG
"""Words that mean a young one of a subject."""
