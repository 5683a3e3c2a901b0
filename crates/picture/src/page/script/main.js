// What a click, a key and the slider do.

let dark = data.theme === "dark" || (!data.theme && matchMedia("(prefers-color-scheme: dark)").matches);
/** How large the board is drawn; null for as large as it fits. */
let zoom = null;
let timer = null;
/** The day on which the slider was taken hold of. */
let grip = null;
/** What had the focus when something was opened. */
let opener = null;
let size = { width: 1, height: 1 };

// ---- drawing

/** Draws the board anew; `news` says what came and changed, by arrow. */
function redraw(news = null) {
  const { svg, width, height } = drawing({ news });
  size = { width, height };
  at("camera").replaceChildren(svg);
  for (const part of svg.querySelectorAll(".player")) attend(part, openPlayer(Number(part.dataset.player)));
  for (const part of svg.querySelectorAll(".arrow, .label")) attend(part, openArrow(now.onBoard[Number(part.dataset.place)]));
  light(null);
  const left = leftOut();
  at("left").replaceChildren(left, " ", now.outside.size ? make("button", { type: "button", class: "quiet", click: showOthers }, say("Put some on the board", "放上棋盘")) : "");
}

/** How large the board may be to be seen as a whole; on a narrow screen as wide as that. */
function wholeScale() {
  const stage = at("stage");
  return Math.min(stage.clientWidth / size.width, isNarrow() ? 1 : stage.clientHeight / size.height);
}

/** Sizes the board: as a whole, but with names of 12 pixels at least, unless another size is asked for. */
function fit() {
  const scale = zoom ?? Math.max(12 / NAME_SIZE, Math.min(1.6, wholeScale()));
  const svg = at("camera").firstElementChild;
  svg.setAttribute("width", Math.floor(size.width * scale));
  svg.setAttribute("height", Math.floor(size.height * scale));
  return scale;
}

const zoomBy = (factor) => {
  const scale = fit();
  zoom = Math.max(0.2, Math.min(4, scale * factor));
  fit();
};
const zoomWhole = () => {
  zoom = wholeScale() < 12 / NAME_SIZE ? wholeScale() : null;
  fit();
};

function attend(part, thing) {
  const tell = () => light(thing);
  const leave = () => light(null);
  for (const event of ["mouseenter", "focus"]) part.addEventListener(event, tell);
  for (const event of ["mouseleave", "blur"]) part.addEventListener(event, leave);
  part.addEventListener("click", () => !dragged && show({ open: thing }));
  part.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      show({ open: thing });
    } else if (way && thing.player !== undefined) {
      event.preventDefault();
      nearest(thing.player, ...way)?.focus();
    }
  });
}

/** The nearest piece in a direction from one. */
function nearest(player, x, y) {
  const middle = (part) => {
    const box = part.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
  };
  const parts = [...at("camera").querySelectorAll(".player")];
  const [fromX, fromY] = middle(parts.find((part) => Number(part.dataset.player) === player));
  let best = null;
  for (const part of parts) {
    const [toX, toY] = middle(part);
    const along = (toX - fromX) * x + (toY - fromY) * y;
    const across = Math.abs((toX - fromX) * y) + Math.abs((toY - fromY) * x);
    if (along > 1 && (best === null || along + 2 * across < best.cost)) best = { cost: along + 2 * across, part };
  }
  return best?.part;
}

/** Leaves only a player, an arrow or the lit loop and what is next to it undimmed; what is open stays lit. */
function light(thing) {
  const lit = thing ?? view.open;
  const near = new Set();
  const on = new Set();
  const isOne = (arrow) => arrow.from === lit.from && arrow.to === lit.to && arrow.family === lit.family;
  if (lit?.player !== undefined) near.add(lit.player);
  for (const arrow of now.onBoard) {
    const touches = lit ? (lit.player === undefined ? isOne(arrow) : arrow.from === lit.player || arrow.to === lit.player) : now.lit && arrow.loops.length > 0;
    if (!touches) continue;
    on.add(arrow.place);
    near.add(arrow.from).add(arrow.to);
  }
  const isDim = Boolean(lit && (near.size > 0 || on.size > 0)) || Boolean(now.lit && !lit);
  const camera = at("camera");
  for (const part of camera.querySelectorAll(".player")) {
    part.classList.toggle("dimmed", isDim && !near.has(Number(part.dataset.player)));
    part.classList.toggle("chosen", view.open?.player === Number(part.dataset.player));
  }
  for (const part of camera.querySelectorAll("[data-place]")) {
    const arrow = now.onBoard[Number(part.dataset.place)];
    part.classList.toggle("dimmed", isDim && !on.has(arrow.place));
    part.classList.toggle("chosen", Boolean(view.open && view.open.player === undefined && arrow.from === view.open.from && arrow.to === view.open.to && arrow.family === view.open.family));
  }
}

// ---- what is shown

/** Changes what is shown, and makes it a step to go back to. `keep` finds what has the focus after it. */
function show(change, { isStep = true, keep = null } = {}) {
  const wasOpen = view.open;
  if (change.open) opener = document.activeElement;
  if (change.day !== undefined && change.day !== view.day) before = grip ?? view.day;
  Object.assign(view, change);
  if (Object.keys(change).join() === "open") {
    panel();
    light(null);
  } else {
    refresh(change.day === undefined ? null : new Map(newsNow()));
  }
  writeAddress(isStep);
  const list = at("found").hidden ? at("panel") : at("found");
  if (keep) (list.querySelector(keep) ?? at("panel")).focus({ preventScroll: true });
  else if (view.open && view.open !== wasOpen) reveal();
}

/** The arrows that came or changed since the day before, for the board. */
function newsNow() {
  return before === null || before === view.day ? [] : changesBetween(before, view.day).map((one) => [one.arrow.key, one.kind]);
}

function refresh(news = null) {
  workOut();
  redraw(news);
  panel();
  says();
  const total = data.edges.length;
  at("count").textContent = say(`${now.counts.size} of ${total} edges count, ${now.onBoard.length} arrows are on the board.`, `${total} 条关系中计入 ${now.counts.size} 条，棋盘上有 ${now.onBoard.length} 条箭头。`);
  const last = data.days.length - 1;
  at("day").value = view.day;
  at("day").setAttribute("aria-valuetext", dayText());
  at("date").textContent = dayText();
  at("earlier").disabled = view.day <= 0;
  at("later").disabled = view.day >= last;
  at("news").textContent = before === null || before === view.day ? "" : newsText(changesBetween(before, view.day));
  at("problems").hidden = problems.length === 0;
  at("problem").textContent = problems.length ? say("Of this address, left out: ", "地址中以下内容被忽略：") + problems.join(say("; ", "；")) + say(".", "。") : "";
  for (const box of at("families").querySelectorAll("input")) box.checked = view.families.has(box.value);
  at("status").value = view.status;
  at("amount").value = view.amount;
  search();
  // Everything around it has its size now.
  fit();
}

/** The finding of the day above the board. */
function says() {
  const headline = headlineNow();
  at("says").hidden = !headline;
  if (headline) at("says").replaceChildren(make("p", { class: "finding" }, pick(headline.finding)), make("p", {}, pick(headline.standfirst)), sourceList(headline.claims) ?? "");
}

function panel() {
  const { open } = view;
  const content = !open ? overview() : open.player === undefined ? evidence(open) : dossier(open.player);
  const isOpen = [...at("panel").querySelectorAll("details[id][open]")].map((own) => own.id);
  at("panel").className = open ? "" : "start";
  at("panel").replaceChildren(...content.flat(Infinity).filter((part) => part !== null && part !== undefined && part !== ""));
  for (const id of isOpen) if (at(id)) at(id).open = true;
}

/** Moves the focus to the panel, the board staying in sight where it was. */
function reveal() {
  at("panel").focus({ preventScroll: true });
  const claim = at("panel").querySelector(".claims .found");
  if (claim) claim.scrollIntoView({ block: "center" });
  else if (isNarrow()) at("panel").scrollIntoView({ block: "start" });
  else at("side").scrollTop = 0;
}

function close() {
  show({ open: null });
  const target = opener?.isConnected ? opener : at("panel");
  opener = null;
  target.focus({ preventScroll: true });
}

function showOthers() {
  if (view.open) show({ open: null });
  showTab("list");
  at("others").open = true;
  at("others").scrollIntoView({ block: "start" });
  at("others").querySelector("summary").focus({ preventScroll: true });
}

/** On a small screen, the list or the board. */
function showTab(tab) {
  document.body.dataset.tab = tab;
  for (const one of ["list", "board"]) at(`${one}Tab`).setAttribute("aria-pressed", String(tab === one));
  fit();
  if (isNarrow()) scrollTo(0, tab === "board" ? document.querySelector("nav").offsetTop : 0);
}

// ---- time

function play() {
  if (timer === null) {
    // So are the days that play.
    show({ day: view.day >= data.days.length - 1 ? 0 : view.day + 1 });
    timer = setInterval(() => {
      if (view.day < data.days.length - 1) show({ day: view.day + 1 }, { isStep: false });
      else play();
    }, 1200);
  } else {
    clearInterval(timer);
    timer = null;
  }
  playWord();
}

function playWord() {
  at("play").textContent = timer === null ? "▶" : "❚❚";
  at("play").setAttribute("aria-label", word(timer === null ? "play" : "pause"));
}

// ---- language, theme, filters

function speak() {
  document.documentElement.lang = ["en", "zh"][tongue];
  document.title = pick(data.titles);
  at("headline").textContent = pick(data.titles);
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = word(element.dataset.word);
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", word(element.dataset.label));
  at("search").placeholder = `${word("search")}…`;
  at("language").textContent = ["中文", "English"][tongue];
  at("language").lang = ["zh", "en"][tongue];
  at("families").replaceChildren(make("legend", {}, word("families")), ...FAMILIES.map((family) => {
    const own = family === "control" ? "influence" : family;
    const box = make("input", { type: "checkbox", value: family, change: () => {
      const families = new Set(view.families);
      families[box.checked ? "add" : "delete"](family);
      show({ families });
    } });
    return make("label", { class: `family ${own}` }, box, family === "influence" ? word("otherInfluence") : word(family));
  }));
  const ladder = data.statuses.slice(Math.max(0, statusOf("rumoured")));
  at("status").replaceChildren(make("option", { value: "" }, word("any")), ...ladder.map((status) => make("option", { value: status.name }, pick(status.words))));
  at("amount").replaceChildren(...AMOUNTS.map(([least, words]) => make("option", { value: least }, pick(words))));
  paint();
  playWord();
  for (const tab of ["list", "board"]) at(`${tab}Tab`).setAttribute("aria-pressed", String(document.body.dataset.tab === tab));
}

function paint() {
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  at("theme").textContent = word(dark ? "light" : "dark");
}

// ---- the pointer

let dragged = false;
let press = null;

at("stage").addEventListener("pointerdown", (event) => {
  dragged = false;
  press = event.pointerType === "mouse" ? { x: event.clientX, y: event.clientY, left: at("stage").scrollLeft, top: at("stage").scrollTop } : null;
});
at("stage").addEventListener("pointermove", (event) => {
  if (!press || !event.buttons) return;
  const [x, y] = [event.clientX - press.x, event.clientY - press.y];
  if (Math.hypot(x, y) > 5) dragged = true;
  if (dragged) at("stage").scrollTo(press.left - x, press.top - y);
});
at("stage").addEventListener("wheel", (event) => {
  if (!event.ctrlKey && !event.metaKey) return;
  event.preventDefault();
  zoomBy(event.deltaY < 0 ? 1.15 : 1 / 1.15);
}, { passive: false });

// ---- controls

const onClick = (id, act) => at(id).addEventListener("click", act);
onClick("language", () => {
  tongue = 1 - tongue;
  speak();
  show({});
});
onClick("theme", () => {
  dark = !dark;
  paint();
});
onClick("print", () => print());
onClick("svg", saveSvg);
onClick("png", savePng);
onClick("csv", saveCsv);
onClick("closer", () => zoomBy(1.25));
onClick("farther", () => zoomBy(0.8));
onClick("whole", zoomWhole);
onClick("play", play);
onClick("earlier", () => show({ day: view.day - 1 }));
onClick("later", () => show({ day: view.day + 1 }));
onClick("listTab", () => showTab("list"));
onClick("boardTab", () => showTab("board"));
onClick("closeProblems", () => {
  problems = [];
  refresh();
  at("headline").focus();
});
onClick("reset", () => show({ families: new Set(FAMILIES_USUAL), status: "", amount: 0 }));
at("day").addEventListener("input", () => {
  // The way of the slider is one step to go back over.
  const isStep = grip === null;
  grip ??= view.day;
  show({ day: Number(at("day").value) }, { isStep });
});
at("day").addEventListener("change", () => { grip = null; });
at("status").addEventListener("change", () => show({ status: at("status").value }));
at("amount").addEventListener("change", () => show({ amount: Number(at("amount").value) }));
at("search").addEventListener("input", search);
document.querySelector(".search").addEventListener("keydown", searchKeys);
document.addEventListener("click", (event) => {
  if (!event.target.closest(".search") && !event.target.closest("#found")) at("found").hidden = true;
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    if (!at("found").hidden) at("found").hidden = true;
    else if (view.open) close();
    return;
  }
  if (event.target.closest?.("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
  const act = { "/": () => at("search").focus(), "+": () => zoomBy(1.25), "=": () => zoomBy(1.25), "-": () => zoomBy(0.8), 0: zoomWhole }[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

/** Shows what the address says, as on opening the page and on going back. */
function arrive() {
  if (location.hash === written) return;
  written = location.hash;
  fromAddress(location.hash);
  speak();
  refresh();
  if (filterText()) at("filters").open = true;
}
addEventListener("popstate", arrive);
addEventListener("hashchange", arrive);
let wasNarrow = isNarrow();
addEventListener("resize", () => {
  // A narrow board is as wide as the screen.
  if (isNarrow() || wasNarrow) refresh();
  else fit();
  wasNarrow = isNarrow();
});

at("day").max = Math.max(0, data.days.length - 1);
at("time").hidden = data.days.length < 2;
arrive();
