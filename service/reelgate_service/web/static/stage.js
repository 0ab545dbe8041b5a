// Showing one job: its stages while it is made, then the reel or sticker, or why there is none.

import { call, order } from "./api.js";
import { announce, byId, el, once } from "./dom.js";
import { ended, follow } from "./follow.js";
import { recordOf } from "./record.js";
import { LOST, STEPS, doing, seconds, standing } from "./words.js";

const stage = byId("stage");
const still = window.matchMedia("(prefers-reduced-motion: reduce)");

let stop = () => {};
let shown = ""; // the job on show; whatever arrives for another comes too late
let wantsSound = false;
let doors = {};

/** `open(id)` shows another job, `changed()` says that lists are out of date, `remix` and `rephrase` fill the form. */
export function start(handlers) {
  doors = handlers;
}

/** Fill the stage. Whoever is in it with the keyboard stays in it. */
function put(...nodes) {
  const inside = stage.contains(document.activeElement);
  stage.replaceChildren(...nodes);
  if (inside) stage.focus({ preventScroll: true });
}

/** Nothing to show yet. */
export function showNothing() {
  leave("");
  const picture = el("img", { src: "/static/empty.svg", alt: "", width: "180", height: "120" });
  put(
    el("div", { class: "card panel empty" }, picture, el("p", { text: "Your reel will be here, with how it was made." })),
  );
}

/** Show a job, whatever its stage. */
export async function show(id) {
  leave(id);
  let record;
  try {
    record = await call("GET", `/v1/jobs/${id}/record`);
  } catch (problem) {
    if (shown === id) trouble(problem);
    return;
  }
  if (shown !== id) return;
  if (record.job.stage === "done") showMade(record);
  else if (record.job.error || record.job.stage === "review" || record.job.stage === "held") showStanding(record);
  else showDoing(record);
}

function leave(id) {
  stop();
  stop = () => {};
  shown = id;
  document.title = "Reelgate";
}

function trouble(problem) {
  if (problem.status === 401) return doors.signedOut();
  const title = problem.status === 404 ? "Not here" : "That did not work";
  const id = shown;
  const again = el("button", { type: "button", text: "Try again", on: { click: () => once(again, () => show(id)) } });
  const acts = problem.status === 404 ? null : el("div", { class: "acts" }, again);
  put(el("div", { class: "card panel" }, verdict("stop", title, problem.says), acts));
  announce(`${title}. ${problem.says}`);
}

/** Say under the buttons why one of them did not work. */
function complain(button, problem) {
  if (problem.status === 401) return doors.signedOut();
  button.parentElement.parentElement.querySelector(".acts + .wrong")?.remove();
  button.parentElement.after(el("p", { class: "wrong", role: "alert", text: problem.says }));
}

function caption(record) {
  const { asked, job } = record;
  const kind = job.kind === "sticker" ? "Sticker" : "Reel";
  const facts = job.kind === "sticker" ? [kind] : [kind, seconds(asked.seconds), asked.aspect];
  if (job.result) facts.push(job.result.label);
  if (asked.parent) facts.push(el("a", { href: `#${asked.parent}`, text: "made from another" }));
  return el(
    "div",
    { class: "caption" },
    el("h2", { text: asked.prompt ?? "From a chat" }),
    el("p", { class: "meta" }, ...facts.map((fact) => el("span", {}, fact))),
  );
}

const shapeOf = (record) => (record.job.kind === "sticker" ? "1:1" : record.asked.aspect);

function verdict(kind, title, says, ...more) {
  return el("div", { class: `verdict ${kind}` }, el("h2", { text: title }), el("p", { text: says }), ...more);
}

// -- while it is made --------------------------------------------------------------------------------------------------

function showDoing(record) {
  const sentence = el("p", { id: "doing" });
  const bar = el("progress", { max: "1", "aria-labelledby": "doing" });
  const steps = el("ol", { class: "steps" }, ...STEPS.map(([, name]) => el("li", {}, el("span", { class: "dot" }), el("span", { text: name }))));
  const cancel = el("button", { type: "button", text: "Stop it", on: { click: () => stopIt(record.job.id, cancel) } });
  const frame = el("div", { class: "frame", data: { aspect: shapeOf(record) } }, el("img", { src: "/static/empty.svg", alt: "" }));
  put(
    el(
      "div",
      { class: "card panel" },
      caption(record),
      el("div", { class: "doing" }, bar, sentence),
      el("div", { class: "making" }, frame, steps),
      el("div", { class: "acts" }, cancel),
    ),
  );

  let says = "";
  const hear = (lost) => {
    sentence.textContent = lost ? LOST : says;
    sentence.className = lost ? "wrong" : "";
    if (lost) announce(LOST);
  };
  const tell = ({ stage: now, done = 0, total = 0 }) => {
    const at = now === "delivering" ? STEPS.length : STEPS.findIndex(([name]) => name === now);
    if (at < 0) return;
    [...steps.children].forEach((step, index) => {
      step.className = index < at ? "past-step" : index === at ? "now" : "";
      if (index === at) step.setAttribute("aria-current", "step");
      else step.removeAttribute("aria-current");
    });
    says = doing(now, done, total);
    hear(false);
    announce(doing(now, 0, 0));
    if (now === "rendering" && total) bar.value = done / total;
    else bar.removeAttribute("value"); // how far it is cannot be said: the bar says only that something moves
  };

  tell({ stage: record.job.stage, ...record.job.progress });
  const { id } = record.job;
  stop = follow(
    id,
    (news) => {
      if (shown !== id) return;
      if ("lost" in news) return hear(news.lost);
      if (!news.job) return tell(news);
      doors.changed();
      show(id);
    },
    trouble,
  );
}

function stopIt(id, button) {
  return once(button, async () => {
    button.textContent = "Stopping …";
    try {
      const job = await call("POST", `/v1/jobs/${id}/cancel`);
      if (shown !== id || !ended(job.stage)) return;
      doors.changed();
      await show(id);
    } catch (problem) {
      button.textContent = "Stop it";
      complain(button, problem);
    }
  });
}

// -- when there is no reel ---------------------------------------------------------------------------------------------

function showStanding(record) {
  const [kind, title, says] = standing(record.job);
  const acts = el("div", { class: "acts" });
  if (record.job.error && record.asked.prompt !== null) {
    acts.append(el("button", { type: "button", text: "Change the words", on: { click: () => doors.rephrase(record) } }));
  }
  if (!record.job.error) {
    const cancel = el("button", { type: "button", text: "Stop it", on: { click: () => stopIt(record.job.id, cancel) } });
    acts.append(cancel);
  }
  put(el("div", { class: "card panel" }, caption(record), verdict(kind, title, says), acts), recordOf(record));
  announce(`${title}. ${says}`);
  if (record.job.error) return;
  const { id } = record.job;
  stop = follow(
    id,
    (news) => {
      if (shown !== id || "lost" in news || (news.job ?? news).stage === record.job.stage) return;
      doors.changed();
      show(id);
    },
    trouble,
    true,
  );
}

// -- when there is one -------------------------------------------------------------------------------------------------

function showMade(record) {
  const { job, asked } = record;
  const isSticker = job.kind === "sticker";
  const acts = el("div", { class: "acts" });
  const act = (text, press) => {
    const button = el("button", { type: "button", text, on: { click: () => press(button) } });
    acts.append(button);
    return button;
  };
  acts.append(el("a", { class: "button go", href: job.result.url, download: "", text: "Download" }));
  act("Remix", () => doors.remix(record));
  // What a member wrote in a chat stays there, so that nothing is made from those words here.
  if (asked.prompt !== null) act("Vary", (button) => again(button, isSticker ? "/v1/stickers" : "/v1/reels", variant(record)));
  if (asked.prompt !== null && !isSticker) act("Make a sticker", (button) => again(button, "/v1/stickers", { parent: job.id }));

  const screen = isSticker ? sticker(record) : reel(record);
  put(
    el("div", { class: "card panel" }, screen, caption(record), acts, understood(job)),
    recordOf(record),
  );
  announce(isSticker ? "Your sticker is ready." : "Your reel is ready.");
  document.title = `${asked.prompt ?? "Ready"} · Reelgate`;
}

function variant(record) {
  const { asked, job } = record;
  const body = { parent: job.id, prompt: asked.prompt, seed: asked.seed, variation: 1 + Math.floor(Math.random() * 65534) };
  return job.kind === "sticker" ? body : { ...body, seconds: asked.seconds, aspect: asked.aspect };
}

function again(button, path, body) {
  return once(button, async () => {
    try {
      const job = await order(path, body);
      doors.changed();
      doors.open(job.id);
    } catch (problem) {
      complain(button, problem);
    }
  });
}

function reel(record) {
  const { job, asked } = record;
  const video = el("video", {
    src: job.result.url,
    controls: true,
    loop: true,
    playsinline: true,
    preload: "auto",
    "aria-label": `Reel: ${asked.prompt ?? "from a chat"}. ${seconds(asked.seconds)}, with sound, no speech.`,
  });
  const sound = el("button", { type: "button", class: "sound", text: "Turn the sound on" });
  const screen = el("div", { class: "screen", data: { aspect: asked.aspect } }, el("div", { class: "film" }, video, sound));
  video.muted = !wantsSound;
  video.addEventListener("volumechange", () => {
    sound.hidden = !video.muted;
    wantsSound = !video.muted;
  });
  sound.addEventListener("click", () => {
    video.muted = false;
    video.play();
  });
  sound.hidden = wantsSound;
  video.addEventListener("error", () => screen.replaceChildren(gone()));
  if (!still.matches) play(video);
  return screen;
}

/** By itself only where people like things to move; with sound only where they asked for it before. */
async function play(video) {
  try {
    await video.play();
  } catch {
    video.muted = true;
    await video.play().catch(() => {}); // the controls are there
  }
}

function sticker(record) {
  const { job, asked } = record;
  const picture = el("img", { src: job.result.url, alt: `Sticker: ${asked.prompt ?? "from a chat"}`, width: "512", height: "512" });
  const screen = el("div", { class: "screen checker" }, picture);
  picture.addEventListener("error", () => screen.replaceChildren(gone()));
  if (still.matches) picture.addEventListener("load", () => hold(picture), { once: true });
  return screen;
}

/** Whoever likes things still sees a sticker's first picture, and a button that lets it move. */
function hold(picture) {
  const { naturalWidth: width, naturalHeight: height, alt } = picture;
  const first = el("canvas", { width: String(width), height: String(height), role: "img", "aria-label": alt });
  first.getContext("2d").drawImage(picture, 0, 0);
  const turn = el("button", { type: "button", class: "sound", text: "Let it move" });
  turn.addEventListener("click", () => {
    const moves = picture.isConnected;
    (moves ? picture : first).replaceWith(moves ? first : picture);
    turn.textContent = moves ? "Let it move" : "Keep it still";
  });
  picture.replaceWith(first);
  first.after(turn);
}

const gone = () => el("p", { class: "gone", text: "The file cannot be shown. It may have been taken back." });

function understood(job) {
  const rows = [
    ["Understood", job.understood, "chip"],
    ["Came close to", job.approximated, "chip nearly"],
    ["Left out", job.ignored, "chip not"],
  ].filter(([, words]) => words.length);
  return el(
    "div",
    { class: "understood" },
    ...rows.map(([name, words, chip]) =>
      el("p", { class: "chips" }, el("b", { text: name }), ...words.map((word) => el("span", { class: chip, text: word }))),
    ),
  );
}
