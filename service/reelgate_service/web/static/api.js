// Talking to the service as the browser that is signed in.

/** What the service, or the way to it, said instead of an answer. `says` is for people; `status` 0 means unreachable. */
export class Problem extends Error {
  constructor(status, code, says, retryAfter = 0) {
    super(says);
    Object.assign(this, { status, code, says, retryAfter });
  }
}

/** Call an address of the service; the JSON it answers (null for none). Throws Problem. */
export async function call(method, path, body = undefined, headers = {}) {
  const sent = { "X-Reelgate-Page": "1", Accept: "application/json", ...headers };
  if (body !== undefined) sent["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(path, { method, headers: sent, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new Problem(0, "unreachable", "The service does not answer. Is it running?");
  }
  const said = await answer.json().catch(() => null);
  if (answer.ok) return said;
  const wait = Number(answer.headers.get("Retry-After")) || 0;
  throw new Problem(answer.status, said?.code ?? "error", said?.detail ?? "Something went wrong. Please try again.", wait);
}

const unanswered = new Map(); // what was asked for and never answered, with its key

/**
 * Ask for something to be made. Where the answer gets lost, asking for the same again (at once by itself, later by a
 * person) is done under the same key, so that it is made once.
 */
export async function order(path, body) {
  const what = JSON.stringify([path, body]);
  const key = unanswered.get(what) ?? freshKey();
  unanswered.set(what, key);
  const send = () => call("POST", path, body, { "Idempotency-Key": key });
  try {
    const job = await send().catch((problem) => (problem.status === 0 ? send() : Promise.reject(problem)));
    unanswered.delete(what);
    return job;
  } catch (problem) {
    if (problem.status >= 400 && problem.status < 500) unanswered.delete(what); // a clear no
    throw problem;
  }
}

const freshKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
