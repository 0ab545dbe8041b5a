// Uses a sign-in link up. The secret stands behind the # and goes nowhere but into this one request.

import { call } from "./api.js";
import { byId } from "./dom.js";

const secret = location.hash.slice(1);
history.replaceState(null, "", location.pathname); // not into the history, nor over somebody's shoulder

function say(sentence, withCommand = false) {
  byId("said").textContent = sentence;
  byId("typed").hidden = !withCommand;
}

async function enter() {
  byId("enter").disabled = true;
  say("Signing in …");
  try {
    await call("POST", "/sign-in", { secret });
    location.replace("/");
  } catch (problem) {
    byId("enter").hidden = problem.status !== 0;
    byId("enter").disabled = false;
    say(problem.says, problem.status === 401);
  }
}

const here = ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname);
if (!secret) say("This link is not whole. Ask for a fresh one:", true);
else if (!window.isSecureContext) say("Signing in needs https at this address: ask whoever runs this service.");
else if (here) enter();
else {
  // Elsewhere a person presses the button: programs that look links over must not use them up.
  byId("enter").hidden = false;
  byId("enter").addEventListener("click", enter);
}
