// The playground: signed in or not, which job is on show, and who tells whom.

import { call } from "./api.js";
import * as composer from "./composer.js";
import { announce, byId } from "./dom.js";
import * as past from "./past.js";
import * as stage from "./stage.js";

function signedOut() {
  stage.showNothing();
  byId("room").hidden = true;
  byId("who").hidden = true;
  byId("signed-out").hidden = false;
  announce("You are signed out.");
}

function open(id) {
  if (location.hash.slice(1) === id) follow();
  else location.hash = id; // and the browser tells us, as it does for Back and for links
}

function follow() {
  const id = location.hash.slice(1);
  past.point(id);
  if (/^[0-9a-f]{8,64}$/.test(id)) {
    stage.show(id);
    // On a phone the form stands above: bring what happens into view.
    if (byId("stage").getBoundingClientRect().top > window.innerHeight * 0.6) byId("stage").scrollIntoView();
  } else stage.showNothing();
}

async function begin() {
  let session;
  try {
    session = await call("GET", "/session");
  } catch (problem) {
    signedOut();
    if (problem.status !== 401) announce(problem.says);
    return;
  }
  byId("tenant").textContent = session.name;
  byId("who").hidden = false;
  byId("room").hidden = false;
  composer.start((job) => {
    past.refresh();
    open(job.id);
  }, signedOut);
  past.start(open, signedOut);
  stage.start({ open, signedOut, changed: past.refresh, remix: composer.remix, rephrase: composer.rephrase });
  window.addEventListener("hashchange", follow);
  byId("sign-out").addEventListener("click", async () => {
    await call("DELETE", "/session").catch(() => {});
    signedOut();
  });
  past.refresh();
  follow();
}

begin();
