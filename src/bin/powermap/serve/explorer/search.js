// The search: what is found while one types, in any language; arrows choose, Enter opens.
import { language, send, url, usual } from "./api.js";
import { announce, el } from "./dom.js";
import { go, link } from "./state.js";
import { say } from "./words.js";

const input = document.getElementById("search");
const list = document.getElementById("found");
/** How long the search waits for the next letter. */
const PAUSE = 120;
let chosen = -1;
let waiting = 0;
let running = new AbortController();

/** Where each kind of thing is shown. */
function target(kind, id) {
  if (kind === "player") return link({ view: "player", id });
  if (kind === "query") return link({ view: "ask", name: id });
  if (kind === "deal") return link({ view: "ask", name: "deal", p: { deal: id } });
  return link({ view: "ask", name: "claims-in", p: { document: id } });
}

const kindName = (kind) => ({ player: say("player"), deal: say("deal"), document: say("document"), query: say("namedQuery") })[kind] ?? kind;

const typeName = (type) => usual.types.find(({ name }) => name === type)?.label ?? say("player");

function close() {
  list.hidden = true;
  chosen = -1;
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}

function choose(place) {
  const options = list.querySelectorAll("[role=option]");
  if (options.length === 0) return;
  chosen = (place + options.length) % options.length;
  options.forEach((option, number) => option.setAttribute("aria-selected", String(number === chosen)));
  input.setAttribute("aria-activedescendant", options[chosen].id);
  options[chosen].scrollIntoView({ block: "nearest" });
}

function open(option) {
  go(option.dataset.href);
  input.value = "";
  close();
  document.getElementById("content").focus();
}

async function find() {
  const text = input.value.trim();
  running.abort();
  if (!text) return close();
  running = new AbortController();
  let rows;
  try {
    const response = await send(url("/api/search", { q: text, "max-rows": 12, lang: language() }), { signal: running.signal });
    rows = (await response.json()).rows;
  } catch (error) {
    if (error.name === "AbortError") return undefined;
    rows = [];
  }
  const options = rows.map(({ kind, id, name, type }, place) =>
    el("li", { role: "option", id: `found-${place}`, "aria-selected": "false", "data-href": target(kind, id), onclick: (event) => open(event.currentTarget) },
      el("span", { class: "name", text: name }), " ", el("small", { text: kind === "player" ? typeName(type) : kindName(kind) })));
  list.replaceChildren(...(options.length ? options : [el("li", { class: "muted", role: "option", "aria-disabled": "true", "aria-selected": "false", text: say("nothingFound") })]));
  list.hidden = false;
  input.setAttribute("aria-expanded", "true");
  chosen = -1;
  announce(options.length ? say("found", { count: options.length }) : say("nothingFound"));
  return undefined;
}

input.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(find, PAUSE);
});
input.addEventListener("keydown", async (event) => {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    choose(chosen + (event.key === "ArrowDown" ? 1 : chosen < 0 ? 0 : -1));
  } else if (event.key === "Enter") {
    event.preventDefault();
    clearTimeout(waiting);
    if (list.hidden || chosen < 0) await find();
    const options = list.querySelectorAll("[data-href]");
    if (options.length) open(options[Math.max(chosen, 0)]);
  } else if (event.key === "Escape") {
    close();
  }
});
input.addEventListener("blur", () => setTimeout(close, 200));
document.addEventListener("keydown", (event) => {
  const isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
  if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    input.focus();
  }
});
