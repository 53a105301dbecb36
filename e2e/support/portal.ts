import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { expect } from "vitest";
import { type Clock, systemClock } from "#kernel/time.ts";
import { startWorker } from "#platform/worker.ts";
import { listen } from "#server.ts";
import { schedules, tasksOf } from "#tasks.ts";
import { findChromium } from "../../scripts/chromium.ts";
import { type TestHouse, testHouse } from "../../test/support/house.ts";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** A running Portico on a free port with its queue, and a Chromium to look at it with. */
export type Portal = {
  readonly h: TestHouse;
  readonly origin: string;
  readonly browser: Browser;
  context(look?: Look): Promise<BrowserContext>;
  close(): Promise<void>;
};

export type Look = {
  readonly width?: 390 | 1280;
  readonly script?: boolean;
  readonly dark?: boolean;
  readonly locale?: string;
};

/** Starts it. The clock is the machine's, which browser and mailed link share, or one that runs ahead of it. */
export async function startPortal(clock: Clock = systemClock): Promise<Portal> {
  const house: { origin?: string; clock: Clock } = { clock };
  const h = await testHouse({ house });
  const listening = await listen(h.house, "127.0.0.1", 0);
  const origin = `http://127.0.0.1:${listening.port}`;
  Object.assign(h.house, { origin });
  const tasks = tasksOf(h.house, { deliver: fetch });
  const worker = await startWorker(h.house, { tasks, schedules, log: h.house.log });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? findChromium() ?? "/usr/bin/chromium",
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  let analyzed: Promise<unknown> | undefined;
  return {
    h,
    origin,
    browser,
    context: async (look = {}) => {
      // What the test put into tables is news to the planner, which would guess; elsewhere that passes in a minute.
      analyzed ??= h.admin.query("analyze");
      await analyzed;
      const context = await browser.newContext({
        baseURL: origin,
        viewport: { width: look.width ?? 1280, height: look.width === 390 ? 844 : 900 },
        javaScriptEnabled: look.script ?? true,
        colorScheme: look.dark ? "dark" : "light",
        locale: look.locale ?? "en-AU",
        acceptDownloads: true,
        reducedMotion: "reduce",
      });
      context.setDefaultTimeout(15_000);
      return context;
    },
    close: async () => {
      await browser.close();
      await listening.close();
      await worker.stop();
      await h.close();
    },
  };
}

/** Waits for the newest mail to an address, as /dev/mail would show it. */
export async function mailTo(
  portal: Portal,
  address: string,
  after = 0,
): Promise<{ subject: string; text: string; html: string }> {
  for (let tries = 0; tries < 200; tries++) {
    const mails = (await portal.h.mails()).filter((mail) => mail.to_email === address);
    const found = mails[after];
    if (found) return { subject: found.subject, text: found.text_body, html: found.html_body };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`No mail to ${address}`);
}

/** The sign-in link in a mail's text. */
export function linkIn(text: string): string {
  const found = /https?:\/\/\S+\/(?:sign-in\/link|step-up\/link|staff\/set-password|staff\/forgot)\/[\w-]+/.exec(
    text,
  )?.[0];
  if (!found) throw new Error(`No link in the mail:\n${text}`);
  return found;
}

/** Zero axe violations on the page as it stands (needs script in the page's context). */
export async function expectAccessible(page: Page, where: string): Promise<void> {
  await page.evaluate(axeSource);
  await page.evaluate(markRepeatedRows);
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: Axe };
    const result = await axe.run({ exclude: [["[data-same-as-above]"]] }, { resultTypes: ["violations"] });
    return result.violations.map(
      ({ id, help, nodes }) => `${id}: ${help}\n${nodes.map((n) => `  ${n.html}\n  ${n.failureSummary}`).join("\n")}`,
    );
  });
  expect(violations, `${where}:\n${violations.join("\n")}`).toEqual([]);
}

type Axe = {
  run(
    context: object,
    options: object,
  ): Promise<{ violations: { id: string; help: string; nodes: { html: string; failureSummary: string }[] }[] }>;
};

/**
 * A row that differs from one above it in its words alone is as accessible as that one: same elements, classes, roles
 * and names of attributes, words where words were. Axe spends most of its time on such rows.
 */
function markRepeatedRows(): void {
  const told = new Set(["class", "style", "role", "type", "id", "for", "headers", "scope", "lang", "dir", "disabled"]);
  const shapeOf = (element: Element): string => {
    const attributes = [...element.attributes].map(({ name, value }) =>
      told.has(name) || name.startsWith("aria-") ? `${name}=${value}` : `${name}=${value.trim() === "" ? "" : "x"}`,
    );
    const inside = [...element.childNodes].map((node) => {
      if (node instanceof Element) return shapeOf(node);
      return node.textContent?.trim() ? "words" : "";
    });
    return `<${element.tagName} ${attributes.sort().join(" ")}>${inside.join("")}</>`;
  };
  for (const body of document.querySelectorAll("tbody")) {
    const seen = new Set<string>();
    for (const row of body.rows) {
      const shape = shapeOf(row);
      if (seen.has(shape)) row.setAttribute("data-same-as-above", "");
      seen.add(shape);
    }
  }
}

/** Nothing scrolls sideways. */
export async function expectNoSidewaysScroll(page: Page, where: string): Promise<void> {
  // Between two pages there is a document with nothing in it.
  await page.waitForLoadState("load");
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide, `${where} is ${wide} px too wide`).toBeLessThanOrEqual(0);
}

/** Nothing scrolls sideways, and axe has nothing to say (needs script in the page's context). */
export async function looksRight(page: Page, where: string): Promise<void> {
  await expectNoSidewaysScroll(page, where);
  await expectAccessible(page, where);
}

/** Judges pages where script is off: axe needs some, so it gets a copy of what is shown, in a browser that has it. */
export async function judge(
  portal: Portal,
  look: Look,
): Promise<{ see(page: Page, where: string): Promise<void>; close(): Promise<void> }> {
  const context = await portal.context({ ...look, script: true });
  const copy = await context.newPage();
  let html = "";
  await copy.route("**/copy", (asked) => asked.fulfill({ contentType: "text/html; charset=utf-8", body: html }));
  return {
    see: async (page, where) => {
      await expectNoSidewaysScroll(page, where);
      html = await page.content();
      await copy.goto("/copy");
      await expectAccessible(copy, where);
    },
    close: () => context.close(),
  };
}
