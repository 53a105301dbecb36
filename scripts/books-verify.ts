import { verifyBooks } from "#features/books/verify-books.ts";
import { readConfig } from "#platform/config.ts";
import { createLog } from "#platform/log.ts";
import { lookAtDatabase } from "#platform/open-database.ts";

// npm run books:verify: proves the books, prints what was proved, and exits 1 naming every row that does not fit. It
// works beside a running program, on the same DATABASE_URL or ./data.
try {
  const opened = await lookAtDatabase(readConfig(), createLog({ level: "warn", readable: true }));
  const holds = await verifyBooks(opened.ground, (line) => console.log(line)).finally(() => opened.close());
  console.log(holds ? "The books hold." : "The books do NOT hold: see the rows above.");
  process.exitCode = holds ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
