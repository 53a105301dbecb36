import { defineConfig } from "vitest/config";
import { TestOrder } from "./scripts/test-order.ts";

// What mocks modules, starts programs or turns something of its own process has a process to itself.
const alone = [
  "src/platform/**/*.test.ts",
  "scripts/**/*.test.ts",
  "test/{partner-blindness*,books-verify,bootstrap,crash-drill,dev-routes,house,outage,restore,sources,start}.test.ts",
];

// Run as `node bin/portico.mjs test [paths] [-t name]`: vitest and the code under test need the pinned Node.
const deep = process.env.PORTICO_TEST_DEEP === "1";

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "hono/jsx" } },
  test: {
    // scripts/test.ts sets it for `npm test -- --deep`; tests ask `inject("deep")`.
    provide: { deep },
    globalSetup: ["./test/support/global-setup.ts"],
    // Chromium and PostgreSQL share the machine with the tests; more workers than cores only make timeouts.
    maxWorkers: 4,
    pool: "forks",
    sequence: { sequencer: TestOrder },
    projects: [
      {
        extends: true,
        test: {
          name: "alone",
          include: alone,
          testTimeout: deep ? 3_600_000 : 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "shared",
          include: ["src/**/*.test.{ts,tsx}", "test/**/*.test.ts"],
          exclude: alone,
          // Each file has a database of its own; what it imports, up to every page there is, costs a second of CPU.
          isolate: false,
          testTimeout: deep ? 3_600_000 : 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: { name: "browser", include: ["e2e/**/*.test.ts"], testTimeout: 120_000, hookTimeout: 120_000 },
      },
    ],
  },
});
