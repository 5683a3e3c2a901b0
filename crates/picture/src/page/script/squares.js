// Which player stands on which square: a search with a fixed budget and numbers of its own, so that the same players stand
// the same way in every browser.

/** What places cost. */
const COST = { crossing: 8, through: 10, close: 16, angle: 6, far: 6, leading: 4 };
const WORK_MAX = 3_000_000;
const SEARCHES = 6;

/** Numbers that look like chance and are always the same (mulberry32). */
function randomOf(seed) {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** The pairs of players that have an arrow on any day, with the most that they have at once. */
function ties(players) {
  const place = new Map(players.map((player, number) => [player, number]));
  const found = new Map();
  for (const edge of data.edges) {
    const ends = [place.get(edge.from), place.get(edge.to)];
    if (ends.includes(undefined) || ends[0] === ends[1] || (HAS_CORE && !edge.core)) continue;
    ends.sort((a, b) => a - b);
    const key = ends.join(" ");
    const tie = found.get(key) ?? { ends, kinds: new Set(), leads: false };
    tie.kinds.add(`${edge.family} ${edge.from}`);
    tie.leads ||= edge.leads;
    found.set(key, tie);
  }
  return [...found.values()].map(({ ends, kinds, leads }) => ({ ends, leads, count: Math.min(3, kinds.size) }));
}

const turn = (a, b, c) => Math.sign((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x));
const distance = (a, b) => Math.sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y));

/** How near a point is to a stretch of a line. */
function distanceTo(point, a, b) {
  const [x, y] = [b.x - a.x, b.y - a.y];
  const length = x * x + y * y;
  const share = length === 0 ? 0 : Math.max(0, Math.min(1, ((point.x - a.x) * x + (point.y - a.y) * y) / length));
  return distance(point, { x: a.x + x * share, y: a.y + y * share });
}

/** What two ties cost for crossing, or for leaving a player in nearly the same direction. */
function costOfPair(one, other, spots) {
  const [a, b] = one.ends;
  const [c, d] = other.ends;
  const shared = a === c || a === d ? a : b === c || b === d ? b : null;
  if (shared === null) {
    const [p, q, r, s] = [spots[a], spots[b], spots[c], spots[d]];
    const crosses = turn(p, q, r) * turn(p, q, s) < 0 && turn(r, s, p) * turn(r, s, q) < 0;
    return crosses ? COST.crossing * one.count * other.count : 0;
  }
  const [from, p, q] = [spots[shared], spots[a === shared ? b : a], spots[c === shared ? d : c]];
  const cosine = ((p.x - from.x) * (q.x - from.x) + (p.y - from.y) * (q.y - from.y)) / (distance(from, p) * distance(from, q) || 1);
  return cosine > 0.9 ? COST.angle * (cosine - 0.9) * 10 : 0;
}

/** Places players on a grid; returns their columns and rows. */
function squares(players, columns) {
  const all = ties(players);
  const rows = Math.max(1, Math.ceil((players.length * 1.7) / columns));
  const cells = columns * rows;
  const own = players.map((_, number) => all.filter((tie) => tie.ends.includes(number)));
  const spotOf = (cell) => ({ x: cell % columns, y: Math.floor(cell / columns) });

  /** The part of the cost that depends on where a player stands. */
  const costAround = (number, spots) => {
    let cost = 0;
    const at = spots[number];
    for (const tie of own[number]) {
      const [a, b] = tie.ends.map((end) => spots[end]);
      // A square is less high than wide, and a name stands under its piece.
      const length = distance({ x: a.x, y: a.y * 0.8 }, { x: b.x, y: b.y * 0.8 });
      cost += length * tie.count + (length < 1.3 && !tie.leads ? COST.close * (1.3 - length) * tie.count * 3 : 0);
      if (tie.leads) cost += COST.leading * Math.max(0, length - 1.5);
      else cost += COST.far * Math.max(0, length - 3) * 0.5;
      for (const other of all) if (other !== tie) cost += costOfPair(tie, other, spots);
      for (let third = 0; third < players.length; third++) {
        if (!tie.ends.includes(third) && distanceTo(spots[third], a, b) < 0.42) cost += COST.through * tie.count;
      }
    }
    for (const tie of all) {
      if (!tie.ends.includes(number) && distanceTo(at, spots[tie.ends[0]], spots[tie.ends[1]]) < 0.42) cost += COST.through * tie.count;
    }
    // A little towards the middle, so that what has no tie stays near.
    return cost + 0.05 * distance(at, { x: (columns - 1) / 2, y: (rows - 1) / 2 });
  };

  let best = null;
  const price = Math.max(1, all.length + players.length);
  const steps = Math.floor(WORK_MAX / SEARCHES / (price * 5));
  for (let seed = 1; seed <= SEARCHES; seed++) {
    const random = randomOf(seed);
    const cell = players.map((_, number) => number);
    for (let number = 0; number < players.length; number++) cell[number] = Math.floor((number * cells) / players.length);
    const taken = new Map(cell.map((place, number) => [place, number]));
    const spots = cell.map(spotOf);
    for (let step = 0; step < steps && players.length > 1; step++) {
      const heat = 40 * (1 - step / steps) ** 2;
      const number = random(players.length);
      const [from, to] = [cell[number], random(cells)];
      if (from === to) continue;
      const other = taken.get(to);
      const around = () => costAround(number, spots) + (other === undefined ? 0 : costAround(other, spots));
      const before = around();
      spots[number] = spotOf(to);
      if (other !== undefined) spots[other] = spotOf(from);
      if (around() - before > heat) {
        spots[number] = spotOf(from);
        if (other !== undefined) spots[other] = spotOf(to);
        continue;
      }
      cell[number] = to;
      taken.set(to, number);
      if (other === undefined) taken.delete(from);
      else {
        cell[other] = from;
        taken.set(from, other);
      }
    }
    const cost = players.reduce((sum, _, number) => sum + costAround(number, spots), 0);
    if (best === null || cost < best.cost - 1e-9) best = { cost, spots: spots.map((spot) => ({ ...spot })) };
  }
  return cropped(best?.spots ?? []);
}

/** The same without the columns and rows that are empty at the sides. */
function cropped(spots) {
  const least = (key) => spots.reduce((low, spot) => Math.min(low, spot[key]), Infinity);
  const most = (key) => spots.reduce((high, spot) => Math.max(high, spot[key]), -Infinity);
  if (spots.length === 0) return { spots, columns: 1, rows: 1 };
  const [left, top] = [least("x"), least("y")];
  return {
    spots: spots.map(({ x, y }) => ({ x: x - left, y: y - top })),
    columns: most("x") - left + 1,
    rows: most("y") - top + 1,
  };
}

const laidOut = new Map();

/** The squares of some players, worked out once. */
function squaresOf(players, columns) {
  const key = `${columns}: ${players.join(" ")}`;
  if (!laidOut.has(key)) laidOut.set(key, squares(players, columns));
  return laidOut.get(key);
}
