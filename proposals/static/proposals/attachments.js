// Sends a photo or file as soon as it was chosen, and shows how far it is. Without this script the form is sent as usual.
(() => {
  "use strict";
  const form = document.querySelector("form[data-upload]");
  if (!form || !window.FormData || !window.XMLHttpRequest) return;
  const said = form.querySelector("[data-said]");
  const part = form.querySelector("[data-progress]");
  const bar = part.querySelector("progress");
  const inputs = [...form.querySelectorAll("input[type=file]")];
  let busy = false;

  // A computer has no camera behind this button; it would only be a second way to choose a file.
  if (!window.matchMedia("(any-pointer: coarse)").matches) form.querySelector("[data-camera]").hidden = true;

  function say(words, kind = "progress") {
    said.dataset.kind = kind;
    said.textContent = words;
  }

  function stop(words) {
    busy = false;
    part.hidden = true;
    say(words, "error");
  }

  function send(again) {
    const used = inputs.find((one) => one.files.length);
    if (busy || !used) return;
    if (used.files[0].size > Number(form.dataset.limit)) return stop(form.dataset.large);
    busy = true;
    bar.value = 0;
    part.hidden = false;
    say(form.dataset.busy);
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.value = Math.round((100 * event.loaded) / event.total);
    });
    request.upload.addEventListener("load", () => { bar.value = 100; say(form.dataset.checking); });
    request.addEventListener("error", () => stop(form.dataset.lost));
    request.addEventListener("abort", () => stop(form.dataset.lost));
    request.addEventListener("load", () => {
      let answer = null;
      try { answer = JSON.parse(request.responseText); } catch { /* a page of somebody in between, or of an error */ }
      if (answer?.token && !again) {
        form.elements.csrfmiddlewaretoken.value = answer.token;
        busy = false;
        return send(true);
      }
      if (answer?.added) return location.assign(answer.url);
      stop(answer?.message || form.dataset.failed);
    });
    request.open("POST", form.action);
    request.setRequestHeader("X-Upload", "yes");
    request.send(new FormData(form));
  }

  for (const input of inputs) {
    input.addEventListener("change", () => {
      if (!input.files.length) return;
      // One at a time: what was chosen in the other field, and refused, is not sent along.
      for (const other of inputs) if (other !== input) other.value = "";
      send();
    });
  }
  form.addEventListener("submit", (event) => {
    if (!inputs.some((one) => one.files.length)) return; // the server says what to do
    event.preventDefault();
    send();
  });
})();
