// The page in Chromium: it clicks, filters, slides, searches, goes back and forth, puts players on the board and takes them
// off, saves files and changes the language, with the mouse and without it, wide and narrow, and axe looks at it.
//
// Usage: node test.mjs PAGE.html HOSTILE.html…
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { accessible, launch, PHONE, WIDE } from "./browser.mjs";

const [pageFile, ...hostileFiles] = process.argv.slice(2);
const browser = await launch();

/** Opens a page that fails the test on any error, refused script or request. */
async function open(file, options = {}, hash = "") {
  const context = await browser.newContext({ viewport: WIDE, ...options });
  const page = await context.newPage();
  const troubles = [];
  page.on("pageerror", (error) => troubles.push(error.message));
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && troubles.push(message.text()));
  page.on("request", (request) => /^(file|blob):/.test(request.url()) || troubles.push(request.url()));
  page.setDefaultTimeout(10_000);
  await page.goto(pathToFileURL(file).href + hash);
  return { page, troubles };
}

const shown = (page) => page.locator("#camera .arrow").count();
const part = (page, kind, name) => page.locator(`#camera .${kind}[aria-label^="${name}"]`).first();
const title = (page) => page.locator("#subject").innerText();
const address = (page) => page.evaluate(() => location.hash);
const onBoard = (page) => page.evaluate(() => now.players.map(idOf));

/** What is drawn at each arrow beside what the page worked out for it. */
const labelsOf = (page) => page.evaluate(() => now.onBoard.map((arrow) => {
  const drawn = [...document.querySelectorAll(`#camera .label[data-place="${arrow.place}"] > text`)].map((text) => text.textContent);
  const about = document.querySelector(`#camera .arrow[data-place="${arrow.place}"]`)?.getAttribute("aria-label") ?? "";
  return { drawn, about, texts: arrow.values.filter((value) => !isInParts(value)).map((value) => display(value.quantity)) };
}));

const tests = {
  async "each arrow has its amount, drawn and for screen readers, on every day and under filters"({ page }) {
    const days = await page.evaluate(() => data.days.length);
    const filters = ["", "status=announced", "status=committed", "amount=10000000000", "families=supply", "families=investment,supply,control,influence", "lang=zh"];
    let figures = 0;
    for (let place = 0; place < days; place++) {
      for (const filter of place % 5 && place !== days - 1 ? [filters[place % filters.length]] : filters) {
        await page.evaluate(([day, rest]) => { location.hash = `day=${data.days[day]}&${rest}`; arrive(); }, [place, filter]);
        for (const { drawn, about, texts } of await labelsOf(page)) {
          if (texts.length) assert.deepEqual(drawn, [texts[0]], `${place} ${filter} ${about}`);
          for (const text of texts) assert.ok(about.includes(text), `${about}: ${text}`);
          figures += texts.length;
        }
      }
    }
    assert.ok(figures > 500, `${figures}`);
  },

  async "the players are those of the day until the reader chooses"({ page }) {
    const on = (day) => page.evaluate((place) => { location.hash = `day=${data.days[place]}`; arrive(); return [now.players, lastOf(data.casts, place)]; }, day);
    const days = await page.evaluate(() => data.days.length);
    const seen = new Set();
    for (const day of [Math.floor(days / 3), Math.floor(days / 2), days - 1]) {
      const [players, usual] = await on(day);
      assert.deepEqual(players, usual);
      seen.add(players.join());
    }
    assert.ok(seen.size > 1, "the cast follows the day");
    const chosen = await page.evaluate(() => { location.hash = `day=${data.days[3]}&players=openai,nvidia`; arrive(); show({ day: data.today }); return now.players.map(idOf); });
    assert.deepEqual(chosen.sort(), ["nvidia", "openai"]);
  },

  async "the legend shows what is drawn and nothing else"({ page }) {
    const check = async () => {
      const { families, dashes, text } = await page.evaluate(() => ({
        families: [...new Set(now.onBoard.map((arrow) => arrow.family))],
        dashes: [...new Set(now.onBoard.map((arrow) => arrow.firmness))],
        text: document.querySelector("#camera .legend").textContent,
      }));
      for (const [family, words] of [["investment", "investment"], ["supply", "supply: "], ["influence", "influence"]]) assert.equal(text.includes(words), families.includes(family), `${family}: ${text}`);
      for (const [firmness, words] of [["firm", "committed or done"], ["partly", "partly committed"], ["loose", "not committed yet"], ["unstated", "no status stated"]]) assert.equal(text.includes(words), dashes.includes(firmness), `${firmness}: ${text}`);
    };
    await check();
    await page.locator("#filters > summary").click();
    await page.locator("#families input[value=investment]").uncheck();
    await page.selectOption("#status", "committed");
    await check();
    assert.ok(!(await page.locator("#camera .legend").textContent()).includes("not committed yet"));
  },

  async "a player's dossier, an arrow's claims with links to their sources"({ page }) {
    await part(page, "player", "OpenAI").click();
    assert.equal(await title(page), "OpenAI");
    await page.locator("#panel .row:not(.loop)", { hasText: "Microsoft" }).first().click();
    assert.match(await title(page), /Microsoft/);
    assert.ok(await page.locator(".claims > li").count() > 0);
    const links = await page.locator(".claims a").evaluateAll((all) => all.map((link) => [link.getAttribute("href"), link.rel]));
    assert.ok(links.length > 0);
    for (const [href, rel] of links) {
      assert.match(href, /^https?:\/\//);
      assert.equal(rel, "noopener noreferrer");
    }
    assert.ok(await page.locator("#camera .arrow.chosen").count() >= 1);
  },

  async "a dossier has standing, figures, dependence, contradictions and near loops, each with its source"({ page }) {
    await part(page, "player", "OpenAI").click();
    const text = await page.locator("#panel").innerText();
    for (const words of ["Standing", "Number 1 of", "Figures (", "Who depends on whom (", "What the sources do not agree on (", "Loops through it (", "Loops that lack one leg ("]) assert.ok(text.includes(words), words);
    assert.equal(await page.locator("#panel .conflict").first().locator(".sides > li").count(), 2);
    const sourceless = await page.locator("#panel .figure, #panel .conflict").evaluateAll((all) => all.filter((one) => !one.textContent.includes("Source")).length);
    assert.equal(sourceless, 0);
  },

  async "a dossier says who supplies and funds whom"({ page }) {
    await part(page, "player", "NVIDIA").click();
    const text = await page.locator("#panel").innerText();
    const [, acts, suffers] = /What it does to others([\s\S]*)What others do to it([\s\S]*)/.exec(text);
    assert.match(acts, /supply supplies OpenAI/);
    assert.match(acts, /investment invests in OpenAI/);
    assert.doesNotMatch(acts, /OpenAI →/);
    assert.doesNotMatch(suffers, /supplies OpenAI/);
  },

  async "another status is a change, though the arrow looks the same"({ page }) {
    const texts = await page.evaluate(() => changesBetween(data.days.indexOf("2025-10-06"), data.days.indexOf("2025-10-07")).map(({ kind, text }) => `${kind}: ${text}`));
    assert.ok(texts.some((text) => text.startsWith("changed: ")), texts.join("; "));
  },

  async "the loops are lit one by one, by click and by key"({ page }) {
    const loops = page.locator("#panel .row.loop");
    assert.ok(await loops.count() >= 3);
    const texts = await page.evaluate(() => now.loops.slice(0, 3).map((one) => pick(one.text)));
    for (const [place, text] of texts.entries()) assert.ok((await loops.nth(place).innerText()).includes(text));
    await loops.nth(1).click();
    assert.equal(await loops.nth(1).getAttribute("aria-pressed"), "true");
    assert.deepEqual(await page.locator("#camera .label circle + text").evaluateAll((all) => [...new Set(all.map((one) => one.textContent))]), [await page.evaluate(() => String(now.loops[1].number))]);
    assert.ok(await page.locator("#camera .arrow.dimmed").count() > 5);
    assert.match(await address(page), /loop=/);
    await loops.nth(0).focus();
    await page.keyboard.press("Enter");
    assert.equal(await loops.nth(0).getAttribute("aria-pressed"), "true");
    assert.equal(await page.evaluate(() => document.activeElement.dataset.loop), await loops.nth(0).getAttribute("data-loop"));
    assert.ok(await page.locator(".steps li").count() >= 2);
    await page.keyboard.press("Enter");
    assert.equal(await page.locator("#camera .dimmed").count(), 0);
  },

  async "the address: what is shown is in it, and going back undoes it"({ page }) {
    await part(page, "player", "Oracle").click();
    assert.equal(await address(page), "#open=oracle");
    await page.locator("#panel .toggle").first().click();
    assert.ok(!(await onBoard(page)).includes("oracle"));
    await page.locator("#earlier").click();
    assert.match(await address(page), /^#day=\d{4}-\d\d-\d\d&players=.*&open=oracle$/);
    await page.locator("#language").click();
    assert.match(await address(page), /lang=zh$/);
    const all = await address(page);
    const board = await onBoard(page);
    const copy = await open(pageFile, {}, all);
    assert.deepEqual(await onBoard(copy.page), board);
    assert.equal(await title(copy.page), "甲骨文");
    assert.equal(await address(copy.page), all);
    await copy.page.context().close();
    await page.goBack();
    assert.equal(await page.locator("html").getAttribute("lang"), "en");
    await page.goBack();
    await page.goBack();
    assert.ok((await onBoard(page)).includes("oracle"));
    assert.equal(await title(page), "Oracle");
    await page.goBack();
    assert.equal(await title(page), "List");
    await page.goForward();
    assert.equal(await title(page), "Oracle");
  },

  async "an address that names what is not there says so, and shows the rest"({ page }) {
    await page.evaluate(() => { location.hash = "day=2025-99-99&players=openai,nobody,nvidia&families=love&status=x&amount=7&lang=xx&loop=a,b&open=nix&more=1"; });
    await page.locator("#problem").waitFor();
    const text = await page.locator("#problem").innerText();
    for (const words of ["2025-99-99", "nobody", "love", "“x”", "“7”", "“xx”", "a, b", "“nix”", "more"]) assert.ok(text.includes(words), `${words}: ${text}`);
    assert.deepEqual((await onBoard(page)).sort(), ["nvidia", "openai"]);
    assert.equal(await page.evaluate(() => view.day), await page.evaluate(() => data.today));
    await page.locator("#closeProblems").click();
    assert.ok(await page.locator("#problems").isHidden());
    // A day between two changes shows the board as it was since the last of them.
    await page.evaluate(() => { location.hash = "day=2025-10-09"; });
    await page.waitForFunction(() => view.day !== data.today);
    const day = await page.locator("#date").innerText();
    assert.ok(day <= "2025-10-09" && day > "2025-09", day);
    assert.ok(await page.locator("#problems").isHidden());
  },

  async "any player on and off the board, with a layout that is always the same"({ page }) {
    const places = () => page.locator("#camera .player path").evaluateAll((all) => all.map((one) => one.getAttribute("transform")));
    const before = [await onBoard(page), await places()];
    await page.locator("#others > summary").click();
    const button = page.locator("#others .toggle").first();
    const added = await button.getAttribute("data-player");
    await button.click();
    assert.ok(await page.evaluate((player) => now.on.has(Number(player)), added));
    await page.locator(`#panel .toggle[data-player="${added}"]`).click();
    assert.deepEqual([await onBoard(page), await places()], before);
    // What is left out is counted, and found in the list.
    const left = await page.locator("#left").innerText();
    const counted = await page.evaluate(() => [now.outside.size, now.arrows.length - now.onBoard.length]);
    assert.ok(left.includes(`${counted[0]} player`) && left.includes(`${counted[1]} arrow`), left);
    // By search too.
    await page.locator("#search").fill("Khosla Ventures");
    await page.locator("#found .toggle").first().click();
    assert.ok((await onBoard(page)).some((id) => id.includes("khosla")));
    for (const id of ["openai"]) await page.evaluate((player) => { location.hash = `players=${player}`; }, id);
    await page.waitForFunction(() => now.players.length === 1);
    assert.equal(await shown(page), 0);
  },

  async "no label lies on a piece, a name or another label"({ page }) {
    for (const hash of ["", "day=2025-10-07", "lang=zh"]) {
      await page.evaluate((text) => { location.hash = text; arrive(); }, hash);
      const bad = await page.evaluate(() => {
        const boxes = (selector) => [...document.querySelectorAll(selector)].map((one) => one.getBBox());
        const placed = boxes("#camera .label > rect");
        const bodies = [...boxes("#camera .player text")];
        const hit = (a, b) => a.x < b.x + b.width - 2 && b.x < a.x + a.width - 2 && a.y < b.y + b.height - 2 && b.y < a.y + a.height - 2;
        return [placed.filter((one, place) => placed.some((other, k) => k < place && hit(one, other))).length, placed.filter((one) => bodies.some((other) => hit(one, other))).length];
      });
      assert.deepEqual(bad, [0, 0], hash);
    }
  },

  async "the pointer shows the neighbourhood"({ page }) {
    await part(page, "player", "Oracle").hover();
    assert.ok(await page.locator("#camera .player.dimmed").count() > 2);
    await page.mouse.move(5, 5);
    assert.equal(await page.locator("#camera .dimmed").count(), 0);
  },

  async "a label is clicked as its arrow is"({ page }) {
    await page.locator("#camera .label").first().click();
    assert.match(await title(page), / → /);
  },

  async "filters by family, status and amount"({ page }) {
    const all = await shown(page);
    await page.locator("#filters > summary").click();
    await page.locator("#families input[value=supply]").uncheck();
    const fewer = await shown(page);
    assert.ok(fewer < all && fewer > 0);
    await page.locator("#families input[value=supply]").check();
    await page.selectOption("#status", "committed");
    const firm = await shown(page);
    assert.ok(firm < all && firm > 0);
    await page.selectOption("#amount", "10000000000");
    const large = await shown(page);
    assert.ok(large < firm && large > 0);
    assert.ok(await page.locator("#says").isHidden(), "the finding is of the whole board");
    await page.locator("#reset").click();
    assert.equal(await shown(page), all);
    assert.ok(await page.locator("#says").isVisible());
  },

  async "the slider: what came, changed and went, and where it ends"({ page }) {
    const days = await page.evaluate(() => data.days);
    assert.ok(days.at(-1) < "2027", days.at(-1));
    const slider = page.locator("#day");
    await slider.focus();
    await page.keyboard.press("Home");
    assert.equal(await page.locator("#date").innerText(), days[0]);
    assert.ok(await page.locator("#earlier").isDisabled());
    await page.keyboard.press("End");
    assert.equal(await page.locator("#date").innerText(), days.at(-1));
    await page.evaluate(() => { location.hash = "day=2025-09-21"; arrive(); });
    await page.locator("#day").fill(String(days.findLastIndex((day) => day <= "2025-10-07")));
    const news = await page.locator("#news").innerText();
    assert.match(news, /came/);
    const came = Number(/(\d+) came/.exec(news)[1]);
    const listed = await page.locator("#panel h4:has-text('Came') + ul > li:not(.muted)").count();
    assert.equal(listed, Math.min(25, came));
    assert.match(await page.locator("#panel").innerText(), /AMD|NVIDIA/);
    // The way of the slider is one step.
    const day = () => page.locator("#date").innerText();
    const there = await day();
    await page.goBack();
    assert.notEqual(await day(), there);
    await page.goForward();
    assert.equal(await day(), there);
    // Not every step changes what is between the players of its day.
    let marked = 0;
    for (let step = 0; step < 12 && marked === 0; step++) {
      await page.locator("#earlier").click();
      marked = await page.locator("#camera .arrow.came, #camera .arrow.changed").count();
    }
    assert.ok(marked > 0);
  },

  async "the days play"({ page }) {
    await page.locator("#day").fill("0");
    await page.locator("#play").click();
    await page.waitForFunction(() => view.day > 0);
    await page.locator("#play").click();
    assert.equal(await page.locator("#play").getAttribute("aria-label"), "Play");
  },

  async "search ends at the thing, in both languages, in names and in claims"({ page }) {
    await page.keyboard.press("/");
    await page.keyboard.type("甲骨");
    await page.keyboard.press("Enter");
    assert.equal(await title(page), "Oracle");
    assert.equal(await page.evaluate(() => document.activeElement.id), "panel");
    await page.locator("#search").fill("warrant");
    assert.ok(await page.locator("#found .hit").count() > 0);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    assert.match(await title(page), / → /);
    await page.locator("#search").fill("no such thing");
    assert.match(await page.locator("#found").innerText(), /Nothing found/);
    await page.keyboard.press("Escape");
    assert.ok(await page.locator("#found").isHidden());
  },

  async "the other language"({ page }) {
    await part(page, "player", "Oracle").click();
    const places = () => page.locator("#camera .player > path").evaluateAll((all) => all.map((one) => one.getAttribute("transform").replace(/ [\d.]+\)/, ")")));
    const before = await places();
    await page.locator("#language").click();
    assert.deepEqual(await places(), before, "no piece changes its column");
    assert.equal(await title(page), "甲骨文");
    assert.equal(await page.locator("html").getAttribute("lang"), "zh");
    assert.equal(await page.title(), "硅谷棋局");
    await page.locator("#panel .row:not(.loop)").first().click();
    assert.match(await page.locator(".claims").first().innerText(), /[\u4e00-\u9fff]/);
    // Names and sources apart, no English is left.
    const words = await page.locator("#picture button, #filters, .switches button, #time button").evaluateAll((all) => all.map((one) => `${one.textContent} ${one.getAttribute("aria-label") ?? ""}`).join(" "));
    assert.ok(!/[A-Za-z]{4,}/.test(words.replace("English", "")), words);
  },

  async "without a mouse"({ page }) {
    await part(page, "player", "OpenAI").focus();
    await page.keyboard.press("ArrowRight");
    assert.notEqual(await page.evaluate(() => document.activeElement.getAttribute("aria-label").slice(0, 6)), "OpenAI");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "panel");
    for (let tab = 0; tab < 5; tab++) await page.keyboard.press("Tab");
    assert.ok(await page.evaluate(() => document.activeElement.closest("#panel") !== null));
    await page.keyboard.press("Escape");
    assert.equal(await title(page), "List");
    assert.ok(await page.evaluate(() => document.activeElement !== document.body));
  },

  async "larger, smaller, fit"({ page }) {
    const width = () => page.locator("#camera > svg").evaluate((svg) => Number(svg.getAttribute("width")));
    const before = await width();
    await page.locator("#closer").click();
    assert.ok(await width() > before);
    await page.keyboard.press("0");
    // The whole board, which may be smaller than with names of 12 pixels.
    assert.ok(await width() <= before);
    const whole = await page.evaluate(() => {
      const [stage, svg] = [document.getElementById("stage"), document.querySelector("#camera > svg")];
      return svg.clientWidth <= stage.clientWidth + 1 && svg.clientHeight <= stage.clientHeight + 1;
    });
    assert.ok(whole);
    const box = await page.locator("#stage").boundingBox();
    await page.mouse.move(box.x + 300, box.y + 300);
    await page.keyboard.down("Control");
    await page.mouse.wheel(0, -400);
    await page.keyboard.up("Control");
    assert.ok(await width() > before);
  },

  async "this view as SVG, PNG and CSV, with the amounts shown"({ page }) {
    const save = async (id) => {
      const [download] = await Promise.all([page.waitForEvent("download"), page.locator(`#${id}`).click()]);
      assert.match(download.suggestedFilename(), new RegExp(`^board-\\d{4}-\\d\\d-\\d\\d\\.${id}$`));
      return readFileSync(await download.path());
    };
    const labels = (await labelsOf(page)).flatMap(({ texts }) => texts.slice(0, 1));
    const svg = (await save("svg")).toString();
    assert.ok(svg.startsWith("<svg") && !svg.includes("var(--") && !svg.includes("class="));
    for (const text of labels) assert.ok(svg.includes(`>${text}<`), text);
    const csv = (await save("csv")).toString();
    assert.ok(csv.startsWith("\ufeffday,from,to,"));
    for (const text of labels) assert.ok(csv.includes(text), text);
    const png = await save("png");
    assert.deepEqual([...png.subarray(1, 4)].map((byte) => String.fromCharCode(byte)).join(""), "PNG");
    assert.ok(png.length > 50_000 && png.readUInt32BE(16) > 1000, `${png.length}`);
  },

  async "print shows the board and what is open"({ page }) {
    await page.emulateMedia({ media: "print" });
    assert.ok(await page.locator("#camera > svg").isVisible());
    assert.ok(await page.locator("#filters").isHidden());
    assert.ok(await page.locator("#day").isHidden());
    assert.ok(await page.locator("#date").isVisible());
  },

  async "a telephone: the list first, legible names, nothing covered, the board in sight of a tap"({ page }) {
    await page.context().close();
    const phone = (await open(pageFile, { viewport: PHONE, hasTouch: true, isMobile: true })).page;
    assert.ok(await phone.locator("#panel .row.loop").first().isVisible());
    assert.ok(await phone.locator("#picture").isHidden());
    await phone.locator("#boardTab").tap();
    const sizes = await phone.locator("#camera .player text").evaluateAll((all) => all.map((one) => {
      const matrix = one.getScreenCTM();
      return Number(one.getAttribute("font-size")) * matrix.a;
    }));
    assert.ok(Math.min(...sizes) >= 12, `${Math.min(...sizes)}`);
    const wide = await phone.evaluate(() => [document.querySelector("#camera > svg").getBoundingClientRect().width, document.getElementById("stage").clientWidth]);
    assert.ok(wide[0] <= wide[1] + 1, `${wide}`);
    // No control lies over the board.
    const stage = await phone.locator("#stage").boundingBox();
    for (const control of await phone.locator(".tools button, #time button, #day, nav button").all()) {
      const box = await control.boundingBox();
      if (box) assert.ok(box.y + box.height <= stage.y + 1 || box.y >= stage.y + stage.height - 1);
    }
    await phone.locator("#camera .player").first().tap();
    assert.notEqual(await title(phone), "List");
    const seen = await phone.locator("#stage").boundingBox();
    const head = await phone.locator("#subject").boundingBox();
    assert.ok(seen.y >= 0 && seen.y + seen.height <= PHONE.height, `the board is in sight: ${JSON.stringify(seen)}`);
    assert.ok(head.y >= seen.y + seen.height - 1 && head.y < PHONE.height, `so is the name: ${JSON.stringify(head)}`);
    const small = await phone.evaluate(() => [...document.querySelectorAll("button, select, summary")].filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 32).map((one) => one.textContent));
    assert.deepEqual(small, []);
    await phone.context().close();
  },
};

let failed = 0;
async function check(name, run) {
  try {
    await run();
    console.log(`ok - ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`not ok - ${name}\n${error.stack}`);
  }
}

const only = process.env.ONLY ?? "";
for (const [name, run] of Object.entries(tests).filter(([name]) => name.includes(only))) {
  await check(name, async () => {
    const opened = await open(pageFile);
    await run(opened);
    assert.deepEqual(opened.troubles, []);
    await opened.page.context().close().catch(() => {});
  });
}

for (const colorScheme of only ? [] : ["light", "dark"]) {
  for (const viewport of [WIDE, PHONE]) {
    for (const lang of ["en", "zh"]) {
      await check(`axe: ${colorScheme}, ${viewport.width} wide, ${lang}`, async () => {
        const { page } = await open(pageFile, { colorScheme, viewport }, `#lang=${lang}`);
        await page.locator("#filters").evaluate((filters) => { filters.open = true; });
        await accessible(page, "overview");
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${wide} pixels too wide`);
        if (viewport === PHONE) await page.locator("#boardTab").click();
        await accessible(page, "board");
        await part(page, "player", "OpenAI").press("Enter");
        await page.locator("#panel details").evaluateAll((all) => all.forEach((one) => { one.open = true; }));
        await accessible(page, "dossier");
        await page.locator("#panel .row:not(.loop)").first().click();
        await accessible(page, "claims");
        await page.evaluate(() => { location.hash = "players=nobody"; });
        await page.locator("#problem").waitFor();
        await accessible(page, "problems");
        await page.context().close();
      });
    }
  }
}

for (const file of only ? [] : hostileFiles) {
  for (const viewport of [WIDE, PHONE]) {
    await check(`hostile: ${file.split("/").at(-1)}, ${viewport.width} wide`, async () => {
      const { page, troubles } = await open(file, { viewport });
      const found = () => page.evaluate(() => [window.hacked, document.querySelectorAll("script").length, document.querySelectorAll("img").length]);
      assert.deepEqual(await found(), [undefined, 2, 0]);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${wide} pixels too wide`);
      if (viewport === PHONE) await page.locator("#boardTab").click();
      assert.equal(await page.locator("#camera > svg").count(), 1);
      for (const player of await page.locator("#camera .player").all()) {
        await player.press("Enter");
        assert.ok((await title(page)).length > 0);
        for (const row of (await page.locator("#panel .row").all()).slice(0, 2)) if (await row.isVisible()) await row.click();
        assert.equal(await page.locator(".claims a[href^='javascript']").count(), 0);
      }
      for (const text of ["<", "\u05d0", "a", "'\"&"]) await page.locator("#search").fill(text);
      await page.keyboard.press("Escape");
      if (await page.locator("#day").isVisible()) await page.locator("#day").fill("0");
      await page.locator("#language").click();
      assert.deepEqual(await found(), [undefined, 2, 0]);
      assert.deepEqual(troubles, []);
      await page.context().close();
    });
  }
}

await browser.close();
console.log(failed === 0 ? "all passed" : `${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
