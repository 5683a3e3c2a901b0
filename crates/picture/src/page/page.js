"use strict";
// The page is drawn already; this shows parts of it, hides others, and tells what is under them.
// Text of the map only ever goes into the page as text.

const data = JSON.parse(document.getElementById("data").textContent);
const at = (id) => document.getElementById(id);
const WORDS = {
  skip: ["Skip to the details", "跳到详情"],
  search: ["Search players and claims", "搜索参与者和说法"],
  print: ["Print", "打印"],
  picture: ["The board", "棋盘"],
  zoom: ["Zoom", "缩放"],
  closer: ["Zoom in", "放大"],
  farther: ["Zoom out", "缩小"],
  whole: ["Show the whole board", "显示整个棋盘"],
  time: ["Day", "日期"],
  earlier: ["Earlier", "更早"],
  later: ["Later", "更晚"],
  play: ["Play", "播放"],
  pause: ["Pause", "暂停"],
  side: ["Filters and details", "筛选与详情"],
  filters: ["Filters", "筛选"],
  families: ["Kinds of edges", "关系类别"],
  status: ["At least this firm", "至少达到"],
  amount: ["Worth at least", "金额至少"],
  reset: ["Show everything", "显示全部"],
  any: ["any", "不限"],
  investment: ["investment", "投资"],
  supply: ["supply", "供应"],
  influence: ["influence", "影响"],
  dark: ["Dark", "深色"],
  light: ["Light", "浅色"],
  back: ["← Back to the overview", "← 返回概览"],
  out: ["What it does to others", "对外关系"],
  into: ["What others do to it", "外部对它的关系"],
  gone: ["Not on the board on this day or left out by a filter", "当日不在棋盘上或被筛除"],
  claims: ["Who says so", "出处与说法"],
  source: ["Source", "来源"],
  since: ["Since", "始于"],
  until: ["Until", "止于"],
  deal: ["Deal", "交易"],
  state: ["Status", "状态"],
  value: ["Value", "数值"],
  none: ["No claim is on record.", "没有记录任何说法。"],
  nothing: ["Nothing found.", "未找到。"],
  disputed: ["The claims about it cannot all be right.", "各说法不可能同时成立。"],
  folded: ["Players in this group", "其中的参与者"],
  aliases: ["Also called", "别称"],
  start: ["Explore the board", "探索棋盘"],
};
const UNITS = [0, 1e6, 1e8, 1e9, 1e10, 1e11];
const LABELS = [["any", "不限"], ["1 million", "100 万"], ["100 million", "1 亿"], ["1 billion", "10 亿"], ["10 billion", "100 亿"], ["100 billion", "1000 亿"]];
const FAMILIES = ["investment", "supply", "influence"];
const BINDING = ["committed", "completed"];
const STATUSES = Object.keys(data.statuses);

let tongue = data.lang === "zh" ? 1 : 0;
let dark = data.theme === "dark" || (!data.theme && matchMedia("(prefers-color-scheme: dark)").matches);
let day = data.today;
let chosen = null;
let opener = null;
let timer = null;
const filter = { families: new Set(FAMILIES), status: "", amount: 0 };

const word = (key) => WORDS[key][tongue];
const pick = (words) => (words ? words[tongue] : "");
const say = (english, chinese) => [english, chinese][tongue];
const count = (n, english, chinese) => say(`${n} ${english}${n === 1 ? "" : "s"}`, `${n} ${chinese}`);

/** A new element; children are elements or text. */
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== undefined && value !== null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

/** A line as the picture has it. */
function swatch(family, dashes) {
  const part = (tag, attributes) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  const colour = `var(--${family})`;
  const open = family === "influence" ? "var(--paper)" : colour;
  const svg = part("svg", { class: "swatch", viewBox: "0 0 44 16", "aria-hidden": "true" });
  const line = { d: "M1 8H34", fill: "none", "stroke-dasharray": dashes ?? "" };
  svg.append(part("path", { ...line, stroke: colour, "stroke-width": family === "supply" ? 4 : 2.4 }));
  if (family === "supply") svg.append(part("path", { ...line, stroke: "var(--paper)", "stroke-width": 1.6 }));
  svg.append(part("path", { d: "M43 8L33 3.5V12.5z", fill: open, stroke: colour }));
  return svg;
}

// ---- the parts of the pictures

const pictures = [...document.querySelectorAll("#camera > svg")];
const parts = (kind) => pictures.map((picture) => {
  const found = [];
  for (const part of picture.getElementsByClassName(kind)) found[Number(part.dataset.place)] = part;
  return found;
});
const players = parts("player");
const arrows = parts("arrow");
const labels = parts("label");

/** Shows the board, or for print the whole sheet with its legend and its notes. */
function frame(whole) {
  pictures.forEach((picture, place) => {
    const { width, height, board } = data.sheets[place];
    const room = board.width * 0.03;
    const box = whole ? [0, 0, width, height] : [board.x - room, board.y - room, board.width + 2 * room, board.height + 2 * room];
    picture.setAttribute("viewBox", box.join(" "));
  });
}

// ---- what is on the board

/** What an edge is on a day, or null. */
function stateOn(edge, place) {
  if (data.days.length === 0) return edge.drawn;
  let state = null;
  for (const [from, next] of edge.states) {
    if (from > place) break;
    state = next;
  }
  return state;
}

function passes(arrow, state) {
  return state !== null
    && filter.families.has(arrow.family)
    && (filter.status === "" || (state.status !== null && STATUSES.indexOf(state.status) >= STATUSES.indexOf(filter.status)))
    && (filter.amount === 0 || (state.amount !== null && state.amount >= filter.amount));
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** The edges of an arrow that are shown, with their states. */
function shownEdges(arrow) {
  return arrow.edges
    .map((number) => [data.edges[number], stateOn(data.edges[number], day)])
    .filter(([, state]) => passes(arrow, state));
}

/** The arrows that are drawn at this moment. */
let visible = [];

function refresh(news) {
  visible = data.arrows.map((arrow) => shownEdges(arrow).length > 0);
  const linked = data.players.map(() => false);
  let edges = 0;
  data.arrows.forEach((arrow, number) => {
    const shown = shownEdges(arrow);
    edges += shown.length;
    const binding = shown.filter(([, state]) => BINDING.includes(state.status)).length;
    const firmness = binding === 0 ? "loose" : binding === shown.length ? "firm" : "partly";
    const isDrawn = shown.length === arrow.edges.length && shown.every(([edge, state]) => same(edge.drawn.values, state.values));
    if (visible[number]) linked[arrow.from] = linked[arrow.to] = true;
    for (const side of [0, 1]) {
      const classes = arrows[side][number].classList;
      classes.toggle("off", !visible[number]);
      for (const one of ["firm", "partly", "loose"]) classes.toggle(one, one === firmness);
      classes.toggle("came", Boolean(news?.came.has(number)));
      classes.toggle("changed", Boolean(news?.changed.has(number)));
      const label = labels[side][number];
      if (label) {
        label.classList.toggle("off", !visible[number]);
        // A sum that is not that of the edges shown would mislead.
        label.classList.toggle("stale", !isDrawn);
      }
    }
  });
  for (const side of [0, 1]) players[side].forEach((player, number) => player.classList.toggle("faint", !linked[number]));
  light(null);
  const total = data.edges.length;
  at("count").textContent = say(`${edges} of ${total} edges are shown.`, `显示 ${total} 条关系中的 ${edges} 条。`);
}

/** Leaves only a player or an arrow and what is next to it undimmed; what is chosen stays lit. */
function light(thing) {
  const lit = thing ?? chosen;
  const near = new Set();
  const on = new Set();
  if (lit?.kind === "player") near.add(lit.number);
  data.arrows.forEach((arrow, number) => {
    const touches = lit?.kind === "player" ? arrow.from === lit.number || arrow.to === lit.number : lit?.number === number;
    if (!lit || !touches || !visible[number]) return;
    on.add(number);
    near.add(arrow.from).add(arrow.to);
  });
  const mark = (list, keep, kind) => list.forEach((part, number) => {
    part.classList.toggle("dimmed", Boolean(lit) && !keep.has(number));
    part.classList.toggle("chosen", chosen?.kind === kind && chosen.number === number);
  });
  for (const side of [0, 1]) {
    mark(players[side], near, "player");
    mark(arrows[side], on, "arrow");
    mark(labels[side], on, "arrow");
  }
}

// ---- time

function go(place, tell = true) {
  const last = data.days.length - 1;
  place = Math.max(0, Math.min(last, place));
  const news = { came: new Set(), changed: new Set(), went: 0 };
  if (tell && place !== day) {
    data.arrows.forEach((arrow, number) => {
      for (const one of arrow.edges) {
        const [before, after] = [stateOn(data.edges[one], day), stateOn(data.edges[one], place)];
        const [was, is] = [passes(arrow, before), passes(arrow, after)];
        if (!was && is) news.came.add(number);
        else if (was && !is) news.went += 1;
        else if (was && is && !same(before, after)) news.changed.add(number);
      }
    });
  }
  const moved = place !== day;
  day = place;
  at("day").value = day;
  at("day").setAttribute("aria-valuetext", dayText());
  at("date").textContent = dayText();
  at("earlier").disabled = day <= 0;
  at("later").disabled = day >= last;
  refresh(news);
  const parts = [];
  if (news.came.size) parts.push(say(`${news.came.size} came`, `新增 ${news.came.size}`));
  if (news.changed.size) parts.push(say(`${news.changed.size} changed`, `变化 ${news.changed.size}`));
  if (news.went) parts.push(say(`${news.went} went`, `消失 ${news.went}`));
  at("news").textContent = moved ? parts.join(say(", ", "，")) || say("Nothing changed.", "没有变化。") : "";
  if (chosen) show(false);
}

function dayText() {
  const text = data.days[day] ?? "";
  return { day: text, month: text.slice(0, -3), year: text.slice(0, -6) }[data.step];
}

function play() {
  if (timer === null) {
    if (day >= data.days.length - 1) go(0);
    timer = setInterval(() => (day < data.days.length - 1 ? go(day + 1) : play()), 900);
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

// ---- the panel

const name = (number) => pick(data.players[number].name);
const between = (from, to) => `${from} → ${to}`;
const familyTag = (family) => make("span", { class: `family ${family}` }, word(family));
const statusText = (state) => (state?.status ? pick(data.statuses[state.status]) : "");

function choose(thing, from) {
  chosen = thing;
  opener = from ?? opener;
  light(null);
  show(true);
}

function close() {
  chosen = null;
  light(null);
  show(false);
  opener?.focus?.({ preventScroll: true });
  opener = null;
}

function show(move) {
  const panel = at("panel");
  panel.className = chosen ? "" : "start";
  const content = !chosen ? overview() : chosen.kind === "player" ? dossier(chosen.number) : evidence(chosen.number);
  panel.replaceChildren(...content);
  if (!move) return;
  panel.focus({ preventScroll: true });
  if (matchMedia("(max-width: 860px)").matches) panel.scrollIntoView({ block: "start" });
}

const heading = (text) => make("h2", { id: "subject" }, text);
const backButton = () => make("button", { type: "button", class: "back", click: close }, word("back"));

function overview() {
  const keys = [
    ["Tab", say("goes from player to player, the arrow keys to the nearest one", "在参与者之间移动，方向键移到最近的一位")],
    ["Enter", say("opens a dossier", "打开档案")],
    ["Esc", say("closes it", "关闭")],
    ["/", say("searches", "搜索")],
    ["+ − 0", say("zoom", "缩放")],
  ];
  const strongest = data.players.map((player, number) => [player, number]).filter(([player]) => player.id);
  return [
    heading(word("start")),
    make("p", {}, say(
      "Point at a player to see whom it is tied to. Click a player for its dossier, an arrow for what is claimed about it and by whom. Move the slider to see the board on another day.",
      "指向一位参与者，查看它与谁相连。点击参与者查看档案，点击箭头查看相关说法及其来源。移动滑块查看其他日期的棋盘。")),
    make("h3", {}, say("How to read it", "图例")),
    make("ul", {},
      ...[
        ["", say("firm: all of it committed or done", "确定：全部已承诺或完成")],
        ["12 3 2.5 3", say("partly firm", "部分确定")],
        ["6 4", say("not firm yet", "尚未确定")],
      ].map(([dashes, what]) => make("li", {}, swatch("investment", dashes), " ", what)),
      make("li", {}, say(`Thicker arrows are worth more. King, queens, rooks, bishops, knights, pawns: by ${data.ranking[0]}. People are outlined.`,
        `箭头越粗，金额越大。王、后、车、象、马、兵按${data.ranking[1]}排列。人物为空心。`))),
    make("h3", {}, say("Players, the strongest first", "参与者，按强弱排列")),
    make("ul", {}, ...strongest.map(([player, number]) => make("li", {}, row({ kind: "player", number }, pick(player.name), pick(data.types[player.type]))))),
    make("h3", {}, say("With the keyboard", "键盘操作")),
    make("dl", {}, ...keys.flatMap(([key, what]) => [make("dt", {}, make("kbd", {}, key)), make("dd", {}, what)])),
    data.left_out ? make("p", { class: "muted" }, say(
      `${count(data.left_out, "edge", "")} are not drawn: those between players of the group of others, and from a player to itself.`,
      `${data.left_out} 条关系未画出：“其他”内部的，以及自身到自身的。`)) : null,
  ].filter(Boolean);
}

function row(thing, text, detail) {
  const button = make("button", { type: "button", class: "row", click: () => choose(thing, button) }, text, detail ? make("small", {}, detail) : null);
  const glance = () => light(thing);
  for (const event of ["mouseenter", "focus"]) button.addEventListener(event, glance);
  for (const event of ["mouseleave", "blur"]) button.addEventListener(event, () => light(null));
  return button;
}

function dossier(number) {
  const player = data.players[number];
  const list = (title, end) => {
    const own = data.arrows.map((arrow, place) => [arrow, place]).filter(([arrow]) => arrow[end] === number);
    const there = own.filter(([, place]) => visible[place]);
    if (there.length === 0) return [];
    const rows = there.map(([arrow, place]) => {
      const shown = shownEdges(arrow);
      const values = shown.flatMap(([, state]) => state.values.slice(0, 1).map(pick));
      const kinds = [...new Set(shown.map(([edge]) => pick(edge.kind)).filter(Boolean))];
      const detail = [kinds.join(say(", ", "、")), values.slice(0, 3).join(say("; ", "；")) + (values.length > 3 ? " …" : "")].filter(Boolean).join(" · ");
      const button = row({ kind: "arrow", number: place }, between(name(arrow.from), name(arrow.to)), detail);
      button.prepend(familyTag(arrow.family), " ");
      return make("li", {}, button);
    });
    return [make("h3", {}, `${title} (${there.length})`), make("ul", {}, ...rows)];
  };
  return [
    backButton(),
    heading(name(number)),
    make("p", { class: "muted" }, [pick(data.types[player.type]), player.name[1 - tongue] === name(number) ? "" : player.name[1 - tongue]].filter(Boolean).join(" · ")),
    player.note ? make("p", {}, player.note) : null,
    player.aliases.length ? make("p", { class: "muted" }, `${word("aliases")}${say(": ", "：")}${player.aliases.join(say(", ", "、"))}`) : null,
    player.folded.length ? make("details", {}, make("summary", {}, `${word("folded")} (${player.folded.length})`), make("ul", {}, ...player.folded.map((one) => make("li", {}, pick(one))))) : null,
    ...list(word("out"), "from"),
    ...list(word("into"), "to"),
  ].filter(Boolean);
}

function evidence(number) {
  const arrow = data.arrows[number];
  const shown = new Set(shownEdges(arrow).map(([edge]) => edge));
  const sections = arrow.edges.map((one) => data.edges[one]).sort((a, b) => shown.has(b) - shown.has(a));
  return [
    backButton(),
    heading(between(name(arrow.from), name(arrow.to))),
    make("p", {}, familyTag(arrow.family), ` · ${count(arrow.edges.length, "edge", "条关系")}`),
    make("p", {}, make("button", { type: "button", click: () => choose({ kind: "player", number: arrow.from }) }, name(arrow.from)), " ",
      make("button", { type: "button", click: () => choose({ kind: "player", number: arrow.to }) }, name(arrow.to))),
    ...sections.flatMap((edge) => edgeSection(edge, shown.has(edge))),
  ];
}

function edgeSection(edge, isShown) {
  const state = stateOn(edge, day) ?? edge.drawn;
  const facts = [
    ["value", state.values.map(pick).join(say("; ", "；"))],
    ["state", statusText(state)],
    ["deal", pick(edge.deal)],
    ["since", edge.since],
    ["until", edge.until],
  ].filter(([, text]) => text);
  const ends = between(pick(edge.from), pick(edge.to));
  return [
    make("h3", {}, [pick(edge.kind), ends].filter(Boolean).join(say(": ", "："))),
    isShown ? null : make("p", { class: "muted" }, word("gone")),
    state.disputed ? make("p", { class: "muted" }, word("disputed")) : null,
    make("dl", {}, ...facts.flatMap(([key, text]) => [make("dt", {}, word(key)), make("dd", { class: key === "value" ? "value" : undefined }, text)])),
    edge.claims.length ? make("ul", { class: "claims", "aria-label": word("claims") }, ...edge.claims.map(claimItem)) : make("p", { class: "muted" }, word("none")),
  ].filter(Boolean);
}

function claimItem(number) {
  const claim = data.claims[number];
  const paper = data.documents[claim.document];
  const place = claim.locator && claim.locator !== "page" ? `, ${claim.locator}` : "";
  const speaker = [pick(claim.by), claim.of ? say(`citing ${pick(claim.of)}`, `引述 ${pick(claim.of)}`) : "", claim.said ?? ""].filter(Boolean).join(say(", ", "，"));
  const head = [pick(claim.value), claim.status ? pick(data.statuses[claim.status]) : ""].filter(Boolean).join(" · ");
  const title = paper ? pick(paper.name) : "";
  // Only addresses of the web become links.
  const link = paper && /^https?:\/\//.test(paper.url ?? "") ? make("a", { href: paper.url, rel: "noopener noreferrer", target: "_blank" }, title) : title;
  return make("li", {},
    make("p", {}, pick(claim.text) || head || claim.id),
    pick(claim.text) && head ? make("p", { class: "muted" }, head) : null,
    speaker ? make("p", { class: "muted" }, speaker) : null,
    paper ? make("p", { class: "muted" }, `${word("source")}${say(": ", "：")}`, link, place) : null);
}

// ---- search

const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const FOUND_MAX = 12;

function search() {
  const wanted = fold(at("search").value.trim());
  const list = at("found");
  list.hidden = wanted === "";
  if (wanted === "") return list.replaceChildren();
  const hits = [];
  data.players.forEach((player, number) => {
    const names = [...player.name, player.id, ...player.aliases, ...player.folded.flat()];
    const hit = names.find((one) => fold(one).includes(wanted));
    if (hit !== undefined) hits.push([{ kind: "player", number }, name(number), player.name.includes(hit) ? pick(data.types[player.type]) : hit]);
  });
  data.arrows.forEach((arrow, number) => {
    for (const one of arrow.edges) {
      const edge = data.edges[one];
      const texts = [...(edge.kind ?? []), ...(edge.deal ?? []), ...edge.claims.flatMap((claim) => data.claims[claim].text)];
      const hit = texts.find((text) => fold(text).includes(wanted));
      if (hit === undefined) continue;
      hits.push([{ kind: "arrow", number }, between(name(arrow.from), name(arrow.to)), hit]);
      return;
    }
  });
  const items = hits.slice(0, FOUND_MAX).map(([thing, text, detail]) => make("li", {}, make("button", { type: "button", click: () => {
    list.hidden = true;
    at("search").value = "";
    choose(thing, at("search"));
  } }, text, make("small", {}, detail))));
  if (hits.length === 0) items.push(make("li", {}, make("p", {}, word("nothing"))));
  if (hits.length > FOUND_MAX) items.push(make("li", {}, make("p", {}, say(`and ${hits.length - FOUND_MAX} more`, `另有 ${hits.length - FOUND_MAX} 项`))));
  list.replaceChildren(...items);
}

// ---- language, theme, controls

function speak() {
  document.documentElement.lang = ["en", "zh"][tongue];
  document.title = pick(data.titles);
  at("headline").textContent = pick(data.titles);
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = word(element.dataset.word);
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", word(element.dataset.label));
  pictures.forEach((picture, place) => picture.toggleAttribute("hidden", place !== tongue));
  at("search").placeholder = `${word("search")}…`;
  at("language").textContent = ["中文", "English"][tongue];
  at("language").lang = ["zh", "en"][tongue];
  at("families").replaceChildren(make("legend", {}, word("families")), ...FAMILIES.map((family) => {
    const box = make("input", { type: "checkbox", value: family, change: () => {
      filter.families[box.checked ? "add" : "delete"](family);
      filtered();
    } });
    box.checked = filter.families.has(family);
    return make("label", { class: `family ${family}` }, box, swatch(family), word(family));
  }));
  const ladder = STATUSES.slice(STATUSES.indexOf("rumoured"));
  at("status").replaceChildren(make("option", { value: "" }, word("any")), ...ladder.map((one) => make("option", { value: one }, pick(data.statuses[one]))));
  at("status").value = filter.status;
  at("amount").replaceChildren(...UNITS.map((least, place) => make("option", { value: least }, LABELS[place][tongue])));
  at("amount").value = filter.amount;
  paint();
  playWord();
  search();
  go(day, false);
  show(false);
}

function paint() {
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  at("theme").textContent = word(dark ? "light" : "dark");
}

function filtered() {
  refresh();
  if (chosen) show(false);
}

/** The nearest player in a direction from one, as a place. */
function nearest(number, x, y) {
  const middle = (part) => {
    const box = part.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
  };
  const [fromX, fromY] = middle(players[tongue][number]);
  let best = null;
  players[tongue].forEach((part, place) => {
    const [toX, toY] = middle(part);
    const along = (toX - fromX) * x + (toY - fromY) * y;
    const across = Math.abs((toX - fromX) * y) + Math.abs((toY - fromY) * x);
    const cost = along + 2 * across;
    if (place !== number && along > 1 && (best === null || cost < best.cost)) best = { cost, place };
  });
  return best?.place;
}

const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function attend(part, thing) {
  const tell = () => {
    at("hint").textContent = part.getAttribute("aria-label");
    light(thing);
  };
  const leave = () => {
    at("hint").textContent = "";
    light(null);
  };
  for (const event of ["mouseenter", "focus"]) part.addEventListener(event, tell);
  for (const event of ["mouseleave", "blur"]) part.addEventListener(event, leave);
  part.addEventListener("click", () => !dragged && choose(thing, part));
  part.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      choose(thing, part);
    } else if (WAYS[event.key] && thing.kind === "player") {
      event.preventDefault();
      const next = nearest(thing.number, ...WAYS[event.key]);
      if (next !== undefined) players[tongue][next].focus();
    }
  });
}

let dragged = false;
let pressed = [0, 0];
const camera = Panzoom(at("camera"), { canvas: true, minScale: 0.5, maxScale: 12, cursor: "", animate: !matchMedia("(prefers-reduced-motion: reduce)").matches, duration: 150, touchAction: "" });
at("stage").addEventListener("wheel", camera.zoomWithWheel, { passive: false });
// One finger scrolls the page as long as the whole board is seen.
at("camera").addEventListener("panzoomchange", (event) => at("stage").classList.toggle("zoomed", event.detail.scale > 1.05));
at("stage").addEventListener("pointerdown", (event) => {
  dragged = false;
  pressed = [event.clientX, event.clientY];
});
at("stage").addEventListener("pointermove", (event) => {
  if (event.buttons && Math.hypot(event.clientX - pressed[0], event.clientY - pressed[1]) > 5) dragged = true;
});

for (const side of [0, 1]) {
  players[side].forEach((part, number) => attend(part, { kind: "player", number }));
  arrows[side].forEach((part, number) => attend(part, { kind: "arrow", number }));
  labels[side].forEach((part, number) => {
    part.addEventListener("mouseenter", () => light({ kind: "arrow", number }));
    part.addEventListener("mouseleave", () => light(null));
    part.addEventListener("click", () => !dragged && choose({ kind: "arrow", number }, arrows[side][number]));
  });
}

const onClick = (id, act) => at(id).addEventListener("click", act);
onClick("language", () => { tongue = 1 - tongue; speak(); });
onClick("theme", () => { dark = !dark; paint(); });
onClick("print", () => print());
onClick("closer", () => camera.zoomIn());
onClick("farther", () => camera.zoomOut());
onClick("whole", () => camera.reset());
onClick("play", play);
onClick("earlier", () => go(day - 1));
onClick("later", () => go(day + 1));
onClick("reset", () => {
  Object.assign(filter, { families: new Set(FAMILIES), status: "", amount: 0 });
  speak();
});
at("day").addEventListener("input", () => go(Number(at("day").value)));
at("status").addEventListener("change", () => { filter.status = at("status").value; filtered(); });
at("amount").addEventListener("change", () => { filter.amount = Number(at("amount").value); filtered(); });
at("search").addEventListener("input", search);
document.querySelector(".search").addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const stops = [at("search"), ...at("found").querySelectorAll("button")];
  const next = step && stops[stops.indexOf(document.activeElement) + step];
  if (next) {
    event.preventDefault();
    next.focus();
  } else if (event.key === "Enter" && document.activeElement === at("search")) {
    stops[1]?.click();
  }
});
document.addEventListener("click", (event) => {
  if (!event.target.closest(".search")) at("found").hidden = true;
});
document.addEventListener("keydown", (event) => {
  const types = event.target.closest("input, select, textarea");
  if (event.key === "Escape") {
    if (!at("found").hidden) at("found").hidden = true;
    else if (chosen) close();
    return;
  }
  if (types || event.ctrlKey || event.metaKey || event.altKey) return;
  const act = { "/": () => at("search").focus(), "+": () => camera.zoomIn(), "=": () => camera.zoomIn(), "-": () => camera.zoomOut(), 0: () => camera.reset() }[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});
addEventListener("beforeprint", () => frame(true));
addEventListener("afterprint", () => frame(false));

at("day").max = data.days.length - 1;
at("time").hidden = data.days.length < 2;
if (matchMedia("(max-width: 860px)").matches) at("filters").open = false;
frame(false);
speak();
