// What the page shows, as it stands in the address. Everything that can be seen can be linked to, and going back undoes a step.

/** The names that the address may have, besides `p.NAME` for the parameters of a question. */
const NAMES = ["view", "id", "with", "day", "known", "policy", "lang", "look", "family", "around", "hops", "top", "players", "name", "query",
  "tab"];
/** What stays when another view is opened. */
const KEPT = ["day", "known", "policy", "lang"];
const VIEWS = ["board", "player", "analysis", "questions", "ask", "editor", "claims"];

/** Returns the state that an address has, and the parts of it that mean nothing. */
export function read(hash = location.hash) {
  const state = { view: "board", p: {} };
  const wrong = [];
  for (const [name, value] of new URLSearchParams(hash.replace(/^#/, ""))) {
    if (name.startsWith("p.") && name.length > 2) state.p[name.slice(2)] = value;
    else if (!NAMES.includes(name)) wrong.push(name);
    else if (name === "view" && !VIEWS.includes(value)) wrong.push(`view=${value}`);
    else if (name === "lang" && !["en", "zh"].includes(value)) wrong.push(`lang=${value}`);
    else if (["day", "known"].includes(name) && !isDay(value)) wrong.push(`${name}=${value}`);
    else if (value !== "") state[name] = value;
  }
  return { state, wrong };
}

/** Returns whether a text is a day of the calendar. */
function isDay(text) {
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00:00Z`) : new Date(NaN);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** Returns the address of a state. */
export function address(state) {
  const pairs = new URLSearchParams();
  for (const name of NAMES) if (state[name] && !(name === "view" && state.view === "board")) pairs.set(name, state[name]);
  for (const [name, value] of Object.entries(state.p ?? {})) if (value !== "") pairs.set(`p.${name}`, value);
  return `#${pairs}`;
}

/** Returns the address of another view, seen from the same day in the same language. */
export function link(changes) {
  const { state } = read();
  const kept = Object.fromEntries(KEPT.map((name) => [name, state[name]]));
  return address({ ...kept, ...changes });
}

/** Returns the address of the same view with something changed. */
export function changed(changes) {
  return address({ ...read().state, ...changes });
}

/** Goes to an address; with `isSilent`, in the place of the one before. */
export function go(hash, isSilent = false) {
  if (hash === location.hash) return;
  if (!isSilent) {
    location.hash = hash;
    return;
  }
  history.replaceState(null, "", hash);
  dispatchEvent(new HashChangeEvent("hashchange"));
}
