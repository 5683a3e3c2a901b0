// Chromium as the tests of the page and of the explorer use it, the sizes of window that they look at, and axe.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const WIDE = { width: 1400, height: 900 };
export const PHONE = { width: 390, height: 844 };

/** Starts Chromium. */
export const launch = () => chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});

/** Fails where axe finds anything on a page. */
export async function accessible(page, what, options = {}) {
  // Asked of the browser itself, since the policy of the page lets no other script in.
  await page.evaluate(axe);
  const { violations } = await page.evaluate((options) => window.axe.run(options), options);
  const found = violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target} ${node.failureSummary}`));
  assert.deepEqual(found, [], what);
}
