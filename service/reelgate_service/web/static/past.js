// What was made so far, newest first, a page at a time.

import { call } from "./api.js";
import { byId, el } from "./dom.js";
import { seconds, shortly, when } from "./words.js";

const SHAPES = { "9:16": "tall", "1:1": "square", "16:9": "wide" };
const STOPPED = new Set(["refused", "failed", "expired", "cancelled"]);

let next = null;
let current = "";
let open = () => {};
let signedOut = () => {};

/** `onOpen(id)` shows one of them. */
export function start(onOpen, onSignedOut) {
  open = onOpen;
  signedOut = onSignedOut;
  byId("past-more").addEventListener("click", async () => {
    const page = await records(next);
    if (page) byId("past").append(...page.items.map(line));
  });
}

/** Ask for the newest again. */
export async function refresh() {
  const page = await records(null);
  if (!page) return;
  const focused = byId("past").contains(document.activeElement) ? document.activeElement.dataset.job : "";
  byId("past").replaceChildren(...page.items.map(line));
  if (focused) byId("past").querySelector(`[data-job="${focused}"]`)?.focus();
  byId("past-none").hidden = page.items.length > 0;
  byId("ideas").hidden = page.items.length > 0;
}

/** Point out the one on show. */
export function point(id) {
  current = id;
  for (const button of byId("past").querySelectorAll("button")) mark(button);
}

async function records(cursor) {
  try {
    const page = await call("GET", cursor ? `/v1/records?cursor=${encodeURIComponent(cursor)}` : "/v1/records");
    next = page.next;
    byId("past-more").hidden = next === null;
    return page;
  } catch (problem) {
    if (problem.status === 401) signedOut();
    return null; // the list stays as it was
  }
}

function mark(button) {
  if (button.dataset.job === current) button.setAttribute("aria-current", "true");
  else button.removeAttribute("aria-current");
}

function line({ job, kind, stage, created_at: at, asked }) {
  const state = stage === "done" ? "done" : STOPPED.has(stage) ? "stopped" : "";
  const facts = kind === "sticker" ? ["sticker"] : [seconds(asked.seconds), asked.aspect];
  const button = el(
    "button",
    { type: "button", class: `one ${state}`, data: { job }, on: { click: () => open(job) } },
    el("i", { class: `shape ${SHAPES[kind === "sticker" ? "1:1" : asked.aspect] ?? "square"}`, "aria-hidden": "true" }),
    el(
      "span",
      {},
      el("span", { class: "title", text: asked.prompt ?? "From a chat" }),
      el("span", { class: "fine", text: [shortly(stage), ...facts, when(at)].join(" · ") }),
    ),
  );
  mark(button);
  return el("li", {}, button);
}
