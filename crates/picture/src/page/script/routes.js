// How arrows run: those between the same two players fan out, and all of them bend around pieces and names.

const BOWS = [0, 0.06, -0.06, 0.13, -0.13, 0.2, -0.2, 0.28, -0.28, 0.36, -0.36, 0.45, -0.45];
const GAP = 17;
const STEPS = 14;

/** The point of a curve of four points at a share of it. */
function pointOn([a, b, c, d], t) {
  const s = 1 - t;
  const mix = (key) => s * s * s * a[key] + 3 * s * s * t * b[key] + 3 * s * t * t * c[key] + t * t * t * d[key];
  return { x: mix("x"), y: mix("y") };
}

/** A curve that leaves the straight line by a bow in its middle. */
function bowed(from, to, bow) {
  const length = distance(from, to) || 1;
  const [x, y] = [((to.y - from.y) / length) * bow * (4 / 3), (-(to.x - from.x) / length) * bow * (4 / 3)];
  const on = (share) => ({ x: from.x + (to.x - from.x) * share + x, y: from.y + (to.y - from.y) * share + y });
  return [from, on(1 / 3), on(2 / 3), to];
}

/** A part of a curve (de Casteljau). */
function partOf(curve, start, end) {
  const mix = (a, b, t) => ({ x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t });
  const split = ([a, b, c, d], t) => {
    const [ab, bc, cd] = [mix(a, b, t), mix(b, c, t), mix(c, d, t)];
    const [abc, bcd] = [mix(ab, bc, t), mix(bc, cd, t)];
    const middle = mix(abc, bcd, t);
    return [[a, ab, abc, middle], [middle, bcd, cd, d]];
  };
  const [, tail] = split(curve, start);
  return split(tail, start >= 1 ? 1 : (end - start) / (1 - start))[0];
}

const lineOf = (curve, steps = STEPS) => Array.from({ length: steps + 1 }, (_, step) => pointOn(curve, step / steps));
const inside = (box, point, more = 0) =>
  point.x > box.x - more && point.x < box.x + box.width + more && point.y > box.y - more && point.y < box.y + box.height + more;
const meet = (a, b, more = 0) =>
  a.x < b.x + b.width + more && b.x < a.x + a.width + more && a.y < b.y + b.height + more && b.y < a.y + a.height + more;

/** How often two lines cross. */
function crossings(one, other) {
  let found = 0;
  for (let i = 1; i < one.length; i++) {
    for (let k = 1; k < other.length; k++) {
      const [a, b, c, d] = [one[i - 1], one[i], other[k - 1], other[k]];
      if (turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0) found += 1;
    }
  }
  return found;
}

/** How thick an amount is: ten times as much is 1.6 times as thick. */
const thicknessOf = (amount) => (amount > 1e8 ? Math.min(12, 1.6 * 1.6 ** Math.log10(amount / 1e8)) : 1.6);

/** The currency that most of some arrows are in, which widths show: amounts in others cannot be compared with it. */
function widthUnit(arrows) {
  const units = arrows.map(moneyOf).filter(Boolean).map((own) => own.quantity.unit);
  return units.length ? commonest(units) : null;
}

const moneyOf = (arrow) => arrow.values.find(({ quantity: { unit } }) => data.units[unit].measure === 0);

/** How thick an arrow is, by its money in the currency that widths show. */
function thickness(arrow) {
  const money = arrow.values.find(({ quantity: { unit } }) => unit === now.unit);
  return thicknessOf(money ? money.quantity.upper ?? money.quantity.lower : 0);
}

/** The curve of each arrow between pieces: `bodies` has the boxes of each player, `board` the room there is. */
function routes(arrows, centres, bodies, board) {
  const bundles = new Map();
  for (const arrow of arrows) {
    const ends = [Math.min(arrow.from, arrow.to), Math.max(arrow.from, arrow.to)];
    const key = ends.join(" ");
    if (!bundles.has(key)) bundles.set(key, { ends, arrows: [], line: null, bow: 0 });
    bundles.get(key).arrows.push(arrow);
  }
  const all = [...bundles.values()];
  for (const bundle of all) {
    const widths = bundle.arrows.map(thickness);
    bundle.offsets = [];
    let along = 0;
    widths.forEach((width, place) => {
      if (place > 0) along += Math.max(GAP, (widths[place - 1] + width) / 2 + 9);
      bundle.offsets.push(along);
    });
    bundle.offsets = bundle.offsets.map((offset) => offset - along / 2);
    bundle.half = along / 2;
    bundle.centres = bundle.ends.map((end) => centres.get(end));
    bundle.line = lineOf(curveOf(bundle, 0, 0), 8);
  }
  for (let round = 0; round < 2; round++) {
    for (const bundle of all) {
      let best = Infinity;
      for (const bow of BOWS) {
        const line = lineOf(curveOf(bundle, bow, 0), 8);
        const cost = 4 * Math.abs(bow) + costOfRoute(bundle, line, all, bodies, board);
        if (cost < best - 1e-9) [best, bundle.bow, bundle.line] = [cost, bow, line];
      }
    }
  }
  const curves = new Map();
  for (const bundle of all) {
    bundle.arrows.forEach((arrow, place) => {
      const curve = trimmed(curveOf(bundle, bundle.bow, bundle.offsets[place]), bodies.get(bundle.ends[0]), bodies.get(bundle.ends[1]));
      curves.set(arrow, arrow.from === bundle.ends[0] ? curve : [...curve].reverse());
    });
  }
  return curves;
}

function curveOf(bundle, bow, offset) {
  const [from, to] = bundle.centres;
  const length = distance(from, to) || 1;
  // Parallel arrows start and end a little apart, so that their heads can be told apart.
  const port = Math.max(-20, Math.min(20, offset * 0.4));
  const [x, y] = [((to.y - from.y) / length) * port, (-(to.x - from.x) / length) * port];
  const shift = (point) => ({ x: point.x + x, y: point.y + y });
  return bowed(shift(from), shift(to), bow * length + offset - port);
}

function costOfRoute(bundle, line, all, bodies, board) {
  let cost = 0;
  const arrows = bundle.arrows.length;
  for (const point of line) if (!inside(board, point, -bundle.half)) cost += 50;
  for (const [player, boxes] of bodies) {
    if (bundle.ends.includes(player)) continue;
    for (const box of boxes) {
      if (touches(box, line, 2)) cost += 7 * arrows;
      else if (touches(box, line, bundle.half + 6)) cost += 4;
    }
  }
  for (const other of all) {
    if (other === bundle) continue;
    cost += crossings(line, other.line) * arrows * other.arrows.length;
  }
  return cost;
}

/** Whether a line goes through a box. */
const touches = (box, line, more) => line.some((point, place) => inside(box, point, more)
  || (place > 0 && inside(box, { x: (point.x + line[place - 1].x) / 2, y: (point.y + line[place - 1].y) / 2 }, more)));

/** A curve without what lies in the boxes at its ends. */
function trimmed(curve, from, to) {
  const fine = 64;
  const isIn = (boxes, step) => boxes.some((box) => inside(box, pointOn(curve, step / fine), 4));
  let [start, end] = [0, fine];
  for (let step = 0; step < fine * 0.75; step++) if (isIn(from, step)) start = step;
  for (let step = fine; step > fine * 0.25; step--) if (isIn(to, step)) end = step;
  if (end - start < fine * 0.1) [start, end] = [fine * 0.3, fine * 0.7];
  return partOf(curve, start / fine, end / fine);
}
