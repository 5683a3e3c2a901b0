// Forms for what can be asked: the analyses and the named queries, each with its parameters, and the rows that come back.
import { language, words } from "./api.js";
import { announce, buttonLink, el, field, loading, select, trouble, unique } from "./dom.js";
import { groups, loop } from "./board.js";
import { claim, notes, table } from "./rows.js";
import { changed, go, link } from "./state.js";
import { say } from "./words.js";

/** The rows that are asked for at first. */
const ROWS = 500;
/** What the analyses have in common; their fields are folded away. */
const COMMON = ["family", "kind", "min-status", "min-amount"];

/** The topics of the named queries, those first that most people ask for; others come after. */
const TOPICS = ["money", "players", "deals", "compute", "influence", "figures", "status", "events", "network", "sources", "vocabulary", "checks"];

const kinds = () => ({
  player: say("aPlayer"), iri: say("anId"), integer: say("aWholeNumber"), decimal: say("aNumber"), date: say("aDay"), boolean: say("yesOrNo"),
  unit: say("aUnit"), string: say("aText"), moment: say("aMoment"), choice: say("oneOf"),
});

/** Returns the field of a parameter with its value in the address. */
function input(parameter, value, about) {
  const attributes = { name: parameter.name, required: parameter.required, autocomplete: "off", spellcheck: "false" };
  const usual = parameter.default ?? "";
  if (parameter.kind === "choice" && !parameter.repeatable) {
    const label = (name) => [...about.families, ...about.statuses].find((one) => one.name === name)?.label ?? name;
    return select([["", usual ? say("usually", { value: label(usual) }) : say("any")], ...parameter.choices.map((name) => [name, label(name)])], value, attributes);
  }
  if (parameter.kind === "boolean") return select([["", usual ? say("usually", { value: usual }) : say("any")], ["true", say("yes")], ["false", say("no")]], value, attributes);
  if (parameter.kind === "player") return playerInput({ ...attributes, value });
  const type = { date: "date", integer: "number", decimal: "text" }[parameter.kind] ?? "text";
  return el("input", { ...attributes, type, value: value ?? "", placeholder: usual });
}

/** Returns a field for a player, with those whose names begin so below it. */
export function playerInput(attributes) {
  const id = unique("players");
  const choices = el("datalist", { id });
  const field = el("input", { list: id, type: "text", ...attributes, value: attributes.value ?? "" });
  let waiting = 0;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      try {
        const { tables } = await words("/api/players", { q: field.value, "max-rows": 12 });
        choices.replaceChildren(...tables[0].rows.map((row) => el("option", { value: row.cells[1].text, label: row.cells[2].text })));
      } catch {
        // Without proposals the name is typed in full.
      }
    }, 120);
  });
  field.after?.(choices);
  queueMicrotask(() => field.after(choices));
  return field;
}

/** Returns the form of a question; sending it puts the parameters into the address. */
function form(entry, state, about) {
  const one = (parameter) => {
    const help = language() === "en" || COMMON.includes(parameter.name) || /[\u4e00-\u9fff]/.test(parameter.help) ? parameter.help : "";
    const label = parameter.required ? `${parameter.name} (${say("required")})` : parameter.name;
    return field(label, input(parameter, state.p[parameter.name], about), [kinds()[parameter.kind], help].filter(Boolean).join(say("comma")));
  };
  const own = entry.parameters.filter(({ name }) => !COMMON.includes(name) || !entry.question);
  const common = entry.question ? entry.parameters.filter(({ name }) => COMMON.includes(name)) : [];
  const send = (event) => {
    event.preventDefault();
    const p = Object.fromEntries([...new FormData(event.currentTarget)].map(([name, value]) => [name, value.trim()]).filter(([, value]) => value));
    const same = JSON.stringify(p) === JSON.stringify(state.p);
    if (same) dispatchEvent(new HashChangeEvent("hashchange"));
    else go(changed({ p }));
  };
  const isFiltered = common.some(({ name }) => state.p[name]);
  return el("form", { class: "ask", onsubmit: send }, el("div", { class: "fields" }, own.map(one)),
    common.length > 0 && el("details", { open: isFiltered }, el("summary", { text: say("onlyEdges") }), el("div", { class: "fields" }, common.map(one))),
    el("p", {}, el("button", { class: "primary", text: say("askButton") })));
}

const isReady = (entry, state) => entry.parameters.every(({ name, required }) => !required || state.p[name]);

/** Asks, and puts the rows into the page. */
async function answerInto(place, path, state, options, show) {
  place.replaceChildren(loading());
  try {
    const answer = await words(path, { ...state.p, "max-rows": ROWS }, options);
    place.replaceChildren(...show(answer).filter(Boolean));
    announce(say("rowsFound", { count: answer.tables.reduce((sum, one) => sum + one.rows.length, 0) }));
  } catch (error) {
    place.replaceChildren(trouble(error));
  }
}

/** Shows an analysis: its form, and its rows as loops, as claims side by side or as a table. */
export function analysis(state, about, content) {
  const entry = about.analyses.find(({ name }) => name === state.name);
  if (!entry) return content.replaceChildren(el("h1", { text: say("analyses") }), el("p", { class: "trouble", text: say("noAnalysis", { name: state.name ?? "" }) }));
  const place = el("div", { class: "answer", "aria-live": "off" });
  const isFolded = isReady(entry, state) && !Object.keys(state.p).length;
  content.replaceChildren(el("h1", { text: entry.title }), el("p", { class: "lead", text: entry.question }),
    el("details", { class: "formBox", open: !isFolded || !isReady(entry, state) }, el("summary", { text: say("askFor") }), form(entry, state, about)), place);
  const show = { loops: asLoops, conflicts: asSides }[entry.name] ?? asTable;
  if (isReady(entry, state)) answerInto(place, `/api/${entry.name}`, state, { hasDay: !entry.takes_days }, (answer) => [notes(answer), ...show(answer)]);
  return undefined;
}

const asTable = (answer) => answer.tables.map((one) => table(one, answer, { title: answer.tables.length > 1 ? one.title : "", level: "h2" }));

const asLoops = (answer) => {
  const [given] = answer.tables;
  const cards = groups(given).map((rows) => loop(rows, given.columns, answer));
  return [cards.length ? el("div", { class: "cards" }, cards) : el("p", { class: "muted", text: say("nothingFound") })];
};

/** Returns claims that do not go together, side by side. */
export function sides(given, answer, level = "h2") {
  const at = (row, name) => row.cells[given.columns.findIndex((column) => column.name === name)];
  return given.rows.map((row) => {
    const about = at(row, "about").text;
    const why = [at(row, "reason").text, at(row, "apart")?.text && say("timesApart", { times: at(row, "apart").text })];
    const both = row.evidence.map((id) => claim(id, answer));
    // What both are about is said once.
    for (const one of both) if (one.querySelector(".about")?.textContent === about) one.querySelector(".about").remove();
    return el("article", { class: "card conflict" }, el(level, { text: about }), el("p", { class: "muted", text: why.filter(Boolean).join(say("comma")) }),
      el("ul", { class: "sides" }, both));
  });
}

const asSides = (answer) => {
  const cards = sides(answer.tables[0], answer);
  return cards.length ? cards : [el("p", { class: "muted", text: say("nothingFound") })];
};

/** Shows what can be asked. */
export function questions(state, about, content) {
  const list = el("div", {});
  const topics = new Map();
  for (const topic of TOPICS) topics.set(topic, []);
  for (const one of about.queries) topics.set(one.topic, [...(topics.get(one.topic) ?? []), one]);
  const topicName = (topic) => ({
    checks: say("topicChecks"), compute: say("topicCompute"), deals: say("topicDeals"), events: say("topicEvents"), figures: say("topicFigures"),
    influence: say("topicInfluence"), money: say("topicMoney"), network: say("topicNetwork"), players: say("topicPlayers"), sources: say("topicSources"),
    status: say("topicStatus"), vocabulary: say("topicVocabulary"),
  })[topic] ?? topic;
  const fill = (text) => {
    const has = (...texts) => texts.some((one) => one.toLowerCase().includes(text.toLowerCase()));
    const item = (href, name, about) => el("li", {}, el("a", { href, text: about }), " ", el("code", { text: name }));
    const part = (title, items) => items.length > 0 && el("section", {}, el("h2", { text: title }), el("ul", { class: "questions" }, items));
    const analyses = about.analyses.filter((one) => has(one.name, one.question, one.title));
    const parts = [part(say("analyses"), analyses.map((one) => item(link({ view: "analysis", name: one.name }), one.name, one.question))),
      ...[...topics].map(([topic, all]) => part(topicName(topic), all.filter((one) => has(one.name, one.summary)).map((one) =>
        item(link({ view: "ask", name: one.name }), one.name, one.summary))))].filter(Boolean);
    list.replaceChildren(...(parts.length ? parts : [el("p", { class: "muted", text: say("nothingFound") })]));
  };
  const filter = el("input", { type: "search", value: "", autocomplete: "off", oninput: (event) => fill(event.target.value.trim()) });
  content.replaceChildren(el("h1", { text: say("questions") }), el("p", { class: "lead", text: say("questionsLead") }), field(say("filterQuestions"), filter), list);
  fill("");
}

/** Shows a named query: its form, its rows, and the way to its text. */
export function ask(state, about, content) {
  const entry = about.queries.find(({ name }) => name === state.name);
  if (!entry) {
    return content.replaceChildren(el("h1", { text: say("questions") }), el("p", { class: "trouble", text: say("noQuery", { name: state.name ?? "" }) }),
      el("p", {}, el("a", { href: link({ view: "questions" }), text: say("allQuestions") })));
  }
  const place = el("div", { class: "answer" });
  content.replaceChildren(el("h1", { text: entry.summary }), el("p", { class: "muted" }, say("namedQuery"), " ", el("code", { text: entry.name })),
    form(entry, state, about), el("p", {}, buttonLink(say("editText"), link({ view: "editor", name: entry.name, p: state.p }))), place);
  if (isReady(entry, state)) answerInto(place, `/api/ask/${encodeURIComponent(entry.name)}`, state, {}, (answer) => [notes(answer), ...asTable(answer)]);
  return undefined;
}
