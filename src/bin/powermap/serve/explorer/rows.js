// Tables, and what each row of them rests on.
import { el, unique } from "./dom.js";
import { link } from "./state.js";
import { say } from "./words.js";

/** The rows of a table that are shown at first; a button shows the rest. */
const SHOWN = 200;
/** The notes that are shown without being asked for. */
const FEW = 4;

/** Returns a link to a player. */
export const player = (id, name) => el("a", { href: link({ view: "player", id }), text: name || id });

/** Returns the content of a cell: links where it names players, a deal or an edge. */
export function cell(given) {
  const { text, players, deal, edge } = given ?? { text: "" };
  if (deal) return [el("a", { href: link({ view: "ask", name: "deal", p: { deal } }), text })];
  if (edge) return [el("a", { href: link({ view: "player", id: edge.from, with: edge.to }), text })];
  if (!players?.length) return [text];
  if (players.length === 1) return [player(players[0].id, text)];
  return players.flatMap(({ id, name }, place) => [place ? say("listSeparator") : null, player(id, name)]);
}

/** Returns a claim: what it says, who says it, and where. */
export function claim(id, answer) {
  const one = answer.claims[id];
  if (!one) return el("li", {}, id);
  const value = [one.amount, one.status].filter(Boolean).join(say("comma"));
  const voice = (name, words) => one[name] && el("span", {}, words, " ", speaker(one, name));
  const meta = [
    voice("asserted_by", say("saidBy")),
    voice("attributed_to", say("attributedTo")),
    one.said && el("span", { text: say("saidOn", { day: one.said }) }),
    one.holds_from && el("span", { text: say("holdsFrom", { day: one.holds_from }) }),
    one.modality && el("span", { text: one.modality }),
    one.stance && el("span", { text: one.stance }),
  ].filter(Boolean);
  return el("li", { class: "claim" },
    value && el("p", { class: "value", text: value }),
    one.text && el("p", { class: "words", text: one.text }),
    el("p", { class: "about", text: one.about }),
    el("p", { class: "meta" }, meta.flatMap((part, place) => [place ? " · " : null, part])),
    source(one, answer),
    one.as_printed && el("p", { class: "meta", text: say("asPrinted", { text: one.as_printed }) }));
}

function speaker(one, name) {
  const id = one[`${name}_id`];
  return id ? player(id, one[name]) : one[name];
}

/** Returns where a claim stands: document, paragraph, day, address. */
function source(one, answer) {
  const document = answer.documents[one.document];
  if (!document) return el("p", { class: "source", text: say("noDocument") });
  const facts = [one.locator && one.locator !== "page" && say("paragraph", { locator: one.locator }), document.issued, document.tier].filter(Boolean);
  const isAddress = /^https?:\/\//i.test(document.url ?? "");
  const claims = link({ view: "ask", name: "claims-in", p: { document: one.document } });
  return el("p", { class: "source" },
    el("a", { href: claims, text: document.title }), facts.length > 0 && `${say("comma")}${facts.join(say("comma"))}`,
    isAddress && [" ", el("a", { href: document.url, rel: "noopener noreferrer", target: "_blank", text: say("openSource") })]);
}

/** Returns a button that shows and hides what a row rests on, and where that is shown. */
export function evidence(row, answer, place) {
  if (!row.evidence?.length) return [null, null];
  const id = unique("evidence");
  const list = el("ul", { class: "claims", id, hidden: true });
  const toggle = () => {
    const isOpen = button.getAttribute("aria-expanded") !== "true";
    if (isOpen && !list.children.length) list.append(...row.evidence.map((one) => claim(one, answer)));
    button.setAttribute("aria-expanded", String(isOpen));
    list.hidden = !isOpen;
    place?.toggleAttribute("hidden", !isOpen);
  };
  const count = row.evidence.length;
  const text = count === 1 ? say("oneSource") : say("sources", { count });
  const button = el("button", { type: "button", class: "quiet basis", "aria-expanded": "false", "aria-controls": id, title: say("restsOn"),
    onclick: toggle, text });
  return [button, list];
}

/** Returns a table of an answer in words. On a phone its rows are cards. */
export function table(given, answer, { title = given.title, name = title || say("result"), level = "h3" } = {}) {
  const { rows } = given;
  const hasEvidence = rows.some((row) => row.evidence?.length);
  const filled = given.columns.map((_, place) => rows.some((row) => row.cells[place]?.text));
  const columns = given.columns.map((column, place) => ({ ...column, place })).filter(({ place }) => filled[place]);
  const headings = columns.map(({ heading }) => el("th", { scope: "col", text: heading }));
  const body = el("tbody", {});
  const add = (from, to) => body.append(...rows.slice(from, to).flatMap((row) => line(row, columns, answer, hasEvidence)));
  add(0, SHOWN);
  const more = rows.length > SHOWN && el("button", { type: "button", text: say("showAll", { count: rows.length }), onclick: () => {
    add(SHOWN, rows.length);
    more.remove();
  } });
  const wide = el("div", { class: "wide", tabindex: "0", role: "region", "aria-label": name },
    el("table", { role: "table" }, el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, headings, hasEvidence && el("th", { scope: "col", text: say("basis") }))), body));
  return el("section", { class: "rows", "data-key": given.key },
    title && el(level, { text: title }),
    rows.length === 0 ? el("p", { class: "muted", text: say("nothingFound") }) : [wide, more]);
}

function line(row, columns, answer, hasEvidence) {
  const below = hasEvidence && el("tr", { class: "below", hidden: true, role: "row" }, el("td", { colspan: columns.length + 1, role: "cell" }));
  const [button, list] = evidence(row, answer, below);
  if (below && list) below.firstChild.append(list);
  const cells = columns.map(({ place, heading }) => el("td", { "data-heading": heading, role: "cell", class: /^[\d-]{7,10}$/.test(row.cells[place].text) ? "day" : null }, cell(row.cells[place])));
  const main = el("tr", { role: "row" }, cells, hasEvidence && el("td", { role: "cell", class: "of-basis" }, button));
  return list ? [main, below] : [main];
}

/** Returns what is missing, assumed or left out; many notes are folded away. */
export function notes(answer) {
  const all = [...answer.notes, ...(answer.left_out ? [say("leftOut", { rows: answer.left_out.rows, of: answer.left_out.of })] : [])];
  if (all.length === 0) return false;
  const list = el("ul", { class: "notes" }, all.map((note) => el("li", { text: note })));
  return all.length <= FEW ? list : el("details", {}, el("summary", { text: say("notes", { count: all.length }) }), list);
}
