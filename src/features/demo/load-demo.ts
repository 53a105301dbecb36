import { sql } from "kysely";
import { permit } from "#access/permit.ts";
import type { InstitutionId, Role, Staff } from "#access/principal.ts";
import { savePayoutLimit } from "#features/payouts/payout-settings.ts";
import { newId } from "#kernel/ids.ts";
import { Problem } from "#kernel/problem.ts";
import { wake } from "#platform/jobs.ts";
import { refreshStatistics } from "#platform/statistics.ts";
import { type Cx, type Ground, inTx } from "#platform/tx.ts";
import { makeAiko } from "./aiko.ts";
import { loadFiles } from "./files.ts";
import { payHistory } from "./history.ts";
import { makeMeridian } from "./meridian.ts";
import { invoiceMeridian } from "./partner-invoices.ts";
import type { Story } from "./story.ts";
import { walletDays } from "./wallet-story.ts";
import { setTariffs } from "./wallet-tariffs.ts";
import { makeWallets } from "./wallets.ts";

/** Who can be signed in with one click, as the terminal lists them. */
export const demoSignIns = [
  { who: "Staff, owner", what: "Priya Nair" },
  { who: "Staff, administrator", what: "Mei Chen, who approves what needs two people" },
  { who: "Staff, viewer", what: "Tom Baker" },
  { who: "Customer", what: "Aiko Tanaka, with something overdue" },
  { who: "Partner, contact", what: "Ahmed Sharma of Meridian Education, with a payout that failed" },
  { who: "Partner, member", what: "Grace Okafor, who owns its account, with wallets and transfers" },
] as const;

/** The day on which the demo's story was written: a Saturday. Everything moves along to the day it is loaded. */
const storyDay = "2026-11-21";

/**
 * Loads Northbridge College into an empty database: partnerships, contacts, customers and what they owe and paid,
 * every amount through the same use cases and the same ledger as in earnest. Dates are moved so that today is the
 * story's today. All of it is one transaction beside the institution itself; a start that was killed in between is
 * made good by the next.
 */
export async function loadDemo(ground: Ground): Promise<void> {
  const institution = await beginDemo(ground);
  if (!institution) return;
  // In a transaction of its own: receipts are issued in the name that the institution has when theirs opens.
  await inTx(ground, { as: "system", institution, task: "demo" }, describeInstitution);
  await inTx(ground, { as: "system", institution, task: "demo" }, async (cx) => {
    const today = cx.now.toZonedDateTimeISO("Australia/Sydney").toPlainDate();
    const story: Story = { cx, days: Temporal.PlainDate.from(storyDay).until(today).days };
    const begun =
      await sql`update app.institution set live_at = ${cx.now} where id = ${institution} and live_at is null`.execute(
        cx.db,
      );
    if (begun.numAffectedRows !== 1n) return;
    // Thousands of statements, each planned a few times for what it is given, would be a sixth of the load.
    await sql`select set_config('plan_cache_mode', 'force_generic_plan', true)`.execute(cx.db);
    await offerMethods(cx);
    const owner = await makeOwner(cx);
    await loadFiles(story);
    await refreshStatistics(cx);
    const billed = await makeMeridian(story, owner);
    const admin = await makeColleagues(cx);
    const aiko = await makeAiko(story);
    await setTariffs(story, owner);
    const wallets = walletDays(story, await makeWallets(story, { owner, admin }));
    await payHistory(story, aiko, { owner, billed, wallets });
    await askForTwo(cx, owner);
    await invoiceMeridian(story);
    // What a night's job does, as soon as there is somebody to do it.
    wake(cx, "books.prove", {});
  });
  await inTx(ground, { as: "system", institution, task: "demo" }, refreshStatistics);
}

/** The demo institution that is still to be filled; undefined when there is an institution already, or several. */
async function beginDemo(ground: Ground): Promise<InstitutionId | undefined> {
  return await unlessSeveral(ground, async (cx) => {
    const id = newId("inst", cx.now, cx.random);
    const begun = await sql<{ made: boolean }>`
      select app.begin_institution(${id}, 'Northbridge College', true, ${cx.now}) as made`.execute(cx.db);
    if (begun.rows[0]?.made) return id;
    return cx.institution.isDemo && !cx.institution.isLive ? cx.institution.id : undefined;
  });
}

/** Whether the institution of this house is the demo, whose people can be signed in as. */
export async function isDemo(ground: Ground): Promise<boolean> {
  return (await unlessSeveral(ground, async (cx) => cx.institution.isDemo)) ?? false;
}

/** Works in the one institution, or in none where there is none yet; undefined where there are several. */
async function unlessSeveral<T>(ground: Ground, work: (cx: Cx) => Promise<T>): Promise<T | undefined> {
  try {
    return await inTx(ground, { as: "visitor", host: "" }, work);
  } catch (error) {
    if (error instanceof Problem && error.code === "host.unknown") return undefined;
    throw error;
  }
}

async function describeInstitution(cx: Cx): Promise<void> {
  const { id } = cx.institution;
  await sql`update app.institution set legal_name = 'Northbridge College Pty Ltd',
    registration_number = '12 345 678 901', currencies = '{AUD,JPY,USD}',
    contact_email = 'accounts@northbridge.example', contact_phone = '+61 2 5550 0100',
    address = '18 Harbour Street, Sydney NSW 2000' where id = ${id}`.execute(cx.db);
}

async function offerMethods(cx: Cx): Promise<void> {
  const { id } = cx.institution;
  const offers = [
    ["card", "Card", 0],
    ["bank_transfer", "Bank transfer", 1],
  ] as const;
  for (const [kind, name, position] of offers) {
    await sql`insert into app.channel_product (institution_id, id, provider, kind, name, currencies, position,
      created_at)
      values (${id}, ${newId("chp", cx.now, cx.random)}, 'sandbox', ${kind}, ${name}, '{AUD,JPY,USD}', ${position},
        ${cx.now})`.execute(cx.db);
  }
}

/** The owner comes first, and alone: bank details that the only administrator enters count at once. */
async function makeOwner(cx: Cx): Promise<Staff> {
  return await makeMember(cx, "OWNER", "Priya Nair", "priya.nair@northbridge.example");
}

/** From now on larger payouts need two people. */
async function askForTwo(cx: Cx, owner: Staff): Promise<void> {
  const limit = { currency: "AUD", minimum: 1_000n, secondPersonAbove: 200_000n } as const;
  await savePayoutLimit(cx, permit(owner, "payouts.settings"), limit);
}

/** Answers the administrator, who approves what the owner may not approve alone. */
async function makeColleagues(cx: Cx): Promise<Staff> {
  await makeMember(cx, "VIEWER", "Tom Baker", "tom.baker@northbridge.example");
  return await makeMember(cx, "ADMIN", "Mei Chen", "mei.chen@northbridge.example");
}

async function makeMember(cx: Cx, role: Role, name: string, email: string): Promise<Staff> {
  const id = newId("stf", cx.now, cx.random);
  await cx.db
    .insertInto("app.staff_member")
    .values({
      institution_id: cx.institution.id,
      id,
      role,
      name,
      email,
      created_at: cx.now,
      password_hash: null,
      password_changed_at: null,
      totp_sealed: null,
      totp_confirmed_at: null,
      locked_until: null,
      suspended_at: null,
    })
    .execute();
  const session = { id: newId("ses", cx.now, cx.random), steppedUpAt: cx.now };
  return { kind: "staff", institution: cx.institution.id, id, name, email, role, session };
}
