// The playground: signed in or not, which job is on show, and who tells whom.

import { call } from "./api.js";
import * as composer from "./composer.js";
import { announce, byId } from "./dom.js";
import * as past from "./past.js";
import * as stage from "./stage.js";

const narrow = window.matchMedia("(max-width: 899px)"); // there the form stands above what it makes
const still = window.matchMedia("(prefers-reduced-motion: reduce)");

let started = false;

function signedOut(problem = null) {
  stage.showNothing();
  past.rest();
  byId("gate-said").textContent = problem && problem.status !== 401 ? problem.says : "";
  byId("room").hidden = true;
  byId("who").hidden = true;
  byId("signed-out").hidden = false;
  announce("You are signed out.");
}

function open(id) {
  if (location.hash.slice(1) === id) follow();
  else location.hash = id; // and the browser tells us, as it does for Back and for links
}

async function follow() {
  const id = location.hash.slice(1);
  past.point(id);
  if (!/^[0-9a-f]{8,64}$/.test(id)) return stage.showNothing();
  await stage.show(id);
  if (narrow.matches) byId("stage").scrollIntoView({ behavior: still.matches ? "auto" : "smooth" });
}

async function begin() {
  let session;
  try {
    session = await call("GET", "/session");
  } catch (problem) {
    return signedOut(problem);
  }
  byId("tenant").textContent = session.name;
  byId("signed-out").hidden = true;
  byId("who").hidden = false;
  byId("room").hidden = false;
  if (!started) start();
  past.refresh();
  follow();
}

function start() {
  started = true;
  composer.start((job) => {
    past.refresh();
    open(job.id);
  }, signedOut);
  past.start(open, signedOut);
  stage.start({ open, signedOut, changed: past.refresh, remix: composer.remix, rephrase: composer.rephrase });
  window.addEventListener("hashchange", follow);
  byId("skip").addEventListener("click", (event) => {
    event.preventDefault(); // the address names the reel on show
    byId("stage").focus();
  });
  byId("sign-out").addEventListener("click", async () => {
    const problem = await call("DELETE", "/session").catch((problem) => problem);
    if (problem?.status === 0) announce(problem.says);
    else signedOut();
  });
}

// Signed in meanwhile, in another tab? Then this one goes on where it was.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && !byId("signed-out").hidden) begin();
});
begin();
