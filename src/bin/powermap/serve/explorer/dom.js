// Making elements. Texts are only ever set as texts, so that markup in a name is a name.
import { Problem } from "./api.js";
import { say } from "./words.js";

/** Returns an element with attributes, listeners (`onclick: …`) and children; children that are nothing are left out. */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") element.addEventListener(key.replace(/^on/, ""), value);
    else if (key === "text") element.textContent = value;
    else if (key === "value" || key === "checked" || key === "open") element[key] = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(2).filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

let counted = 0;
/** Returns an id that no other element has. */
export const unique = (word) => `${word}-${(counted += 1)}`;

/** Says something to those who do not see the page change. */
export function announce(text) {
  document.getElementById("status").textContent = text;
}

/** Returns what stands in a place until it is filled. */
export const loading = () => el("p", { class: "muted loading", "aria-busy": "true", text: say("loading") });

/** Returns what went wrong as a paragraph, with what to try. */
export function trouble(error, more = []) {
  if (!(error instanceof Problem)) throw error;
  const [detail, ...place] = (error.status === 0 ? say("noServer") : error.message).split("\n");
  return el("div", { class: "trouble" }, el("p", {}, el("strong", { text: say("problem") }), " ", detail),
    place.length > 0 && el("pre", { tabindex: "0", text: place.join("\n") }),
    error.hint && el("p", { text: error.hint }), more);
}

/** Returns a link, as a button looks like one. */
export const buttonLink = (text, href, attributes = {}) => el("a", { class: "button", href, ...attributes }, text);

/** Returns a field with its label. */
export function field(label, input, help = "") {
  input.id ||= unique("field");
  const id = help ? unique("help") : null;
  if (id) input.setAttribute("aria-describedby", id);
  return el("p", { class: "field" }, el("label", { for: input.id, text: label }), input, help && el("small", { id, text: help }));
}

/** Returns a list of choices. */
export function select(choices, value, attributes = {}) {
  const options = choices.map(([name, label]) => el("option", { value: name, text: label }));
  const list = el("select", attributes, options);
  list.value = value ?? "";
  return list;
}

/** Returns a picture that was read as SVG, with nothing in it but shapes and texts. */
export function picture(text) {
  const read = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  if (read.localName !== "svg") return el("p", { text: say("noPicture") });
  const svg = document.importNode(read, true);
  const known = ["svg", "g", "a", "title", "desc", "rect", "path", "circle", "text", "tspan", "line", "polygon", "polyline", "ellipse", "defs", "marker"];
  for (const one of svg.querySelectorAll("*")) {
    if (!known.includes(one.localName)) one.remove();
  }
  for (const one of [svg, ...svg.querySelectorAll("*")]) {
    for (const { name, value } of [...one.attributes]) {
      const isWrongLink = /href$/i.test(name) && !(one.localName === "a" && /^https?:\/\//i.test(value));
      if (/^on|^style$/i.test(name) || isWrongLink) one.removeAttribute(name);
    }
    if (one.localName !== "a") continue;
    one.setAttribute("target", "_blank");
    one.setAttribute("rel", "noopener noreferrer");
  }
  return svg;
}
