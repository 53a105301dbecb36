import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

// A database remembers what it was made from: a migration that was ever applied anywhere is never edited again. What
// is new is a new file, with a line of its own behind the others (sha256sum writes such lines).
const folder = new URL("../migrations/", import.meta.url);

test("no migration is edited once it stands in migrations/digests.txt, and each stands there", () => {
  const files = readdirSync(folder).filter((name) => name.endsWith(".sql"));
  const lines = files.sort().map((name) => {
    const digest = createHash("sha256").update(readFileSync(new URL(name, folder)));
    return `${digest.digest("hex")}  ${name}`;
  });
  expect(readFileSync(new URL("digests.txt", folder), "utf8").trim().split("\n")).toEqual(lines);
});
