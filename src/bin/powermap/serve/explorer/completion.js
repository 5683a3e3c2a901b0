// What can stand at a place of a query: terms of the vocabulary, services and what they take, players, keywords, variables.
import { json, language, url } from "./api.js";

const KEYWORDS = ["SELECT", "DISTINCT", "WHERE", "FILTER", "OPTIONAL", "UNION", "MINUS", "BIND", "VALUES", "SERVICE", "GRAPH", "ORDER BY", "GROUP BY",
  "HAVING", "LIMIT", "OFFSET", "COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT", "ASK", "CONSTRUCT", "DESCRIBE", "PREFIX", "NOT EXISTS",
  "EXISTS", "COALESCE", "CONTAINS", "LANG", "LCASE", "REGEX", "STR", "STRSTARTS", "IF", "DESC", "ASC", "AS", "a"];
/** The most proposals. */
const MOST = 12;
const lists = new Map();

/** Returns the vocabulary in the language of the page; it is asked for once. */
export async function vocabulary() {
  const lang = language();
  if (!lists.has(lang)) lists.set(lang, json("/api/vocabulary", { lang }));
  try {
    return await lists.get(lang);
  } catch (error) {
    lists.delete(lang);
    throw error;
  }
}

/** Returns the word that ends at a place, and where it begins. */
export function wordAt(text, end) {
  const [word] = /[?$]?[\p{L}\p{N}_:.-]*$/u.exec(text.slice(0, end));
  return { word, start: end - word.length };
}

/** Returns the service whose block a place is in. */
function serviceAt(text, end) {
  const before = text.slice(0, end);
  const calls = [...before.matchAll(/SERVICE\s+(?:SILENT\s+)?(call:[\w-]+)\s*\{/gi)];
  const last = calls.at(-1);
  if (!last) return "";
  const inside = before.slice(last.index + last[0].length);
  let depth = 1;
  for (const letter of inside) depth += letter === "{" ? 1 : letter === "}" ? -1 : 0;
  return depth > 0 ? last[1] : "";
}

/** Orders what begins with a text before what has it inside. */
function matching(list, text) {
  const wanted = text.toLowerCase();
  const rank = ({ name, label = "" }) => {
    const [short, local] = [name.toLowerCase(), name.toLowerCase().split(":").at(-1)];
    if (short.startsWith(wanted)) return 0;
    if (local.startsWith(wanted)) return 1;
    return wanted.length > 1 && (short.includes(wanted) || label.toLowerCase().includes(wanted)) ? 2 : 3;
  };
  return list.map((one) => [rank(one), one]).filter(([of]) => of < 3).sort((a, b) => a[0] - b[0]).map(([, one]) => one);
}

async function players(text, signal) {
  const response = await fetch(url("/api/players", { q: text, "max-rows": MOST, lang: language() }), { signal });
  if (!response.ok) return [];
  const { rows } = await response.json();
  return rows.map(({ id, name }) => ({ name: `id:${id}`, label: name }));
}

/** Returns proposals for the word that ends at a place; none where the word says nothing yet and is not asked about. */
export async function proposals(text, end, { isAsked = false, signal } = {}) {
  const { word, start } = wordAt(text, end);
  if (!isAsked && (word.length < 2 || /^[\d.]+$/.test(word)) && word !== "?") return { start, found: [] };
  if (/^[?$]/.test(word)) {
    const own = new Set([...text.matchAll(/[?$][\p{L}\p{N}_]+/gu)].map(([name]) => name.replace("$", "?")));
    own.delete(word.replace("$", "?"));
    return { start, found: matching([...own].map((name) => ({ name })), word.replace("$", "?")).slice(0, MOST) };
  }
  const { terms, services, prefixes } = await vocabulary();
  const service = services.find(({ name }) => name === serviceAt(text, end));
  if (word.startsWith("call:")) {
    const inside = service ? [...service.parameters, ...service.columns.map((name) => ({ name }))] : services;
    return { start, found: matching(inside, word).slice(0, MOST) };
  }
  if (word.startsWith("id:")) return { start, found: await players(word.slice(3), signal) };
  const seen = new Set();
  const each = terms.filter(({ name }) => !seen.has(name) && seen.add(name));
  const own = service ? [...service.parameters, ...service.columns.map((name) => ({ name }))] : [];
  const keywords = matching(KEYWORDS.map((name) => ({ name })), word).filter(({ name }) => name.toLowerCase().startsWith(word.toLowerCase()));
  const words = [...keywords, ...matching([...own, ...each, ...services, ...prefixes], word)];
  const named = !word.includes(":") && word.length > 2 ? await players(word, signal) : [];
  return { start, found: [...words.slice(0, MOST - Math.min(named.length, 4)), ...named.slice(0, 4)] };
}
