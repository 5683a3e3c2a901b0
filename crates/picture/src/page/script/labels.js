// Where the labels of arrows stand: on their arrow or right beside it, never on a piece, a name or each other as long as
// there is room. Every arrow that has words gets a label.

const LABEL_SIZE = 12;
const DISC = 16;

/** How wide a text is, about and everywhere alike. */
function widthOf(text, size) {
  let units = 0;
  for (const character of text) {
    const code = character.codePointAt(0);
    if (code >= 0x1100 && (code < 0x2000 || code > 0x2e7f)) units += 1.02;
    else if (/[A-Z@%&]/.test(character)) units += 0.7;
    else if (/[MWmw—]/.test(character)) units += 0.85;
    else if (/[iljtfr.,:;'|()[\] ]/.test(character)) units += 0.33;
    else units += 0.57;
  }
  return units * size;
}

/** A text of at most this width, cut with an ellipsis. */
function cut(text, size, width) {
  if (widthOf(text, size) <= width) return text;
  const letters = [...text];
  let kept = "";
  let own = widthOf("…", size);
  for (const letter of letters) {
    own += widthOf(letter, size);
    if (own > width) break;
    kept += letter;
  }
  return `${kept.trimEnd()}…`;
}

/** A text in lines of at most this width, as many as may be; the last is cut. */
function wrap(text, size, width, most) {
  const words = text.match(/[⺀-鿿豈-﫿＀-￯]\s*|[^\s⺀-鿿豈-﫿＀-￯]+\s*/gu) ?? [];
  const lines = [];
  let line = "";
  words.forEach((next, place) => {
    if (line && widthOf((line + next).trimEnd(), size) > width && lines.length + 1 < most) {
      lines.push(line.trimEnd());
      line = "";
    }
    line += next;
    if (place === words.length - 1) lines.push(cut(line.trimEnd(), size, width));
  });
  return lines;
}

const around = (x, y, width, height) => ({ x: x - width / 2, y: y - height / 2, width, height });

/** Places the labels of arrows, figures and thick arrows first. */
function labels(arrows, curves, bodies, board) {
  const boxes = [...bodies.values()].flat();
  const lines = new Map(arrows.map((arrow) => [arrow, lineOf(curves.get(arrow), 20)]));
  const wanted = arrows.map((arrow) => ({ arrow, text: cut(labelOf(arrow), LABEL_SIZE, 230) }))
    .filter(({ arrow, text }) => text || arrow.loops.length)
    .sort((a, b) => Boolean(b.arrow.values.length) - Boolean(a.arrow.values.length) || thickness(b.arrow) - thickness(a.arrow) || a.arrow.place - b.arrow.place);
  const taken = [];
  const placed = [];
  for (const { arrow, text } of wanted) {
    const width = (text ? widthOf(text, LABEL_SIZE) + 8 : 4) + arrow.loops.length * DISC;
    const found = placeOf(arrow, width, LABEL_SIZE * 1.45, { lines, boxes, taken, board });
    taken.push(found.box);
    placed.push({ arrow, text, ...found });
  }
  return placed;
}

function placeOf(arrow, width, height, surface) {
  const line = surface.lines.get(arrow);
  let best = null;
  const consider = (box, cost, anchor) => {
    const { lines, boxes, taken, board } = surface;
    let full = cost;
    if (box.x < board.x || box.y < board.y || box.x + box.width > board.x + board.width || box.y + box.height > board.y + board.height) full += 200;
    for (const other of taken) if (meet(box, other, 2)) full += 120;
    for (const other of boxes) if (meet(box, other, 1)) full += 60;
    if (best && full >= best.cost) return;
    for (const [other, points] of lines) {
      if (other !== arrow && points.some((point) => inside(box, point, 1))) full += 5;
    }
    // Where its own arrow would vanish under it, or another one is nearer.
    const hidden = line.filter((point) => inside(box, point)).length;
    if (hidden > line.length * 0.55) full += 25;
    if (!best || full < best.cost) best = { box, cost: full, leader: anchor };
  };
  for (let step = 0; step <= 12; step++) {
    const share = 0.14 + (0.72 * step) / 12;
    const place = Math.min(line.length - 2, Math.max(1, Math.round(share * (line.length - 1))));
    const point = line[place];
    const [before, after] = [line[place - 1], line[place + 1]];
    const length = distance(before, after) || 1;
    const [x, y] = [(after.x - before.x) / length, (after.y - before.y) / length];
    const reach = (Math.abs(y) * width + Math.abs(x) * height) / 2 + 3 + thickness(arrow) / 2;
    for (const [side, more] of [[0, 0], [reach, 1.5], [-reach, 1.5]]) {
      consider(around(point.x - y * side, point.y + x * side, width, height), more + 4 * Math.abs(share - 0.5), null);
    }
  }
  for (let ring = 1; ring <= 8 && best.cost >= 50; ring++) {
    for (const share of [0.5, 0.3, 0.7]) {
      const point = line[Math.round(share * (line.length - 1))];
      for (const [dx, dy] of [[0, -1], [0, 1], [1, 0], [-1, 0], [1, -1], [-1, -1], [1, 1], [-1, 1]]) {
        const box = around(point.x + dx * (width / 2 + ring * 13), point.y + dy * (height / 2 + ring * 10), width, height);
        consider(box, 8 + ring * 2, point);
      }
    }
  }
  return best;
}
