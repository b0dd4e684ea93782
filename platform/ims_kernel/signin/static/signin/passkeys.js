// Asks the device for a passkey, or to use one, and sends the answer with the form around it.
// The form is hidden until this file runs: without it there is nothing to press.

const toBytes = (text) => {
  const base64 = text.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
};

const toText = (buffer) => {
  const letters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
};

// The challenge and every id come as text and must be bytes (WebAuthn level 3, 5.1.8).
const withBytes = (options) => {
  const read = { ...options, challenge: toBytes(options.challenge) };
  if (read.user) {
    read.user = { ...read.user, id: toBytes(read.user.id) };
  }
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    if (read[list]) {
      read[list] = read[list].map((each) => ({ ...each, id: toBytes(each.id) }));
    }
  }
  return read;
};

const answerOf = (credential) => {
  const response = {};
  for (const name of [
    "clientDataJSON",
    "attestationObject",
    "authenticatorData",
    "signature",
    "userHandle",
  ]) {
    if (credential.response[name]) {
      response[name] = toText(credential.response[name]);
    }
  }
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
};

const say = (form, name) => {
  for (const each of form.querySelectorAll("[data-passkey-says]")) {
    each.hidden = each.dataset.passkeySays !== name;
  }
};

const ask = async (form) => {
  const publicKey = withBytes(JSON.parse(form.dataset.options).publicKey);
  const adds = form.dataset.passkey === "create";
  const credential = await navigator.credentials[adds ? "create" : "get"]({ publicKey });
  form.elements.passkey.value = JSON.stringify(answerOf(credential));
  // Not requestSubmit(): that would come back here.
  HTMLFormElement.prototype.submit.call(form);
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.hidden = false;
  const isAble = Boolean(window.PublicKeyCredential && navigator.credentials);
  if (!isAble) {
    say(form, "unable");
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!isAble) {
      return;
    }
    say(form, "");
    ask(form).catch(() => say(form, "failed"));
  });
}
