// The explorer of `powermap serve` in Chromium: it searches, opens dossiers and what figures rest on, goes through days, looks at
// loops and contradictions, fills in forms, completes and runs queries, adds a claim and takes it back, in both languages, with
// the mouse and without it, wide and narrow, and axe looks at it.
//
// Usage: node explorer.mjs POWERMAP FOLDER
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { accessible as accessibleBy, launch, PHONE, WIDE } from "./browser.mjs";

const [powermap, folder] = process.argv.slice(2);
const TOKEN = "a-token-for-tests-0123456789";
const browser = await launch();
const RULES = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };
const servers = [];

/** Starts a server and returns its address. */
async function serve(...more) {
  const server = spawn(powermap, ["serve", "--bind", "127.0.0.1:0", ...more], { stdio: ["ignore", "ignore", "pipe"] });
  servers.push(server);
  for await (const line of createInterface({ input: server.stderr })) {
    const found = /listening on (http:\/\/[^/\s]+)/.exec(line);
    if (!found) continue;
    server.stderr.resume();
    return found[1];
  }
  throw new Error("the server ended");
}

const MAP = `@prefix pm: <https://w3id.org/powermap/ns#> . @prefix id: <https://w3id.org/powermap/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix cur: <http://qudt.org/vocab/currency/> .
@prefix schema: <https://schema.org/> .
id:x a pm:Company ; rdfs:label "<img src=x onerror=window.hacked=1><script>window.hacked=1</script>\\"'&"@en . id:y a pm:Company ; rdfs:label "Yard"@en .
id:e a pm:Investment ; pm:kind pm:Equity ; pm:from id:x ; pm:to id:y ; pm:since "2025-01-01"^^xsd:date .
id:c a pm:Claim ; pm:about id:e ; pm:modality pm:Statement ; pm:status pm:Announced ; pm:amount [ pm:lower 5e9 ; pm:upper 5e9 ; pm:unit cur:USD ] ;
  pm:text "<b>five</b> billion"@en ; pm:document id:d ; pm:locator "<i>p1</i>" ; pm:assertedBy id:y ; pm:said "2025-01-01"^^xsd:date .
id:d a pm:Document ; rdfs:label "<u>D</u>"@en ; schema:url <javascript:window.hacked=1> .
`;
mkdirSync(`${folder}/explored`);
writeFileSync(`${folder}/explored/map.ttl`, MAP);
writeFileSync(`${folder}/token`, TOKEN);
const reading = await serve();
const writing = await serve("--map", `${folder}/explored`, "--writable", "--token-file", `${folder}/token`);

/** Opens the explorer; errors, refused scripts and requests to others are kept. */
async function open(hash = "", { address = reading, ...options } = {}) {
  const context = await browser.newContext({ viewport: WIDE, ...options });
  const page = await context.newPage();
  const troubles = [];
  page.on("pageerror", (error) => troubles.push(error.message));
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && troubles.push(message.text()));
  page.on("request", (request) => new URL(request.url()).origin === address || /^(data|blob):/.test(request.url()) || troubles.push(request.url()));
  page.setDefaultTimeout(30_000);
  await page.goto(`${address}/${hash}`);
  await settled(page);
  return { page, troubles };
}

/** Waits until the page has what it asked for. */
async function settled(page) {
  // What follows from a click comes before a timer that is set after it.
  await page.evaluate(() => new Promise((done) => { setTimeout(done, 50); }));
  await page.locator("#content h1").first().waitFor({ state: "attached" });
  await page.waitForLoadState("networkidle");
  await page.waitForFunction(() => !document.querySelector("[aria-busy=true]"));
}

async function go(page, hash) {
  await page.evaluate((to) => new Promise((done) => {
    if (location.hash === to || (to === "#" && !location.hash)) return done();
    addEventListener("hashchange", done, { once: true });
    location.hash = to;
    return undefined;
  }), hash);
  await settled(page);
}

const heading = (page) => page.locator("#content h1").first().innerText();
const address = (page) => page.evaluate(() => decodeURIComponent(location.hash));

const accessible = (page, what) => accessibleBy(page, what, RULES);

const json = async (path) => (await fetch(reading + path)).json();

const tests = {
  async "search as one types, in both languages, by mouse and by keys"({ page }) {
    await page.keyboard.press("/");
    await page.keyboard.type("甲骨");
    await page.locator("#found [role=option]", { hasText: "Oracle" }).first().waitFor();
    assert.equal(await page.locator("#search").getAttribute("aria-expanded"), "true");
    await page.keyboard.press("ArrowDown");
    assert.match(await page.locator("#search").getAttribute("aria-activedescendant"), /^found-/);
    await page.keyboard.press("Enter");
    await settled(page);
    assert.equal(await heading(page), "Oracle");
    assert.equal(await page.evaluate(() => document.activeElement.id), "content");
    await page.locator("#search").fill("no such thing");
    await page.locator("#found", { hasText: "Nothing found" }).waitFor();
    await page.keyboard.press("Escape");
    assert.ok(await page.locator("#found").isHidden());
    await page.locator("#search").fill("who invests");
    await page.locator("#found [role=option]").first().click();
    assert.match(await address(page), /view=ask&name=/);
  },

  async "a dossier: sentences, tables, and each figure down to claim, document and paragraph"({ page }) {
    await go(page, "#view=player&id=openai");
    assert.equal(await heading(page), "OpenAI");
    assert.ok(await page.locator(".story section").count() >= 4);
    const row = page.locator("[data-key=edges_in] tbody tr:not(.below)", { hasText: "Microsoft" }).filter({ hasText: "$" }).first();
    await row.locator(".basis").click();
    assert.equal(await row.locator(".basis").getAttribute("aria-expanded"), "true");
    const claims = page.locator("[data-key=edges_in] tr.below:not([hidden]) .claim");
    assert.equal(`${await claims.count()}`, /\d+/.exec(await row.locator(".basis").innerText())[0]);
    const text = await claims.first().innerText();
    assert.match(text, /said by/);
    assert.match(text, /\d{4}/);
    for (const link of await claims.locator("a[target]").all()) {
      assert.match(await link.getAttribute("href"), /^https?:/);
      assert.equal(await link.getAttribute("rel"), "noopener noreferrer");
    }
    // The same figures as every other door.
    const { tables } = await json("/api/show/openai?format=words");
    const shown = await page.locator("[data-key=edges_in] tbody tr:not(.below)").count();
    assert.equal(shown, tables.find(({ key }) => key === "edges_in").rows.length);
    await page.locator("[data-key=edges_in] a", { hasText: "Microsoft" }).first().click();
    await settled(page);
    assert.equal(await heading(page), "Microsoft");
    await page.goBack();
    await settled(page);
    assert.equal(await heading(page), "OpenAI");
  },

  async "the board: pieces and arrows open what they stand for, looks and filters are in the address"({ page }) {
    const pieces = await page.locator(".stage [data-player]").count();
    assert.ok(pieces > 8);
    await page.locator(".stage [data-player=nvidia]").click();
    await settled(page);
    assert.equal(await heading(page), "NVIDIA");
    await page.goBack();
    await settled(page);
    const arrow = page.locator(".stage [data-from=nvidia][data-to=openai], .stage [data-from=openai][data-to=nvidia]").first();
    await arrow.focus();
    await page.keyboard.press("Enter");
    await settled(page);
    assert.match(await address(page), /with=/);
    assert.ok(await page.locator(".card.chosen tbody tr:not(.below)").count() > 0);
    await go(page, "#");
    await page.locator(".tools select").first().selectOption("circle");
    await settled(page);
    assert.match(await address(page), /look=circle/);
    await page.locator(".tools summary").click();
    await page.locator(".tools input[value=supply]").uncheck();
    await settled(page);
    assert.match(await address(page), /family=investment,influence/);
    await page.locator(".tools form input").first().fill("amd");
    await page.locator(".tools form button").click();
    await settled(page);
    assert.match(await address(page), /around=amd/);
    assert.ok(await page.locator(".stage [data-player]").count() < pieces);
    await page.locator(".tools form input").first().fill("nobody at all");
    await page.locator(".tools form button").click();
    await page.locator(".stage .trouble").waitFor();
  },

  async "the day: field, slider, earlier and later days, and what changed"({ page }) {
    const { days, view } = await json("/api/about");
    assert.equal(await page.locator("#date").inputValue(), view.as_of);
    await page.locator("#earlier").click();
    await settled(page);
    assert.equal(await address(page), `#day=${days.findLast((day) => day < view.as_of)}`);
    await page.locator("#date").fill("2025-10-07");
    await page.locator("#date").press("Enter");
    await page.locator("#date").blur();
    await page.waitForFunction(() => location.hash.includes("2025-10-07"));
    await settled(page);
    assert.match(await page.locator(".side").innerText(), /What changed since 2025-10-0\d/);
    assert.match(await page.locator(".stage").innerHTML(), /2025-10-07/);
    await page.locator("#slider").focus();
    await page.keyboard.press("Home");
    await page.waitForFunction((day) => location.hash.includes(day), days[0]);
    await settled(page);
    assert.ok(await page.locator("#earlier").isDisabled());
    await page.locator("#more summary").click();
    await page.locator("#policy").selectOption("highest");
    await settled(page);
    assert.match(await address(page), /policy=highest/);
    await page.locator("#today").click();
    await settled(page);
    assert.match(await address(page), /^#?$/);
    await page.goBack();
    await settled(page);
    assert.match(await address(page), /policy=highest/);
  },

  async "loops, dependence and the timeline, each row with its sources"({ page }) {
    await page.locator("nav a", { hasText: "Loops" }).click();
    await settled(page);
    const { tables } = await json("/api/loops?format=words");
    const loops = new Set(tables[0].rows.map(({ cells }) => cells[0].text));
    assert.equal(await page.locator(".card.loop").count(), loops.size);
    await page.locator(".card.loop .basis").first().click();
    assert.ok(await page.locator(".card.loop .claim").count() > 0);
    await page.locator(".formBox > summary").click();
    await page.locator("[name=through]").fill("nvidia");
    await page.locator("form.ask button").click();
    await settled(page);
    assert.match(await address(page), /p\.through=nvidia/);
    assert.ok(await page.locator(".card.loop").count() < loops.size);
    for (const name of ["Timeline", "Who depends on whom"]) {
      await page.locator("nav a", { hasText: name }).click();
      await settled(page);
      assert.ok(await page.locator(".answer tbody tr:not(.below)").count() > 20, name);
      await page.locator(".answer .basis").first().click();
      assert.ok(await page.locator(".answer .claim").count() > 0, name);
    }
  },

  async "contradictions stand side by side"({ page }) {
    await page.locator("nav a", { hasText: "Contradictions" }).click();
    await settled(page);
    const cards = page.locator(".card.conflict");
    assert.ok(await cards.count() > 10);
    const boxes = await cards.first().locator(".claim").evaluateAll((all) => all.map((one) => one.getBoundingClientRect()).map(({ x, y }) => [x, y]));
    assert.ok(boxes.length >= 2 && boxes[0][1] === boxes[1][1] && boxes[0][0] < boxes[1][0], `${boxes}`);
    assert.equal(await cards.locator(".sides:not(:has(.source))").count(), 0);
  },

  async "a named query: its form, its rows, its text in the editor"({ page }) {
    await page.locator("nav a", { hasText: "Questions" }).click();
    await page.locator("#content input[type=search]").fill("investments-in");
    assert.equal(await page.locator(".questions a").count(), 1);
    await page.locator(".questions a").click();
    await settled(page);
    assert.equal(await page.locator(".answer tbody").count(), 0, "a parameter is missing");
    await page.locator("form.ask [name=player]").fill("openai");
    await page.locator("form.ask button").click();
    await settled(page);
    const { rows } = await json("/api/ask/investments-in?player=openai");
    assert.equal(await page.locator(".answer tbody tr:not(.below)").count(), rows.length);
    await page.locator("a.button", { hasText: "editor" }).click();
    await settled(page);
    await page.waitForFunction(() => document.querySelector("textarea").value.includes("pm:to id:openai"));
    await page.keyboard.press("Tab");
    await page.locator("textarea").press("Control+Enter");
    await page.locator(".answer tbody tr").first().waitFor();
    assert.equal(await page.locator(".answer tbody tr").count(), rows.length);
    await go(page, "#view=ask&name=investments-in&p.player=nvidai");
    await page.locator(".answer .trouble", { hasText: "did you mean nvidia" }).waitFor();
  },

  async "the editor completes terms, players, services and what they take"({ page }) {
    await go(page, "#view=editor");
    const text = page.locator("textarea");
    const proposed = async (words, expected) => {
      await text.fill("");
      await text.pressSequentially(words);
      await page.locator("#proposals:not([hidden]) code").getByText(expected, { exact: true }).first().waitFor();
    };
    await proposed("SELECT * { ?a pm:inve", "pm:investsIn");
    assert.match(await text.getAttribute("aria-activedescendant"), /^proposal-/);
    await page.keyboard.press("Escape");
    assert.ok(await page.locator("#proposals").isHidden());
    await proposed("SELECT * { ?a pm:investsI", "pm:investsIn");
    assert.equal(await page.locator("#proposals [aria-selected=true] code").innerText(), "pm:investsIn");
    await page.keyboard.press("Enter");
    assert.equal(await text.inputValue(), "SELECT * { ?a pm:investsIn");
    await text.pressSequentially(" id:orac");
    await page.locator("#proposals code", { hasText: "id:oracle" }).first().waitFor();
    await page.locator("#proposals [role=option]", { hasText: "id:oracle" }).first().click();
    assert.equal(await text.inputValue(), "SELECT * { ?a pm:investsIn id:oracle");
    await proposed("SELECT * { ?a pm:to Nvid", "id:nvidia");
    await proposed("SELECT * { SERVICE call:lo", "call:loops");
    await proposed("SELECT * { SERVICE call:loops { [] call:thr", "call:through");
    await proposed("SELECT ?money { ?m", "?money");
    await proposed("sel", "SELECT");
  },

  async "the editor says where an error is, runs queries, and saves CSV"({ page, troubles }) {
    await go(page, "#view=editor");
    const text = page.locator("textarea");
    await text.fill("SELECT ?who {\n  ?who pm:investsIn id:openai\n  FILTER(\n}");
    await text.press("Control+Enter");
    const trouble = page.locator(".answer .trouble");
    await trouble.waitFor();
    assert.match(await trouble.innerText(), /Line 4, column 1/);
    await trouble.locator("button").click();
    assert.equal(await text.evaluate((one) => one.value.slice(0, one.selectionStart).split("\n").length), 4);
    assert.equal(await text.getAttribute("aria-invalid"), "true");
    // A browser writes each answer of 400 into its console.
    troubles.splice(0, troubles.length, ...troubles.filter((one) => !one.includes("400")));
    await text.fill("SELECT ?who { ?who pm:investsIn id:openai } ORDER BY ?who");
    await page.locator("button", { hasText: "Run" }).click();
    await page.locator(".answer tbody tr").first().waitFor();
    assert.ok(await page.locator(".answer tbody a", { hasText: "id:microsoft" }).count() === 1);
    const [download] = await Promise.all([page.waitForEvent("download"), page.locator("button", { hasText: "CSV" }).click()]);
    assert.match(readFileSync(await download.path(), "utf8"), /^who\r\n/);
    await page.locator("a.button", { hasText: "Link" }).click();
    await page.waitForFunction(() => location.hash.includes("query="));
    await page.reload();
    await page.locator(".answer tbody tr").first().waitFor();
    assert.match(await text.inputValue(), /ORDER BY \?who$/);
    await text.fill("ASK { id:nvidia pm:investsIn id:openai }");
    await text.press("Control+Enter");
    await page.locator(".answer .value", { hasText: "Yes" }).waitFor();
  },

  async "an address that names what is not there says so"({ page, troubles }) {
    await go(page, "#view=player&id=nvidai&day=2025-99-99&colour=red&lang=xx");
    await page.locator(".dossier .trouble").waitFor();
    assert.match(await page.locator(".dossier").innerText(), /there is no player 'nvidai'[\s\S]*did you mean nvidia/);
    const wrong = await page.locator("#problem").innerText();
    for (const part of ["day=2025-99-99", "colour", "lang=xx"]) assert.ok(wrong.includes(part), wrong);
    await page.locator("#problem button").click();
    assert.equal(await page.locator("#problem").innerText(), "");
    for (const [hash, text] of [["#view=analysis&name=sorcery", "sorcery"], ["#view=ask&name=sorcery", "sorcery"], ["#view=player", "names no player"],
      ["#view=claims", "only reads"], ["#day=1500-01-01", "day"], ["#view=castle", "view=castle"]]) {
      await go(page, hash);
      assert.ok((await page.locator("body").innerText()).includes(text), `${hash}: ${await page.locator("#content").innerText()}`);
    }
    troubles.splice(0, troubles.length, ...troubles.filter((one) => !/40[04]/.test(one)));
  },

  async "the other language: every word of the page"({ page }) {
    await page.locator("#language").click();
    await page.locator("html[lang=zh]").waitFor();
    await settled(page);
    assert.match(await address(page), /lang=zh/);
    for (const hash of ["", "view=player&id=oracle", "view=analysis&name=loops", "view=questions", "view=editor", "view=ask&name=investments-in"]) {
      await go(page, `#lang=zh&${hash}`);
      const words = await page.evaluate(() => {
        // Names, ids, queries and what stands in the map may be English.
        const own = document.querySelectorAll("nav a, #when, #content h1, .tools, .files, .tabs, button, .button, summary, #content > p, .lead, legend, #search, .claimForm label, .tools label");
        return [...own].map((one) => `${one.textContent} ${one.getAttribute("aria-label") ?? ""} ${one.getAttribute("placeholder") ?? ""}`).join(" ");
      });
      const english = words.match(/[A-Za-z]{4,}/g)?.filter((word) => !/^(English|SPARQL|Ctrl|OpenAI|Oracle|openai|investments|call)$/i.test(word)) ?? [];
      assert.deepEqual(english, [], hash);
    }
    await go(page, "#view=player&id=oracle&lang=zh");
    assert.equal(await heading(page), "甲骨文");
    assert.match(await page.title(), /甲骨文 · 硅谷棋局/);
  },

  async "without a mouse"({ page }) {
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
    assert.equal(outline, "solid");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "content");
    await page.locator(".stage [data-player=openai]").focus();
    await page.keyboard.press("Enter");
    await settled(page);
    assert.equal(await heading(page), "OpenAI");
    await page.locator(".basis").first().focus();
    await page.keyboard.press("Enter");
    assert.ok(await page.locator(".claim").first().isVisible());
  },

  async "a telephone: the list first, nothing covered, targets large enough"({ page }) {
    await page.context().close();
    const opened = await open("", { viewport: PHONE, hasTouch: true, isMobile: true });
    const phone = opened.page;
    assert.ok(await phone.locator(".side .card").first().isVisible());
    assert.ok(await phone.locator(".picture").isHidden());
    for (const hash of ["", "#tab=board", "#view=player&id=openai", "#view=analysis&name=conflicts", "#view=editor", "#view=ask&name=investments-in&p.player=openai"]) {
      await go(phone, hash || "#");
      const wide = await phone.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${hash}: ${wide} pixels too wide`);
      const small = await phone.evaluate(() => [...document.querySelectorAll("button, .button, select, input:not([type=checkbox]), summary, nav a")]
        .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 43.5).map((one) => `${one.tagName} ${one.textContent}`));
      assert.deepEqual(small, [], hash);
    }
    await go(phone, "#tab=board");
    const sizes = await phone.locator(".stage [data-player] text").evaluateAll((all) => all.map((one) => Number(one.getAttribute("font-size")) * one.getScreenCTM().a));
    assert.ok(Math.min(...sizes) >= 12, `${Math.min(...sizes)}`);
    await phone.locator(".stage [data-player]").first().tap();
    await settled(phone);
    assert.match(await address(phone), /view=player/);
    assert.deepEqual(opened.troubles, []);
    await phone.context().close();
  },
};

/** Where the map can be written: the way from the token to a claim and back, with names full of markup. */
async function written() {
  const { page, troubles } = await open("#view=claims", { address: writing });
  const clean = (...known) => assert.deepEqual(troubles.splice(0).filter((one) => !known.some((status) => one.includes(status))), []);
  await page.locator("input[type=password]").fill("not-the-token-0123456789");
  await page.locator("form button").click();
  await page.locator(".trouble", { hasText: "this token may not write" }).waitFor();
  clean("401");
  await page.locator("input[type=password]").fill(TOKEN);
  await page.locator("form button").click();
  await page.locator(".claimForm").waitFor();
  await page.locator("[name=from]").fill("x");
  await page.locator("[name=to]").fill("y");
  await page.locator("[name=to]").press("Tab");
  await page.locator("[name=about] option").nth(1).waitFor({ state: "attached" });
  await page.locator("button", { hasText: "Show what it changes" }).click();
  await page.locator(".preview .trouble", { hasText: "the claim needs the field" }).waitFor();
  clean("400");
  await page.locator("[name=about]").selectOption({ index: 1 });
  for (const [name, value] of [["lower", "7"], ["upper", "7"], ["unit", "USD bn"], ["title", "A <b>filing</b>"], ["issued", "2025-02-01"], ["said", "2025-02-01"], ["locator", "p2"], ["text", "Seven <script>window.hacked=1</script>"]]) {
    await page.locator(`.claimForm [name=${name}]`).fill(value);
  }
  await page.locator("[name=status]").selectOption("completed");
  await page.locator("button", { hasText: "Show what it changes" }).click();
  const preview = page.locator(".preview .card");
  await preview.waitFor();
  assert.match(await preview.innerText(), /\$5 bn[\s\S]*\$7 bn/);
  await accessible(page, "preview");
  await page.locator(".preview .basis").first().click();
  assert.match(await preview.innerText(), /A <b>filing<\/b>/);
  const claims = async () => (await (await fetch(`${writing}/api/claims`, { headers: { Authorization: `Bearer ${TOKEN}` } })).json()).claims.length;
  assert.equal(await claims(), 0, "a preview writes nothing");
  await preview.locator("button", { hasText: "Save" }).click();
  await page.locator(".added .claim").waitFor();
  assert.equal(await claims(), 1);
  assert.match(await page.locator("#status").innerText(), /saved/);
  await go(page, "#view=player&id=x");
  assert.match(await page.locator(".dossier").innerText(), /\$7 bn/);
  await go(page, "#view=claims");
  await page.locator(".claimForm select").first().selectOption("figure");
  for (const [name, value] of [["subject", "Zed & <i>Sons</i>"], ["period", "2024"], ["lower", "2"], ["upper", "2"], ["unit", "USD bn"], ["title", "Accounts"], ["said", "2025-04-01"]]) {
    await page.locator(`.claimForm [name=${name}]`).fill(value);
  }
  await page.locator("[name=subject_type]").selectOption("company");
  await page.locator("[name=metric]").selectOption("Revenue");
  await page.locator("button", { hasText: "Show what it changes" }).click();
  await page.locator(".preview .card").waitFor();
  await page.locator(".preview .card button", { hasText: "Cancel" }).click();
  await page.locator(".added button", { hasText: "Take back" }).click();
  await page.locator(".added .preview .card").waitFor();
  assert.match(await page.locator(".added .preview .card").innerText(), /\$7 bn[\s\S]*\$5 bn/);
  await page.locator(".added .preview button", { hasText: "Take back" }).click();
  await page.locator(".added", { hasText: "None yet" }).waitFor();
  assert.equal(await claims(), 0);
  for (const hash of ["#", "#view=player&id=x", "#view=player&id=y", "#view=editor", "#view=analysis&name=timeline"]) {
    await go(page, hash);
    for (const button of await page.locator(".basis").all()) if (await button.isVisible()) await button.click();
    await page.locator("#search").fill("<img");
    await page.waitForTimeout(200);
    await page.keyboard.press("Escape");
    const found = await page.evaluate(() => [window.hacked, document.querySelectorAll("script").length, document.querySelectorAll("img, b, i, u").length, document.querySelectorAll("[href^=javascript]").length]);
    assert.deepEqual(found, [undefined, 1, 0, 0], hash);
  }
  await go(page, "#view=claims");
  assert.equal(await page.evaluate(() => sessionStorage.length + localStorage.length), 1);
  await page.locator("button", { hasText: "Sign out" }).click();
  await page.locator("input[type=password]").waitFor();
  assert.equal(await page.evaluate(() => sessionStorage.length + localStorage.length), 0);
  clean();
  await page.context().close();
}

let failed = 0;
async function check(name, run) {
  try {
    await run();
    console.log(`ok - explorer: ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`not ok - explorer: ${name}\n${error.stack}`);
  }
}

const only = process.env.ONLY ?? "";
const EXPECTED = { "the board": /400|404/, "a named query": /404/ };
for (const [name, run] of Object.entries(tests).filter(([name]) => name.includes(only))) {
  await check(name, async () => {
    const opened = await open();
    await run(opened);
    const known = Object.entries(EXPECTED).find(([start]) => name.startsWith(start))?.[1];
    assert.deepEqual(opened.troubles.filter((one) => !known?.test(one)), []);
    await opened.page.context().close().catch(() => {});
  });
}
if ("claims, with names full of markup".includes(only)) await check("claims are previewed, saved and taken back, with names full of markup", written);

for (const colorScheme of only && only !== "axe" ? [] : ["light", "dark"]) {
  for (const viewport of [WIDE, PHONE]) {
    const lang = colorScheme === "light" ? "en" : "zh";
    await check(`axe: ${colorScheme}, ${viewport.width} wide, ${lang}`, async () => {
      const { page } = await open(`#lang=${lang}`, { colorScheme, viewport });
      for (const hash of ["tab=board", "tab=list", "view=player&id=openai", "view=player&id=openai&with=nvidia", "view=analysis&name=loops", "view=analysis&name=conflicts", "view=analysis&name=timeline&p.from=2026",
        "view=questions", "view=ask&name=investments-in&p.player=amd", "view=editor&query=SELECT%20*%20%7B%20%3Fa%20pm%3AinvestsIn%20id%3Aamd%20%7D", "view=player&id=nobody&more=1"]) {
        await go(page, `#lang=${lang}&${hash}`);
        await page.locator("details").evaluateAll((all) => all.forEach((one) => { one.open = true; }));
        for (const button of (await page.locator(".basis").all()).slice(0, 3)) if (await button.isVisible()) await button.click();
        await accessible(page, hash);
        if (viewport === WIDE) continue;
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${hash}: ${wide} pixels too wide`);
      }
      await page.locator("#search").fill("nv");
      await page.locator("#found [role=option]").first().waitFor();
      await accessible(page, "search");
      await go(page, `#lang=${lang}&view=editor`);
      await page.locator("textarea").fill("");
      await page.locator("textarea").pressSequentially("SELECT pm:inv");
      await page.locator("#proposals [role=option]").first().waitFor();
      await accessible(page, "completion");
      await page.context().close();
    });
  }
}

await browser.close();
for (const server of servers) server.kill();
console.log(failed === 0 ? "all passed" : `${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
