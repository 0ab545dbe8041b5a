// How one reel was made, screened, marked and signed: the record as a page to read, the raw facts folded below.

import { call } from "./api.js";
import { el } from "./dom.js";
import { bytes, seconds } from "./words.js";

const LOOK_AGAIN_MS = 2000;

/** The folded record; once opened it asks anew until the ledger has numbered everything. */
export function recordOf(record) {
  const sheets = el("div", { class: "sheets" }, ...sheetsOf(record));
  const box = el("details", { class: "card record" }, el("summary", { text: record.job.stage === "done" ? "How it was made" : "What became of it" }), sheets);
  const settled = (known) => known.ledger.every((leaf) => leaf.seq !== null);
  const refresh = async () => {
    if (!box.open || !box.isConnected) return;
    const known = await call("GET", `/v1/jobs/${record.job.id}/record`).catch(() => null);
    if (known === null) return;
    const unfolded = [...sheets.querySelectorAll("details")].map((fold) => fold.open);
    sheets.replaceChildren(...sheetsOf(known));
    sheets.querySelectorAll("details").forEach((fold, index) => (fold.open = unfolded[index] ?? false));
    if (!settled(known)) setTimeout(refresh, LOOK_AGAIN_MS);
  };
  if (!settled(record)) box.addEventListener("toggle", refresh, { once: true });
  return box;
}

function sheetsOf(record) {
  return [asked, screened, marked, signed, written, took].map((sheet) => sheet(record)).filter(Boolean);
}

function sheet(title, ...parts) {
  return el("section", { class: "sheet" }, el("h3", { text: title }), ...parts);
}

/** Pairs of a name and a value (text or node); pairs without a value are left out. */
function facts(...pairs) {
  const shown = pairs.filter(([, value]) => value !== "" && value !== null && value !== undefined);
  return el("dl", { class: "facts" }, ...shown.flatMap(([name, value]) => [el("dt", { text: name }), el("dd", {}, value)]));
}

const mono = (text) => el("span", { class: "mono", text });
const tone = (kind, text) => el("span", { class: kind, text });
const raw = (title, value) =>
  el("details", {}, el("summary", { text: title }), el("pre", { class: "raw", tabindex: "0", text: JSON.stringify(value, null, 2) }));

function asked({ asked: order, job, manifest }) {
  const drawn = manifest?.source_type.endsWith("/algorithmicMedia");
  const trained = manifest?.source_type.endsWith("/trainedAlgorithmicMedia");
  const maker = manifest ? `${manifest.generator} ${manifest.generator_version}`.trim() : order.generator;
  return sheet(
    "What was asked, and what made it",
    drawn ? el("p", { text: `Drawn by software, the generator “${maker}”. It was neither filmed nor made by a trained model.` }) : null,
    trained ? el("p", { text: `Made by a trained model, the generator “${maker}”.` }) : null,
    facts(
      ["Words", order.prompt ?? "written in a chat, and kept there"],
      ["Generator", maker],
      ["Training data", manifest?.training_data],
      ["Asked for", job.kind === "sticker" ? "a sticker" : `a reel of ${seconds(order.seconds)}, ${order.aspect}`],
      ["Seed", order.variation ? `${order.seed}, variation ${order.variation}` : String(order.seed)],
      ["Made from", order.parent ? el("a", { href: `#${order.parent}`, text: "this one" }) : null],
      ["Understood", job.understood.join(", ")],
      ["Came close to", job.approximated.join(", ")],
      ["Left out", job.ignored.join(", ")],
    ),
  );
}

const DECISIONS = { allow: ["good", "let through"], review: ["warned", "left to a person"], block: ["bad", "stopped"] };
const SCREENED = { prompt: "Your words", output: "Pictures and sound" };

function screened({ verdicts }) {
  if (!verdicts.length) return sheet("How it was screened", el("p", { text: "Nobody has judged it yet." }));
  const rows = verdicts.map((one) => {
    const [kind, word] = DECISIONS[one.decision] ?? ["", one.decision];
    const by = one.by === "machine" ? "by rules" : "by a person";
    const grounds = one.grounds.length ? ` on the grounds: ${one.grounds.map((ground) => ground.replaceAll("_", " ")).join(", ")}` : "";
    return [SCREENED[one.stage] ?? one.stage, el("span", {}, tone(kind, word), ` ${by}${grounds}`)];
  });
  return sheet("How it was screened", facts(...rows, ["Policy", mono([...new Set(verdicts.map((one) => one.policy).filter(Boolean))].join(", "))]));
}

function chance(value) {
  if (value === null) return "not read back yet";
  return value < 1e-300 ? "below 1 in 10³⁰⁰" : `about ${value.toExponential(1)}`;
}

function marked({ marks }) {
  if (marks === null) return null;
  return sheet(
    "How it is marked",
    el("p", { text: "A label that everybody sees, and a mark that nobody sees and software can read, also from a copy." }),
    facts(
      ["Label", marks.label],
      ["Picture mark", mono(marks.mark_id)],
      ["Form", `${marks.format}${marks.strength ? `, strength step ${marks.strength}` : ", usual strength"}`],
      ["Read back", marks.presence === null ? "not yet" : tone("good", `found in the finished file, signal to noise ${marks.presence.toFixed(1)}`)],
      ["False alarm", chance(marks.p_value)],
      ["Picture", `${marks.width} × ${marks.height}, ${seconds(marks.seconds)}, ${marks.media_type}`],
    ),
  );
}

const ACTIONS = { "c2pa.created": "created", "c2pa.edited": "labelled", "c2pa.watermarked.bound": "marked" };

function signed({ manifest, job }) {
  if (manifest === null) {
    return job.stage === "done" ? sheet("How it is signed", el("p", { text: "No manifest can be read out of the file here." })) : null;
  }
  const active = manifest.store.manifests[manifest.store.active_manifest];
  return sheet(
    "How it is signed",
    el(
      "p",
      {},
      manifest.valid ? tone("good", "The signature holds") : tone("bad", "The signature does not hold"),
      manifest.valid ? ": these are the bytes that were signed. " : ". ",
      manifest.trusted ? "The signer is known to this service." : tone("warned", "Nobody vouches for the signer: this is not a certificate that readers know."),
    ),
    facts(
      ["Signed by", manifest.signer],
      ["Certificate of", manifest.issuer],
      ["Serial number", mono(manifest.serial)],
      ["Algorithm", manifest.algorithm],
      ["Says of itself", manifest.source_type.split("/").pop()],
      ["Made at", manifest.created],
      ["Steps it states", manifest.actions.map((action) => ACTIONS[action] ?? action).join(", ")],
      ["Assertions", mono(active.assertions.map((one) => one.label).join(", "))],
      ["Codes", mono(manifest.codes.join(", "))],
    ),
    raw("The whole C2PA manifest", manifest.store),
  );
}

function written({ ledger }) {
  const sealed = ledger.findLast((leaf) => leaf.event === "sealed");
  const number = (leaf) => (leaf.seq === null ? "…" : String(leaf.seq));
  const parts = [
    el("p", { text: "Every step is a leaf in a chain of hashes. What is personal is in there only as a salted commitment." }),
  ];
  if (sealed) {
    parts.push(
      facts(
        ["Leaf", sealed.seq === null ? "being numbered" : `number ${sealed.seq}`],
        ["Leaf hash", mono(sealed.leaf_hash)],
        ["Chain hash", mono(sealed.chain_hash ?? "…")],
        ["File", el("span", {}, mono(sealed.facts.sha256), ` (SHA-256, ${bytes(sealed.facts.size)})`)],
        ["Manifest", mono(sealed.facts.manifest)],
      ),
    );
  }
  parts.push(
    el(
      "ol",
      { class: "leaves", "aria-label": "Leaves of this job" },
      ...ledger.map((leaf) =>
        el("li", {}, el("span", { class: "seq", text: number(leaf) }), el("span", {}, `${leaf.event} `, mono(leaf.leaf_hash.slice(0, 16)))),
      ),
    ),
  );
  parts.push(raw("What the leaves say", ledger.map((leaf) => leaf.facts)));
  return sheet("What the ledger holds", ...parts);
}

function took({ times }) {
  const long = times.filter((one) => one.seconds >= 0.05);
  if (!long.length) return null;
  const most = Math.max(...long.map((one) => one.seconds));
  const whole = times.reduce((sum, one) => sum + one.seconds, 0);
  return sheet(
    `How long it took: ${seconds(whole)}`,
    el(
      "ul",
      { class: "bars" },
      ...long.map((one) =>
        el(
          "li",
          {},
          el("span", { text: one.stage }),
          el("meter", { min: "0", max: String(most), value: String(one.seconds), "aria-label": one.stage }),
          el("span", { text: seconds(one.seconds) }),
        ),
      ),
    ),
  );
}
