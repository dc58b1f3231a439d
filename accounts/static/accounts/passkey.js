// Passkeys: asks the browser for one, and posts the answer in the form around the button.
//
// <form data-passkey="create|get" data-options="id of a json_script" or data-options-url="…">
//   <input type="hidden" name="credential"> <button type="button" data-passkey-start>
// Without JavaScript or without passkeys in the browser the form stays hidden; the page offers another way.
(() => {
  "use strict";

  const toBytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const toText = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const withBytes = (list) => (list || []).map((key) => ({ ...key, id: toBytes(key.id) }));

  const readOptions = async (form) => {
    if (form.dataset.options) return JSON.parse(document.getElementById(form.dataset.options).textContent);
    const answer = await fetch(form.dataset.optionsUrl, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`options: ${answer.status}`);
    return answer.json();
  };

  const create = async (options) => {
    const publicKey = options.creation_options.publicKey;
    publicKey.challenge = toBytes(publicKey.challenge);
    publicKey.user.id = toBytes(publicKey.user.id);
    publicKey.excludeCredentials = withBytes(publicKey.excludeCredentials);
    const made = await navigator.credentials.create({ publicKey });
    return {
      ...shared(made),
      response: {
        clientDataJSON: toText(made.response.clientDataJSON),
        attestationObject: toText(made.response.attestationObject),
        transports: made.response.getTransports ? made.response.getTransports() : [],
      },
    };
  };

  const get = async (options) => {
    const publicKey = options.request_options.publicKey;
    publicKey.challenge = toBytes(publicKey.challenge);
    publicKey.allowCredentials = withBytes(publicKey.allowCredentials);
    const used = await navigator.credentials.get({ publicKey });
    return {
      ...shared(used),
      response: {
        clientDataJSON: toText(used.response.clientDataJSON),
        authenticatorData: toText(used.response.authenticatorData),
        signature: toText(used.response.signature),
        userHandle: used.response.userHandle ? toText(used.response.userHandle) : null,
      },
    };
  };

  const shared = (credential) => ({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
  });

  // Which of the prepared messages fits what the browser says.
  const PROBLEMS = { InvalidStateError: "known", SecurityError: "address" };

  const show = (form, problem) => {
    for (const message of form.querySelectorAll("[data-passkey-problem]")) {
      message.hidden = message.dataset.passkeyProblem !== problem;
    }
  };

  if (!window.PublicKeyCredential) return;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    for (const instead of document.querySelectorAll("[data-passkey-missing]")) instead.hidden = true;
    form.querySelector("[data-passkey-start]").addEventListener("click", async () => {
      show(form, "");
      try {
        const credential = await (form.dataset.passkey === "create" ? create : get)(await readOptions(form));
        form.elements.credential.value = JSON.stringify(credential);
      } catch (problem) {
        show(form, PROBLEMS[problem.name] || "stopped");
        return;
      }
      form.submit();
    });
  }
})();
