// What the page says, in one place, and how it reads a typed command.

/** The stages a job goes through, as a person would call them. */
export const STEPS = [
  ["queued", "Standing in line"],
  ["screening", "Checking the words"],
  ["rendering", "Drawing"],
  ["checking", "Checking the pictures"],
  ["marking", "Marking"],
  ["publishing", "Signing and recording"],
];

const DOING = {
  queued: "Waiting for a worker to take it up.",
  screening: "Reading your words against the house rules.",
  rendering: "Setting the scene.",
  checking: "Looking at what came out, before anybody sees it.",
  marking: "Reading the invisible mark back out of the finished file.",
  publishing: "Signing the file and writing it into the ledger.",
  delivering: "Handing it over.",
};

/** What is said while the service does not answer. */
export const LOST = "The service does not answer. Nothing is lost: this goes on by itself once it does.";

/** What is happening now, in a sentence. */
export function doing(stage, done, total) {
  if (stage === "rendering" && total) return `Drawing picture ${Math.min(done, total)} of ${total}.`;
  return DOING[stage] ?? "";
}

const ENDS = {
  review: ["wait", "A person will look at this one"],
  held: ["wait", "This one is held for a person"],
  refused: ["stop", "This one was not made"],
  failed: ["stop", "This one did not work out"],
  cancelled: ["wait", "Stopped"],
  expired: ["stop", "This one took too long"],
};

/** How a job stands that has no reel: [kind, title, sentence]. */
export function standing(job) {
  const [kind, title] = ENDS[job.stage] ?? ["wait", "On its way"];
  const waits = job.stage === "review" || job.stage === "held";
  const says = job.error?.says ?? job.waits?.says ?? "";
  return [kind, title, says || (waits ? "Somebody has to decide first. It goes on by itself when they have; you may leave." : "")];
}

/** A stage in one or two words, for lists. */
export function shortly(stage) {
  return (
    { done: "ready", review: "waits for a person", held: "held", refused: "not made", failed: "failed", cancelled: "stopped", expired: "given up" }[
      stage
    ] ?? "being made"
  );
}

/** What was typed, taken apart: {kind, prompt}. `kind` is null where the words name none. */
export function parse(typed) {
  const found = /^\s*\/([\p{L}]+)(?:\s+|$)/u.exec(typed);
  if (!found) return { kind: null, prompt: typed.trim() };
  const kind = { imagine: "reel", reel: "reel", sticker: "sticker" }[found[1].toLowerCase()];
  return { kind: kind ?? null, prompt: typed.slice(found[0].length).trim(), unknown: kind ? "" : found[1] };
}

/** How long ago, or the day. */
export function when(iso) {
  const minutes = Math.round((Date.now() - new Date(iso).getTime()) / 60000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  const date = new Date(iso);
  const today = date.toDateString() === new Date().toDateString();
  return today
    ? date.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" })
    : date.toLocaleDateString(undefined, { day: "numeric", month: "short" });
}

/** A length in seconds, as people write it. */
export const seconds = (value) => `${Number(value.toFixed(1))} s`;

/** Bytes, as people write them. */
export const bytes = (value) => (value < 1e6 ? `${Math.round(value / 1000)} kB` : `${(value / 1e6).toFixed(1)} MB`);
