// Where the map can be written: a claim with its source, what it changes before it is saved, and the way back.
import { claims as ask, isSignedIn, json, language, signIn, usual, words } from "./api.js";
import { announce, el, field, loading, select, trouble } from "./dom.js";
import { playerInput } from "./forms.js";
import { claim as shown, table } from "./rows.js";
import { say } from "./words.js";

/** Shows the form, or asks for the token first. */
export async function claims(state, about, content, { reload }) {
  const heading = el("h1", { text: say("addClaim") });
  if (!isSignedIn()) return content.replaceChildren(heading, signing(() => claims(state, about, content, { reload })));
  const place = el("div", {}, loading());
  content.replaceChildren(heading, place);
  let kinds;
  let units;
  let metrics;
  let documents;
  let added;
  try {
    added = await ask("GET");
    [kinds, units, metrics, documents] = await Promise.all([words("/api/ask/kinds"), words("/api/ask/units"), words("/api/ask/metrics"), json("/api/search", { kind: "document", lang: language() })]);
  } catch (error) {
    if (error.status === 401) signIn("");
    return place.replaceChildren(trouble(error), error.status === 401 ? signing(() => claims(state, about, content, { reload })) : "");
  }
  const again = (text) => {
    reload();
    claims(state, about, content, { reload });
    announce(text);
  };
  const out = el("p", {}, say("signedIn"), " ", el("button", { type: "button", class: "quiet", text: say("signOut"), onclick: () => {
    signIn("");
    claims(state, about, content, { reload });
  } }));
  place.replaceChildren(out, el("p", { class: "lead", text: say("claimLead") }), form(state, about, { kinds, units, metrics, documents }, again), list(added, again));
  return undefined;
}

function signing(done) {
  const token = el("input", { type: "password", autocomplete: "off", required: true });
  const send = (event) => {
    event.preventDefault();
    signIn(token.value.trim());
    done();
  };
  return el("form", { class: "card", onsubmit: send }, el("p", { text: say("tokenLead") }), field(say("token"), token, say("tokenHint")), el("p", {}, el("button", { class: "primary", text: say("signInButton") })));
}

function form(state, map, { kinds, units, metrics, documents }, again) {
  const result = el("div", { class: "preview" });
  const at = (answer, name) => answer.tables[0].columns.findIndex((column) => column.name === name);
  const familyName = Object.fromEntries(map.families.flatMap(({ name, label }) => [[label, name], [name, name]]));
  const ofKind = kinds.tables[0].rows.map(({ cells }) => [cells[at(kinds, "concept")].text, cells[at(kinds, "kind")].text, familyName[cells[at(kinds, "family")].text]]);
  const kind = select([], "", { name: "kind" });
  const family = select(map.families.map(({ name, label }) => [name, label]), state.p.family ?? "investment", { name: "family", required: true });
  const fillKinds = () => {
    const own = ofKind.filter(([, , of]) => !of || of === family.value);
    kind.replaceChildren(...[["", say("any")], ...own].map(([value, text]) => el("option", { value, text })));
  };
  family.addEventListener("change", fillKinds);
  fillKinds();
  const unitChoices = units.tables[0].rows.map(({ cells }) => [cells[at(units, "notation")].text, `${cells[at(units, "notation")].text} ${cells[at(units, "term")].text}`]);
  const text = (name, more = {}) => el("input", { name, type: "text", autocomplete: "off", value: state.p[name] ?? "", ...more });
  const known = select([["", say("newDocument")], ...documents.rows.map(({ id, name }) => [id, name])], state.p.document ?? "", { name: "document" });
  const fresh = el("div", { class: "fields" }, field(say("documentTitle"), text("title")), field(say("documentUrl"), text("url", { type: "url" })), field(say("documentIssued"), text("issued", { placeholder: "2025-10-14" })));
  const showFresh = () => { fresh.hidden = known.value !== ""; };
  known.addEventListener("change", showFresh);
  showFresh();
  const from = playerInput({ name: "from", required: true, value: state.p.from });
  const to = playerInput({ name: "to", required: true, value: state.p.to });
  const subject = playerInput({ name: "subject", required: true, value: state.p.subject });
  const typeOf = (name) => field(say("playerIs"), select([["", say("onTheMap")], ...usual.types.map((one) => [one.name, say("aNew", { type: one.label })])], "", { name }));
  const metric = select(metrics.tables[0].rows.map(({ cells }) => [cells[at(metrics, "concept")].text.replace(/^pm:/, ""), cells[at(metrics, "term")].text]), state.p.metric ?? "", { name: "metric", required: true });
  const group = (title, ...fields) => el("fieldset", {}, el("legend", { text: title }), el("div", { class: "fields" }, fields));
  const filled = (own) => {
    const body = Object.fromEntries([...new FormData(own)].map(([name, value]) => [name, value.trim()]).filter(([, value]) => value));
    if (body.approximate) body.approximate = true;
    return body;
  };
  const about = relation({ from, to }, text("since", { placeholder: "2025-10" }), family, kind);
  const ofRelation = group(say("whoWhom"), field(say("from"), from), typeOf("from_type"), field(say("to"), to), typeOf("to_type"), about);
  const ofFigure = group(say("whatFigure"), field(say("subject"), subject), typeOf("subject_type"), field(say("metric"), metric), field(say("period"), text("period", { placeholder: "2025" })));
  const sort = select([["relation", say("ofRelation")], ["figure", say("ofFigure")]], state.p.metric ? "figure" : "relation", {});
  // What is disabled is not sent.
  const showSort = () => [[ofRelation, "relation"], [ofFigure, "figure"]].forEach(([one, name]) => {
    one.hidden = sort.value !== name;
    one.disabled = one.hidden;
  });
  sort.addEventListener("change", showSort);
  showSort();
  const own = el("form", { class: "claimForm", novalidate: true, onsubmit: (event) => {
    event.preventDefault();
    preview(filled(own), result, again);
  } },
  el("div", { class: "fields" }, field(say("claimAbout"), sort)), ofRelation, ofFigure,
  group(say("howMuch"), field(say("lower"), text("lower", { inputmode: "decimal" }), say("boundHint")), field(say("upper"), text("upper", { inputmode: "decimal" })),
    field(say("unit"), el("input", { name: "unit", type: "text", list: "units", autocomplete: "off", value: state.p.unit ?? "USD" }), say("unitHint")), el("datalist", { id: "units" }, unitChoices.map(([value, label]) => el("option", { value, label }))),
    el("label", { class: "check" }, el("input", { type: "checkbox", name: "approximate", value: "true" }), say("approximate")),
    field(say("claimStatus"), select([["", say("notStated")], ...map.statuses.map(({ name, label }) => [name, label])], state.p.status ?? "", { name: "status" }))),
  group(say("whereSaid"), field(say("document"), known), fresh, field(say("locator"), text("locator", { placeholder: "p14" }), say("locatorHint")),
    field(say("said"), text("said", { required: true, placeholder: "2025-10-14" })), field(say("assertedBy"), playerInput({ name: "asserted_by" }), say("optional")),
    field(say("claimText"), el("textarea", { name: "text", rows: "3" }), say("textHint"))),
  el("p", { class: "actions" }, el("button", { class: "primary", text: say("preview") })));
  return el("div", {}, own, result);
}

/** Returns the choice between a new relation of two players and those that are on the board. */
function relation({ from, to }, since, family, kind) {
  const fresh = [field(say("family"), family), field(say("kind"), kind), field(say("since"), since, say("sinceHint"))];
  const choice = select([["", say("newRelation")]], "", { name: "about" });
  const showFresh = () => fresh.forEach((one) => { one.hidden = choice.value !== ""; });
  choice.addEventListener("change", showFresh);
  const fill = async () => {
    const before = choice.value;
    let found = [];
    if (from.value.trim() && to.value.trim()) {
      try {
        found = await between(from.value.trim(), to.value.trim());
      } catch {
        // The preview says what is wrong with the names.
      }
    }
    choice.replaceChildren(...[["", say("newRelation")], ...found].map(([value, text]) => el("option", { value, text })));
    choice.value = found.some(([id]) => id === before) ? before : "";
    showFresh();
  };
  for (const one of [from, to]) one.addEventListener("change", fill);
  fill();
  return [field(say("relation"), choice, say("relationHint")), ...fresh];
}

/** Returns the relations from one player to another on the board, each once. */
async function between(from, to) {
  const [edges, players] = await Promise.all([words("/api/ask/edges-of", { player: from }), words("/api/players", { q: to, "max-rows": 1 })]);
  const [given] = edges.tables;
  const at = (name) => given.columns.findIndex((column) => column.name === name);
  const other = players.tables[0].rows[0]?.cells[1].text;
  const rows = given.rows.filter(({ cells }) => cells[at("direction")].text === "out" && cells[at("other")].players?.[0]?.id === other);
  const label = ({ cells }) => ["family", "kind", "status", "since"].map((name) => cells[at(name)].text).filter(Boolean).join(say("comma"));
  return [...new Map(rows.map((row) => [row.cells[at("edge")].text.replace(/^id:/, ""), label(row)]))];
}

/** Says what a change comes to, and offers to make it. */
async function offer(result, ask, make, { title, button, done }, again) {
  result.replaceChildren(loading());
  let answer;
  try {
    answer = await ask();
  } catch (error) {
    result.replaceChildren(trouble(error));
    announce(`${say("problem")} ${error.message}`);
    return;
  }
  const save = el("button", { type: "button", class: "primary", text: button, onclick: async () => {
    save.disabled = true;
    try {
      await make();
      again(done);
    } catch (error) {
      result.replaceChildren(trouble(error));
    }
  } });
  const cancel = el("button", { type: "button", text: say("cancel"), onclick: () => result.replaceChildren() });
  const [rows] = answer.tables;
  const heading = el("h2", { tabindex: "-1", text: title });
  result.replaceChildren(el("div", { class: "card chosen" }, heading, el("p", { class: "muted", text: say("wouldChange", { inserts: answer.inserts, deletes: answer.deletes, view: answer.view_text }) }),
    rows.rows.length ? table(rows, answer, { title: "", name: title }) : el("p", { text: say("nothingOnBoard") }), el("p", { class: "actions" }, save, cancel)));
  heading.focus();
}

function preview(body, result, again) {
  offer(result, () => ask("POST", "", body, { preview: "true" }), () => ask("POST", "", body), { title: say("previewTitle"), button: say("save"), done: say("saved") }, again);
}

function list({ claims: added }, again) {
  const items = added.map(({ id, claim }) => {
    const result = el("div", { class: "preview" });
    const path = `/${encodeURIComponent(id)}`;
    const documents = { [claim.document]: { title: claim.source } };
    const one = shown(id, { claims: { [id]: { ...claim, locator: "" } }, documents });
    one.append(el("p", { class: "actions" }, el("button", { type: "button", text: say("takeBack"), onclick: () => {
      offer(result, () => ask("DELETE", path, undefined, { preview: "true" }), () => ask("DELETE", path), { title: say("takeBackTitle"), button: say("takeBack"), done: say("takenBack") }, again);
    } })), result);
    return one;
  });
  return el("section", { class: "added" }, el("h2", { text: say("addedClaims") }), items.length ? el("ul", { class: "claims" }, items) : el("p", { class: "muted", text: say("noneAdded") }));
}
