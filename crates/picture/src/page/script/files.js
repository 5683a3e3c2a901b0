// This view as a file: SVG and PNG with title, finding, loops and legend, and the arrows as CSV.

/** The drawing as a file of its own, its colours written out. */
function svgText() {
  const { svg, width, height } = drawing({ isFile: true });
  for (const part of svg.querySelectorAll(".target")) part.remove();
  for (const part of svg.querySelectorAll("[role=button]")) {
    const title = draw("title", {}, part.getAttribute("aria-label"));
    part.prepend(title);
    for (const key of ["role", "tabindex", "aria-label"]) part.removeAttribute(key);
  }
  for (const part of svg.querySelectorAll("[class], [data-place], [data-player], [aria-hidden]")) {
    for (const key of ["class", "data-place", "data-player", "aria-hidden"]) part.removeAttribute(key);
  }
  const style = getComputedStyle(document.documentElement);
  const text = new XMLSerializer().serializeToString(svg);
  return { width, height, text: text.replace(/var\((--[a-z0-9-]+)\)/g, (_, key) => style.getPropertyValue(key).trim()) };
}

const cell = (value) => {
  const text = String(value ?? "");
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, "\"\"")}"` : text;
};

/** The arrows on the board, one row for each value, with the amounts that they show. */
function csvText() {
  const rows = [["day", "from", "to", "family", "kinds", "firmness", "amount", "lower", "upper", "unit", "edges", "sources"]];
  for (const arrow of now.onBoard) {
    const papers = new Set(arrow.edges.flatMap((edge) => data.edges[edge].claims).map((claim) => data.documents[data.claims[claim].document]).filter(Boolean).map((paper) => paper.url ?? pick(paper.name)));
    for (const value of arrow.values.length ? arrow.values : [null]) {
      const own = value?.quantity;
      rows.push([
        data.days[view.day], name(arrow.from), name(arrow.to), arrow.family, arrow.kinds.join("; "), arrow.firmness, own ? display(own) : "", own?.lower, own?.upper,
        own ? data.units[own.unit].code : "", arrow.edges.map((edge) => data.edges[edge].id).join("; "), [...papers].join("; "),
      ]);
    }
  }
  return rows.map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

/** Offers bytes as a file with a name that says what and when. */
function offer(blob, ending) {
  const link = make("a", { href: URL.createObjectURL(blob), download: `board${data.days.length ? `-${data.days[view.day]}` : ""}.${ending}` });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

const saveSvg = () => offer(new Blob([svgText().text], { type: "image/svg+xml" }), "svg");
// A mark at its start tells spreadsheets that it is UTF-8.
const saveCsv = () => offer(new Blob(["\ufeff", csvText()], { type: "text/csv" }), "csv");

function savePng() {
  const { text, width, height } = svgText();
  const address = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  const image = new Image();
  image.addEventListener("load", () => {
    // Browsers draw nothing on a canvas that is too large.
    const scale = Math.min(2, 8000 / width, 8000 / height);
    const canvas = make("canvas", { width: Math.ceil(width * scale), height: Math.ceil(height * scale) });
    const pen = canvas.getContext("2d");
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(address);
    canvas.toBlob((blob) => offer(blob, "png"), "image/png");
  });
  image.src = address;
}
