// Passkeys: the one thing on these pages that cannot be done by a form.
"use strict";

function csrf() {
  const cookie = document.cookie.split("; ").find(one => one.startsWith("__Host-csrf="));
  return cookie === undefined ? "" : cookie.slice("__Host-csrf=".length);
}

async function call(path, body) {
  const response = await fetch(path, {
    method: "POST",
    headers: {"Content-Type": "application/json", "Accept": "application/json", "X-CSRF-Token": csrf()},
    body: JSON.stringify(body),
  });
  // The answer may have brought a session, and with it another token.
  document.querySelectorAll('input[name="_csrf"]').forEach(field => field.value = csrf());
  const answer = await response.json();
  if (!response.ok) {
    throw new Error(answer.detail ?? "it was refused");
  }
  return answer;
}

function tell(problem) {
  const place = document.getElementById("passkey-problem");
  place.textContent = problem.name === "NotAllowedError" ? "No passkey was used." : problem.message;
  place.hidden = false;
}

const login = document.getElementById("passkey-login");
if (login && window.PublicKeyCredential) {
  login.hidden = false;
  login.addEventListener("click", async () => {
    try {
      const options = await call("/login/passkey/options", {});
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
      const credential = await navigator.credentials.get({publicKey});
      await call("/login/passkey", {credential: JSON.stringify(credential)});
      location.assign(document.querySelector('input[name="next"]').value);
    } catch (problem) {
      tell(problem);
    }
  });
}

const add = document.getElementById("passkey-add");
if (add) {
  add.addEventListener("submit", async event => {
    event.preventDefault();
    try {
      const options = await call("/passkeys/options", {});
      const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
      const credential = await navigator.credentials.create({publicKey});
      const label = document.getElementById("passkey-label").value;
      await call("/passkeys", {label, credential: JSON.stringify(credential)});
      location.reload();
    } catch (problem) {
      tell(problem);
    }
  });
}
