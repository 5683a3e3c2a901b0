// The board of a day: the picture, its looks and filters, and beside it what goes round, who is strong and what changed.
import { send, url, view, words } from "./api.js";
import { announce, buttonLink, el, field, loading, picture, select, trouble } from "./dom.js";
import { cell, evidence, table } from "./rows.js";
import { changed, go, link } from "./state.js";
import { say } from "./words.js";

const isDark = matchMedia("(prefers-color-scheme: dark)");

/** Returns the parameters of the picture that the address asks for. */
function parameters(state) {
  return {
    look: state.look, family: state.family, around: state.around, hops: state.around ? state.hops : "", players: state.around ? "" : state.players,
    top: state.top, theme: isDark.matches ? "dark" : "", size: "column", ...view(),
  };
}

/** Shows the board. */
export function board(state, about, content) {
  const stage = el("div", { class: "stage", "aria-busy": "true" });
  const side = el("div", { class: "side" });
  const tab = state.tab === "board" ? "board" : "list";
  const tabs = el("div", { class: "tabs", role: "group", "aria-label": say("show") }, ["list", "board"].map((name) =>
    el("button", { type: "button", "aria-pressed": String(tab === name), text: name === "list" ? say("list") : say("board"),
      onclick: () => go(changed({ tab: name })) })));
  content.replaceChildren(el("h1", { class: "unseen", text: say("boardOf", { title: about.title, view: about.view_text }) }), tabs,
    el("div", { class: "board", "data-tab": tab }, el("div", { class: "picture" }, tools(state, about), stage, files(state)), side));
  draw(state, stage);
  beside(about, side);
}

function tools(state, about) {
  const looks = [["money", say("lookMoney")], ["board", say("lookBoard")], ["circle", say("lookCircle")], ["dot", say("lookDot")]];
  const look = select(looks, state.look ?? "money", { onchange: (event) => go(changed({ look: event.target.value === "money" ? "" : event.target.value })) });
  const wanted = state.family?.split(",");
  const families = about.families.map(({ name, label }) => el("label", { class: "check" },
    el("input", { type: "checkbox", value: name, checked: !wanted || wanted.includes(name), onchange: chooseFamilies }), label));
  const around = el("input", { value: state.around ?? "", autocomplete: "off", placeholder: say("anyPlayer") });
  const hops = select([["1", "1"], ["2", "2"], ["3", "3"]], state.hops ?? "1");
  const top = el("input", { type: "number", min: "1", max: "256", value: state.top ?? "" });
  const apply = (event) => {
    event.preventDefault();
    go(changed({ around: around.value.trim(), hops: hops.value === "1" ? "" : hops.value, top: top.value, players: around.value.trim() ? "" : state.players }));
  };
  const isFiltered = state.family || state.around || state.players || state.top;
  return el("div", { class: "tools" },
    field(say("look"), look),
    el("details", { open: Boolean(isFiltered) }, el("summary", { text: say("filters") }),
      el("fieldset", {}, el("legend", { text: say("families") }), families),
      el("form", { class: "fields", onsubmit: apply }, field(say("around"), around), field(say("hops"), hops), field(say("topPlayers"), top),
        el("p", {}, el("button", { text: say("apply") }), " ", isFiltered && buttonLink(say("everything"), changed({ family: "", around: "", hops: "", players: "", top: "" }))))));
}

function chooseFamilies(event) {
  const boxes = [...event.target.closest("fieldset").querySelectorAll("input")];
  const chosen = boxes.filter((box) => box.checked).map((box) => box.value);
  go(changed({ family: chosen.length === boxes.length || chosen.length === 0 ? "" : chosen.join(",") }));
}

function files(state) {
  const own = { ...parameters(state), size: "" };
  const file = (name, text) => el("a", { href: url(`/board.${name}`, own), download: `board-${state.day ?? "last"}.${name}`, text });
  return el("p", { class: "files" }, say("asFile"), " ", file("svg", say("svg")), " ", file("png", "PNG"), " ", file("pdf", "PDF"));
}

async function draw(state, stage) {
  let svg;
  try {
    svg = picture(await (await send(url("/board.svg", parameters(state)))).text());
  } catch (error) {
    stage.replaceChildren(trouble(error));
    stage.setAttribute("aria-busy", "false");
    return;
  }
  if (svg.localName === "svg") {
    svg.setAttribute("role", "group");
    svg.removeAttribute("width");
    svg.removeAttribute("height");
    for (const one of svg.querySelectorAll("[data-player]")) clickable(one, link({ view: "player", id: one.dataset.player }));
    for (const one of svg.querySelectorAll("[data-from][data-to]")) {
      clickable(one, link({ view: "player", id: one.dataset.from, with: one.dataset.to }));
    }
  }
  stage.replaceChildren(svg);
  stage.setAttribute("aria-busy", "false");
  announce(say("drawn", { count: svg.querySelectorAll("[data-player]").length }));
}

/** Makes a thing of the picture open something, by a click and by keys. */
function clickable(thing, href) {
  thing.setAttribute("tabindex", "0");
  thing.setAttribute("role", "link");
  thing.setAttribute("aria-label", thing.querySelector("title")?.textContent ?? "");
  thing.addEventListener("click", () => go(href));
  thing.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    go(href);
  });
}

/** Fills the list beside the picture, part by part. */
function beside(about, side) {
  const parts = [loops, standing, changes].map((part) => {
    const place = el("section", {}, loading());
    part(about).then((filled) => place.replaceChildren(...filled), (error) => place.replaceChildren(trouble(error)));
    return place;
  });
  side.append(...parts);
}

/** Returns the rows of an answer by the text of their first column, in order. */
export function groups(given) {
  const all = new Map();
  for (const row of given.rows) all.set(row.cells[0].text, [...(all.get(row.cells[0].text) ?? []), row]);
  return [...all.values()];
}

/** Returns a loop: what goes round, and its steps, each with its sources. */
export function loop(rows, columns, answer, level = "h2") {
  const at = (name) => columns.findIndex((column) => column.name === name);
  const shown = (row, name) => row.cells[at(name)]?.text;
  const rest = columns.map((column) => column.name).filter((name) => !["loop", "step", "from", "to", "edges", "type", "quantity", "ratio"].includes(name));
  const steps = rows.map((row) => {
    const [button, list] = evidence(row, answer);
    const facts = rest.map((name) => shown(row, name)).filter(Boolean).map((text) => (text === "?" ? say("unknownAmount") : text)).join(say("comma"));
    return el("li", {}, el("p", {}, cell(row.cells[at("from")]), " → ", cell(row.cells[at("to")])), facts && el("p", { class: "muted", text: facts }), button, list);
  });
  const [first] = rows;
  const ratio = shown(first, "ratio");
  return el("article", { class: "card loop" },
    el(level, { text: [shown(first, "quantity") || say("unknownAmount"), shown(first, "type")].filter(Boolean).join(say("comma")) }),
    ratio && el("p", { class: "muted", text: `${columns[at("ratio")].heading} ${ratio}` }), el("ol", {}, steps));
}

async function loops() {
  const answer = await words("/api/loops", { limit: 3 });
  const [given] = answer.tables;
  const cards = groups(given).slice(0, 3).map((rows) => loop(rows, given.columns, answer, "h3"));
  return [el("h2", { text: say("loopsTitle") }), ...(cards.length ? cards : [el("p", { class: "muted", text: say("nothingFound") })]),
    el("p", {}, el("a", { href: link({ view: "analysis", name: "loops" }), text: say("allLoops") }))];
}

async function standing() {
  const answer = await words("/api/standing", { "max-rows": 8 });
  const [given] = answer.tables;
  const columns = given.columns.slice(0, 2);
  const rows = given.rows.map((row) => ({ ...row, cells: row.cells.slice(0, 2) }));
  return [table({ ...given, columns, rows }, answer, { title: say("strongest"), level: "h2" }),
    el("p", {}, el("a", { href: link({ view: "analysis", name: "standing" }), text: say("allStandings") }))];
}

async function changes(about) {
  const day = about.view.as_of;
  const place = about.days.indexOf(day);
  const before = place >= 0 ? about.days[place - 1] : about.days.findLast((one) => one < day);
  if (!before) return [];
  const answer = await words("/api/diff", { d1: before, d2: day }, { hasDay: false });
  return [table(answer.tables[0], answer, { title: say("changedSince", { day: before }), level: "h2" })];
}
