// The words of the page: one table for each language, and the one that is in use.
import { chinese } from "./chinese.js";
import { english } from "./english.js";

const tables = { en: english, zh: chinese };
let table = english;

/** Chooses the language of the words. */
export function speak(lang) {
  table = tables[lang] ?? english;
  document.documentElement.lang = lang;
  for (const one of document.querySelectorAll("[data-say]")) one.textContent = table[one.dataset.say];
  for (const one of document.querySelectorAll("[data-say-label]")) one.setAttribute("aria-label", table[one.dataset.sayLabel]);
}

/** Returns a text with its places filled in. */
export function say(name, parts = {}) {
  return table[name].replace(/\{(\w+)\}/g, (_, part) => parts[part] ?? "");
}
