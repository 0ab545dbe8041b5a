// The wall: asks this app (never Reelgate itself) how far things are, and lets stickers be placed by hand or by keys.
const live = document.querySelector("#live"), lost = document.querySelector("#lost");
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
const busy = new Set();

const say = (words) => { live.textContent = words; };
const amiss = (card, words) => { card.querySelector("[data-amiss]").textContent = words; };
const within = (share) => Math.min(0.95, Math.max(0.05, share));

function put(thing, x, y) {
  thing.dataset.x = x; thing.dataset.y = y;
  thing.style.left = `${x * 100}%`; thing.style.top = `${y * 100}%`;
}

// Drag, or arrow keys; `done` is called with the place when the hand is off it.
function movable(thing, frame, done) {
  const at = () => [Number(thing.dataset.x), Number(thing.dataset.y)];
  thing.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    thing.focus();
    thing.setPointerCapture(event.pointerId);
    const box = frame.getBoundingClientRect(), [x, y] = at(), [fromX, fromY] = [event.clientX, event.clientY];
    const move = (to) => put(thing, within(x + (to.clientX - fromX) / box.width), within(y + (to.clientY - fromY) / box.height));
    thing.addEventListener("pointermove", move);
    thing.addEventListener("lostpointercapture", () => { thing.removeEventListener("pointermove", move); done(...at()); }, { once: true });
  });
  thing.addEventListener("keydown", (event) => {
    const [right, down] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [0, 0];
    if (!right && !down) return;
    event.preventDefault();
    const [x, y] = at();
    put(thing, within(x + right * 0.03), within(y + down * 0.03));
    say(`${Math.round(Number(thing.dataset.x) * 100)} % from the left, ${Math.round(Number(thing.dataset.y) * 100)} % from the top`);
    done(...at());
  });
}

async function send(url, form) {
  const answer = await fetch(url, { method: "POST", body: form, headers: { "X-Fetch": "1" } });
  if (!answer.ok) throw new Error(String(answer.status));
}

function lay(card) {
  const frame = card.querySelector(".frame");
  for (const thing of frame.querySelectorAll("[data-x]")) put(thing, Number(thing.dataset.x), Number(thing.dataset.y));
  for (const sticker of frame.querySelectorAll("[data-sticker]")) {
    let soon = 0;
    movable(sticker, frame, (x, y) => {
      clearTimeout(soon); // a key that is held moves it many times: the last place is the one to keep
      soon = setTimeout(() => {
        const form = new FormData();
        form.set("x", x); form.set("y", y);
        send(`/extras/${sticker.dataset.sticker}/place`, form).then(() => amiss(card, ""), () => amiss(card, "The new place could not be kept."));
      }, 200);
    });
    if (still) freeze(sticker.querySelector("img"));
  }
  const reel = frame.querySelector("video");
  if (reel) play(frame, reel);
}

// Our own two buttons instead of the browser's bar, which would lie over the label in the picture.
function play(frame, reel) {
  const player = frame.querySelector(".player"), pause = player.querySelector("[data-pause]"), sound = player.querySelector("[data-sound]");
  if (still) { reel.autoplay = false; reel.pause(); }
  const show = () => {
    pause.classList.toggle("on", !reel.paused);
    pause.setAttribute("aria-label", reel.paused ? "Play the reel" : "Pause the reel");
    sound.classList.toggle("on", !reel.muted);
    sound.setAttribute("aria-pressed", String(!reel.muted));
  };
  pause.onclick = () => { if (reel.paused) reel.play().catch(() => {}); else reel.pause(); };
  sound.onclick = () => { reel.muted = !reel.muted; };
  reel.onplay = reel.onpause = reel.onvolumechange = show;
  player.hidden = false;
  show();
}

// Whoever asked for less motion sees a sticker's first picture.
function freeze(picture) {
  const draw = () => {
    const canvas = document.createElement("canvas");
    canvas.width = picture.naturalWidth; canvas.height = picture.naturalHeight;
    canvas.getContext("2d").drawImage(picture, 0, 0);
    picture.replaceWith(canvas);
  };
  if (picture.complete) draw(); else picture.addEventListener("load", draw, { once: true });
}

// Where the keyboard is on a card, in words that find it again when the card is drawn anew.
function spot(card) {
  const on = document.activeElement;
  if (!card.contains(on)) return "";
  const sticker = on.closest("[data-sticker]")?.dataset.sticker, row = on.closest("[data-extra]")?.dataset.extra;
  if (sticker) return `[data-sticker="${sticker}"]`;
  if (row) return `[data-extra="${row}"] .row :is(button, summary)`;
  return on.closest(".player") ? (on.matches("[data-sound]") ? "[data-sound]" : "[data-pause]") : "";
}

const open = (card) => card.querySelector(".news details[open]") !== null;

// Take over what the app says now: pictures, stickers, news and fresh keys. A row in which somebody types stays, and
// the card is stale until it is closed.
async function renew(card) {
  card.dataset.stale = "";
  const answer = await fetch(`/photos/${card.dataset.photo}/card`);
  if (!answer.ok) throw new Error(String(answer.status));
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".card");
  const frame = card.querySelector(".frame"), flipped = frame.classList.contains("flipped");
  const was = frame.querySelector("video"), now = fresh.querySelector("video");
  const same = was && now && was.getAttribute("src") === now.getAttribute("src");
  const paused = was?.paused;
  const marker = frame.querySelector(".marker"), focus = spot(card);
  if (same) now.replaceWith(was);
  frame.replaceChildren(...fresh.querySelector(".frame").childNodes);
  if (marker) frame.append(marker);
  frame.classList.toggle("flipped", Boolean(same && flipped));
  if (same && !paused) was.play().catch(() => {});
  if (!open(card)) {
    card.querySelector(".news").replaceChildren(...fresh.querySelector(".news").childNodes);
    delete card.dataset.stale;
  }
  const flip = card.querySelector("[data-flip]");
  if (flip) flip.textContent = flipped && same ? "Show the reel" : "Show the photo";
  const keys = fresh.querySelectorAll(".actions [name=key]");
  card.querySelectorAll(".actions [name=key]").forEach((field, at) => { field.value = keys[at].value; });
  lay(card);
  if (focus && !card.contains(document.activeElement)) (card.querySelector(focus) ?? card.querySelector(".actions button")).focus();
}

// Ask how far everything on one photo is, and show it.
async function look(card) {
  const answer = await fetch(`/photos/${card.dataset.photo}/news`);
  if (!answer.ok) throw new Error(String(answer.status));
  let changed = "stale" in card.dataset && !open(card);
  for (const told of await answer.json()) {
    const row = card.querySelector(`[data-extra="${told.id}"]`);
    if (!row || row.dataset.stage === told.stage && !told.over && row.querySelector(".now")?.textContent === told.words_now) {
      const bar = row?.querySelector("progress");
      if (bar && told.progress !== null) bar.value = told.progress;
      continue;
    }
    if (row.dataset.stage === told.stage && told.over) continue;
    const structural = told.over || ["review", "held"].includes(told.stage);
    row.dataset.stage = told.stage;
    if (structural) {
      changed = true;
      say(told.stage === "done" ? `The ${told.kind} is ready.` : told.words_now);
    } else {
      row.querySelector(".now").textContent = told.words_now;
      say(told.words_now);
    }
  }
  if (changed) await renew(card);
}

// One round of asking for every photo that something is being made for. Nothing ends the rounds.
async function round() {
  for (const card of document.querySelectorAll(".card:is(:has([data-waits]), [data-stale])")) {
    if (busy.has(card)) continue;
    const here = await look(card).then(() => true, () => false);
    lost.textContent = here ? "" : "Windowsill does not answer. What is being made goes on, and shows here once it does.";
  }
  setTimeout(round, 1000);
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-ask]");
  if (!form) return;
  event.preventDefault();
  const card = form.closest(".card"), marker = card.querySelector(".marker"), button = form.querySelector("button");
  const told = new FormData(form);
  if (form.closest(".stick") && marker) { told.set("x", marker.dataset.x); told.set("y", marker.dataset.y); }
  if (busy.has(card)) return;
  busy.add(card);
  button.setAttribute("aria-disabled", "true"); // not `disabled`, which would take the keyboard off it
  try {
    await send(form.getAttribute("action"), told);
    const sheet = form.closest("details");
    if (sheet) { sheet.open = false; sheet.querySelector("summary").focus(); }
    await renew(card).catch(() => {}); // it is asked for; how it stands is shown in the next round
    amiss(card, "");
    say(card.querySelector(".news li .now")?.textContent ?? "Done.");
  } catch {
    amiss(card, "That did not get through. Please try again.");
  }
  button.removeAttribute("aria-disabled");
  busy.delete(card);
});

// A photo is put on the wall once, however often the button is pressed.
const upload = document.querySelector(".add form");
upload.addEventListener("submit", (event) => {
  if (upload.dataset.sent) event.preventDefault();
  upload.dataset.sent = "yes";
});
addEventListener("pageshow", () => { delete upload.dataset.sent; });

document.addEventListener("click", (event) => {
  const flip = event.target.closest("[data-flip]");
  if (!flip) return;
  const frame = flip.closest(".card").querySelector(".frame"), reel = frame.querySelector("video");
  const flipped = frame.classList.toggle("flipped");
  flip.textContent = flipped ? "Show the reel" : "Show the photo";
  if (flipped) reel.pause(); else reel.play().catch(() => {});
});

// While the sticker sheet is open, a dotted circle on the photo says where it will go.
document.addEventListener("toggle", (event) => {
  const sheet = event.target;
  if (!sheet.matches?.(".stick")) return;
  const frame = sheet.closest(".card").querySelector(".frame");
  frame.querySelector(".marker")?.remove();
  if (!sheet.open) return;
  const marker = document.createElement("button");
  marker.type = "button";
  marker.className = "marker";
  marker.setAttribute("aria-label", "Where the sticker goes. Arrow keys move it.");
  put(marker, 0.5, 0.5);
  frame.append(marker);
  movable(marker, frame, () => {});
  sheet.querySelector("[name=words]").select();
}, true);

document.querySelectorAll(".card").forEach(lay);
round();
