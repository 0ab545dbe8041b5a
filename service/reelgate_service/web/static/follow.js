// A job's life as it happens: by server-sent events, and by asking again where no stream is to be had.

import { call } from "./api.js";

const WAITS = new Set(["review", "held"]);
const ENDED = new Set(["done", "refused", "failed", "cancelled", "expired"]);
const ASK_EVERY_MS = 2000;
const WAIT_EVERY_MS = 5000;
const SILENT_MS = 5000; // longer than it takes to open a stream again that ended in good order

/** True when a job in that stage will never change again. */
export const ended = (stage) => ENDED.has(stage);

/**
 * Follow a job until it ends. `tell` is called with {stage} or {stage, done, total} as it moves, and with {job} when
 * it ended or when a person has to decide, and with {lost} when the service does not answer (true) and when it does
 * again (false); `fail` with a Problem that makes following pointless. Where it `waits` for a
 * person already, that may take long: then it is only asked now and then. Returns how to stop.
 */
export function follow(id, tell, fail, waits = false) {
  let stopped = false;
  let timer = 0;
  let silence = 0;
  let stream = null;

  const stop = () => {
    stopped = true;
    clearTimeout(timer);
    clearTimeout(silence);
    stream?.close();
  };

  const look = async () => {
    try {
      const job = await call("GET", `/v1/jobs/${id}`);
      if (stopped) return;
      tell({ lost: false });
      tell({ stage: job.stage, ...(job.progress.total ? job.progress : {}) });
      if (ended(job.stage) || WAITS.has(job.stage)) tell({ job });
      if (ended(job.stage)) stop();
      else timer = setTimeout(look, WAITS.has(job.stage) ? WAIT_EVERY_MS : ASK_EVERY_MS);
    } catch (problem) {
      if (stopped) return;
      if (problem.status === 401 || problem.status === 404) {
        stop();
        fail(problem);
        return;
      }
      if (problem.status === 0) tell({ lost: true });
      timer = setTimeout(look, Math.max(ASK_EVERY_MS, problem.retryAfter * 1000));
    }
  };

  if (waits) {
    timer = setTimeout(look, WAIT_EVERY_MS);
    return stop;
  }
  // The browser itself opens it again where it left off (Last-Event-ID). When it gives up, we ask.
  stream = new EventSource(`/v1/jobs/${id}/events`);
  stream.addEventListener("state", (event) => {
    const { stage } = JSON.parse(event.data);
    tell({ stage });
    if (WAITS.has(stage)) {
      stream.close();
      look();
    }
  });
  stream.addEventListener("progress", (event) => tell(JSON.parse(event.data)));
  stream.addEventListener("result", (event) => {
    stop();
    tell({ job: JSON.parse(event.data) });
  });
  stream.addEventListener("open", () => {
    clearTimeout(silence);
    silence = 0;
    tell({ lost: false });
  });
  stream.addEventListener("error", () => {
    if (stopped) return;
    if (stream.readyState === EventSource.CLOSED) {
      clearTimeout(silence);
      look();
    } else silence ||= setTimeout(() => tell({ lost: true }), SILENT_MS);
  });
  return stop;
}
