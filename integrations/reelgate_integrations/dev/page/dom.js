// Makes elements from plain words: text is always text, never markup.

export function make(name, more = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(more)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "class") element.className = value;
    else if (key in element && !key.includes("-") && key !== "list") element[key] = value;
    else element.setAttribute(key, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const running = new WeakSet();

// Runs what a button or a form is for, once at a time. A button is not disabled meanwhile: that would take the keyboard
// off it.
export async function once(element, work) {
  if (running.has(element)) return;
  running.add(element);
  if (element.matches("button")) element.setAttribute("aria-disabled", "true");
  try {
    await work();
  } finally {
    running.delete(element);
    element.removeAttribute("aria-disabled");
  }
}

const MARKS =
  /\\([\s\S])|\*\*(.+?)\*\*|(?<![\w*])[*_]([^*_\n]+)[*_](?!\w)|`([^`\n]+)`|\[([^\]\n]+)\]\((https?:\/\/[^)\s]+)\)|<?(https?:\/\/[^\s<>]+)>?/g;

function link(href, words) {
  return make("a", { href, rel: "noopener noreferrer", target: "_blank" }, words);
}

function inline(text) {
  const parts = [];
  let from = 0;
  for (const found of text.matchAll(MARKS)) {
    parts.push(text.slice(from, found.index));
    from = found.index + found[0].length;
    if (found[1] !== undefined) parts.push(found[1]);
    else if (found[2]) parts.push(make("strong", {}, inline(found[2])));
    else if (found[3]) parts.push(make("em", {}, inline(found[3])));
    else if (found[4]) parts.push(make("code", {}, found[4]));
    else if (found[5]) parts.push(link(found[6], found[5]));
    else parts.push(link(found[7], found[7]));
  }
  parts.push(text.slice(from));
  return parts;
}

// The little markup that chats understand: emphasis, code, links, small print.
export function prose(text) {
  const lines = text.split("\n").map((line) =>
    line.startsWith("-# ") ? make("small", {}, inline(line.slice(3))) : make("span", {}, inline(line)),
  );
  return make("div", { class: "words" }, lines.flatMap((line, n) => (n ? [make("br"), line] : [line])));
}

export function at(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

export function size(bytes) {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
