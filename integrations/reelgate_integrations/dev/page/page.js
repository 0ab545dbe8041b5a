// The page: asks the twin what there is, shows it, and hands on what people do.

import { show } from "/chat.js";
import { Composer } from "/composer.js";
import { at, make, once } from "/dom.js";

const $ = (id) => document.getElementById(id);
const me = { viewer: "", channel: "" };
const GONE = "The twin does not answer. Was it stopped?";
const SILENT_MS = 3000; // longer than it takes to open a stream again that ended in good order
let state = null, asking = 0, latest = null;

function get() {
  latest = load(++asking);
  return latest;
}

async function load(mine) {
  const told = await fetch(`/state?${new URLSearchParams(me)}`).then((answer) => answer.json()).catch(() => null);
  if (mine !== asking) return latest; // somebody moved on meanwhile: a later answer is the one to show
  if (told === null) return say(GONE);
  if ($("says").textContent === GONE) say("");
  state = told;
  me.viewer = state.viewer;
  me.channel = state.channel;
  draw();
}

async function act(asked) {
  try {
    const answer = await fetch("/do", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ viewer: me.viewer, channel: me.channel, ...asked }),
    });
    const told = await answer.json();
    say(told.says ?? "");
    if (told.modal) form(told.modal);
    return told;
  } catch {
    say(GONE);
    return { ok: false };
  }
}

function say(words) {
  $("says").textContent = words;
}

async function slowly(words, asked) {
  const pending = make("p", { class: "nothing" }, words);
  $("messages").append(pending);
  $("messages").scrollTop = $("messages").scrollHeight;
  const told = await act(asked);
  pending.remove();
  return told;
}

const composer = new Composer($("composer"), {
  known: () => latest,
  say: async (words) => (await act({ verb: "say", words })).ok,
  command: (name, options) => slowly(`Sending /${name} …`, { verb: "command", name, options }),
  suggest: (name, options, focused) => act({ verb: "suggest", name, options, focused }),
});

const tools = {
  menus: [],
  press: (message, custom_id) => act({ verb: "press", message: message.id, custom_id }),
  menu: (message, name) => slowly(`Sending “${name}” …`, { verb: "menu", message: message.id, name }),
};

// -- drawing

function draw() {
  document.title = state.title;
  $("title").textContent = state.title;
  $("note").textContent = state.note;
  const place = state.places.find((each) => each.id === state.channel);
  $("place").replaceChildren(name(place), place.adult ? make("span", { class: "badge warn" }, "18+") : "");
  people();
  places();
  tools.menus = state.menus;
  show($("messages"), state.messages, tools);
  composer.update(state);
  bench();
}

function name(place) {
  return place.private ? place.name : `# ${place.name}`;
}

function people() {
  if ($("people").dataset.ids !== state.people.map((each) => each.id).join()) {
    $("people").dataset.ids = state.people.map((each) => each.id).join();
    $("people").replaceChildren(
      make("legend", {}, "You are"),
      ...state.people.map((each) =>
        make("label", {}, make("input", { type: "radio", name: "who", value: each.id, onchange: () => move({ viewer: each.id }) }),
          make("span", { class: "face", "aria-hidden": "true" }, each.name.slice(0, 2)), each.name)),
    );
  }
  for (const each of $("people").querySelectorAll("input")) each.checked = each.value === state.viewer;
}

function places() {
  const groups = new Map();
  for (const each of state.places) {
    const key = each.server?.id ?? "";
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  const looks = JSON.stringify([state.places, state.channel, state.carries]);
  if ($("places").dataset.looks === looks) return;
  const focused = document.activeElement?.dataset?.place;
  $("places").dataset.looks = looks;
  $("places").replaceChildren(...[...groups].map(([key, list]) => {
    const server = list[0].server;
    return make("section", {},
      make("h2", {}, server ? server.name : "Messages to the app"),
      make("ul", {}, list.map((each) => {
        const button = make("button", { type: "button", class: "place", "aria-current": each.id === state.channel ? "page" : null, onclick: () => move({ channel: each.id }) },
          name(each), each.adult && make("span", { class: "badge warn" }, "18+"));
        button.dataset.place = each.id;
        return make("li", {}, button);
      })),
      !server && !state.carries && make("button", { type: "button", class: "quiet", onclick: () => act({ verb: "carry" }) }, "Take the app everywhere"),
      server && make("button", { type: "button", class: "quiet", onclick: () => act({ verb: "install", guild: server.id, on: !server.has_app }) },
        server.has_app ? "Remove the app" : "Add the app"));
  }));
  if (focused) $("places").querySelector(`[data-place="${focused}"]`)?.focus();
}

function move(change) {
  Object.assign(me, change);
  say("");
  close("rail");
  return get();
}

function bench() {
  const looks = JSON.stringify(state.faults);
  if ($("faults").dataset.looks !== looks) {
    $("faults").dataset.looks = looks;
    const focused = document.activeElement?.dataset?.fault;
    $("faults").replaceChildren(...state.faults.map((each) => {
      const box = make("input", { type: "checkbox", checked: each.on, onchange: (event) => act({ verb: "fault", id: each.id, on: event.target.checked }) });
      box.dataset.fault = each.id;
      return make("label", { class: "switch" }, box, make("span", {}, make("b", {}, each.label), make("span", { class: "fine" }, each.says)));
    }));
    if (focused) $("faults").querySelector(`[data-fault="${focused}"]`)?.focus();
  }
  $("broken").hidden = !state.broken.length;
  $("broken").querySelector("ul").replaceChildren(...state.broken.map((each) => make("li", {}, each)));
  $("invalid").textContent = state.invalid ? `${state.invalid} refusals in ten minutes; 10,000 would shut the app out.` : "";
  const there = new Set([...$("log").children].map((each) => each.dataset.number));
  for (const each of state.log) {
    if (!there.has(String(each.number))) $("log").prepend(entry(each));
  }
  while ($("log").children.length > 80) $("log").lastChild.remove();
}

function entry(each) {
  const status = each.status ?? "no answer";
  const good = each.status !== null && each.status < 400;
  const item = make("li", {}, make("details", {},
    make("summary", {}, make("span", { class: "way", "aria-label": each.way === "in" ? "from the app" : "to the app" }, each.way === "in" ? "←" : "→"),
      make("span", { class: "line" }, each.line), make("span", { class: good ? "status" : "status bad" }, String(status)),
      [...each.troubles, ...each.rules].map((word) => make("span", { class: "badge warn" }, word.replaceAll("_", " ")))),
    make("p", { class: "fine" }, at(each.at)),
    each.sent && make("pre", { tabIndex: 0 }, pretty(each.sent)),
    each.got && make("pre", { tabIndex: 0 }, pretty(each.got))));
  item.dataset.number = each.number;
  return item;
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

// -- forms

function form(modal) {
  const dialog = $("form"), inner = dialog.querySelector("form");
  $("form-title").textContent = modal.title;
  const fields = modal.fields.map((each) => {
    const more = { maxLength: each.longest, required: each.required && each.least !== 0, placeholder: each.hint, value: each.value };
    return [each, each.long ? make("textarea", { rows: 5, ...more }) : make("input", { type: "text", ...more })];
  });
  inner.querySelector(".fields").replaceChildren(...fields.map(([each, made]) => make("label", {}, make("span", {}, each.label), made)));
  inner.querySelector(".wrong").textContent = "";
  inner.querySelector(".cancel").onclick = () => dialog.close();
  inner.onsubmit = (event) => {
    event.preventDefault();
    once(inner, async () => {
      const values = Object.fromEntries(fields.map(([each, made]) => [each.id, made.value]));
      const told = await act({ verb: "fill", modal: modal.id, values });
      if (told.ok) dialog.close();
      else inner.querySelector(".wrong").textContent = told.says ?? "That did not work.";
    });
  };
  dialog.showModal();
  fields[0]?.[1].focus();
}

// -- drawers on small screens

const WIDE = { rail: matchMedia("(min-width: 761px)"), bench: matchMedia("(min-width: 1101px)") };

function close(id) {
  const open = WIDE[id].matches;
  $(id).classList.remove("open");
  $(id).inert = !open;
  $(`open-${id}`).setAttribute("aria-expanded", "false");
}

for (const id of ["rail", "bench"]) {
  close(id);
  WIDE[id].addEventListener("change", () => close(id));
  $(`open-${id}`).addEventListener("click", () => {
    const opening = !$(id).classList.contains("open");
    for (const each of ["rail", "bench"]) close(each);
    if (!opening) return;
    $(id).classList.add("open");
    $(id).inert = false;
    $(`open-${id}`).setAttribute("aria-expanded", "true");
    $(id).querySelector("input, button")?.focus();
  });
}
addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || $("form").open) return;
  for (const id of ["rail", "bench"]) {
    if ($(id).classList.contains("open")) {
      close(id);
      $(`open-${id}`).focus();
    }
  }
});
$("chat").addEventListener("click", (event) => {
  if (!event.target.closest("#open-rail, #open-bench")) for (const id of ["rail", "bench"]) close(id);
});
$("age").addEventListener("click", () => act({ verb: "age" }));
$("probe").addEventListener("click", () => act({ verb: "probe" }));

// -- news

let asked = false, again = false, silence = 0;
const changes = new EventSource("/changes");
changes.addEventListener("message", async () => {
  if (asked) {
    again = true;
    return;
  }
  asked = true;
  do {
    again = false;
    await get();
  } while (again);
  asked = false;
});
changes.addEventListener("open", () => {
  clearTimeout(silence);
  silence = 0;
  if ($("says").textContent === GONE) say("");
});
changes.addEventListener("error", () => { silence ||= setTimeout(() => say(GONE), SILENT_MS); });
await get();
