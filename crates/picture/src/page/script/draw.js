// The drawing: squares, bands of loops, arrows, pieces with names, and labels, as one SVG element. Its colours are variables
// of the style, so that a click changes the theme.

const PIECE_SIZES = { king: 56, queen: 52, rook: 48, bishop: 46, knight: 44, pawn: 38, pawns: 40 };
const NAME_SIZE = 13;
const EDGE = 10;
const SANS = "'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', 'Noto Sans', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif";
const DASHES = { partly: [12, 3, 2.5, 3], loose: [6, 4], unstated: [1.6, 2.8] };

/** How many columns a number of players is laid out in. */
const columnsFor = (players) => (isNarrow() ? 3 : Math.max(3, Math.min(10, Math.round(Math.sqrt(players * 1.7 * 1.45)))));

const loopColour = (number) => `var(--loop-${now.loops.find((one) => one.number === number)?.colour ?? 1})`;
const round = (value) => Math.round(value * 100) / 100;
const pathOf = ([a, b, c, d]) => `M${round(a.x)} ${round(a.y)}C${round(b.x)} ${round(b.y)} ${round(c.x)} ${round(c.y)} ${round(d.x)} ${round(d.y)}`;
const dashesOf = (firmness, thick) => DASHES[firmness]?.map((length) => round(length * Math.max(1, thick / 3))).join(" ");

/** A line, with its head where it has one, in the look of a family and a firmness. */
function stroke(curve, family, firmness, thick, mutual = false) {
  const colour = `var(--${family})`;
  const length = lineOf(curve).reduce((sum, point, place, all) => sum + (place ? distance(point, all[place - 1]) : 0), 0) || 1;
  const head = mutual ? 0 : Math.min(8 + thick * 1.15, length * 0.5);
  const body = partOf(curve, 0, Math.max(0.05, 1 - (head * 0.8) / length));
  const outer = family === "supply" ? Math.max(3.6, thick) : thick;
  const [tip, base] = [curve[3], body[3]];
  const reach = distance(base, tip) || 1;
  const [x, y] = [(tip.x - base.x) / reach, (tip.y - base.y) / reach];
  const corner = (side) => `${round(tip.x - x * head - y * side)} ${round(tip.y - y * head + x * side)}`;
  const d = pathOf(body);
  return [
    draw("path", { d, fill: "none", stroke: "var(--square-light)", "stroke-width": outer + 2.4, "stroke-opacity": 0.8 }),
    draw("path", { class: "line", d, fill: "none", stroke: colour, "stroke-width": outer, "stroke-dasharray": dashesOf(firmness, outer) }),
    // Two lines side by side, whatever the colour.
    family === "supply" ? draw("path", { d, fill: "none", stroke: "var(--square-light)", "stroke-width": outer * 0.4 }) : null,
    mutual ? null : draw("path", {
      d: `M${round(tip.x)} ${round(tip.y)}L${corner(head * 0.46)}L${corner(-head * 0.46)}z`,
      fill: family === "influence" ? "var(--square-light)" : colour, stroke: colour, "stroke-width": 1.1, "stroke-linejoin": "round",
    }),
  ];
}

/** The number of a loop in a disc of its colour. */
function disc(x, y, radius, number) {
  return draw("g", {},
    draw("circle", { cx: x, cy: y, r: radius, fill: loopColour(number), stroke: "var(--ink)", "stroke-width": 0.8 }),
    draw("text", { x, y: y + radius * 0.5, "font-size": radius * (number > 9 ? 1.1 : 1.45), "font-weight": 700, "text-anchor": "middle", fill: "var(--ink)" }, String(number)));
}

/** A piece: organisations are filled, persons outlined, groups grey. */
function piece(kind, type, x, y, size) {
  const isPerson = type === "person";
  const colour = data.types[type].group ? "var(--group)" : "var(--ink)";
  return draw("path", {
    transform: `translate(${round(x)} ${round(y)}) scale(${round(size) / 100})`,
    d: data.outlines[kind], fill: isPerson ? "var(--paper)" : colour, stroke: colour, "stroke-width": isPerson ? 3.5 : 1, "stroke-linejoin": "round",
  });
}

/** Where everything on the board stands. */
function place() {
  const columns = columnsFor(now.players.length);
  const grid = squaresOf(now.players, columns);
  const cell = isNarrow() ? { width: 122, height: 124 } : { width: 152, height: 120 };
  // A narrow screen is filled, so that nothing is cut at its side.
  if (isNarrow()) cell.width = Math.max(cell.width, (Math.max(320, document.documentElement.clientWidth) - 2 * EDGE) / Math.max(grid.columns, 2));
  const board = { x: EDGE, y: EDGE, width: grid.columns * cell.width, height: grid.rows * cell.height };
  const pieces = new Map();
  now.players.forEach((player, number) => {
    const size = PIECE_SIZES[data.players[player].piece] * (isNarrow() ? 0.85 : 1);
    const spot = grid.spots[number];
    const x = board.x + (spot.x + 0.5) * cell.width;
    const lines = wrap(name(player), NAME_SIZE, cell.width - 14, 2);
    const height = size + lines.length * NAME_SIZE * 1.2;
    const top = board.y + (spot.y + 0.5) * cell.height - height / 2;
    const width = Math.max(...lines.map((line) => widthOf(line, NAME_SIZE)), 10) + 4;
    pieces.set(player, {
      x, lines, size,
      glyph: { x: x - size * 0.36, y: top + 2, width: size * 0.72, height: size - 4 },
      name: { x: x - width / 2, y: top + size, width, height: lines.length * NAME_SIZE * 1.2 + 3 },
      top,
    });
  });
  const centres = new Map([...pieces].map(([player, own]) => [player, { x: own.x, y: own.top + own.size * 0.55 }]));
  const bodies = new Map([...pieces].map(([player, own]) => [player, [own.glyph, own.name]]));
  const curves = routes(now.onBoard, centres, bodies, board);
  return { grid, cell, board, pieces, curves, labels: labels(now.onBoard, curves, bodies, board) };
}

function drawSquares({ grid, cell, board }) {
  const dark = [];
  for (let row = 0; row < grid.rows; row++) {
    for (let column = 0; column < grid.columns; column++) {
      if ((row + column) % 2) dark.push(`M${round(board.x + column * cell.width)} ${round(board.y + row * cell.height)}h${round(cell.width)}v${round(cell.height)}h${-round(cell.width)}z`);
    }
  }
  return draw("g", { class: "squares" },
    draw("rect", { ...board, fill: "var(--square-light)" }),
    draw("path", { d: dark.join("") || "M0 0", fill: "var(--square-dark)" }),
    draw("rect", { ...board, fill: "none", stroke: "var(--rule)" }));
}

/** A band under an arrow in the colour of each loop that it is a step of; several take turns along it. */
function drawBands({ curves }) {
  const bands = now.onBoard.flatMap((arrow) => arrow.loops.map((number, turn) => draw("path", {
    d: pathOf(curves.get(arrow)), fill: "none", stroke: loopColour(number), "stroke-width": thickness(arrow) + 11,
    "stroke-linecap": arrow.loops.length > 1 ? null : "round",
    "stroke-dasharray": arrow.loops.length > 1 ? `15 ${15 * (arrow.loops.length - 1)}` : null,
    "stroke-dashoffset": arrow.loops.length > 1 ? -15 * turn : null,
    class: "band", "data-place": arrow.place,
  })));
  return draw("g", { class: "loops" }, bands);
}

function drawArrows({ curves }, news) {
  const order = [...now.onBoard].sort((a, b) => thickness(b) - thickness(a) || a.place - b.place);
  return draw("g", { class: "arrows" }, order.map((arrow) => draw("g", {
    class: ["arrow", arrow.firmness, news?.get(arrow.key) ?? ""].join(" ").trim(), "data-place": arrow.place, role: "button", tabindex: -1, "aria-label": aboutArrow(arrow),
  },
  // A thin line is hard to hit.
  draw("path", { class: "target", d: pathOf(curves.get(arrow)), fill: "none" }),
  stroke(curves.get(arrow), arrow.family, arrow.firmness, thickness(arrow), arrow.mutual))));
}

function drawPieces({ pieces }) {
  return draw("g", { class: "players", "text-anchor": "middle" }, now.players.map((player) => {
    const { x, lines, size, top } = pieces.get(player);
    const own = now.onBoard.filter((arrow) => arrow.from === player || arrow.to === player).length;
    const drawn = lines.join(" ");
    const about = `${name(player)}${colon()}${count(own, "arrow", "条箭头")}`;
    return draw("g", {
      class: `player${own ? "" : " faint"}`, "data-player": player, role: "button", tabindex: 0,
      // Voice control matches the words that are seen, so the label starts with them.
      "aria-label": name(player).startsWith(drawn) ? about : `${drawn} = ${about}`,
    },
    piece(data.players[player].piece, data.players[player].type, x - size / 2, top, size),
    lines.map((line, row) => draw("text", {
      x, y: top + size + (row + 0.92) * NAME_SIZE * 1.2, "font-size": NAME_SIZE, "font-weight": 600, fill: "var(--ink)", stroke: "var(--square-light)", "stroke-width": 3, "stroke-linejoin": "round", "paint-order": "stroke",
      direction: /^[^A-Za-z\u4e00-\u9fff]*[\u0590-\u08ff]/.test(line) ? "rtl" : null,
    }, line)));
  }));
}

function drawLabels({ labels: all }) {
  return draw("g", { class: "labels" }, all.map(({ arrow, text, box, leader }) => {
    const discs = arrow.loops.length * DISC;
    const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    return draw("g", { class: "label", "data-place": arrow.place, "aria-hidden": "true" },
      leader ? draw("path", { d: `M${round(leader.x)} ${round(leader.y)}L${round(Math.max(box.x, Math.min(box.x + box.width, leader.x)))} ${round(Math.max(box.y, Math.min(box.y + box.height, leader.y)))}`, fill: "none", stroke: "var(--muted)", "stroke-width": 0.8, "stroke-dasharray": "1.5 2" }) : null,
      draw("rect", { ...box, rx: 3, fill: "var(--square-light)", "fill-opacity": 0.92 }),
      arrow.loops.map((number, place) => disc(box.x + DISC * (place + 0.5) + 1, middle.y, DISC / 2 - 1, number)),
      text ? draw("text", {
        x: box.x + discs + (box.width - discs) / 2, y: middle.y + LABEL_SIZE * 0.36, "font-size": LABEL_SIZE, "text-anchor": "middle", fill: `var(--${arrow.family})`,
        "font-weight": arrow.values.length ? 600 : null, "font-style": arrow.values.length ? null : "italic",
      }, text) : null);
  }));
}

/** The whole drawing; with its title, its finding and its loops in words where it is a file of its own. */
function drawing({ isFile = false, news = null } = {}) {
  const placed = place();
  const { board } = placed;
  const width = Math.max(board.width + 2 * EDGE, isFile ? 620 : 0);
  const head = isFile ? fileHead(width) : { parts: [], height: 0 };
  const foot = legend(width - 2 * EDGE, isFile);
  const height = head.height + board.height + 2 * EDGE + foot.height;
  const svg = draw("svg", {
    xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${round(width)} ${round(height)}`, width, height, "font-family": SANS, lang: ["en", "zh"][tongue],
    role: isFile ? "img" : "group", "aria-label": isFile ? pick(data.titles) : aboutBoard(),
  },
  isFile ? draw("rect", { width, height, fill: "var(--paper)" }) : null,
  draw("g", { class: "head" }, head.parts),
  draw("g", { class: "board", transform: head.height ? `translate(0 ${round(head.height)})` : null },
    drawSquares(placed), drawBands(placed), drawArrows(placed, news), drawPieces(placed), drawLabels(placed),
    draw("g", { class: "legend", transform: `translate(${EDGE} ${round(board.height + 2 * EDGE)})` }, foot.parts)));
  return { svg, width, height };
}

/** The board for readers who cannot see it. */
function aboutBoard() {
  const loops = now.loops.filter((one) => one.isMarked).map((one) => `(${one.number}) ${pick(one.text)}`).join(" ");
  return say(`Board of ${count(now.players.length, "player", "")} and ${count(now.onBoard.length, "arrow", "")}.`, `棋盘上有 ${now.players.length} 位参与者、${now.onBoard.length} 条箭头。`) + (loops ? ` ${loops}` : "");
}
