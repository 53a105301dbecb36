import { sql } from "kysely";
import { permit } from "#access/permit.ts";
import type { InstitutionId, MemberId } from "#access/principal.ts";
import { upsertPartnerships } from "#features/partnerships/upsert-partnerships.ts";
import { approveAdjustment, proposeAdjustment } from "#features/wallets/adjust-wallet.ts";
import { openWallet } from "#features/wallets/open-wallet.ts";
import type { Wallet } from "#features/wallets/wallet.ts";
import { saveWalletCurrency } from "#features/wallets/wallet-currencies.ts";
import { newId } from "#kernel/ids.ts";
import { money } from "#kernel/money.ts";
import { secretToken } from "#kernel/random.ts";
import { type Cx, type Ground, inTx, tokenHash } from "#platform/tx.ts";

/** A wallet with a member who may move its money, and the session of that member. */
export type Party = { readonly id: string; readonly number: string; readonly token: string; readonly minor: bigint };
export type DrillWorld = { readonly institution: InstitutionId; readonly parties: readonly Party[] };

// The last one has so little that some of its transfers are refused.
const funds = [10_000_000n, 10_000_000n, 10_000_000n, 10_000_000n, 10_000_000n, 2_000n];

/** An institution whose partners have a wallet each, with money in it and a member who is signed in. */
export async function makeWorld(ground: Ground): Promise<DrillWorld> {
  const now = ground.clock.now();
  const institution = newId("inst", now, ground.random);
  await inTx(ground, { as: "visitor", host: "" }, (cx) =>
    sql`select app.begin_institution(${institution}, 'Drill College', true, ${now})`.execute(cx.db),
  );
  const opening = { as: "system", institution, task: "drill" } as const;
  await inTx(ground, opening, async (cx) => {
    await sql`update app.institution set live_at = ${now} where id = app.institution_id()`.execute(cx.db);
    const may = permit(cx.principal, "wallets.write");
    await saveWalletCurrency(cx, may, { currency: "AUD", enabled: true, approvalAbove: undefined });
  });
  return { institution, parties: await inTx(ground, opening, makeParties) };
}

async function makeParties(cx: Cx): Promise<readonly Party[]> {
  const rows = await upsertPartnerships(
    cx,
    permit(cx.principal, "partnerships.write"),
    funds.map((_, index) => ({
      ...{ external_id: `P${index}`, name: `Partner ${index}`, legal_name: `Partner ${index} Pty Ltd`, kind: "agent" },
      ...{ currency: "AUD", commission_percent: "10", commission_tax: "exclusive", tax_registered: "no", tax_id: "" },
    })),
  );
  const parties: Party[] = [];
  for (const [index, row] of rows.entries()) {
    const partnership = "id" in row ? row.id : "";
    const token = await makeMember(cx, partnership);
    const asked = { partnership, currency: "AUD", purpose: "general" } as const;
    const wallet = await openWallet(cx, permit(cx.principal, "wallets.write"), asked);
    const minor = funds[index] ?? 0n;
    await fund(cx, wallet, minor);
    parties.push({ id: wallet.id, number: wallet.number, token, minor });
  }
  return parties;
}

/** A partner account with an owner. Returns the token of the owner's session. */
async function makeMember(cx: Cx, partnership: string): Promise<string> {
  const member: MemberId = newId("mbr", cx.now, cx.random);
  const email = `${member.slice(-8)}@members.example`;
  const token = secretToken(cx.random);
  const workspace = newId("wsp", cx.now, cx.random);
  const rows = [
    sql`insert into app.workspace (institution_id, id, partnership_id, name, provisioned_by, created_at)
      values (app.institution_id(), ${workspace}, ${partnership}, 'Drill', 'drill', ${cx.now})`,
    sql`insert into app.member (institution_id, id, partnership_id, name, email, role, created_at, updated_at)
      values (app.institution_id(), ${member}, ${partnership}, 'Rosa Weber', ${email}, 'OWNER', ${cx.now}, ${cx.now})`,
  ];
  for (const row of rows) await row.execute(cx.db);
  await sql`insert into app.session (institution_id, id, token_hash, face, email, partnership_id, stepped_up_at,
      created_at, last_seen_at, idle_seconds, expires_at)
    values (app.institution_id(), ${newId("ses", cx.now, cx.random)}, ${tokenHash(token)}, 'partner', ${email},
      ${partnership}, ${cx.now}, ${cx.now}, ${cx.now}, 86400, ${cx.now.add({ hours: 24 })})`.execute(cx.db);
  return token;
}

/** One person proposes what is put into the wallet, another one approves. */
async function fund(cx: Cx, wallet: Wallet, minor: bigint): Promise<void> {
  const key = newId("adj", cx.now, cx.random);
  const proposal = { wallet: wallet.id, amount: money(minor, "AUD"), reason: "To begin with", key };
  const { id } = await proposeAdjustment(cx, permit(cx.principal, "wallets.adjust"), proposal);
  const other = { kind: "system", institution: cx.institution.id, task: "somebody else" } as const;
  await approveAdjustment({ ...cx, principal: other }, permit(other, "wallets.adjust"), id);
}
