import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import type { PdfDocument } from "./document.ts";
import { makePrinter } from "./printer.ts";

const folder = mkdtempSync(join(tmpdir(), "portico-printer-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A thread that does what the document's title says, so that what goes wrong can be chosen. */
const script = join(folder, "thread.mjs");
writeFileSync(
  script,
  `import { parentPort } from "node:worker_threads";
   parentPort.on("message", ({ id, document }) => {
     if (document.title === "crash") process.exit(1);
     if (document.title === "throw") throw new Error("broken");
     if (document.title === "hang") return;
     if (document.title === "refuse") return parentPort.postMessage({ id, error: "no" });
     parentPort.postMessage({ id, bytes: new TextEncoder().encode(document.title) });
   });`,
);
const url = pathToFileURL(script);
const doc = (title: string) => ({ title }) as PdfDocument;
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

test("a thread that crashes fails its own document only; the next one gets a new thread", async () => {
  const printer = makePrinter({ threads: 1 }, url);
  const [crash, thrown, fine] = await Promise.allSettled([
    printer.print(doc("crash")),
    printer.print(doc("throw")),
    printer.print(doc("fine")),
  ]);
  expect(crash).toMatchObject({ status: "rejected", reason: { code: "unavailable" } });
  expect(thrown).toMatchObject({ status: "rejected", reason: { code: "unavailable" } });
  expect(fine.status === "fulfilled" && text(fine.value)).toBe("fine");
  await printer.close();
});

test("a document that can't be made is an error of ours, and the thread goes on", async () => {
  const printer = makePrinter({ threads: 1 }, url);
  await expect(printer.print(doc("refuse"))).rejects.toThrow("A PDF could not be made: no");
  expect(text(await printer.print(doc("next")))).toBe("next");
  await printer.close();
});

test("one that takes too long is given up", async () => {
  const printer = makePrinter({ threads: 1, timeoutSeconds: 3 }, url);
  await expect(printer.print(doc("hang"))).rejects.toMatchObject({ code: "unavailable" });
  expect(text(await printer.print(doc("next")))).toBe("next");
  await printer.close();
});

test("only so many wait; the rest are told to come back", async () => {
  const printer = makePrinter({ threads: 1, queue: 2 }, url);
  const all = ["hang", "a", "b", "c"].map((title) => printer.print(doc(title)));
  await expect(all[3]).rejects.toMatchObject({ code: "unavailable", retryAfterSeconds: 5 });
  const rest = Promise.allSettled(all.slice(0, 3));
  await printer.close();
  expect((await rest).map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
});
