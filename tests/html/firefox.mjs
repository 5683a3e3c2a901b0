// The page in Firefox: it draws, opens, filters, goes back, saves and changes the language without an error, and axe looks
// at it. What it does in detail is tested in Chromium.
//
// Usage: FIREFOX=/usr/bin/firefox-esr node firefox.mjs PAGE.html HOSTILE.html…
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";

const [pageFile, ...hostileFiles] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const browser = await puppeteer.launch({ browser: "firefox", executablePath: process.env.FIREFOX, headless: true });

async function open(file, viewport, hash = "") {
  const page = await browser.newPage();
  await page.setViewport(viewport);
  const troubles = [];
  page.on("pageerror", (error) => troubles.push(error.message));
  page.on("console", (message) => message.type() === "error" && troubles.push(message.text()));
  await page.goto(pathToFileURL(file).href + hash);
  return { page, troubles };
}

const title = (page) => page.$eval("#subject", (one) => one.textContent);

for (const viewport of [{ width: 1400, height: 900 }, { width: 390, height: 844 }]) {
  const { page, troubles } = await open(pageFile, viewport);
  if (viewport.width < 500) await page.click("#boardTab");
  const missing = await page.evaluate(() => now.onBoard.filter((arrow) => arrow.values.length && document.querySelector(`#camera .label[data-place="${arrow.place}"] > text`)?.textContent !== display(arrow.values[0].quantity)).length);
  assert.equal(missing, 0, "labels");
  await page.$eval("#camera .player", (player) => player.focus());
  await page.keyboard.press("Enter");
  const name = await title(page);
  assert.notEqual(name, "List");
  await page.evaluate(() => at("language").click());
  assert.notEqual(await page.$eval("html", (one) => one.lang), "en");
  await page.goBack();
  await page.waitForFunction(() => document.documentElement.lang === "en");
  assert.equal(await title(page), name);
  await page.select("#status", "committed");
  assert.ok(await page.evaluate(() => now.onBoard.every((arrow) => arrow.firmness === "firm")));
  const files = await page.evaluate(() => [svgText().text.includes("var("), csvText().split("\r\n").length]);
  assert.ok(!files[0] && files[1] > 2);
  await page.evaluate(axe);
  const found = await page.evaluate(async () => (await window.axe.run()).violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target}`)));
  assert.deepEqual(found, []);
  assert.deepEqual(troubles, []);
  await page.close();
  console.log(`ok - Firefox, ${viewport.width} wide`);
}
for (const file of hostileFiles) {
  const { page, troubles } = await open(file, { width: 1400, height: 900 });
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  assert.deepEqual(troubles, []);
  await page.close();
  console.log(`ok - Firefox, hostile: ${file.split("/").at(-1)}`);
}
await browser.close();
