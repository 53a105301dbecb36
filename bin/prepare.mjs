// Run once behind an install: reads the whole program, which keeps what TypeScript and V8 made of it
// (node_modules/.cache), so that the first start is as quick as those that follow. It starts nothing.
try {
  await Promise.all(["../src/platform/open-database.ts", "../src/program.ts"].map((path) => import(path)));
} catch {
  // Whatever it is, the start itself meets it, and says it.
}
process.exit(0);
