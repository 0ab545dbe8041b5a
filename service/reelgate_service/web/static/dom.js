// Building the page. What people wrote is only ever text: nothing here parses markup.

/** An element: `what` may set class, text, data, on (listeners) and any attribute; children are nodes or text. */
export function el(tag, what = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(what)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") made.className = value;
    else if (name === "text") made.textContent = value;
    else if (name === "data") Object.assign(made.dataset, value);
    else if (name === "on") for (const [event, listen] of Object.entries(value)) made.addEventListener(event, listen);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** The element of that id. */
export const byId = (id) => document.getElementById(id);

/**
 * Run what a button is for, once at a time. It is not `disabled` meanwhile, which would take the keyboard off it; what
 * it does returns a promise.
 */
export async function once(button, work) {
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  try {
    await work();
  } finally {
    button.removeAttribute("aria-disabled");
  }
}

/** Say something to people who listen rather than look; the same sentence is not said twice in a row. */
export function announce(sentence) {
  const live = byId("live");
  if (live.textContent !== sentence) live.textContent = sentence;
}
