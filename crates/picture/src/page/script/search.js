// The search: players by any of their names, arrows by kinds, deals and claims. Enter opens the thing.

const FOUND_MAX = 12;

/** What a text is found in, the best first. */
function hitsOf(text) {
  const wanted = folded(text.trim());
  if (!wanted) return [];
  const hits = [];
  data.players.forEach((player, number) => {
    const names = [...player.name, player.id, ...(player.aliases ?? [])];
    const found = names.find((own) => folded(own).includes(wanted));
    if (found === undefined) return;
    const isStart = names.some((own) => folded(own).startsWith(wanted));
    hits.push({ rank: isStart ? 0 : 1, thing: openPlayer(number), text: name(number), detail: player.name.includes(found) ? typeWords(player) : found, player: number });
  });
  const seen = new Set();
  data.edges.forEach((edge, place) => {
    if (edge.from === edge.to) return;
    const texts = [...(edge.kind ?? []), ...(edge.deal ?? [])];
    let found = texts.find((own) => folded(own).includes(wanted));
    const claim = found === undefined ? edge.claims.find((own) => data.claims[own].text.some((words) => folded(words).includes(wanted))) : undefined;
    if (found === undefined && claim === undefined) return;
    found ??= pick(data.claims[claim].text);
    const arrow = now.arrows.find((own) => own.edges.includes(place));
    const isBack = data.follows_value && (edge.way === "backward" || edge.way === "right");
    const ends = arrow ?? { from: isBack ? edge.to : edge.from, to: isBack ? edge.from : edge.to, family: edge.family };
    const key = `${ends.from} ${ends.to} ${ends.family}`;
    if (seen.has(key)) return;
    seen.add(key);
    hits.push({ rank: 2, thing: { ...openArrow(ends), claim }, text: `${name(ends.from)} → ${name(ends.to)}`, detail: found });
  });
  return hits.sort((a, b) => a.rank - b.rank);
}

function search() {
  const text = at("search").value;
  const list = at("found");
  list.hidden = text.trim() === "";
  if (list.hidden) return list.replaceChildren();
  const hits = hitsOf(text);
  const items = hits.slice(0, FOUND_MAX).map((hit) => make("li", { class: hit.player === undefined ? null : "pair" },
    make("button", { type: "button", class: "hit", click: () => found(hit.thing) }, hit.text, make("small", {}, hit.detail)),
    hit.player === undefined || now.on.has(hit.player) ? null : toggle(hit.player)));
  if (hits.length === 0) items.push(make("li", {}, make("p", {}, word("nothing"))));
  if (hits.length > FOUND_MAX) items.push(make("li", {}, make("p", {}, say(`and ${hits.length - FOUND_MAX} more`, `另有 ${hits.length - FOUND_MAX} 项`))));
  list.replaceChildren(...items);
}

function found(thing) {
  at("search").value = "";
  search();
  show({ open: thing });
}

function searchKeys(event) {
  const stops = [at("search"), ...at("found").querySelectorAll("button.hit")];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const next = step && stops[stops.indexOf(document.activeElement) + step];
  if (next) {
    event.preventDefault();
    next.focus();
  } else if (event.key === "Enter" && document.activeElement === at("search")) {
    event.preventDefault();
    stops[1]?.click();
  }
}
