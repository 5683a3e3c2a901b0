// The state in the address: `#day=2025-10-07&players=openai,nvidia&families=investment&loop=openai,nvidia&open=openai&lang=zh`.
// What it names and the map does not have is said and left out.

/** What the address names and the map does not have, in words. */
let problems = [];

const encoded = (texts) => texts.map(encodeURIComponent).join(",");
const idOf = (player) => data.players[player].id;

/** The address of what is shown; what is as usual is left out. */
function toAddress() {
  const parts = [];
  const add = (key, texts) => parts.push(`${key}=${encoded(texts)}`);
  if (view.day !== data.today) add("day", [data.days[view.day]]);
  if (view.players) add("players", view.players.map(idOf));
  const isUsual = view.families.size === FAMILIES_USUAL.length && FAMILIES_USUAL.every((family) => view.families.has(family));
  if (!isUsual) add("families", FAMILIES.filter((family) => view.families.has(family)));
  if (view.status) add("status", [view.status]);
  if (view.amount) add("amount", [String(view.amount)]);
  if (view.loop) parts.push(`loop=${encoded(view.loop.split(","))}`);
  if (view.open) add("open", view.open.player === undefined ? [idOf(view.open.from), idOf(view.open.to), view.open.family] : [idOf(view.open.player)]);
  if (tongue !== (data.lang === "zh" ? 1 : 0)) add("lang", [["en", "zh"][tongue]]);
  return parts.length ? `#${parts.join("&")}` : "";
}

const decoded = (text) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** The player that an id or a name stands for. */
function playerOf(text) {
  const byId = data.players.findIndex((player) => player.id === text);
  return byId >= 0 ? byId : data.players.findIndex((player) => player.name.some((own) => folded(own) === folded(text)));
}

/** The place of a day: the day itself, or the last one before it on which something changed. */
function dayOf(text, trouble) {
  const isDay = /^\d{4}(-\d{2}(-\d{2})?)?$/.test(text) && !Number.isNaN(Date.parse(text));
  if (!isDay || data.days.length === 0) {
    trouble.push(say(`“${text}” is no day that this map has`, `“${text}”不是此图中的日期`));
    return data.today;
  }
  const place = data.days.findLastIndex((day) => day <= text || day.startsWith(text));
  if (place < 0) {
    trouble.push(say(`the map begins on ${data.days[0]}, after ${text}`, `此图始于 ${data.days[0]}，晚于 ${text}`));
    return 0;
  }
  if (place === data.days.length - 1 && text > data.days[place]) {
    trouble.push(say(`the map ends on ${data.days[place]}, before ${text}`, `此图止于 ${data.days[place]}，早于 ${text}`));
  }
  return place;
}

/** Takes what is shown from an address. */
function fromAddress(hash) {
  const trouble = [];
  const next = { day: data.today, families: new Set(FAMILIES_USUAL), status: "", amount: 0, players: null, loop: null, open: null };
  const found = new Map();
  for (const part of hash.replace(/^#/, "").split("&").filter(Boolean)) {
    const [key, ...rest] = part.split("=");
    found.set(key, rest.join("=").split(",").map(decoded).filter(Boolean));
  }
  const lang = found.get("lang")?.[0];
  if (lang === undefined) tongue = data.lang === "zh" ? 1 : 0;
  else if (lang === "en" || lang === "zh") tongue = lang === "zh" ? 1 : 0;
  else trouble.push(say(`there is no language “${lang}”: en or zh`, `没有语言“${lang}”：en 或 zh`));
  const take = {
    lang: () => {},
    day: ([text = ""]) => { next.day = dayOf(text, trouble); },
    players: (texts) => {
      const unknown = texts.filter((text) => playerOf(text) < 0);
      const known = [...new Set(texts.map(playerOf).filter((player) => player >= 0))].sort((a, b) => a - b);
      if (unknown.length) trouble.push(say(`this map has no player ${unknown.map((text) => `“${text}”`).join(", ")}`, `此图中没有参与者${unknown.map((text) => `“${text}”`).join("、")}`));
      if (known.length) next.players = known;
    },
    families: (texts) => {
      const unknown = texts.filter((text) => !FAMILIES.includes(text));
      if (unknown.length) trouble.push(say(`there are no arrows “${unknown.join(", ")}”: ${FAMILIES.join(", ")}`, `没有箭头类别“${unknown.join("、")}”：${FAMILIES.join("、")}`));
      if (texts.length === 0 || unknown.length < texts.length) next.families = new Set(texts.filter((text) => FAMILIES.includes(text)));
    },
    status: ([text = ""]) => {
      if (statusRank.has(text)) next.status = text;
      else trouble.push(say(`there is no status “${text}”`, `没有状态“${text}”`));
    },
    amount: ([text = ""]) => {
      const amount = Number(text);
      if (AMOUNTS.some(([least]) => least === amount)) next.amount = amount;
      else trouble.push(say(`the filter has no amount “${text}”`, `筛选中没有金额“${text}”`));
    },
    loop: (texts) => {
      const isLoop = (one) => one.players.map(idOf).join(",") === texts.join(",");
      if (data.loops.some(isLoop)) next.loop = texts.join(",");
      else trouble.push(say(`no loop goes along “${texts.join(", ")}” on any day`, `任何一天都没有经过“${texts.join("、")}”的循环`));
    },
    open: (texts) => {
      const [from, to] = texts.slice(0, 2).map(playerOf);
      if (texts.length === 1 && from >= 0) next.open = { player: from };
      else if (texts.length === 3 && from >= 0 && to >= 0 && ["investment", "supply", "influence"].includes(texts[2])) next.open = { from, to, family: texts[2] };
      else trouble.push(say(`there is nothing “${texts.join(", ")}” to open`, `没有可打开的“${texts.join("、")}”`));
    },
  };
  for (const [key, texts] of found) {
    if (take[key]) take[key](texts);
    else trouble.push(say(`the address says “${key}”, which means nothing here`, `地址中的“${key}”没有含义`));
  }
  Object.assign(view, next);
  problems = trouble;
}

/** The last address that was written or read. */
let written = null;

/** Writes what is shown into the address, as a step to go back to or in place of the last one. */
function writeAddress(isStep) {
  const address = toAddress();
  if (address === written) return;
  written = address;
  const target = address || location.pathname + location.search;
  try {
    history[isStep ? "pushState" : "replaceState"](null, "", target);
  } catch {
    // Where a page may not write its history, it works without.
  }
}
