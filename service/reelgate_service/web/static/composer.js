// Asking: what is typed becomes a request for a reel or a sticker.

import { order } from "./api.js";
import { byId, once } from "./dom.js";
import { parse, seconds } from "./words.js";

const form = byId("composer");
const words = byId("words");

let parent = null; // the record of what is being remixed
let made = () => {};
let signedOut = () => {};

/** Start listening. `onMade` gets the new job, `onSignedOut` is called when the session is over. */
export function start(onMade, onSignedOut) {
  made = onMade;
  signedOut = onSignedOut;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    once(byId("go"), submit);
  });
  words.addEventListener("input", () => {
    wrong("");
    const { kind } = parse(words.value);
    if (kind) choose(kind);
  });
  words.addEventListener("keydown", (event) => {
    // 229: some browsers have left the input method already when its last Enter arrives.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    once(byId("go"), submit);
  });
  for (const radio of form.elements.kind) radio.addEventListener("change", () => choose(radio.value));
  form.elements.seconds.addEventListener("input", tellSeconds);
  byId("from-seed").addEventListener("change", (event) => {
    form.elements.seed.value = event.target.checked ? String(parent.asked.seed) : "";
  });
  byId("from-nothing").addEventListener("click", () => {
    clear();
    words.focus();
  });
  for (const idea of document.querySelectorAll(".idea")) {
    idea.addEventListener("click", () => {
      words.value = idea.textContent;
      wrong("");
      words.focus();
    });
  }
  tellSeconds();
}

/** Take a reel or sticker up again: its words, length and shape, and if wished its seed. */
export function remix(record) {
  const { asked } = record;
  parent = record;
  words.value = asked.prompt ?? "";
  choose(record.job.kind === "sticker" ? "sticker" : "reel");
  form.elements.seconds.value = String(asked.seconds);
  form.elements.aspect.value = asked.aspect;
  form.elements.seed.value = String(asked.seed);
  byId("from-seed").checked = true;
  byId("from-words").textContent = asked.prompt ? `Remix of “${asked.prompt}”` : "Remix";
  byId("from").hidden = false;
  tellSeconds();
  wrong("");
  form.scrollIntoView({ block: "nearest" });
  words.focus();
  words.setSelectionRange(words.value.length, words.value.length);
}

/** Put words back that were not made, to be changed. */
export function rephrase(record) {
  clear();
  words.value = record.asked.prompt ?? "";
  words.focus();
}

function choose(kind) {
  form.elements.kind.value = kind;
  for (const choice of form.querySelectorAll("[data-for]")) choice.hidden = choice.dataset.for !== kind;
  byId("more").querySelector("summary").textContent = kind === "reel" ? "More: length, shape, seed" : "More: seed";
}

/** Ready for the next idea; what was chosen under "more" but for the seed stays, for most people want it again. */
function clear() {
  parent = null;
  byId("from").hidden = true;
  words.value = "";
  form.elements.seed.value = "";
  choose("reel");
  wrong("");
}

function tellSeconds() {
  byId("seconds-said").value = seconds(Number(form.elements.seconds.value));
}

function wrong(sentence) {
  byId("words-wrong").textContent = sentence;
  words.setAttribute("aria-invalid", sentence ? "true" : "false");
}

async function submit() {
  const whole = words.value;
  const { kind: typed, prompt, unknown } = parse(whole);
  if (unknown) return wrong(`There is no /${unknown} here: /imagine makes a reel, /sticker a sticker.`);
  if (!prompt) {
    words.focus();
    return wrong("Tell us what to film: type a few words.");
  }
  const kind = typed ?? form.elements.kind.value;
  const body = { prompt };
  if (kind === "reel") Object.assign(body, { seconds: Number(form.elements.seconds.value), aspect: form.elements.aspect.value });
  const seed = form.elements.seed.value.trim();
  if (seed) {
    if (!/^\d+$/.test(seed)) {
      byId("more").open = true;
      form.elements.seed.focus();
      return wrong("The seed must be a whole number.");
    }
    body.seed = Number(seed);
  }
  if (parent) body.parent = parent.job.id;
  wrong("");
  try {
    const job = await order(kind === "sticker" ? "/v1/stickers" : "/v1/reels", body);
    if (words.value === whole) clear(); // else somebody is at the next idea already
    if (window.matchMedia("(pointer: coarse)").matches) words.blur(); // the keyboard would cover what happens
    made(job);
  } catch (problem) {
    if (problem.status === 401) signedOut();
    else wrong(problem.says);
  }
}
