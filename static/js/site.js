// Small extras. Every page works without them.
(() => {
  "use strict";
  // After a form came back with errors, the summary is the first thing to be read.
  const summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();

  // Copy buttons only show where the browser can copy.
  const canCopy = Boolean(navigator.clipboard);
  const showCopyButtons = (part) => {
    if (canCopy) for (const button of part.querySelectorAll("button[data-copy]")) button.hidden = false;
  };
  showCopyButtons(document);
  document.addEventListener("htmx:load", (event) => showCopyButtons(event.target));
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(button.dataset.copy);
    const label = button.querySelector(".nl-button__label");
    label.dataset.before ??= label.textContent;
    label.textContent = button.dataset.copied;
    setTimeout(() => { label.textContent = label.dataset.before; }, 2500);
  });

  // A form is sent once, however often someone taps; going back in the browser makes it ready again.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent && !form.hasAttribute("data-repeat")) event.preventDefault();
    else if (!event.defaultPrevented && !form.hasAttribute("hx-post") && !form.hasAttribute("hx-get")) form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  // A button with data-print prints the page.
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
})();
