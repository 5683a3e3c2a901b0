// The dossier of a player: who it is in sentences, then everything that is known of it, table by table.
import { words } from "./api.js";
import { announce, buttonLink, el, loading, trouble } from "./dom.js";
import { sides } from "./forms.js";
import { cell, evidence, table } from "./rows.js";
import { changed, link } from "./state.js";
import { say } from "./words.js";

/** The tables that are shown first, unfolded. */
const FIRST = ["edges_out", "edges_in", "observations", "conflicts", "loops"];

/** Shows a player. */
export async function player(state, about, content) {
  const heading = el("h1", { text: state.id ?? "" });
  const place = el("div", { class: "dossier" }, loading());
  content.replaceChildren(heading, place);
  if (!state.id) return place.replaceChildren(el("p", { class: "trouble", text: say("noPlayerNamed") }));
  const path = encodeURIComponent(state.id);
  let shown;
  let brief;
  try {
    [shown, brief] = await Promise.all([words(`/api/show/${path}`), words(`/api/brief/${path}`)]);
  } catch (error) {
    return place.replaceChildren(trouble(error, el("p", {}, el("a", { href: link({ view: "board" }), text: say("toBoard") }))));
  }
  if (!heading.isConnected) return undefined;
  const [identity] = shown.tables;
  const id = identity.rows.find((row) => row.cells[0].data?.[0] === "id" || row.cells[0].text === "id")?.cells[1].text ?? state.id;
  heading.textContent = identity.title;
  document.title = `${identity.title} · ${about.title}`;
  const chosen = state.with ? [between(shown, state.with)] : [];
  place.replaceChildren(identityOf(identity), actions(id, about), ...chosen, story(brief), ...tables(shown));
  announce(identity.title);
  return undefined;
}

/** Returns who the player is, without what the heading and the page on it say. */
function identityOf({ rows }) {
  const own = rows.filter(({ cells }) => !["id", "note"].includes(cells[0].data?.[0] ?? cells[0].text));
  return el("dl", { class: "identity" }, own.map(({ cells }) => el("div", {}, el("dt", { text: cells[0].text }), el("dd", {}, cell(cells[1])))));
}

function actions(id, about) {
  return el("p", { class: "actions" },
    buttonLink(say("boardAround"), link({ view: "board", around: id })),
    buttonLink(say("loopsThrough"), link({ view: "analysis", name: "loops", p: { through: id } })),
    buttonLink(say("whoControls"), link({ view: "analysis", name: "control", p: { of: id } })),
    buttonLink(say("ifItFails"), link({ view: "analysis", name: "exposure", p: { of: id } })),
    buttonLink(say("dependsOn"), link({ view: "analysis", name: "dependence", p: { of: id } })),
    about.writable && buttonLink(say("addClaim"), link({ view: "claims", p: { from: id } })));
}

/** Returns the page on the player: sections of sentences, each with its sources. */
function story(brief) {
  const sections = new Map();
  for (const row of brief.tables[0].rows) sections.set(row.cells[0].text, [...(sections.get(row.cells[0].text) ?? []), row]);
  return el("div", { class: "story" }, [...sections].map(([title, rows]) => el("section", {}, el("h2", { text: title }),
    rows.map((row) => {
      const [button, list] = evidence(row, brief);
      return [el("p", {}, row.cells[1].text, button && " ", button), list];
    }))));
}

/** Returns the relations with one other player. */
function between(shown, other) {
  const isWith = (row) => row.cells.some((cell) => cell.players?.some(({ id }) => id === other));
  const edges = shown.tables.filter(({ key }) => ["edges_out", "edges_in"].includes(key));
  const name = edges.flatMap(({ rows }) => rows.flatMap(({ cells }) => cells.flatMap(({ players }) => players ?? []))).find(({ id }) => id === other)?.name ?? other;
  const rows = edges.flatMap((one) => one.rows.filter(isWith));
  return el("div", { class: "card chosen" }, table({ ...edges[0], rows }, shown, { title: say("between", { name }), level: "h2" }),
    el("p", {}, el("a", { href: changed({ with: "" }), text: say("everythingElse") })));
}

function tables(shown) {
  const filled = shown.tables.filter(({ key, rows }) => rows.length > 0 && key !== "player");
  const rank = ({ key }) => (FIRST.includes(key) ? FIRST.indexOf(key) : FIRST.length);
  const ordered = [...filled].sort((a, b) => rank(a) - rank(b));
  return ordered.map((one) => {
    const inside = one.key === "conflicts" ? sides(one, shown, "h3") : [table(one, shown, { title: "", name: one.title })];
    return el("details", { class: "part", open: ["edges_out", "edges_in"].includes(one.key), "data-key": one.key },
      el("summary", {}, el("h2", { text: one.title }), " ", el("span", { class: "muted", text: String(one.rows.length) })), inside);
  });
}
