// Shows the messages of a channel. What did not change stays as it is, so that a playing film goes on.

import { at, make, once, prose, size } from "/dom.js";

const still = matchMedia("(prefers-reduced-motion: reduce)");
const STYLES = { 1: "go", 3: "good", 4: "danger", 5: "link" };

function file(each) {
  const source = `/files/${each.id}/${encodeURIComponent(each.name)}`;
  const label = each.says || each.name;
  let shown;
  if (each.type.startsWith("video/")) {
    shown = make("video", {
      src: source, controls: true, loop: true, preload: "metadata", "aria-label": label, playsinline: "",
    });
  } else if (each.type.startsWith("image/")) {
    shown = make("img", { src: source, alt: label, class: each.type === "image/webp" ? "sticker" : "" });
    if (each.type === "image/webp" && still.matches) shown.addEventListener("load", (event) => hold(event.target), { once: true });
  } else {
    shown = make("a", { href: source, download: each.name, class: "plain" }, `${each.name} (${size(each.size)})`);
  }
  const caption = make("figcaption", {}, `${each.name} · ${size(each.size)}`);
  const figure = make("figure", { class: each.hidden ? "covered" : "" }, shown, caption);
  if (each.hidden) {
    shown.inert = true;
    const open = make("button", { type: "button", class: "uncover" }, "Spoiler: show it");
    open.addEventListener("click", () => {
      figure.classList.remove("covered");
      for (const each of figure.children) each.inert = false;
      shown.inert = false;
      open.remove();
    });
    figure.append(open);
  }
  return figure;
}

// Whoever likes things still sees a sticker's first picture, and a button that lets it move.
function hold(picture) {
  const first = make("canvas", { width: picture.naturalWidth, height: picture.naturalHeight, class: "sticker", role: "img", "aria-label": picture.alt });
  first.getContext("2d").drawImage(picture, 0, 0);
  first.inert = picture.inert;
  const turn = make("button", { type: "button", class: "quiet", "aria-pressed": "false" }, "Let it move");
  turn.addEventListener("click", () => {
    const moves = picture.isConnected;
    (moves ? picture : first).replaceWith(moves ? first : picture);
    turn.setAttribute("aria-pressed", String(!moves));
  });
  turn.inert = picture.inert;
  picture.after(turn);
  picture.replaceWith(first);
}

function button(each, message, press) {
  if (/^https?:\/\//.test(each.url ?? "")) return make("a", { href: each.url, class: "button", rel: "noopener noreferrer", target: "_blank" }, each.label);
  return make(
    "button",
    { type: "button", class: STYLES[each.style] ?? "", disabled: Boolean(each.disabled),
      onclick: (event) => once(event.currentTarget, () => press(message, each.custom_id)) },
    each.label,
  );
}

function head(message) {
  return make(
    "p",
    { class: "head" },
    make("strong", {}, message.author),
    message.bot && make("span", { class: "badge" }, "App"),
    make("time", { dateTime: new Date(message.at * 1000).toISOString() }, at(message.at)),
    message.edited && make("span", { class: "fine" }, "edited"),
  );
}

function body(message) {
  if (message.failed) return make("p", { class: "failed" }, message.content);
  if (message.loading) {
    return make("p", { class: "thinking" }, make("span", { class: "dots", "aria-hidden": "true" }), `${message.author} is thinking…`);
  }
  return message.content ? prose(message.content) : null;
}

function fill(item, message, tools) {
  const files = item.querySelector(".files");
  const ids = message.files.map((each) => each.id).join();
  const kept = files && files.dataset.ids === ids ? files : make("div", { class: "files" }, message.files.map(file));
  kept.dataset.ids = ids;
  const rows = message.rows.map((row) => make("div", { class: "row" }, row.map((each) => button(each, message, tools.press))));
  const menus = tools.menus.length && !message.ephemeral && !message.loading
    ? make("details", { class: "menu" }, make("summary", { "aria-label": `More for this message by ${message.author}` }, "⋯"),
        tools.menus.map((name) => make("button", { type: "button", onclick: () => tools.menu(message, name) }, name)))
    : null;
  const held = document.activeElement && item.contains(document.activeElement) ? document.activeElement.textContent : null;
  const parts = [
    message.asked && make("p", { class: "asked" }, `${message.asked.by} used `, make("b", {}, message.asked.what)),
    head(message),
    body(message),
    message.files.length ? kept : null,
    rows,
    message.ephemeral && make("p", { class: "whisper" }, "Only you can see this"),
    menus,
  ];
  const box = item.querySelector(".box") ?? make("div", { class: "box" });
  const wanted = parts.flat().filter(Boolean);
  // A film that is already there is not moved: moving it would stop it.
  for (const child of [...box.children]) if (!wanted.includes(child)) child.remove();
  wanted.forEach((part, n) => { if (box.children[n] !== part) box.insertBefore(part, box.children[n] ?? null); });
  if (!box.parentNode) {
    item.append(make("span", { class: message.bot ? "face app" : "face", "aria-hidden": "true" }, message.author.slice(0, 2)), box);
  }
  item.className = ["message", message.ephemeral && "private", message.failed && "lost"].filter(Boolean).join(" ");
  if (held) [...box.querySelectorAll("button")].find((each) => each.textContent === held)?.focus();
}

export function show(list, messages, tools) {
  const low = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  const there = new Map([...list.querySelectorAll("article")].map((item) => [item.dataset.id, item]));
  for (const message of messages) {
    const looks = JSON.stringify([message, tools.menus]);
    let item = there.get(message.id);
    there.delete(message.id);
    if (!item) {
      item = make("article");
      item.dataset.id = message.id;
      list.append(item);
    }
    if (item.dataset.looks !== looks) {
      item.dataset.looks = looks;
      fill(item, message, tools);
    }
  }
  for (const gone of there.values()) gone.remove();
  list.querySelector(".nothing")?.remove();
  if (!messages.length) list.append(make("p", { class: "nothing" }, "Nothing here yet. Type / to see what the app can do."));
  const last = messages.at(-1)?.id;
  if (low || list.dataset.last !== last) list.scrollTop = list.scrollHeight;
  for (const film of list.querySelectorAll("video:not([data-seen])")) {
    film.dataset.seen = "1";
    film.addEventListener("loadedmetadata", () => { if (low) list.scrollTop = list.scrollHeight; });
  }
  list.dataset.last = last ?? "";
}
