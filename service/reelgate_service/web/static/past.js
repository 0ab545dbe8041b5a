// What was made so far, newest first, a page at a time.

import { call } from "./api.js";
import { byId, el, once } from "./dom.js";
import { seconds, shortly, when } from "./words.js";

const SHAPES = { "9:16": "tall", "1:1": "square", "16:9": "wide" };
const STOPPED = new Set(["refused", "failed", "expired", "cancelled"]);
const WAITS = new Set(["review", "held"]); // for a person: that may take long
const AGAIN_MS = 5000;

let shown = []; // the records of the list, newest first
let next = null;
let current = "";
let asked = 0;
let timer = 0;
let open = () => {};
let signedOut = () => {};

/** `onOpen(id)` shows one of them. */
export function start(onOpen, onSignedOut) {
  open = onOpen;
  signedOut = onSignedOut;
  const more = byId("past-more");
  more.addEventListener("click", () =>
    once(more, async () => {
      const page = await records(next);
      if (!page) return;
      const there = new Set(shown.map((one) => one.job));
      list([...shown, ...page.items.filter((one) => !there.has(one.job))], page.next);
    }),
  );
}

/** Ask for the newest again, and then now and then for as long as one of them is being made. */
export async function refresh() {
  clearTimeout(timer);
  const mine = ++asked;
  const page = await records(null);
  if (mine !== asked || page === false) return; // a later question is on its way; or nobody is signed in
  if (page) {
    // Those that somebody had shown below stay, where the newest reach down to them.
    const at = shown.findIndex((one) => one.job === page.items.at(-1)?.job);
    const older = at < 0 ? [] : shown.slice(at + 1);
    list([...page.items, ...older], older.length ? next : page.next);
  }
  if (shown.some(({ stage }) => stage !== "done" && !STOPPED.has(stage) && !WAITS.has(stage))) timer = setTimeout(refresh, AGAIN_MS);
}

/** Ask no more, until the next refresh. */
export function rest() {
  clearTimeout(timer);
  asked += 1;
}

function list(records, cursor) {
  [shown, next] = [records, cursor];
  const focused = byId("past").contains(document.activeElement) ? document.activeElement.dataset.job : "";
  byId("past").replaceChildren(...shown.map(line));
  if (focused) byId("past").querySelector(`[data-job="${focused}"]`)?.focus();
  byId("past-none").hidden = shown.length > 0;
  byId("ideas").hidden = shown.length > 0;
  byId("past-more").hidden = next === null;
}

/** Point out the one on show. */
export function point(id) {
  current = id;
  for (const button of byId("past").querySelectorAll("button")) mark(button);
}

/** A page of them; null where none is to be had now (the list stays as it is), false where nobody is signed in. */
async function records(cursor) {
  try {
    return await call("GET", cursor ? `/v1/records?cursor=${encodeURIComponent(cursor)}` : "/v1/records");
  } catch (problem) {
    if (problem.status !== 401) return null;
    signedOut();
    return false;
  }
}

function mark(button) {
  if (button.dataset.job === current) button.setAttribute("aria-current", "true");
  else button.removeAttribute("aria-current");
}

function line({ job, kind, stage, created_at: at, asked: order }) {
  const state = stage === "done" ? "done" : STOPPED.has(stage) ? "stopped" : "";
  const facts = kind === "sticker" ? ["sticker"] : [seconds(order.seconds), order.aspect];
  const button = el(
    "button",
    { type: "button", class: `one ${state}`, data: { job }, on: { click: () => open(job) } },
    el("i", { class: `shape ${SHAPES[kind === "sticker" ? "1:1" : order.aspect] ?? "square"}`, "aria-hidden": "true" }),
    el(
      "span",
      {},
      el("span", { class: "title", text: order.prompt ?? "From a chat" }),
      el("span", { class: "fine", text: [shortly(stage), ...facts, when(at)].join(" · ") }),
    ),
  );
  mark(button);
  return el("li", {}, button);
}
