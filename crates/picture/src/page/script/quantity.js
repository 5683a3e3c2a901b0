// Quantities: numbers with bounds and a unit, added and written as the tables do.

/** A quantity of the data: [lower, upper, unit, flags]; an open bound is null. */
function quantity([lower, upper, unit, flags]) {
  return { lower, upper, unit, about: Boolean(flags & 1), more: Boolean(flags & 2), less: Boolean(flags & 4) };
}

const bits = new BigInt64Array(1);
const float = new Float64Array(bits.buffer);

/** The next number up or down. */
function beside(value, up) {
  if (value === 0) return up ? Number.MIN_VALUE : -Number.MIN_VALUE;
  float[0] = value;
  bits[0] += value > 0 === up ? 1n : -1n;
  return float[0];
}

/** a + b, moved outwards by one step where it is not exact. */
function addRounded(a, b, up) {
  const sum = a + b;
  const part = sum - a;
  const error = (a - (sum - part)) + (b - part);
  return error === 0 ? sum : beside(sum, up);
}

/** A quantity of two sums of bounds; a bound that overflows says no more than an open one. */
function between(lower, upper, more, less, unit, about) {
  const known = (bound) => (bound !== null && Number.isFinite(bound) ? bound : null);
  const [low, high] = [known(lower), known(upper)];
  return { lower: low, upper: high, unit, about, more: more && low !== null, less: less && high !== null };
}

/** The sum of two quantities in one unit that are not negative: one lower bound is enough for that of the sum. */
function addNonNegative(a, b) {
  const either = a.lower !== null && b.lower !== null;
  const lower = either ? addRounded(a.lower, b.lower, false) : a.lower ?? b.lower;
  const upper = a.upper !== null && b.upper !== null ? addRounded(a.upper, b.upper, true) : null;
  return between(lower, upper, a.more || b.more, a.less || b.less, a.unit, a.about || b.about);
}

/** What is left of a quantity without parts of it, never below zero. */
function remainder(value, parts) {
  if (parts.length === 0) return value;
  const key = (part) => [part.lower ?? 0, part.upper ?? Infinity];
  const away = [...parts].sort((a, b) => key(a)[0] - key(b)[0] || (key(a)[1] === key(b)[1] ? 0 : key(a)[1] - key(b)[1]));
  const sum = away.reduce(addNonNegative);
  const least = Math.max(0, sum.lower ?? 0);
  const lower = value.lower !== null && sum.upper !== null ? addRounded(value.lower, -sum.upper, false) : null;
  const upper = value.upper !== null ? addRounded(value.upper, -least, true) : null;
  const left = between(lower, upper, value.more || sum.less, value.less || sum.more, value.unit, value.about || sum.about);
  const positive = (bound) => (bound === null ? null : Math.max(0, bound));
  return { ...left, lower: positive(left.lower), upper: positive(left.upper) };
}

/** A number without exponent, at most ten significant digits, thousands separated by commas. */
function plainNumber(value) {
  if (value === 0) return "0";
  const decimals = Math.min(15, Math.max(0, 9 - Math.floor(Math.log10(Math.abs(value)))));
  const fixed = Math.abs(value) < 1e21 ? value.toFixed(decimals) : BigInt(value).toString();
  const [whole, fraction = ""] = fixed.split(".");
  const digits = fraction.replace(/0+$/, "");
  return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (digits ? `.${digits}` : "");
}

/** A quantity as people read it: `≤ $100 bn`, `≥ 10 GW`, `8–12 months`. */
function display(q, lang = tongue) {
  const { scales, joined, dollar: hasDollar } = data.figures[lang];
  const unit = data.units[q.unit];
  const dollar = hasDollar && unit.code === "USD";
  const scaled = (value) => {
    const [divisor, scale] = scales.find(([least]) => Math.abs(value) >= least) ?? [1, ""];
    return plainNumber(value / divisor) + scale;
  };
  const money = (text) => (dollar ? text.replace(/^(-?)/, "$1$$") : text);
  const number = () => {
    const { lower, upper } = q;
    if (lower === null && upper === null) return "?";
    if (lower === null) return `${q.less ? "<" : "≤"} ${money(scaled(upper))}`;
    if (upper === null) return `${q.more ? ">" : "≥"} ${money(scaled(lower))}`;
    if (lower === upper) return money(scaled(lower));
    let [low, high] = [scaled(lower), scaled(upper)];
    // A scale word that both bounds share is written once.
    const [from, to] = [low.indexOf(" "), high.indexOf(" ")];
    if (from >= 0 && to >= 0 && low.slice(from) === high.slice(to)) low = low.slice(0, from);
    return `${q.more ? "> " : ""}${money(low)}–${q.less ? "< " : ""}${high}`;
  };
  const text = number();
  const about = q.about && !/^[≥≤><?]/.test(text) ? "≈ " : "";
  const symbol = unit.symbol[lang];
  if (dollar) return about + text;
  const isClose = symbol.startsWith("%") || (joined && scales.some(([, scale]) => text.endsWith(scale)));
  return about + text + (isClose ? "" : " ") + symbol;
}
