// Saves an answer by itself while somebody writes. Without this script the page saves when it is sent.
// What the server has not confirmed yet is also kept in this tab, so that a reload or a lost connection loses nothing.
(() => {
  "use strict";
  const form = document.querySelector("form[data-autosave]");
  if (!form || !window.fetch) return;
  const status = document.getElementById("saved-at");
  const total = document.getElementById("budget-total");
  const place = `draft:${location.pathname}`;
  const PAUSE = 1200, FIRST_RETRY = 2000, LAST_RETRY = 30000;
  let timer = 0, busy = false, again = false, delay = FIRST_RETRY, leaving = false;

  const store = {
    get(key) { try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; } },
    set(key, value) { try { sessionStorage.setItem(key, JSON.stringify(value)); } catch { /* full, or not allowed */ } },
    remove(key) { try { sessionStorage.removeItem(key); } catch { /* not allowed */ } },
    keys() { try { return Object.keys(sessionStorage); } catch { return []; } },
  };
  const fields = () => [...form.elements].filter((one) => one.name && one.type !== "submit" && one.name !== "csrfmiddlewaretoken");
  const typed = () => Object.fromEntries(fields().map((one) => [one.name, one.value]));
  const answer = () => JSON.stringify(fields().filter((one) => one.type !== "hidden").map((one) => one.value));
  const say = (text, saved = false) => {
    if (!status) return;
    status.classList.toggle("pf-saved--not", !saved);
    if (status.textContent.trim() !== text) status.textContent = text;
  };

  // Leaving this page for the next one means that it was saved; then its copy can go.
  for (const key of store.keys()) {
    if (key.startsWith("draft:") && key !== place && store.get(key)?.sent) store.remove(key);
  }

  const before = answer();
  const kept = store.get(place);
  const untouched = !form.querySelector("[aria-invalid]") && !document.querySelector("[data-focus]");
  if (kept && untouched && !form.hasAttribute("data-unsaved")) {
    for (const one of fields()) {
      // The edition that this text was written on goes along, so that the server can see when there are two texts.
      if (one.name in kept.values && one.value !== kept.values[one.name]) one.value = kept.values[one.name];
    }
    if (answer() === before) store.remove(place);
    else { say(form.dataset.restored); plan(500); }
  }
  // Somebody may have begun to type before this script was there.
  if (fields().some((one) => one.type !== "hidden" && one.value !== one.defaultValue)) plan(PAUSE);

  function plan(wait) {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  }

  function retry(words) {
    say(words || form.dataset.waiting);
    plan(delay);
    delay = Math.min(delay * 2, LAST_RETRY);
  }

  async function save() {
    if (busy) { again = true; return; }
    if (leaving) return;
    busy = true;
    const sent = answer();
    let words = null, wait = null;
    try {
      const response = await fetch(form.action, {
        method: "POST", body: new FormData(form), credentials: "same-origin", headers: { "X-Autosave": "yes" }, redirect: "error",
        keepalive: document.visibilityState === "hidden",
      });
      words = await response.json();
    } catch { wait = true; }
    busy = false;
    if (leaving) return;
    if (wait) return retry();
    if (words.token) {
      for (const one of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) one.value = words.token;
      return retry();
    }
    if (words.saved) {
      delay = FIRST_RETRY;
      form.elements.seen.value = words.edition;
      if (words.total && total && sent === answer()) total.textContent = words.total;
      if (sent === answer()) { store.remove(place); if (words.message) say(words.message, true); }
    } else say(words.message);
    if (again) { again = false; plan(0); }
  }

  form.addEventListener("input", () => {
    store.set(place, { values: typed() });
    add();
    plan(PAUSE);
  });
  form.addEventListener("change", () => plan(0));
  form.addEventListener("submit", () => {
    leaving = true;
    clearTimeout(timer);
    if (answer() !== before || store.get(place)) store.set(place, { values: typed(), sent: true });
  });
  window.addEventListener("pageshow", () => { leaving = false; });
  // Somebody goes to another app, or closes the page: save what is there at once.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && store.get(place)) { clearTimeout(timer); save(); }
  });
  window.addEventListener("online", () => { if (store.get(place)) plan(0); });

  // The running total, as far as the amounts can be read; the server reads and adds them for real.
  function cents(text) {
    const clean = text.replace(/[\s€]|euros?|eur/gi, "").replace(/[,.](-{1,2}|–|=)$/, "");
    const match = /^(\d{1,3}(?:([,.])\d{3}(?:\2\d{3})*)?|\d+)(?:(?!\2)[,.](\d{1,2}))?$/.exec(clean);
    if (!match) return 0;
    return Number(match[1].replace(/[,.]/g, "")) * 100 + Number((match[3] || "0").padEnd(2, "0"));
  }
  function add() {
    if (!total) return;
    let sum = 0;
    for (const one of form.elements) if (/^amount_\d$/.test(one.name || "")) sum += cents(one.value);
    const english = document.documentElement.lang === "en";
    const digits = sum % 100 ? 2 : 0;
    const number = (sum / 100).toLocaleString(english ? "en" : "nl", { minimumFractionDigits: digits, maximumFractionDigits: digits });
    total.textContent = english ? `€${number}` : `€\u00a0${number}`;
  }
})();
