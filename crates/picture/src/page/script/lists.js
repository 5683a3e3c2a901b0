// The panel while nothing is open: what changed, the loops, the players on and off the board, and the arrows.

const CHANGES_LISTED = 25;
const OTHERS_LISTED = 200;

/** The day that the day shown is compared with; null before the slider has moved. */
let before = null;

const heading = (text) => make("h2", { id: "subject" }, text);
const familyTag = (family) => make("span", { class: `family ${family}` }, word(family));
const openPlayer = (player) => ({ player });
const openArrow = ({ from, to, family }) => ({ from, to, family });

/** A button that opens something, and lights it on the board while it is pointed at. */
function row(thing, text, ...detail) {
  const details = detail.flat().filter(Boolean);
  const button = make("button", { type: "button", class: "row", click: () => show({ open: thing }) }, text, details.length ? make("small", {}, details.join(" · ")) : null);
  for (const event of ["mouseenter", "focus"]) button.addEventListener(event, () => light(thing));
  for (const event of ["mouseleave", "blur"]) button.addEventListener(event, () => light(null));
  return button;
}

function arrowRow(arrow, change = "", ends = endsOf(arrow)) {
  const button = row(openArrow(arrow), ends, change || valuesOf(arrow), listed(arrow.kinds), change ? "" : word(arrow.firmness));
  button.prepend(familyTag(arrow.family), " ");
  return make("li", {}, button);
}

/** A button that puts a player on the board or takes it off. */
function toggle(player, isLong = false) {
  const isOn = now.on.has(player);
  const text = word(isOn ? "takeOff" : "putOn");
  return make("button", {
    type: "button", class: isLong ? "toggle" : "toggle small", "aria-label": isLong ? null : `${text}${colon()}${name(player)}`, title: isLong ? null : text, "data-player": player,
    click: () => {
      const next = new Set(now.players);
      next[isOn ? "delete" : "add"](player);
      show({ players: [...next].sort((a, b) => a - b) }, { keep: `.toggle[data-player="${player}"]` });
    },
  }, isLong ? text : isOn ? "−" : "+");
}

function playerRow(player) {
  const own = now.degrees.get(player);
  const detail = [typeWords(data.players[player]), own ? count(own, "arrow", "条箭头") : say("no arrow on this day", "当日没有箭头")];
  return make("li", { class: "pair" }, row(openPlayer(player), name(player), detail), toggle(player));
}

/** The loops, each with its number, its colour, and its way and amount in words; the one that is lit, step by step. */
function loopList(loops = now.loops) {
  const items = loops.map((one) => {
    const isLit = now.lit?.key === one.key;
    const button = make("button", {
      type: "button", class: "row loop", "aria-pressed": String(isLit), "data-loop": one.key,
      click: () => show(isLit ? { loop: null } : { loop: one.key, players: withPlayers(one.players) }, { keep: `.loop[data-loop="${CSS.escape(one.key)}"]` }),
    }, make("span", { class: `disc loop-${one.colour}` }, String(one.number)), make("span", {}, pick(one.text), one.isOn ? null : make("small", {}, say("not all of its players are on the board", "并非所有成员都在棋盘上"))));
    const parts = [button];
    if (isLit) {
      const steps = one.steps.map((edges, step) => {
        const arrow = now.arrows.find((own) => own.edges.some((edge) => edges.includes(edge)) && own.from === one.players[step]) ?? now.arrows.find((own) => own.edges.some((edge) => edges.includes(edge)));
        return arrow ? arrowRow(arrow) : null;
      });
      parts.push(make("ol", { class: "steps", "aria-label": word("steps") }, steps), sourceList(one.claims));
    }
    return make("li", {}, parts);
  });
  return make("ol", { class: "loops" }, items);
}

/** The players on the board and these; null where all are there. */
function withPlayers(players) {
  if (players.every((player) => now.on.has(player))) return view.players;
  return [...new Set([...now.players, ...players])].sort((a, b) => a - b);
}

function loopSection() {
  const notes = [];
  if (view.loop && !now.lit) notes.push(say("The loop that was lit is not there on this day, or not among the greatest, or a filter leaves out an edge of it.", "先前点亮的循环当日不存在、不在最大的循环之列，或被筛选去掉了关系。"));
  if (now.loops.length === 0 && now.isKnown) notes.push(word("noLoops"));
  if (!now.isKnown) notes.push(say(`On a map of this size, loops are known for ${dayText(data.today)} only.`, `此图较大，仅有 ${dayText(data.today)} 的循环。`));
  if (now.filtered && now.isKnown) notes.push(say(`The filter leaves out an edge of ${count(now.filtered, "loop", "")}.`, `筛选去掉了 ${now.filtered} 个循环中的关系。`));
  if (now.more) notes.push(say(`and ${now.more} more`, `另有 ${now.more} 个`));
  return [
    make("h3", {}, word("loops")),
    now.loops.length ? loopList() : null,
    now.lit ? make("button", { type: "button", class: "quiet", click: () => show({ loop: null }, { keep: "#subject" }) }, word("allLoops")) : null,
    notes.map((note) => make("p", { class: "muted" }, note)),
  ];
}

/** What came, went and changed between two days, among all players. */
function changesBetween(one, other) {
  const all = (day) => new Map(arrowsOn(day).map((arrow) => [arrow.key, arrow]));
  const [was, is] = [all(one), all(other)];
  const text = (arrow) => [valuesOf(arrow), word(arrow.firmness)].join(say(", ", "，"));
  const statuses = (arrow, day) => listed([...new Set(arrow.edges.map((place) => statusText(stateOn(data.edges[place], day)?.status) || word("unstated")))].sort());
  const changes = [];
  for (const [key, arrow] of is) {
    const old = was.get(key);
    if (!old) changes.push({ kind: "came", arrow, text: text(arrow) });
    else {
      // Edges may have another status and their arrow look the same.
      const found = [[text(old), text(arrow)], [statuses(old, one), statuses(arrow, other)]].find(([then, now]) => then !== now);
      if (found) changes.push({ kind: "changed", arrow, text: found.join(" → ") });
    }
  }
  for (const [key, arrow] of was) if (!is.has(key)) changes.push({ kind: "went", arrow, text: text(arrow) });
  const isOn = ({ arrow }) => now.on.has(arrow.from) && now.on.has(arrow.to);
  return changes.sort((a, b) => isOn(b) - isOn(a));
}

/** How many came, changed and went, in a line. */
function newsText(changes) {
  const parts = ["came", "changed", "went"].map((kind) => [kind, changes.filter((one) => one.kind === kind).length]).filter(([, own]) => own);
  return parts.map(([kind, own]) => say(`${own} ${word(kind).toLowerCase()}`, `${word(kind)} ${own}`)).join(say(", ", "，")) || say("Nothing changed.", "没有变化。");
}

function changeSection() {
  if (before === null || before === view.day) return [];
  const changes = changesBetween(before, view.day);
  return [
    make("h3", {}, `${word("changes")}${colon()}${dayText(before)} → ${dayText()}`),
    make("p", { class: "muted" }, newsText(changes)),
    ["came", "changed", "went"].map((kind) => {
      const own = changes.filter((one) => one.kind === kind);
      if (own.length === 0) return [];
      const more = own.length - CHANGES_LISTED;
      return [
        make("h4", {}, word(kind)),
        make("ul", {}, own.slice(0, CHANGES_LISTED).map(({ arrow, text }) => arrowRow(arrow, text)), more > 0 ? make("li", { class: "muted" }, say(`and ${more} more`, `另有 ${more} 项`)) : null),
      ];
    }),
  ];
}

function overview() {
  const byStrength = data.players.map((_, player) => player);
  const others = byStrength.filter((player) => !now.on.has(player)).sort((a, b) => now.outside.has(b) - now.outside.has(a) || a - b);
  const more = others.length - OTHERS_LISTED;
  const keys = [
    ["Tab", say("goes from player to player, the arrow keys to the nearest one", "在参与者之间移动，方向键移到最近的一位")],
    ["Enter", say("opens a dossier", "打开档案")],
    ["Esc", say("closes it", "关闭")],
    ["/", say("searches", "搜索")],
    ["+ − 0", say("larger, smaller, fit", "放大、缩小、适合")],
  ];
  return [
    make("h2", { id: "subject", class: "unseen" }, word("listTab")),
    changeSection(),
    loopSection(),
    make("h3", { class: "of-players" }, `${word("players")} (${now.players.length})`),
    make("ul", { class: "players" }, now.players.map(playerRow)),
    view.players ? make("button", { type: "button", class: "quiet", click: () => show({ players: null }, { keep: "#subject" }) }, word("usual")) : null,
    others.length === 0 ? null : make("details", { id: "others" }, make("summary", {}, `${word("others")} (${others.length})`), make("ul", { class: "players" }, others.slice(0, OTHERS_LISTED).map(playerRow), more > 0 ? make("li", { class: "muted" }, say(`and ${more} more, which the search finds`, `另有 ${more} 位，可用搜索查找`)) : null)),
    make("details", { id: "arrows" }, make("summary", {}, `${say("Arrows on the board", "棋盘上的箭头")} (${now.onBoard.length})`), make("ul", {}, now.onBoard.map((arrow) => arrowRow(arrow)))),
    make("details", { id: "keys" }, make("summary", {}, word("keyboard")), make("dl", {}, keys.flatMap(([key, what]) => [make("dt", {}, make("kbd", {}, key)), make("dd", {}, what)]))),
  ];
}
