import { sql } from "kysely";
import type { Permit } from "#access/permit.ts";
import type { Staff } from "#access/principal.ts";
import { record } from "#features/audit/record.ts";
import { Problem } from "#kernel/problem.ts";
import type { Instant } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

/** What the program itself is set up with; it stands in the environment, not in the database. */
export type Surroundings = { readonly sendsMail: boolean; readonly production: boolean };

export type StepName = "two-step" | "details" | "methods" | "mail" | "customers" | "payment";
export type Step = {
  readonly name: StepName;
  readonly done: boolean;
  /** Whether going live waits for it. */
  readonly needed: boolean;
};
export type Checklist = {
  readonly steps: readonly Step[];
  readonly liveAt: Instant | null;
  readonly canGoLive: boolean;
};

type Counts = {
  hasTwoStep: boolean;
  details: boolean;
  methods: bigint;
  customers: bigint;
  settled: bigint;
  liveAt: Instant | null;
};

/** What is done and what is left until customers can pay, read from the rows themselves: nothing is ticked by hand. */
export async function setupChecklist(
  cx: Cx<Staff>,
  _may: Permit<"institution.read">,
  around: Surroundings,
): Promise<Checklist> {
  return await readChecklist(cx, around);
}

async function readChecklist(cx: Cx, around: Surroundings): Promise<Checklist> {
  const { rows } = await sql<Counts>`select
      exists (select from app.staff_member where institution_id = i.id and role = 'OWNER' and totp_confirmed_at is not null)
        as "hasTwoStep",
      i.registration_number <> '' and i.address <> '' and i.contact_email <> '' as details,
      (select count(*) from app.channel_product where institution_id = i.id and state = 'active') as methods,
      (select count(*) from (select from app.customer where institution_id = i.id limit 1) as one) as customers,
      (select count(*) from (select from app.payment_attempt where institution_id = i.id and state = 'succeeded' limit 1)
        as one) as settled,
      i.live_at as "liveAt"
    from app.institution i where i.id = app.institution_id()`.execute(cx.db);
  const [counts] = rows;
  if (!counts) throw new Problem("not-found", "This institution does not exist.");
  const steps: readonly Step[] = [
    { name: "two-step", done: counts.hasTwoStep, needed: false },
    { name: "details", done: counts.details, needed: true },
    { name: "methods", done: counts.methods > 0n, needed: true },
    { name: "mail", done: around.sendsMail, needed: around.production },
    { name: "customers", done: counts.customers > 0n, needed: false },
    { name: "payment", done: counts.settled > 0n, needed: false },
  ];
  return { steps, liveAt: counts.liveAt, canGoLive: steps.every((step) => step.done || !step.needed) };
}

/** Marks the institution as live. Throws `conflict` while something that customers need is missing. */
export async function goLive(cx: Cx<Staff>, _may: Permit<"institution.write">, around: Surroundings): Promise<void> {
  const checklist = await readChecklist(cx, around);
  if (checklist.liveAt) return;
  if (!checklist.canGoLive) {
    throw new Problem("conflict", "Finish the steps that are marked as needed, then go live.");
  }
  await sql`update app.institution set live_at = ${cx.now} where id = app.institution_id() and live_at is null`.execute(
    cx.db,
  );
  await record(cx, { event: "institution.went-live", subject: cx.institution.id });
}
