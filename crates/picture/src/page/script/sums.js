// The sum of a set of edges, by the one rule of the tables: a total and its parts count once.

/** The edges that are parts of themselves, over however many totals. */
const onCircles = new Set(data.edges.map((_, edge) => edge).filter((edge) => {
  const seen = new Set();
  for (let above = data.edges[edge].total; above !== undefined && !seen.has(above); above = data.edges[above].total) {
    if (above === edge) return true;
    seen.add(above);
  }
  return false;
}));

/** Which edges are parts of which totals, among the edges that count. */
function totalsOf(counts) {
  const totalOf = new Map();
  const partsOf = new Map();
  for (const part of counts.keys()) {
    let total = part;
    do {
      total = onCircles.has(total) ? undefined : data.edges[total].total;
    } while (total !== undefined && !counts.has(total));
    if (total === undefined) continue;
    totalOf.set(part, total);
    partsOf.set(total, [...(partsOf.get(total) ?? []), part]);
  }
  return { totalOf, partsOf };
}

const areParallel = (one, other) =>
  one.from === other.from && one.to === other.to && one.family === other.family;

/** What some edges come to, money first, and the edges that nothing is known of. `counts` has the state of every edge that counts. */
function sums(edges, counts, totals) {
  const members = new Set(edges);
  const valueOf = (edge, unit) => counts.get(edge).values.find((value) => value.unit === unit);
  const isInTotal = (edge, hasValue) => {
    let total = totals.totalOf.get(edge);
    for (; total !== undefined; total = totals.totalOf.get(total)) {
      const isSeen = members.has(total) || !areParallel(data.edges[edge], data.edges[total]);
      if (isSeen && hasValue(total)) return members.has(total);
    }
    return false;
  };
  const partsElsewhere = (edge, unit) => {
    const found = [];
    const ahead = [edge];
    while (ahead.length) {
      for (const part of totals.partsOf.get(ahead.pop()) ?? []) {
        if (members.has(part) || areParallel(data.edges[edge], data.edges[part])) {
          ahead.push(part);
          continue;
        }
        const value = valueOf(part, unit);
        if (!value) ahead.push(part);
        found.push([part, value]);
      }
    }
    return found.sort(([a], [b]) => a - b);
  };
  const byUnit = new Map();
  const unknown = [];
  for (const edge of edges) {
    const values = counts.get(edge).values;
    for (const value of values) {
      if (isInTotal(edge, (total) => valueOf(total, value.unit) !== undefined)) continue;
      const parts = partsElsewhere(edge, value.unit);
      const known = parts.filter(([, part]) => part);
      const left = remainder(value, known.map(([, part]) => part));
      const sum = byUnit.get(value.unit);
      if (!sum) {
        byUnit.set(value.unit, { quantity: left, whole: known.length ? value : null, edges: [edge], parts: known.map(([part]) => part) });
        continue;
      }
      const before = sum.whole ?? sum.quantity;
      sum.quantity = addNonNegative(sum.quantity, left);
      if (known.length || sum.whole) sum.whole = addNonNegative(before, value);
      sum.edges.push(edge);
      sum.parts.push(...known.map(([part]) => part));
    }
    if (values.length === 0 && !isInTotal(edge, (total) => counts.get(total).values.length > 0)) unknown.push(edge);
  }
  const measure = ({ quantity: { unit } }) => data.units[unit].measure;
  const values = [...byUnit.values()].sort((a, b) => measure(a) - measure(b) || a.quantity.unit - b.quantity.unit);
  return { values, unknown };
}
