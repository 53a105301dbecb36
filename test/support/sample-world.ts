import type { CustomerId, InstitutionId } from "#access/principal.ts";
import { newId } from "#kernel/ids.ts";
import type { TestHouse } from "./house.ts";
import { type PartnerIds, partnerIds, partnerParams, writePartner, writePartnerMoney } from "./sample-partners.ts";

/** One institution with a row of every kind that an address can name. Every name of its people holds `mark`. */
export type SampleWorld = {
  readonly institution: InstitutionId;
  readonly host: string;
  readonly mark: string;
  readonly customer: CustomerId;
  readonly sibling: CustomerId;
  readonly partner: PartnerIds;
  /** What stands for `:name` in a path that begins with the key: the longest key that fits counts. */
  readonly params: Readonly<Record<string, Readonly<Record<string, string>>>>;
};

/** Writes the rows directly, as a superuser: the matrix asks who may reach them, not how they come about. */
export async function sampleWorld(h: TestHouse, mark: string, host: string): Promise<SampleWorld> {
  const institution = await h.institution({ name: "Sample College", host });
  const ids = makeIds(h);
  const partner = partnerIds(h);
  const world = { institution, host, mark, customer: ids.customer, sibling: ids.sibling, partner };
  const now = h.clock.now().toString();
  const run = (text: string, values: unknown[]) => h.admin.query(text, [institution, ...values]);
  await writePartner(run, partner, { mark, host, ...ids }, now);
  await writePeople(run, world, ids, now);
  await writeMoney(run, world, ids, now);
  await writePartnerMoney(run, partner, { mark, host, ...ids }, now);
  await run(
    `insert into app.import_run (institution_id, id, kind, file_name, storage_key, state, created_by, created_at)
     values ($1, $2, 'customers', $3, 'none', 'done', $3, $4)`,
    [ids.import, `${mark}.csv`, now],
  );
  const refs = await h.admin.query<{ ref: string }>(
    "select ref from app.shared_customer where institution_id = $1 and customer_id = $2",
    [institution, ids.customer],
  );
  return { ...world, params: { ...paramsOf(ids), ...partnerParams(partner, refs.rows[0]?.ref ?? "") } };
}

type Ids = ReturnType<typeof makeIds>;
type World = Omit<SampleWorld, "params">;
type Run = (text: string, values: unknown[]) => Promise<unknown>;

function makeIds(h: TestHouse) {
  const id = <P extends Parameters<typeof newId>[0]>(noun: P) => newId(noun, h.clock.now(), h.random);
  return {
    customer: id("cus"),
    sibling: id("cus"),
    payment: id("pay"),
    siblingPayment: id("pay"),
    checkout: id("chk"),
    attempt: id("att"),
    received: id("rcv"),
    unmatched: id("rcv"),
    receipt: id("rcp"),
    import: id("imp"),
    session: id("ses"),
    refund: id("rfd"),
  };
}

/** Two customers of the partner and a payment of each. */
async function writePeople(run: Run, world: World, ids: Ids, now: string): Promise<void> {
  const { mark, host } = world;
  for (const [key, name, email] of [
    [ids.customer, "Aiko", "aiko"],
    [ids.sibling, "Ben", "ben"],
  ] as const) {
    await run(
      `insert into app.customer (institution_id, id, given_name, family_name, email, partnership_id, created_at,
        updated_at)
       values ($1, $2, $3, $4, $5, $6, $7, $7)`,
      [key, name, mark, `${email}@${host}`, world.partner.partnership, now],
    );
  }
  for (const [key, owner] of [
    [ids.payment, ids.customer],
    [ids.siblingPayment, ids.sibling],
  ] as const) {
    await run(
      `insert into app.payment (institution_id, id, customer_id, item, list_minor, currency, due_date, created_at,
        updated_at)
       values ($1, $2, $3, $4, 10000, 'AUD', '2026-12-05', $5, $5)`,
      [key, owner, `${mark} tuition`, now],
    );
  }
}

/** A checkout with an attempt that failed, money that came in, and money that nobody knows. */
async function writeMoney(run: Run, world: World, ids: Ids, now: string): Promise<void> {
  const { mark, host, customer } = world;
  await run(
    `insert into app.checkout (institution_id, id, customer_id, currency, total_minor, created_by, created_at,
      updated_at)
     values ($1, $2, $3, 'AUD', 10000, $4, $5, $5)`,
    [ids.checkout, customer, `aiko@${host}`, now],
  );
  await run(
    "insert into app.checkout_item (institution_id, checkout_id, payment_id, minor) values ($1, $2, $3, 10000)",
    [ids.checkout, ids.payment],
  );
  await run(
    `insert into app.payment_attempt (institution_id, id, checkout_id, customer_id, channel_product_id, provider,
      reference, state, currency, minor, created_at, updated_at)
     select $1, $2, $3, $4, id, 'sandbox', $5, 'failed', 'AUD', 10000, $6, $6
       from app.channel_product where institution_id = $1 limit 1`,
    [ids.attempt, ids.checkout, customer, `NB-${ids.attempt.slice(-8)}`, now],
  );
  await run(
    `insert into app.money_received (institution_id, id, provider, provider_ref, kind, customer_id, currency, minor,
      state, received_on, created_at)
     values ($1, $2, 'sandbox', $2, 'card', $3, 'AUD', 100, 'matched', '2026-11-20', $4)`,
    [ids.received, customer, now],
  );
  await run(
    `insert into app.money_received (institution_id, id, provider, provider_ref, kind, currency, minor, state,
      payer_name, received_on, created_at)
     values ($1, $2, 'sandbox', $2, 'bank_transfer', 'AUD', 100, 'unmatched', $3, '2026-11-20', $4)`,
    [ids.unmatched, mark, now],
  );
}

function paramsOf(ids: Ids): SampleWorld["params"] {
  return {
    "/staff/customers": { id: ids.customer },
    "/staff/payments": { id: ids.payment },
    "/staff/imports": { id: ids.import, kind: "customers", name: "customers.csv" },
    "/staff/unmatched": { id: ids.unmatched },
    "/payments": { id: ids.payment },
    "/pay": { checkout: ids.checkout, id: ids.checkout },
    "/receipts": { id: ids.receipt },
    "/staff/receipts": { id: ids.receipt },
    "/staff/security": { id: ids.session, session: ids.session },
    "/partner/security": { session: ids.session },
    "/profile/sessions": { id: ids.session, session: ids.session },
    "/sign-in/link": { token: "A".repeat(43) },
    "/staff/set-password": { token: "A".repeat(43) },
    "/staff/forgot": { token: "A".repeat(43) },
    "/assets": { name: "nothing.css" },
    "/events": { provider: "sandbox" },
    "/sandbox": { ref: "sbx_nothing" },
    "/dev/mail": { id: "mail_nothing" },
    "/dev/sign-in": { who: "owner" },
  };
}

/** The path with its parameters filled in from the world. Throws when the world has no row for one of them. */
export function fillPath(world: SampleWorld, path: string): string {
  const prefix = Object.keys(world.params)
    .filter((key) => path === key || path.startsWith(`${key}/`))
    .sort((a, b) => b.length - a.length)[0];
  return path.replace(/:(\w+)(\{[^}]*\})?/g, (_, name: string) => {
    const value = prefix === undefined ? undefined : world.params[prefix]?.[name];
    if (value === undefined) throw new Error(`Give test/support/sample-world.ts a value for :${name} of ${path}`);
    return value;
  });
}
