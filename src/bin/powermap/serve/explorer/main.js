// Puts the page together: what the address asks for is shown, in its language, of its day.
import { Problem, json, language, url, usual, view } from "./api.js";
import { board } from "./board.js";
import { claims } from "./claims.js";
import { buttonLink, el, trouble } from "./dom.js";
import { editor } from "./editor.js";
import { analysis, ask, questions } from "./forms.js";
import "./search.js";
import { changed, go, link, read } from "./state.js";
import { player } from "./views.js";
import { say, speak } from "./words.js";

const at = (id) => document.getElementById(id);
const content = at("content");
const VIEWS = { board, player, analysis, questions, ask, editor, claims };
let last = "";
let moving = 0;

/** What the map is, as it was last asked for. */
let known = { address: "", about: undefined };

async function about() {
  const { lang } = read().state;
  const address = url("/api/about", { ...view(), lang });
  if (known.address !== address) known = { address, about: await json(address) };
  // Where the address names no language, the server has one.
  if (!lang) usual.lang = known.about.lang;
  usual.types = known.about.types;
  return known.about;
}

function navigation(state, about) {
  const entry = (text, href, isHere) => el("a", { href, "aria-current": isHere ? "page" : undefined, text });
  const isAnalysis = (name) => state.view === "analysis" && state.name === name;
  const isOther = state.view === "questions" || state.view === "ask" || (state.view === "analysis" && !["loops", "timeline", "dependence", "conflicts"].includes(state.name));
  at("nav").replaceChildren(
    entry(say("board"), link({ view: "board" }), state.view === "board"),
    entry(say("loops"), link({ view: "analysis", name: "loops" }), isAnalysis("loops")),
    entry(say("timeline"), link({ view: "analysis", name: "timeline" }), isAnalysis("timeline")),
    entry(say("dependence"), link({ view: "analysis", name: "dependence" }), isAnalysis("dependence")),
    entry(say("contradictions"), link({ view: "analysis", name: "conflicts" }), isAnalysis("conflicts")),
    entry(say("questions"), link({ view: "questions" }), isOther),
    entry(say("editor"), link({ view: "editor" }), state.view === "editor"),
    ...(about?.writable ? [entry(say("addClaim"), link({ view: "claims" }), state.view === "claims")] : []));
}

/** Shows the day in its field and on the slider. */
function days(state, about) {
  const day = state.day ?? about.view.as_of ?? "";
  at("date").value = day;
  at("known").value = state.known ?? "";
  const place = about.days.findLastIndex((one) => one <= day);
  const slider = at("slider");
  slider.max = String(Math.max(about.days.length - 1, 0));
  slider.value = String(Math.max(place, 0));
  slider.setAttribute("aria-valuetext", day);
  slider.disabled = about.days.length < 2;
  const earlier = about.days.findLast((one) => one < day);
  const later = about.days.find((one) => one > day);
  for (const [id, to] of [["earlier", earlier], ["later", later]]) {
    at(id).disabled = !to;
    at(id).dataset.day = to ?? "";
    at(id).title = to ?? "";
  }
  const options = about.policies.map(({ name, label }) => el("option", { value: name, text: label }));
  at("policy").replaceChildren(...options);
  at("policy").value = state.policy ?? about.view.policy;
  at("today").disabled = !state.day && !state.known && !state.policy;
}

function problems(wrong) {
  at("problem").replaceChildren(...(wrong.length
    ? [el("div", { class: "trouble" }, el("p", { text: say("wrongAddress", { parts: wrong.join(say("comma")) }) }),
      el("button", { type: "button", text: say("close"), onclick: () => at("problem").replaceChildren() }))]
    : []));
}

/** Puts the words around the content into the language of the address. */
function frame(wrong) {
  speak(language());
  at("search").placeholder = say("searchHint");
  at("language").textContent = say("otherLanguage");
  at("language").lang = language() === "en" ? "zh" : "en";
  problems(wrong);
}

async function show() {
  const { state, wrong } = read();
  const number = (moving += 1);
  content.setAttribute("aria-busy", "true");
  let map;
  try {
    map = await about();
  } catch (error) {
    frame(wrong);
    navigation(state);
    content.removeAttribute("aria-busy");
    content.replaceChildren(el("h1", { text: say("problem") }), trouble(error, el("p", {}, buttonLink(say("toLastDay"), link({ day: "", known: "", policy: "" })))));
    return;
  }
  if (number !== moving) return;
  frame(wrong);
  at("mapTitle").textContent = map.title;
  navigation(state, map);
  days(state, map);
  const here = [state.view, state.id, state.name].join(" ");
  const isNew = last !== "" && last !== here;
  last = here;
  document.body.dataset.view = state.view;
  const isWritten = state.view !== "claims" || map.writable;
  if (isWritten) VIEWS[state.view](state, map, content, { reload: () => { known = { address: "", about: undefined }; } });
  else content.replaceChildren(el("h1", { text: say("addClaim") }), el("p", { class: "trouble", text: say("onlyReads") }));
  content.removeAttribute("aria-busy");
  const heading = content.querySelector("h1");
  document.title = `${heading?.textContent ?? ""} · ${map.title}`;
  if (isNew) {
    content.focus({ preventScroll: true });
    scrollTo(0, 0);
  }
}

at("language").addEventListener("click", () => go(changed({ lang: language() === "en" ? "zh" : "en" })));
at("date").addEventListener("change", (event) => go(changed({ day: event.target.value })));
at("known").addEventListener("change", (event) => go(changed({ known: event.target.value })));
at("policy").addEventListener("change", (event) => go(changed({ policy: event.target.value })));
for (const id of ["earlier", "later"]) at(id).addEventListener("click", () => go(changed({ day: at(id).dataset.day })));
at("slider").addEventListener("input", (event) => {
  const day = known.about?.days[Number(event.target.value)] ?? "";
  at("date").value = day;
  event.target.setAttribute("aria-valuetext", day);
});
at("slider").addEventListener("change", (event) => go(changed({ day: known.about?.days[Number(event.target.value)] ?? "" })));
at("today").addEventListener("click", () => go(changed({ day: "", known: "", policy: "" })));
document.querySelector(".skip").addEventListener("click", (event) => {
  // The address is that of the state.
  event.preventDefault();
  content.focus();
});
addEventListener("hashchange", show);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
addEventListener("unhandledrejection", (event) => {
  if (!(event.reason instanceof Problem)) return;
  event.preventDefault();
  content.append(trouble(event.reason));
});

show();
