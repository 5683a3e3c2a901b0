// Asking the server. Numbers and words come as it has them; the page computes nothing.
import { read } from "./state.js";

/** The language of the server where the address names none, and the types of players in words. */
export const usual = { lang: "en", types: [] };
let token = sessionStorage.getItem("powermap-token") ?? "";

/** What went wrong, with what to try. */
export class Problem extends Error {
  constructor({ detail, title, hint, status }) {
    super(detail ?? title ?? "");
    this.hint = hint ?? "";
    this.status = status ?? 0;
  }
}

export const language = () => read().state.lang ?? usual.lang;

/** Returns the view and the language as parameters; analyses that compare days have days of their own. */
export function view({ hasDay = true } = {}) {
  const { day, known, policy } = read().state;
  return { "as-of": hasDay ? day : "", "known-by": known, policy, lang: language() };
}

/** Returns an address with parameters; empty ones are left out, lists are repeated. */
export function url(path, parameters = {}) {
  const pairs = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined && one !== null && one !== "") pairs.append(name, one);
  }
  const query = pairs.toString();
  return query ? `${path}?${query}` : path;
}

/** Returns an answer, or throws a problem. */
export async function send(address, options = {}) {
  let response;
  try {
    response = await fetch(address, { credentials: "omit", redirect: "error", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem({ detail: "", status: 0 });
  }
  if (response.ok) return response;
  const body = await response.text();
  let problem = { title: response.statusText };
  try {
    problem = JSON.parse(body);
  } catch {
    // It is no answer of this server, and the status has to do.
  }
  throw new Problem({ ...problem, status: response.status });
}

/** Asks for an answer in words. */
export async function words(path, parameters = {}, { hasDay = true, signal } = {}) {
  const response = await send(url(path, { ...parameters, ...view({ hasDay }), format: "words" }), { signal });
  return response.json();
}

/** Asks for plain JSON. */
export async function json(path, parameters = {}, options = {}) {
  return (await send(url(path, parameters), options)).json();
}

export const isSignedIn = () => token !== "";

/** Keeps the token until the tab is closed, or forgets it. */
export function signIn(given) {
  token = given;
  if (given) sessionStorage.setItem("powermap-token", given);
  else sessionStorage.removeItem("powermap-token");
}

/** Asks for or changes claims with the token. */
export async function claims(method, path = "", body = undefined, parameters = {}) {
  const headers = { Authorization: `Bearer ${token}` };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const address = url(`/api/claims${path}`, { ...view(), ...parameters });
  const response = await send(address, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  return response.json();
}
