import { randomUUID } from "node:crypto";
import pg from "pg";
import { expect, inject, onTestFinished, test } from "vitest";
import { ask } from "../../test/support/embedded.ts";
import { type DatabaseAccess, isUnavailable, openPools, type RoleName, roleConnection, roleName } from "./database.ts";
import { checkPrepared, prepareDatabase } from "./migrate.ts";
import { DatabaseRefusedError, makeRoles } from "./roles.ts";
import "../../test/support/provided.ts";

const first = "the key that the database was prepared with";
const other = "another key, that somebody else started with";

/** An empty database whose roles nobody has made; both are gone when the test is over. */
async function emptyDatabase(): Promise<DatabaseAccess> {
  const { access, error } = inject("template");
  if (!access) throw new Error(error);
  const maintenance = new URL(access.adminUrl);
  maintenance.pathname = "/postgres";
  const rolePrefix = `roles_${randomUUID().slice(0, 8)}`;
  await ask(maintenance.href, `create database ${rolePrefix}`);
  onTestFinished(async () => {
    await ask(maintenance.href, `drop database ${rolePrefix} with (force)`);
    for (const name of await rolesOf(maintenance.href, rolePrefix)) await ask(maintenance.href, `drop role ${name}`);
  });
  const own = new URL(maintenance);
  own.pathname = `/${rolePrefix}`;
  return { adminUrl: own.href, rolePrefix, secretKey: first };
}

async function rolesOf(url: string, prefix: string): Promise<unknown[]> {
  const rows = await ask(url, `select rolname from pg_roles where starts_with(rolname, '${prefix}_') order by 1`);
  return rows.map((row) => row.rolname);
}

async function opens(access: DatabaseAccess, role: RoleName): Promise<boolean> {
  const client = new pg.Client(roleConnection(access, role));
  const opened = await client.connect().then(
    () => true,
    () => false,
  );
  await client.end();
  return opened;
}

const refusal = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DatabaseRefusedError);
  const { message } = error as Error;
  expect(message).not.toContain("\n");
  return message;
};

test("a start with another key is refused and changes no password; SECRET_KEY_OLD says that it was changed on purpose", async () => {
  const access = await emptyDatabase();
  await prepareDatabase(access);
  const changed = { ...access, secretKey: other };
  expect(await refusal(prepareDatabase(changed))).toMatch(/^SECRET_KEY .* SECRET_KEY_OLD .* `npm run roles`/);
  expect(await refusal(prepareDatabase(changed, { oldSecretKey: "neither of the two keys, but a third one" }))).toMatch(
    /^SECRET_KEY /,
  );
  expect([await opens(access, "owner"), await opens(access, "worker")]).toEqual([true, true]);

  await Promise.all([1, 2].map(() => prepareDatabase(changed, { oldSecretKey: first })));
  expect([await opens(changed, "owner"), await opens(changed, "worker")]).toEqual([true, true]);
  // A process of the former setting that starts again does not take it back.
  expect(await refusal(prepareDatabase(access))).toMatch(/^SECRET_KEY /);
  expect(await opens(changed, "staff")).toBe(true);
});

test("a program whose key was changed under it is told that the database is away, not that something broke", async () => {
  const access = await emptyDatabase();
  await makeRoles(access, {});
  const pools = openPools({ ...access, secretKey: other }, () => {});
  const error = await pools
    .of("staff")
    .query("select 1")
    .catch((reason: unknown) => reason);
  expect([(error as { code?: string }).code, isUnavailable(error)]).toEqual(["28P01", true]);
  await pools.end();
});

test("roles made ahead, as before a restore, are kept; one that is missing is made again, and the others stay", async () => {
  const access = await emptyDatabase();
  await makeRoles({ ...access, secretKey: other }, { always: true });
  await makeRoles(access, { always: true });
  expect(await rolesOf(access.adminUrl, access.rolePrefix)).toHaveLength(8);
  await prepareDatabase(access);
  await ask(access.adminUrl, `alter role ${roleName(access, "visitor")} rename to ${access.rolePrefix}_was_visitor`);
  await prepareDatabase(access);
  expect([await opens(access, "visitor"), await opens(access, "staff")]).toEqual([true, true]);
});

test("a look at a database makes no role and applies no migration, and says what is missing", async () => {
  const access = await emptyDatabase();
  expect(await refusal(checkPrepared(access))).toContain(`${access.rolePrefix}_owner does not open`);
  expect(await rolesOf(access.adminUrl, access.rolePrefix)).toEqual([]);
  await makeRoles(access, {});
  expect(await refusal(checkPrepared(access))).toMatch(/waits for \d+ of this program's migrations/);
  expect(await ask(access.adminUrl, "select from pg_namespace where nspname = 'app'")).toEqual([]);
  await prepareDatabase(access);
  await checkPrepared(access);
  await ask(access.adminUrl, "delete from app.migration where name like '0001%'");
  expect(await refusal(checkPrepared(access))).toContain("waits for 1 of");
  expect(await refusal(checkPrepared({ ...access, secretKey: other }))).toContain("Nothing was changed");
  expect(await opens(access, "owner")).toBe(true);
});

test("a database that was restored without its roles, or under another prefix, is said in a line, and no role is made", async () => {
  const access = await emptyDatabase();
  await ask(access.adminUrl, "create schema app");
  expect(await refusal(prepareDatabase(access))).toContain("it was restored before its roles were made");
  const college = await emptyDatabase();
  await makeRoles(college, {});
  await ask(access.adminUrl, `alter schema app owner to ${roleName(college, "owner")}`);
  expect(await refusal(prepareDatabase(access))).toContain(`set DATABASE_ROLE_PREFIX=${college.rolePrefix} `);
  expect(await rolesOf(access.adminUrl, access.rolePrefix)).toEqual([]);
  // Ownership is there, and what stands in it is not.
  await ask(access.adminUrl, "create table app.migration (name text, digest text)");
  expect(await refusal(prepareDatabase({ ...access, rolePrefix: college.rolePrefix }))).toContain("permission denied");
  await ask(access.adminUrl, "drop schema app cascade");
});
