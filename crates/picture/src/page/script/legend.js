// The legend, true to what is drawn: only families, firmness, widths and pieces that are on the board, each as it looks
// there; and what a file has above the board.

const LEGEND_SIZE = 12;

/** A line as the board has it, from left to right. */
const sample = (family, firmness, thick) => stroke([{ x: 0, y: 0 }, { x: 14, y: 0 }, { x: 28, y: 0 }, { x: 42, y: 0 }], family, firmness, thick);

/** Which of some values is the most frequent; the first of several. */
function commonest(values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((best, next) => (next[1] > best[1] ? next : best))[0];
}

function legendItems() {
  const arrows = now.onBoard;
  const items = [];
  const meaning = {
    investment: say("investment", "投资"),
    supply: data.follows_value ? say("supply: the customer pays", "供应：客户付款") : say("supply: to the customer", "供应：交付客户"),
    influence: say("influence", "影响"),
  };
  for (const family of Object.keys(meaning)) {
    const own = arrows.filter((arrow) => arrow.family === family);
    if (own.length) items.push([sample(family, commonest(own.map((arrow) => arrow.firmness)), 2.4), meaning[family]]);
  }
  const common = arrows.length ? commonest(arrows.map((arrow) => arrow.family)) : "investment";
  for (const firmness of ["firm", "partly", "loose", "unstated"]) {
    if (arrows.some((arrow) => arrow.firmness === firmness)) items.push([sample(common, firmness, 2.4), word(firmness)]);
  }
  for (const [amount, unit] of widthSamples(arrows)) {
    items.push([sample("investment", "firm", thicknessOf(amount)), display({ lower: amount, upper: amount, unit })]);
  }
  const types = new Set(now.players.map((player) => data.players[player].type));
  const shape = (type) => piece("pawn", type, 12, -11, 22);
  if (types.has("person")) items.push([[shape("person")], word("person"), 38]);
  return items;
}

/** Round amounts near the least and the most that arrows show by their width. */
function widthSamples(arrows) {
  const unit = now.unit;
  const amounts = arrows.flatMap((arrow) => arrow.values).map(({ quantity: own }) => own).filter((own) => own.unit === unit).map((own) => own.upper ?? own.lower).filter((amount) => amount > 0);
  if (amounts.length === 0) return [];
  const rounded = [Math.min(...amounts), Math.max(...amounts)].map((amount) => 10 ** Math.floor(Math.log10(amount)));
  return [...new Set(rounded)].map((amount) => [amount, unit]);
}

/** What is left out, in words. */
function leftOut() {
  const hidden = now.arrows.length - now.onBoard.length;
  const parts = [];
  if (hidden) parts.push(say(`${count(now.outside.size, "player", "")} with ${count(hidden, "arrow", "")}`, `${now.outside.size} 位参与者，${hidden} 条箭头`));
  if (now.own) parts.push(say(`${count(now.own, "edge", "")} from a player to itself`, `${now.own} 条自身到自身的关系`));
  return parts.length ? say(`Not drawn: ${parts.join("; ")}.`, `未画出：${parts.join("；")}。`) : "";
}

/** The legend in lines of a width. */
function legend(width, isFile) {
  const parts = [];
  let [x, y] = [0, 14];
  for (const [shapes, text, indent = 50] of legendItems()) {
    const own = indent + widthOf(text, LEGEND_SIZE) + 18;
    if (x > 0 && x + own > width) [x, y] = [0, y + 22];
    parts.push(draw("g", { transform: `translate(${round(x)} ${y})` }, shapes,
      draw("text", { x: indent, y: 4, "font-size": LEGEND_SIZE, fill: "var(--ink)" }, text)));
    x += own;
  }
  y += parts.length ? 24 : 4;
  const notes = [];
  if (now.players.length) {
    notes.push(say(`Pieces go by ${data.ranking[0]}${data.days.length ? ` on ${data.days[data.today]}` : ""}: king, queens, rooks, bishops, knights, pawns.`,
      `棋子按${data.days.length ? ` ${data.days[data.today]} 的` : ""}${data.ranking[1]}排列：王、后、车、象、马、兵。`));
  }
  if (isFile && leftOut()) notes.push(leftOut());
  if (isFile && filterText()) notes.push(filterText());
  for (const note of notes) {
    for (const line of wrap(note, LEGEND_SIZE, width, 6)) {
      parts.push(draw("text", { x: 0, y, "font-size": LEGEND_SIZE, fill: "var(--muted)" }, line));
      y += 16;
    }
  }
  return { parts, height: y + 2 };
}

/** The filter in words; nothing where everything is shown. */
function filterText() {
  const parts = [];
  if (view.families.size !== FAMILIES_USUAL.length || FAMILIES_USUAL.some((family) => !view.families.has(family))) {
    parts.push(listed(FAMILIES.filter((family) => view.families.has(family)).map((family) => (family === "influence" ? word("otherInfluence") : word(family)))) || "–");
  }
  if (view.status) parts.push(`${word("status")} ${statusText(view.status)}`);
  if (view.amount) parts.push(`${word("amount")} ${pick(AMOUNTS.find(([least]) => least === view.amount)?.[1])}`);
  return parts.length ? `${word("filters")}${colon()}${parts.join(say("; ", "；"))}` : "";
}

/** Title, day, finding and the loops in words, as a file has them above the board. */
function fileHead(width) {
  const parts = [];
  let y = 8;
  const add = (text, size, attributes, most = 6, indent = 0) => {
    for (const line of wrap(text, size, width - 2 * EDGE - indent, most)) {
      y += size * 1.3;
      parts.push(draw("text", { x: EDGE + indent, y, "font-size": size, fill: "var(--ink)", ...attributes }, line));
    }
  };
  add([pick(data.titles), dayText()].filter(Boolean).join(say(", ", "，")), 13, { "font-weight": 700, fill: "var(--muted)" }, 2);
  const headline = headlineNow();
  if (headline) add(pick(headline.finding), 22, { "font-weight": 700, "font-family": "Georgia, 'Source Serif 4', 'Songti SC', serif" }, 4);
  for (const one of now.loops.filter((two) => now.onBoard.some((arrow) => arrow.loops.includes(two.number)))) {
    y += 6;
    parts.push(disc(EDGE + 8, y + 11, 8, one.number));
    add(pick(one.text), 13, {}, 3, 24);
  }
  return { parts, height: y + 12 };
}

/** What the board of the day says; nothing where a filter is on, which its figures do not follow. */
function headlineNow() {
  if (filterText() || (!data.has_all_loops && view.day !== data.today)) return null;
  return lastOf(data.headlines, view.day);
}

function dayText(place = view.day) {
  const text = data.days[place] ?? "";
  return { day: text, month: text.slice(0, -3), year: text.slice(0, -6) }[data.step];
}
