import { defineConfig } from "vitest/config";
import { TestOrder } from "./scripts/test-order.ts";

const pages = "src/web/**/*.test.{ts,tsx}";

// Run as `node bin/portico.mjs test [paths] [-t name]`: vitest and the code under test need the pinned Node.
export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "hono/jsx" } },
  test: {
    // scripts/test.ts sets it for `npm test -- --deep`; tests ask `inject("deep")`.
    provide: { deep: process.env.PORTICO_TEST_DEEP === "1" },
    globalSetup: ["./test/support/global-setup.ts"],
    // Chromium and PostgreSQL share the machine with the tests; more workers than cores only make timeouts.
    maxWorkers: 4,
    pool: "forks",
    sequence: { sequencer: TestOrder },
    projects: [
      {
        extends: true,
        test: {
          name: "laws",
          include: ["src/**/*.test.{ts,tsx}", "test/**/*.test.{ts,tsx}", "scripts/**/*.test.ts"],
          exclude: [pages],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "pages",
          include: [pages],
          // Each file has a database of its own and mocks nothing, so they may share what they import: every page
          // there is, which costs a second of CPU a file.
          isolate: false,
          testTimeout: 30_000,
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
