// What is shown: the day, the filter and the players, and the arrows that follow from them.

const FAMILIES = ["investment", "supply", "control", "influence"];
/** Whether there is anything but influence; where there is not, influence is all there is to show. */
const HAS_CORE = data.edges.some((edge) => edge.core);
const FAMILIES_USUAL = HAS_CORE ? ["investment", "supply", "control"] : FAMILIES;
/** How many loops are listed, and how many are in colour on the board where no finding names any and none is lit. */
const LOOPS_LISTED = 12;
const LOOPS_MARKED = 3;
const LOOP_COLOURS = 6;

/** Everything that an address can say; `players` is null for the usual ones. */
const view = {
  day: data.today,
  families: new Set(FAMILIES_USUAL),
  status: "",
  amount: 0,
  players: null,
  loop: null,
  open: null,
};

for (const edge of data.edges) {
  for (const [, state] of edge.states) if (state) state.values = (state.values ?? []).map(quantity);
}
const statusRank = new Map(data.statuses.map((status, place) => [status.name, place]));
const isBinding = (status) => Boolean(status && data.statuses[statusOf(status)]?.binding);

/** The last entry of a list of changes that holds on a day. */
function lastOf(changes, day) {
  let found = null;
  for (const [from, what] of changes) {
    if (from > day) break;
    found = what;
  }
  return found;
}

const stateOn = (edge, day) => lastOf(edge.states, day);

/** Whether an edge passes the filter. */
function passes(edge, state) {
  const { families, status, amount } = view;
  const isAmount = (value) => data.units[value.unit].measure === 0;
  return state !== null
    && (edge.family === "influence" ? families.has("control") || families.has("influence") : families.has(edge.family))
    && (status === "" || (state.status !== undefined && statusRank.get(state.status) >= statusRank.get(status)))
    && (amount === 0 || state.values.some((value) => isAmount(value) && (value.upper === null || value.upper >= amount)));
}

/** Whether an edge that counts is drawn: influence that is no control or leadership is, where it is asked for. */
const isDrawn = (edge) => edge.family !== "influence" || view.families.has(edge.core ? "control" : "influence");

/** The edges that count on a day, by place, with what they are then. */
function counted(day = view.day) {
  const counts = new Map();
  data.edges.forEach((edge, place) => {
    const state = stateOn(edge, day);
    if (passes(edge, state)) counts.set(place, state);
  });
  return counts;
}

/** The arrows of a day between all players. */
function arrowsOn(day = view.day) {
  const counts = counted(day);
  const totals = totalsOf(counts);
  const rights = new Set();
  for (const place of counts.keys()) {
    const edge = data.edges[place];
    if (edge.way === "right") rights.add(`${edge.from} ${edge.to}`);
  }
  const groups = new Map();
  for (const place of counts.keys()) {
    const edge = data.edges[place];
    if (edge.from === edge.to || !isDrawn(edge)) continue;
    const held = edge.way === "held" && rights.has(`${edge.from} ${edge.to}`);
    const backward = data.follows_value && (held || edge.way === "backward" || edge.way === "right");
    const [from, to] = backward ? [edge.to, edge.from] : [edge.from, edge.to];
    const key = [from, to, edge.family, backward ? 1 : 0].join(" ");
    if (!groups.has(key)) groups.set(key, { key, from, to, family: edge.family, backward, edges: [] });
    groups.get(key).edges.push(place);
  }
  const arrows = [...groups.values()].map((arrow) => {
    const states = arrow.edges.map((place) => counts.get(place));
    const { values, unknown } = sums(arrow.edges, counts, totals);
    const kinds = [...new Set(arrow.edges.map((place) => pick(data.edges[place].kind)).filter(Boolean))];
    return {
      ...arrow,
      values,
      unknown,
      kinds,
      firmness: firmnessOf((values.find((one) => !isInParts(one))?.edges ?? arrow.edges).map((place) => counts.get(place).status)),
      disputed: states.some((state) => state.disputed),
      mutual: arrow.edges.every((place) => data.edges[place].way === "mutual"),
      leads: arrow.edges.some((place) => data.edges[place].leads),
    };
  });
  return arrows.sort((a, b) => a.from - b.from || a.to - b.to || FAMILIES.indexOf(a.family) - FAMILIES.indexOf(b.family) || a.backward - b.backward);
}

/** How firm the edges are that a label speaks of, by their statuses. */
function firmnessOf(statuses) {
  const binding = statuses.filter(isBinding).length;
  if (binding) return binding === statuses.length ? "firm" : "partly";
  return statuses.every(Boolean) ? "loose" : "unstated";
}

/** Whether the parts at other arrows have all of a value: a nought that no source states. */
const isInParts = ({ quantity: { lower, upper }, whole }) => Boolean(whole) && lower === 0 && upper === 0;

/** The words at an arrow: its value, or else that its parts have it, or the first of its kinds; nothing where somebody leads
 * somebody, which is seen. */
function labelOf(arrow) {
  const value = arrow.values.find((one) => !isInParts(one));
  if (value) return display(value.quantity);
  if (arrow.values.length) return word("inParts");
  return arrow.leads ? "" : arrow.kinds[0] ?? "";
}

/** All values of an arrow in words. */
function valuesOf(arrow) {
  if (arrow.values.length === 0) return word("unknown");
  return arrow.values.map((value) => {
    const { quantity: own, whole } = value;
    if (isInParts(value)) return say(`${display(whole)}, all of it at other arrows`, `${display(whole)}，全部另有箭头`);
    const part = whole ? say(` (what is left of ${display(whole)}; the rest has arrows of its own)`, `（${display(whole)} 中的余额，其余另有箭头）`) : "";
    return display(own) + part;
  }).join(say("; ", "；"));
}

const endsOf = (arrow) => `${name(arrow.from)} ${arrow.mutual ? "↔" : "→"} ${name(arrow.to)}`;

/** An arrow in words, as a screen reader says it. */
function aboutArrow(arrow) {
  const kinds = arrow.kinds.length ? say(` (${listed(arrow.kinds)})`, `（${listed(arrow.kinds)}）`) : "";
  const marks = arrow.loops?.length ? say(`; loop ${listed(arrow.loops)}`, `；循环 ${listed(arrow.loops)}`) : "";
  return `${endsOf(arrow)}${colon()}${word(arrow.family)}${kinds}; ${valuesOf(arrow)}; ${word(arrow.firmness)}${marks}`;
}

// ---- the players on the board

const boardPlayers = () => view.players ?? usualPlayers();
const isNarrow = () => matchMedia("(max-width: 860px)").matches;

/** The usual players of the day; on a small screen the members of the greatest loops and the strongest, eight at most. */
function usualPlayers() {
  const usual = lastOf(data.casts, view.day) ?? [];
  if (!isNarrow() || usual.length <= 8) return usual;
  const loops = lastOf(data.headlines, view.day)?.loops ?? [];
  const members = loops.slice(0, LOOPS_MARKED).flatMap((place) => data.loops[place].players);
  const isUsual = (player) => usual.includes(player);
  return [...new Set([...members.filter(isUsual), ...usual])].slice(0, 8).sort((a, b) => a - b);
}

// ---- loops

/** The loops of the day whose edges all pass the filter: those with all players on the board first, of these the ones that
 * the finding names. Each has its number in the table of all loops. */
function loopsNow(counts, players) {
  const on = new Set(players);
  const all = (lastOf(data.loop_days, view.day) ?? []).map((place, rank) => ({ ...data.loops[place], place, number: rank + 1 }));
  const named = headlineNow()?.loops ?? null;
  const isKnown = data.has_all_loops || view.day === data.today;
  const whole = isKnown ? all.filter((one) => one.steps.every((edges) => edges.every((edge) => counts.has(edge)))) : [];
  const isOn = (one) => one.players.every((player) => on.has(player));
  const marked = named ? whole.filter((one) => isOn(one) && named.includes(one.place)) : whole.filter(isOn).slice(0, LOOPS_MARKED);
  const onBoard = [...marked, ...whole.filter((one) => isOn(one) && !marked.includes(one))];
  const others = whole.filter((one) => !isOn(one));
  const loops = [...onBoard, ...others].slice(0, LOOPS_LISTED).map((one, place) => ({
    ...one,
    isOn: place < onBoard.length,
    isMarked: place < marked.length,
    colour: (place % LOOP_COLOURS) + 1,
    key: one.players.map((player) => data.players[player].id).join(","),
  }));
  return { loops, filtered: all.length - whole.length, more: Math.max(0, whole.length - LOOPS_LISTED), isKnown };
}

/** All that is shown at this moment. */
let now = null;

/** Works out what is shown: all arrows of the day, those on the board, and the loops with their marks. */
function workOut() {
  const counts = counted();
  const players = boardPlayers();
  const on = new Set(players);
  const arrows = arrowsOn();
  const found = loopsNow(counts, players);
  const lit = found.loops.find((one) => one.key === view.loop) ?? null;
  const marked = lit ? [lit] : found.loops.filter((one) => one.isMarked);
  for (const arrow of arrows) {
    arrow.loops = marked.filter((one) => one.steps.some((edges) => edges.some((edge) => arrow.edges.includes(edge)))).map((one) => one.number);
  }
  const onBoard = arrows.filter((arrow) => on.has(arrow.from) && on.has(arrow.to));
  onBoard.forEach((arrow, place) => { arrow.place = place; });
  const degrees = new Map();
  for (const end of arrows.flatMap((arrow) => [arrow.from, arrow.to])) degrees.set(end, (degrees.get(end) ?? 0) + 1);
  const outside = new Set(arrows.flatMap((arrow) => [arrow.from, arrow.to]).filter((player) => !on.has(player)));
  // No board has room for an edge from a player to itself.
  const own = [...counts.keys()].filter((place) => data.edges[place].from === data.edges[place].to).length;
  now = { counts, players, on, arrows, onBoard, ...found, lit, outside, own, degrees, unit: widthUnit(onBoard) };
}
