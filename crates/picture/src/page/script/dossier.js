// The panel while a player or an arrow is open: what is known of it, each figure with its sources.

/** How many arrows a dossier lists before the rest are folded. */
const ARROWS_LISTED = 8;

const backButton = () => make("button", { type: "button", class: "back", click: close }, word("back"));
const boardButton = () => make("button", { type: "button", class: "toggle narrow", click: () => showTab("board") }, word("seeBoard"));

/** Of which day something is that does not follow the slider. */
function ofToday() {
  if (data.days.length === 0 || view.day === data.today) return null;
  return make("p", { class: "muted" }, say(`As of ${dayText(data.today)}, whatever the slider says.`, `截至 ${dayText(data.today)}，不随滑块变化。`));
}

function dossier(player) {
  const own = data.players[player];
  const arrows = now.arrows.filter((arrow) => arrow.from === player || arrow.to === player);
  const other = own.name[1 - tongue] === name(player) ? "" : own.name[1 - tongue];
  const item = (arrow) => arrowRow(arrow, "", actOf(arrow, player));
  const list = (title, keep) => {
    // Figures first, then by size; many are folded.
    const found = arrows.filter(keep).sort((a, b) => Boolean(b.values.length) - Boolean(a.values.length) || thickness(b) - thickness(a));
    const rest = found.slice(ARROWS_LISTED);
    return section(title, found, () => [
      make("ul", {}, found.slice(0, ARROWS_LISTED).map(item)),
      rest.length ? make("details", {}, make("summary", {}, say(`and ${rest.length} more`, `另有 ${rest.length} 条`)), make("ul", {}, rest.map(item))) : null,
    ]);
  };
  // Whatever way an arrow is drawn, what a player does starts at it.
  const acts = (arrow) => (arrow.backward ? arrow.to : arrow.from) === player;
  const partners = new Set([player, ...arrows.flatMap((arrow) => [arrow.from, arrow.to])]);
  return [
    backButton(),
    heading(name(player)),
    make("p", { class: "muted" }, [typeWords(own), other].filter(Boolean).join(" · ")),
    make("p", { class: "buttons" }, toggle(player, true), boardButton(), make("button", {
      type: "button", class: "toggle", click: () => show({ players: [...partners].sort((a, b) => a - b) }, { keep: "#subject" }),
    }, word("around"))),
    own.note ? make("p", {}, own.note) : null,
    own.aliases ? make("p", { class: "muted" }, `${word("aliases")}${colon()}${listed(own.aliases)}`) : null,
    standingSection(own),
    section("through", now.loops.filter((one) => one.players.includes(player)), (loops) => loopList(loops)),
    list("out", acts),
    list("into", (arrow) => !acts(arrow)),
    dependenceSection(own),
    figureSection(own),
    section("conflicts", data.conflicts.filter((one) => one.players.includes(player)), (conflicts) => conflicts.map(conflictItem)),
    nearSection(player),
  ];
}

/** What a player does along an arrow, or what is done to it, whichever way the arrow runs. */
function actOf(arrow, player) {
  if (arrow.mutual || arrow.family === "influence") return endsOf(arrow);
  const [from, to] = arrow.backward ? [arrow.to, arrow.from] : [arrow.from, arrow.to];
  const supplies = arrow.family === "supply";
  if (from === player) return supplies ? say(`supplies ${name(to)}`, `向${name(to)}供应`) : say(`invests in ${name(to)}`, `向${name(to)}投资`);
  return supplies ? say(`${name(from)} supplies it`, `${name(from)}向它供应`) : say(`${name(from)} invests in it`, `${name(from)}向它投资`);
}

const section = (title, found, items) => (found.length ? [make("h3", {}, `${word(title)} (${found.length})`), items(found)] : []);

function standingSection(own) {
  if (own.rank === undefined) return [];
  const ranked = data.players.filter((player) => player.rank !== undefined).length;
  return [
    make("h3", {}, word("standing")),
    make("p", {}, say(`Number ${own.rank} of ${ranked} by ${data.ranking[0]}: ${PIECE_WORDS[own.piece][0]}.`, `按${data.ranking[1]}排第 ${own.rank}（共 ${ranked}）：${PIECE_WORDS[own.piece][1]}。`)),
    ofToday(),
  ];
}

const PIECE_WORDS = {
  king: ["the king", "王"], queen: ["a queen", "后"], rook: ["a rook", "车"], bishop: ["a bishop", "象"], knight: ["a knight", "马"], pawn: ["a pawn", "兵"], pawns: ["pawns", "众兵"],
};

function figureSection(own) {
  const figures = own.figures ?? [];
  const item = (figure) => {
    const values = figure.values.map((value) => display(quantity(value))).join(say("; ", "；")) || word("unknown");
    const title = figure.period ? `${pick(figure.metric)} (${figure.period})` : pick(figure.metric);
    return make("details", { class: "figure" },
      make("summary", {}, `${title}${colon()}`, make("b", {}, values), figure.status ? ` · ${statusText(figure.status)}` : ""),
      figure.disputed ? make("p", { class: "muted" }, word("disputed")) : null,
      make("ul", { class: "claims" }, figure.claims.map((claim) => claimItem(claim))));
  };
  return section("figures", figures, (all) => [ofToday(), all.map(item)]);
}

function dependenceSection(own) {
  const rows = own.dependence ?? [];
  const sides = ["supply", "funding", "sales", "portfolio"];
  const item = (one) => {
    const arrow = now.arrows.find((other) => other.edges.some((edge) => one.edges.includes(edge)));
    const button = row(arrow ? openArrow(arrow) : openPlayer(one.other), name(one.other), `${pick(one.share)} (${pick(one.basis)})`);
    return make("li", {}, button);
  };
  return section("dependence", rows, () => [ofToday(), sides.map((side) => {
    const found = rows.filter((one) => one.side === side);
    return found.length ? [make("h4", {}, word(`side${side[0].toUpperCase()}${side.slice(1)}`)), make("ul", {}, found.map(item))] : [];
  })]);
}

/** Two claims that cannot both be right, side by side. */
function conflictItem(conflict) {
  return make("section", { class: "conflict" },
    make("h4", {}, pick(conflict.about)),
    make("p", { class: "muted" }, pick(conflict.reason)),
    make("ul", { class: "claims sides" }, conflict.claims.map((claim) => claimItem(claim))));
}

function nearSection(player) {
  const found = data.near.filter((one) => one.players.includes(player));
  const item = (one) => {
    const [first, last] = [one.players[0], one.players[one.players.length - 1]];
    const amount = one.amount ? display(quantity(one.amount)) : word("unknown");
    const edges = [...one.steps.flat(), ...one.ties];
    const arrows = now.arrows.filter((arrow) => arrow.edges.some((edge) => edges.includes(edge)));
    return make("details", {},
      make("summary", {}, `${one.players.map(name).join(" → ")}${colon()}${amount}`),
      make("p", {}, say(`Nothing goes from ${name(last)} to ${name(first)}, though the two are tied.`, `${name(last)} 未流向 ${name(first)}，但两者有关联。`)),
      make("ul", {}, arrows.map((arrow) => arrowRow(arrow))));
  };
  const more = found.length - 10;
  return section("near", found, () => [ofToday(), found.slice(0, 10).map(item), more > 0 ? make("p", { class: "muted" }, say(`and ${more} more`, `另有 ${more} 个`)) : null]);
}

/** Whether an edge would be part of an arrow from one player to another, on the days when it is there. */
function belongsTo(edge, { from, to, family }) {
  if (edge.family !== family) return false;
  const canTurn = data.follows_value && !["forward", "mutual"].includes(edge.way);
  const isSame = edge.from === from && edge.to === to && (!canTurn || edge.way === "held");
  return isSame || (canTurn && edge.from === to && edge.to === from);
}

function evidence({ from, to, family, claim }) {
  const own = now.arrows.filter((arrow) => arrow.from === from && arrow.to === to && arrow.family === family);
  const shown = own.flatMap((arrow) => arrow.edges);
  const gone = data.edges.map((_, edge) => edge).filter((edge) => belongsTo(data.edges[edge], { from, to, family }) && !shown.includes(edge) && !now.counts.has(edge));
  const conflicts = data.conflicts.filter((one) => one.claims.some((place) => shown.some((edge) => data.edges[edge].claims.includes(place))));
  return [
    backButton(),
    heading(`${name(from)} → ${name(to)}`),
    make("p", {}, familyTag(family), own.length ? ` · ${listed([...new Set(own.map((arrow) => word(arrow.firmness)))])}` : ""),
    own.map((arrow) => make("p", { class: "value" }, valuesOf(arrow))),
    own.some((arrow) => arrow.values.length && arrow.unknown.length) ? make("p", { class: "muted" }, say("Some of its edges have no known amount and add nothing to the sum.", "部分关系金额不详，未计入合计。")) : null,
    make("p", { class: "buttons" }, [from, to].map((player) => make("button", { type: "button", class: "toggle", click: () => show({ open: openPlayer(player) }) }, name(player))), boardButton(),
      [from, to].every((player) => now.on.has(player)) ? null : make("button", { type: "button", class: "toggle", click: () => show({ players: withPlayers([from, to]) }, { keep: "#subject" }) }, word("putOn"))),
    shown.map((edge) => edgeSection(edge, true, claim)),
    gone.map((edge) => edgeSection(edge, false, claim)),
    section("conflicts", conflicts, (all) => all.map(conflictItem)),
  ];
}

function edgeSection(place, isThere, found) {
  const edge = data.edges[place];
  const state = stateOn(edge, view.day) ?? edge.states.findLast(([, last]) => last)?.[1] ?? { values: [] };
  const facts = [
    ["value", state.values.map((value) => display(value)).join(say("; ", "；")) || word("unknown")],
    ["state", statusText(state.status)],
    ["deal", pick(edge.deal)],
    ["since", edge.since],
    ["until", edge.until],
  ].filter(([, text]) => text);
  const ends = `${name(edge.from)} → ${name(edge.to)}`;
  return [
    make("h3", {}, [pick(edge.kind), ends].filter(Boolean).join(colon())),
    isThere ? null : make("p", { class: "muted" }, word("gone")),
    state.disputed ? make("p", { class: "muted" }, word("disputed")) : null,
    make("dl", {}, facts.flatMap(([key, text]) => [make("dt", {}, word(key)), make("dd", { class: key === "value" ? "value" : null }, text)])),
    edge.claims.length ? make("ul", { class: "claims", "aria-label": word("claims") }, edge.claims.map((claim) => claimItem(claim, claim === found))) : make("p", { class: "muted" }, word("none")),
  ];
}

/** Where a claim stands: its document, with a link where it is on the web, and the place in it. */
function sourceOf(claim) {
  const paper = data.documents[claim.document];
  if (!paper) return [];
  const title = pick(paper.name) || paper.url || "–";
  // Only addresses of the web become links.
  const link = /^https?:\/\//.test(paper.url ?? "") ? make("a", { href: paper.url, rel: "noopener noreferrer", target: "_blank" }, title) : title;
  const place = claim.locator && claim.locator !== "page" ? `, ${claim.locator}` : "";
  return [link, place];
}

function claimItem(number, isFound = false) {
  const claim = data.claims[number];
  const speaker = [pick(claim.by), claim.of ? say(`citing ${pick(claim.of)}`, `引述 ${pick(claim.of)}`) : "", claim.said ?? ""].filter(Boolean).join(say(", ", "，"));
  const head = [pick(claim.value), statusText(claim.status)].filter(Boolean).join(" · ");
  const source = sourceOf(claim);
  return make("li", { class: isFound ? "found" : null },
    make("p", {}, pick(claim.text) || head || claim.id),
    pick(claim.text) && head ? make("p", { class: "muted" }, head) : null,
    speaker ? make("p", { class: "muted" }, speaker) : null,
    source.length ? make("p", { class: "muted" }, `${word("source")}${colon()}`, source) : null);
}

/** The documents of some claims, each once. */
function sourceList(claims) {
  const seen = new Set();
  const first = claims.map((claim) => data.claims[claim]).filter((claim) => {
    const key = `${claim.document} ${claim.locator ?? ""}`;
    return claim.document !== undefined && !seen.has(key) && seen.add(key);
  });
  if (first.length === 0) return null;
  return make("details", { class: "sources" }, make("summary", {}, `${word("sources")} (${first.length})`), make("ul", {}, first.map((claim) => make("li", {}, sourceOf(claim)))));
}
