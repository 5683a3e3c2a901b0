// The page in a real browser: it clicks, filters, slides, searches, reads the claims and changes the language, with
// the mouse and without it, and axe looks at it.
//
// Usage: node test.mjs PAGE.html HOSTILE.html
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [pageFile, hostileFile] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});

/** Opens a page that fails the test on any error, refused script or request. */
async function open(file, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...options });
  const page = await context.newPage();
  const troubles = [];
  page.on("pageerror", (error) => troubles.push(error.message));
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && troubles.push(message.text()));
  page.on("request", (request) => request.url().startsWith("file:") || troubles.push(request.url()));
  await page.goto(pathToFileURL(file).href);
  return { page, troubles };
}

const shown = (page) => page.locator(".arrow:not(.off):visible").count();
const part = (page, kind, name) => page.locator(`svg:not([hidden]) .${kind}[aria-label^="${name}"]`).first();
const title = (page) => page.locator("#subject").innerText();
const data = (page) => page.evaluate(() => JSON.parse(document.getElementById("data").textContent));

async function accessible(page, what) {
  // Asked of the browser itself, since the policy of the page lets no other script in.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run());
  const found = violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target}`));
  assert.deepEqual(found, [], what);
}

const tests = {
  async "a player's dossier, an arrow's claims with links to their sources"({ page }) {
    await part(page, "player", "OpenAI").click();
    assert.equal(await title(page), "OpenAI");
    await page.locator("#panel .row", { hasText: "Microsoft → OpenAI" }).first().click();
    assert.equal(await title(page), "Microsoft → OpenAI");
    assert.ok(await page.locator(".claims > li").count() > 0);
    const links = await page.locator(".claims a").evaluateAll((all) => all.map((link) => [link.getAttribute("href"), link.rel]));
    assert.ok(links.length > 0);
    for (const [href, rel] of links) {
      assert.match(href, /^https?:\/\//);
      assert.equal(rel, "noopener noreferrer");
    }
    assert.equal(await page.locator(".arrow.chosen:visible").count(), 1);
  },

  async "the pointer shows the neighbourhood"({ page }) {
    const player = part(page, "player", "Oracle");
    await player.hover();
    assert.match(await page.locator("#hint").innerText(), /^Oracle/);
    assert.ok(await page.locator(".player.dimmed:visible").count() > 5);
    await page.mouse.move(5, 5);
    assert.equal(await page.locator(".dimmed").count(), 0);
  },

  async "an arrow is hit beside its thin line, and its label too"({ page }) {
    await page.locator(".label:visible:not(.stale)").first().click();
    assert.match(await title(page), / → /);
  },

  async "filters by family, status and amount"({ page }) {
    const all = await shown(page);
    await page.locator("#families input[value=influence]").uncheck();
    const fewer = await shown(page);
    assert.ok(fewer < all && fewer > 0);
    await page.selectOption("#status", "committed");
    const firm = await shown(page);
    assert.ok(firm < fewer && firm > 0);
    await page.selectOption("#amount", "10000000000");
    const large = await shown(page);
    assert.ok(large < firm && large > 0);
    await page.locator("#reset").click();
    assert.equal(await shown(page), all);
  },

  async "the slider: edges appear, change and go"({ page }) {
    const known = await data(page);
    const day = page.locator("#day");
    const counts = [];
    for (let place = 0; place < known.days.length; place++) {
      await day.fill(String(place));
      assert.equal(await page.locator("#date").innerText(), known.days[place]);
      const wanted = known.edges.filter((edge) => edge.states.filter(([from]) => from <= place).at(-1)?.[1]).length;
      assert.match(await page.locator("#count").innerText(), new RegExp(`^${wanted} of ${known.edges.length} `));
      counts.push(wanted);
    }
    assert.ok(counts[0] < Math.max(...counts) && Math.max(...counts) > 100, `${counts}`);
    assert.ok(counts.some((count, place) => count < counts[place - 1]));
    await day.focus();
    await page.keyboard.press("Home");
    assert.equal(await page.locator("#date").innerText(), known.days[0]);
    assert.ok(await page.locator("#earlier").isDisabled());
    await page.locator("#later").click();
    assert.equal(await page.locator("#date").innerText(), known.days[1]);
    assert.match(await page.locator("#news").innerText(), /came|changed|went|Nothing/);
  },

  async "what came glows, and the days play"({ page }) {
    await page.locator("#day").fill("0");
    await page.locator("#play").click();
    await page.locator(".arrow.came:visible").first().waitFor();
    await page.locator("#play").click();
    assert.equal(await page.locator("#play").getAttribute("aria-label"), "Play");
  },

  async "search in both languages, in names and in claims"({ page }) {
    await page.keyboard.press("/");
    await page.keyboard.type("甲骨");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    assert.equal(await title(page), "Oracle");
    await page.locator("#search").fill("warrant");
    assert.ok(await page.locator("#found button").count() > 0);
    await page.keyboard.press("Escape");
    assert.ok(await page.locator("#found").isHidden());
    await page.locator("#search").fill("no such thing");
    assert.match(await page.locator("#found").innerText(), /Nothing found/);
  },

  async "the other language"({ page }) {
    await part(page, "player", "Oracle").click();
    const places = () => page.evaluate(() => [...document.querySelectorAll("#camera > svg:not([hidden]) .player path")]
      .map((piece) => piece.getBoundingClientRect()).map(({ x, y, width }) => [x, y, width].map(Math.round).join()));
    const before = await places();
    await page.locator("#language").click();
    assert.ok(before.length > 10);
    assert.deepEqual(await places(), before, "no piece moves");
    assert.equal(await title(page), "甲骨文");
    assert.equal(await page.locator("html").getAttribute("lang"), "zh");
    assert.equal(await page.title(), "硅谷棋局");
    await page.locator("#panel .row").first().click();
    assert.match(await page.locator(".claims").first().innerText(), /[\u4e00-\u9fff]/);
    assert.equal(await page.locator("#camera > svg:visible").count(), 1);
  },

  async "without a mouse"({ page }) {
    await part(page, "player", "OpenAI").focus();
    await page.keyboard.press("ArrowRight");
    assert.notEqual(await page.evaluate(() => document.activeElement.getAttribute("aria-label").slice(0, 6)), "OpenAI");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "panel");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    assert.match(await title(page), / → /);
    await page.keyboard.press("Escape");
    assert.equal(await title(page), "Explore the board");
  },

  async "zoom and pan"({ page }) {
    const matrix = () => page.locator("#camera").evaluate((camera) => new DOMMatrix(getComputedStyle(camera).transform));
    const box = await page.locator("#stage").boundingBox();
    await page.mouse.move(box.x + 300, box.y + 300);
    await page.mouse.wheel(0, -400);
    const zoomed = await page.locator("#camera").evaluate((camera) => new DOMMatrix(camera.style.transform).a);
    assert.ok(zoomed > 1, `${zoomed}`);
    const before = await page.locator("#camera").evaluate((camera) => camera.style.transform);
    await page.mouse.down();
    await page.mouse.move(box.x + 400, box.y + 350, { steps: 5 });
    await page.mouse.up();
    assert.notEqual(await page.locator("#camera").evaluate((camera) => camera.style.transform), before);
    assert.equal(await title(page), "Explore the board", "a drag is no click");
    await page.locator("#whole").click();
    await page.waitForTimeout(300);
    assert.equal((await matrix()).a, 1);
  },

  async "print shows the whole sheet"({ page }) {
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    await page.emulateMedia({ media: "print" });
    assert.ok(await page.locator("svg:not([hidden]) .note").first().isVisible());
    assert.ok(await page.locator("#filters").isHidden());
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

for (const [name, run] of Object.entries(tests)) {
  await check(name, async () => {
    const opened = await open(pageFile);
    opened.page.setDefaultTimeout(10_000);
    await run(opened);
    assert.deepEqual(opened.troubles, []);
    await opened.page.context().close();
  });
}

for (const colorScheme of ["light", "dark"]) {
  for (const viewport of [{ width: 1400, height: 900 }, { width: 390, height: 844 }]) {
    for (const lang of ["en", "zh"]) {
      await check(`axe: ${colorScheme}, ${viewport.width} wide, ${lang}`, async () => {
        const { page } = await open(pageFile, { colorScheme, viewport });
        if (lang === "zh") await page.locator("#language").click();
        await page.locator("#filters").evaluate((filters) => { filters.open = true; });
        await accessible(page, "overview");
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${wide} pixels too wide`);
        await part(page, "player", "OpenAI").press("Enter");
        await accessible(page, "dossier");
        await page.locator("#panel .row").first().click();
        await accessible(page, "claims");
        await page.context().close();
      });
    }
  }
}

await check("names that are scripts are only text", async () => {
  const { page, troubles } = await open(hostileFile);
  const found = await page.evaluate(() => [window.hacked, document.querySelectorAll("script").length, document.querySelectorAll("img").length]);
  assert.deepEqual(found, [undefined, 3, 0]);
  await page.locator("#panel .row", { hasText: "<script>" }).first().click();
  assert.match(await title(page), /<script>/);
  assert.match(await page.locator("#headline").innerText(), /<script>/);
  await page.locator("#panel .row").first().click();
  assert.equal(await page.locator(".claims a").count(), 0, "javascript: is no link");
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  assert.deepEqual(troubles, []);
});

await browser.close();
console.log(failed === 0 ? "all passed" : `${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
