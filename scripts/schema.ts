import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { startEmbedded } from "#platform/embedded/postgres.ts";
import { prepareDatabase } from "#platform/migrate.ts";
import { describeSchema } from "./schema-types.ts";

// Writes src/platform/database-types.ts from the migrations, in a database made for the purpose and dropped again.
// SCHEMA_DATABASE_URL, a superuser's, spares the start of a server.
const given = process.env.SCHEMA_DATABASE_URL;
const folder = given ? undefined : await mkdtemp(join(tmpdir(), "portico-schema-"));
const server = folder
  ? await startEmbedded({ dataDir: folder, log: () => undefined, settings: { fsync: "off" } })
  : undefined;
const admin = new URL(given ?? server?.adminUrl ?? "");
const name = `schema_${process.pid}`;
const maintenance = new pg.Client({ connectionString: admin.toString() });
await maintenance.connect();
try {
  await maintenance.query(`create database ${name}`);
  admin.pathname = `/${name}`;
  await prepareDatabase({
    adminUrl: admin.toString(),
    rolePrefix: name,
    secretKey: "only for describing the schema, never kept",
  });
  const target = new URL("../src/platform/database-types.ts", import.meta.url);
  await writeFile(target, await describeSchema(admin.toString()));
  console.log("Wrote src/platform/database-types.ts");
} finally {
  await maintenance.query(`drop database if exists ${name} with (force)`);
  const roles = await maintenance.query<{ rolname: string }>("select rolname from pg_roles where rolname like $1", [
    `${name}\\_%`,
  ]);
  for (const { rolname } of roles.rows) await maintenance.query(`drop role "${rolname}"`);
  await maintenance.end();
  await server?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
}
