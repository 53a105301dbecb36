import { createHash } from "node:crypto";
import { sql } from "kysely";
import type { StaffId } from "#access/principal.ts";
import type { Cx } from "#platform/tx.ts";
import { newRecoveryCodes } from "./recovery-codes.ts";

function hashOf(staff: StaffId, code: string): Buffer {
  return createHash("sha256")
    .update(`${staff}\0${code.replaceAll("-", "")}`)
    .digest();
}

/** Ten new codes in the place of all old ones. They are shown once; only their hashes are kept. */
export async function replaceRecoveryCodes(cx: Cx, staff: StaffId): Promise<readonly string[]> {
  const codes = newRecoveryCodes(cx.random);
  await sql`delete from app.recovery_code where institution_id = app.institution_id() and staff_id = ${staff}`.execute(
    cx.db,
  );
  await sql`insert into app.recovery_code (institution_id, staff_id, code_hash)
    select app.institution_id(), ${staff}, hash from unnest(${codes.map((code) => hashOf(staff, code))}::bytea[])
      as hash`.execute(cx.db);
  return codes;
}

/** Spends a code: one statement, so two browsers with the same code get one sign-in. */
export async function spendRecoveryCode(cx: Cx, staff: StaffId, clean: string): Promise<boolean> {
  const { rows } = await sql<{ one: number }>`update app.recovery_code set used_at = ${cx.now}
    where institution_id = app.institution_id() and staff_id = ${staff} and code_hash = ${hashOf(staff, clean)}
      and used_at is null
    returning 1 as one`.execute(cx.db);
  return rows.length === 1;
}

/** How many codes are left. */
export async function countRecoveryCodes(cx: Cx, staff: StaffId): Promise<number> {
  const { rows } = await sql<{ left: bigint }>`select count(*) as left from app.recovery_code
    where institution_id = app.institution_id() and staff_id = ${staff} and used_at is null`.execute(cx.db);
  return Number(rows[0]?.left ?? 0n);
}
