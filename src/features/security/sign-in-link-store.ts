import { sql } from "kysely";
import { newId } from "#kernel/ids.ts";
import type { Instant } from "#kernel/time.ts";
import { type Cx, tokenHash } from "#platform/tx.ts";
import { codeTries, type LinkKind, linkMinutes } from "./sign-in-link.ts";

export type LinkRow = {
  readonly id: string;
  readonly email: string;
  readonly returnTo: string;
  readonly browserHash: Buffer;
  readonly expiresAt: Instant;
  readonly usedAt: Instant | null;
};

const columns = sql`id, email, return_to as "returnTo", browser_hash as "browserHash", expires_at as "expiresAt",
  used_at as "usedAt"`;

type NewLink = {
  readonly kind: LinkKind;
  readonly email: string;
  readonly token: string;
  readonly code: string;
  /** The nonce of the browser that asks. */
  readonly browser: string;
  readonly returnTo: string;
};

// A million codes are soon hashed, so what is kept of one is keyed and tied to its link.
function codeHash(cx: Cx, id: string, code: string): Buffer {
  return cx.keys.fingerprint("sign-in-code", `${id}\0${code}`);
}

/** Writes a link; the row holds hashes only. */
export async function insertLink(cx: Cx, link: NewLink): Promise<{ id: string; expiresAt: Instant }> {
  const id = newId("lnk", cx.now, cx.random);
  const expiresAt = cx.now.add({ minutes: linkMinutes });
  await sql`insert into app.sign_in_link (institution_id, id, face, purpose, email, token_hash, code_hash, browser_hash,
      return_to, created_at, expires_at)
    values (app.institution_id(), ${id}, ${link.kind.face}, ${link.kind.purpose}, ${link.email},
      ${tokenHash(link.token)}, ${codeHash(cx, id, link.code)}, ${tokenHash(link.browser)}, ${link.returnTo},
      ${cx.now}, ${expiresAt})`.execute(cx.db);
  return { id, expiresAt };
}

function isOfKind({ face, purpose }: LinkKind) {
  return sql`face = ${face} and purpose = ${purpose}`;
}

/** Looks at a link without touching it. */
export async function findLink(cx: Cx, kind: LinkKind, token: string): Promise<LinkRow | undefined> {
  const { rows } = await sql<LinkRow>`select ${columns} from app.sign_in_link
    where institution_id = app.institution_id() and token_hash = ${tokenHash(token)} and ${isOfKind(kind)}`.execute(
    cx.db,
  );
  return rows[0];
}

/** Spends a link: one statement, so that of a hundred redemptions one finds it unused. */
export async function spendLink(cx: Cx, kind: LinkKind, token: string): Promise<LinkRow | undefined> {
  const { rows } = await sql<LinkRow>`update app.sign_in_link set used_at = ${cx.now}
    where institution_id = app.institution_id() and token_hash = ${tokenHash(token)} and ${isOfKind(kind)}
      and used_at is null and expires_at > ${cx.now}
    returning ${columns}`.execute(cx.db);
  return rows[0];
}

/** The newest link that this browser asked for and that still stands. */
export async function linkOfBrowser(cx: Cx, kind: LinkKind, browser: string): Promise<LinkRow | undefined> {
  const { rows } = await sql<LinkRow>`select ${columns} from app.sign_in_link
    where institution_id = app.institution_id() and browser_hash = ${tokenHash(browser)} and ${isOfKind(kind)}
      and used_at is null and expires_at > ${cx.now}
    order by id desc limit 1`.execute(cx.db);
  return rows[0];
}

export type CodeTry = "right" | "wrong" | "used-up";

/** One try of a code: counted first, compared then, and spent with its link when it is right. */
export async function tryCode(cx: Cx, id: string, code: string): Promise<CodeTry> {
  const { rows } = await sql<{ hash: Buffer; tries: number }>`update app.sign_in_link set code_tries = code_tries + 1
    where institution_id = app.institution_id() and id = ${id} and used_at is null and expires_at > ${cx.now}
      and code_tries < ${codeTries}
    returning code_hash as hash, code_tries as tries`.execute(cx.db);
  const [counted] = rows;
  if (!counted) return "used-up";
  if (!counted.hash.equals(codeHash(cx, id, code))) return counted.tries < codeTries ? "wrong" : "used-up";
  const spent = await sql`update app.sign_in_link set used_at = ${cx.now}
    where institution_id = app.institution_id() and id = ${id} and used_at is null`.execute(cx.db);
  return spent.numAffectedRows === 1n ? "right" : "used-up";
}

export type AskedLink = LinkKind & { readonly email: string; readonly expiresAt: Instant };

/** What a link was asked for, while it was not used; for the job that mails it. */
export async function askedLink(cx: Cx, id: string): Promise<AskedLink | undefined> {
  const { rows } = await sql<AskedLink>`select face, purpose, email, expires_at as "expiresAt" from app.sign_in_link
    where institution_id = app.institution_id() and id = ${id} and used_at is null`.execute(cx.db);
  return rows[0];
}

/** Wipes the sealed words of news that has been dealt with. */
export async function wipeNews(cx: Cx, id: string): Promise<void> {
  await sql`update app.outbox set data = '{}' where institution_id = app.institution_id() and id = ${id}`.execute(
    cx.db,
  );
}
