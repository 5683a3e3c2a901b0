// The editor of queries: completion while one types, errors with their place, rows as a table and as CSV.
import { Problem, json, language, send, url, view } from "./api.js";
import { proposals, vocabulary, wordAt } from "./completion.js";
import { announce, buttonLink, el, field, loading, trouble } from "./dom.js";
import { player } from "./rows.js";
import { changed, go, link } from "./state.js";
import { say } from "./words.js";

/** The rows that are shown; the CSV has all. */
const SHOWN = 1000;
const FIRST = "SELECT ?who ?name {\n  ?who pm:investsIn id:openai ;\n       rdfs:label ?name .\n  FILTER(LANG(?name) = \"en\")\n}\nORDER BY ?name\n";
const EXAMPLES = [
  ["exampleInvestors", () => FIRST.replace("\"en\"", "\"en\"")],
  ["exampleLoops", () => "SELECT ?loop ?step ?from ?to {\n  SERVICE call:loops {\n    [] call:through id:openai ; call:maxLength 3 ;\n       call:loop ?loop ; call:step ?step ; call:from ?from ; call:to ?to\n  }\n}\n"],
  ["exampleDocuments", () => "SELECT ?document (COUNT(?claim) AS ?claims) {\n  ?claim pm:document ?document\n}\nGROUP BY ?document\nORDER BY DESC(?claims)\n"],
];
/** What was typed last, while the page is open. */
let draft = "";

/** Shows the editor with the query of the address, or with the text of a named one. */
export async function editor(state, about, content) {
  const text = el("textarea", { rows: "14", spellcheck: "false", autocapitalize: "off", autocomplete: "off", wrap: "off", "aria-autocomplete": "list", "aria-haspopup": "listbox" });
  const popup = el("ul", { class: "popup", role: "listbox", id: "proposals", hidden: true, "aria-label": say("proposals") });
  const result = el("div", { class: "answer" });
  const isRun = state.query !== undefined;
  text.value = state.query ?? (draft || FIRST);
  const run = () => execute(text.value, result, text);
  const buttons = el("p", { class: "actions" },
    el("button", { type: "button", class: "primary", text: say("run"), onclick: run }), el("kbd", { text: say("runKeys") }),
    buttonLinkTo(() => changed({ name: "", p: {}, query: text.value })),
    el("button", { type: "button", text: say("csv"), onclick: () => csv(text.value, result) }));
  const box = el("div", { class: "editing" }, popup);
  const area = field(say("query"), text, say("completionHint"));
  text.after(box);
  content.replaceChildren(el("h1", { text: say("editor") }), el("p", { class: "lead", text: limits(about) }), area, buttons,
    el("p", {}, say("examples"), " ", EXAMPLES.flatMap(([name, query], place) => [place ? say("listSeparator") : null,
      el("button", { type: "button", class: "quiet", text: exampleName(name), onclick: () => { text.value = query(); draft = text.value; text.focus(); run(); } })])), result);
  complete(text, popup, run);
  vocabulary().catch(() => {});
  if (state.name && !isRun) {
    try {
      text.value = await (await send(url(`/queries/${encodeURIComponent(state.name)}`, { ...state.p, ...view() }))).text();
      draft = text.value;
    } catch (error) {
      result.replaceChildren(trouble(error));
    }
  }
  if (isRun) run();
}

const exampleName = (name) => ({ exampleInvestors: say("exampleInvestors"), exampleLoops: say("exampleLoops"), exampleDocuments: say("exampleDocuments") })[name];

/** Returns a link to the query as it stands, which is known when it is used. */
function buttonLinkTo(href) {
  const one = buttonLink(say("linkToQuery"), "#");
  one.addEventListener("click", (event) => {
    event.preventDefault();
    go(href());
  });
  return one;
}

function limits({ limits: { seconds, rows } }) {
  const parts = [seconds ? say("limitSeconds", { seconds }) : say("noTimeLimit"), rows ? say("limitRows", { rows }) : say("noRowLimit")];
  return `${say("editorLead")} ${parts.join(say("comma"))}${say("stop")}`;
}

async function ask(query, accept) {
  const given = Object.fromEntries(Object.entries(view()).filter(([, value]) => value));
  return send(url("/sparql", given), { method: "POST", body: query, headers: { "Content-Type": "application/sparql-query", Accept: accept } });
}

async function execute(query, result, text) {
  draft = query;
  result.replaceChildren(loading());
  try {
    const response = await ask(query, "application/sparql-results+json, text/turtle;q=0.9");
    const isCut = response.headers.get("powermap-cut") === "rows";
    const media = response.headers.get("content-type") ?? "";
    const shown = media.startsWith("application/sparql-results+json") ? await rows(await response.json()) : [el("pre", { tabindex: "0", text: await response.text() })];
    result.replaceChildren(...shown, ...(isCut ? [el("p", { class: "notes", text: say("cut") })] : []));
  } catch (error) {
    result.replaceChildren(trouble(error, place(error, text)));
    announce(`${say("problem")} ${error.message}`);
  }
}

/** Returns a button that goes to the place of an error in the text. */
function place(error, text) {
  if (!(error instanceof Problem)) throw error;
  const found = /(?:^|\D)(\d+):(\d+)/.exec(error.message);
  if (!found) return [];
  const [line, column] = [Number(found[1]), Number(found[2])];
  const lines = text.value.split("\n");
  if (line < 1 || line > lines.length) return [];
  const at = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0) + Math.min(column - 1, lines[line - 1].length);
  text.setAttribute("aria-invalid", "true");
  text.addEventListener("input", () => text.removeAttribute("aria-invalid"), { once: true });
  const show = () => {
    text.focus();
    text.setSelectionRange(at, Math.min(at + 1, text.value.length));
  };
  return el("p", {}, el("button", { type: "button", text: say("lineColumn", { line, column }), onclick: show }));
}

async function rows(answer) {
  if (typeof answer.boolean === "boolean") return [el("p", { class: "value", text: answer.boolean ? say("yes") : say("no") })];
  const { prefixes } = await vocabulary();
  const short = (iri) => {
    const known = prefixes.find((one) => iri.startsWith(one.iri));
    return known ? `${known.name}${iri.slice(known.iri.length)}` : iri;
  };
  const cell = (value) => {
    if (!value) return "";
    if (value.type !== "uri") return value.value;
    const name = short(value.value);
    return name.startsWith("id:") ? player(name.slice(3), name) : name;
  };
  const names = answer.head.vars;
  const all = answer.results.bindings;
  announce(say("rowsFound", { count: all.length }));
  const body = all.slice(0, SHOWN).map((row) => el("tr", {}, names.map((name) => el("td", { "data-heading": name, class: row[name]?.datatype ? "number" : "" }, cell(row[name])))));
  const count = all.length > SHOWN ? say("someOf", { shown: SHOWN, count: all.length }) : say("rowsFound", { count: all.length });
  if (!all.length) return [el("p", { class: "muted", text: say("nothingFound") })];
  return [el("p", { class: "muted", text: count }), el("div", { class: "wide", tabindex: "0", role: "region", "aria-label": say("result") },
    el("table", {}, el("thead", {}, el("tr", {}, names.map((name) => el("th", { scope: "col", text: name })))), el("tbody", {}, body)))];
}

async function csv(query, result) {
  try {
    const blob = await (await ask(query, "text/csv, text/turtle;q=0.5")).blob();
    const href = URL.createObjectURL(blob);
    el("a", { href, download: blob.type.startsWith("text/csv") ? "rows.csv" : "graph.ttl" }).click();
    setTimeout(() => URL.revokeObjectURL(href), 10_000);
  } catch (error) {
    result.replaceChildren(trouble(error));
  }
}

/** Proposes words while one types, and runs the query with Ctrl-Enter. */
function complete(text, popup, run) {
  let [found, start, chosen, waiting, asking] = [[], 0, 0, 0, new AbortController()];
  const close = () => {
    popup.hidden = true;
    text.removeAttribute("aria-activedescendant");
    text.removeAttribute("aria-controls");
  };
  const choose = (place) => {
    chosen = (place + found.length) % found.length;
    [...popup.children].forEach((one, number) => one.setAttribute("aria-selected", String(number === chosen)));
    text.setAttribute("aria-activedescendant", popup.children[chosen].id);
    popup.children[chosen].scrollIntoView({ block: "nearest" });
  };
  const take = (place) => {
    const end = text.selectionEnd;
    text.setRangeText(found[place].name, start, end, "end");
    draft = text.value;
    close();
    text.focus();
  };
  const propose = async (isAsked) => {
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    const end = text.selectionEnd;
    let answer;
    try {
      answer = await proposals(text.value, end, { isAsked, signal });
    } catch {
      return close();
    }
    if (signal.aborted || text.selectionEnd !== end) return undefined;
    ({ found, start } = answer);
    const { word } = wordAt(text.value, end);
    if (!found.length || (found.length === 1 && found[0].name === word)) return close();
    popup.replaceChildren(...found.map(({ name, label }, place) => el("li", { role: "option", id: `proposal-${place}`, onmousedown: (event) => { event.preventDefault(); take(place); } },
      el("code", { text: name }), label && el("small", { text: ` ${label}` }))));
    popup.hidden = false;
    text.setAttribute("aria-controls", popup.id);
    locate(text, popup, start);
    choose(0);
    announce(say("proposed", { count: found.length }));
    return undefined;
  };
  text.addEventListener("input", () => {
    draft = text.value;
    clearTimeout(waiting);
    waiting = setTimeout(() => propose(false), 80);
  });
  text.addEventListener("blur", close);
  text.addEventListener("scroll", close);
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      close();
      run();
    } else if (event.key === " " && event.ctrlKey) {
      event.preventDefault();
      propose(true);
    } else if (!popup.hidden && ["ArrowDown", "ArrowUp", "Enter", "Tab", "Escape"].includes(event.key)) {
      event.preventDefault();
      if (event.key === "Escape") close();
      else if (event.key.startsWith("Arrow")) choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
      else take(chosen);
    }
  });
}

/** Puts the proposals below the word that they are for. */
function locate(text, popup, start) {
  const style = getComputedStyle(text);
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = style.font;
  const before = text.value.slice(0, start).split("\n");
  const [line, height] = [before.length, Number.parseFloat(style.lineHeight)];
  const left = Number.parseFloat(style.paddingLeft) + pen.measureText(before.at(-1)).width - text.scrollLeft;
  const top = Number.parseFloat(style.paddingTop) + line * height - text.scrollTop - text.offsetHeight + 4;
  popup.style.left = `${Math.max(0, Math.min(left, text.clientWidth - 260))}px`;
  popup.style.top = `${top}px`;
}
