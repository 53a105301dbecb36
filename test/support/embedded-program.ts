import { holdDataDir } from "#platform/embedded/hold.ts";
import { startEmbedded } from "#platform/embedded/postgres.ts";

// A program in miniature, which tests start and kill: it starts PostgreSQL on the folder of its first argument, holds
// the folder, says in one line of JSON what it has, and ends in good order on SIGTERM.
const [dataDir = "", since = ""] = process.argv.slice(2);
try {
  const settings = { fsync: "off" };
  const server = await startEmbedded({ dataDir, settings, log: () => {} });
  const self = { pid: process.pid, since, url: "http://127.0.0.1:8080" };
  const hold = await holdDataDir({ adminUrl: server.adminUrl, dataDir, self, onLost: () => process.exit(3) });
  process.on("SIGTERM", async () => {
    await hold.release();
    await server.stop();
    process.exit(0);
  });
  const { adminUrl, account, adopted } = server;
  process.stdout.write(`${JSON.stringify({ adminUrl, account, adopted, server: server.pid() })}\n`);
} catch (error) {
  process.stdout.write(`${JSON.stringify({ error: error instanceof Error ? error.message : String(error) })}\n`);
  process.exit(1);
}
