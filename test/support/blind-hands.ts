import { permit } from "#access/permit.ts";
import type { CustomerId, InstitutionId } from "#access/principal.ts";
import { creditInvoice } from "#features/invoices/credit-invoice.ts";
import { createDraft } from "#features/invoices/invoice-draft.ts";
import { issueInvoice } from "#features/invoices/issue-invoice.ts";
import { recordInvoicePayment } from "#features/money-in/record-invoice-payment.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import { cancelPayment } from "#features/payments/cancel-payment.ts";
import { createPayment } from "#features/payments/create-payment.ts";
import { editPayment } from "#features/payments/edit-payment.ts";
import { hasMoney, type Payment, type PaymentId, stillOwes } from "#features/payments/payment.ts";
import type { ShareChoice } from "#features/payments/payment-input.ts";
import { sharesOf } from "#features/payments/payment-money.ts";
import { discountOf, readPayment } from "#features/payments/payment-views.ts";
import { keepOf } from "#features/payments/shares.ts";
import { newId } from "#kernel/ids.ts";
import { money } from "#kernel/money.ts";
import { todayOf } from "#platform/institution.ts";
import { wake } from "#platform/jobs.ts";
import type { Cx } from "#platform/tx.ts";
import { pay, refund, useCredit } from "./blind-money.ts";
import { transfer, type Wallets } from "./blind-wallets.ts";
import type { Secret, Step, Told, ToldTerms } from "./blind-worlds.ts";
import type { Browser } from "./browser.ts";
import type { TestHouse } from "./house.ts";

/** One of two worlds, as it has come to be. */
export type World = {
  readonly h: TestHouse;
  readonly told: Told;
  readonly secret: Secret;
  readonly institution: InstitutionId;
  readonly partners: readonly PartnershipId[];
  readonly payments: readonly PaymentId[];
  readonly browser: Browser & { readonly email: string };
  /** Payments that money was meant for: what is done with others hangs on no amount. */
  readonly touched: Set<number>;
  /** Payments whose shares are the later ones by now. */
  readonly later: Set<number>;
  /** Pages that a step led the partner to. */
  readonly extra: string[];
  readonly wallets: Wallets;
  /** From which the days of the world are counted. */
  readonly began: Temporal.PlainDate;
};

/** The shares of a payment, the looked-at partner's first; what hangs on a share that is not there stands alone. */
export function choicesOf(world: Giving, index: number, later = false): ShareChoice[] {
  const { told, secret, partners } = world;
  const { own, list } = told.payments[index] as Told["payments"][number];
  const others = (later ? secret.later : secret.others)[index] ?? [];
  // One remainder, and no circles: of two that hang on each other the other one becomes a plain percentage.
  const rest = own.kind === "remainder";
  const tamed = others.map((one, place): ToldTerms => {
    const twice = one.kind === "remainder" && (rest || others.findIndex((o) => o.kind === "remainder") !== place);
    const circle = one.kind === "percent_of_share" && own.kind !== "percent" && own.kind !== "flat";
    return twice || circle ? { ...one, kind: "percent" } : one;
  });
  const source = tamed.find((one) => one.partner === own.of);
  const lost = own.kind === "percent_of_share" && (!source || source.kind === "remainder");
  return [lost ? { ...own, kind: "percent" as const } : own, ...tamed].map(({ partner, kind, rate, of }) => {
    const partnershipId = partners[partner] ?? "";
    const flat = money((list * BigInt(rate)) / 10_000n || 1n, told.currency);
    if (kind === "flat") return { partnershipId, kind, rateBps: 0, flat };
    return {
      partnershipId,
      kind,
      rateBps: rate,
      of: kind === "percent_of_share" ? (partners[of ?? 0] ?? "") : undefined,
    };
  });
}

/** Creates a payment, with so many thousandths of what stays with the institution as its discount. */
export async function bring(
  world: Omit<World, "payments" | "browser" | "touched" | "later" | "extra" | "wallets">,
  customer: CustomerId,
  index: number,
) {
  const { h, told, institution, began } = world;
  const { list, due } = told.payments[index] as Told["payments"][number];
  return await h.system(institution, async (cx) => {
    const may = permit(cx.principal, "payments.write");
    const made = await createPayment(cx, may, {
      customer,
      item: `Tuition ${index + 1}`,
      list: money(list, told.currency),
      dueDate: began.add({ days: due }),
      allowPart: true,
      shares: choicesOf(world, index),
    });
    await giveDiscount(cx, world, made, index, 0);
    return made.id;
  });
}

type Giving = Pick<World, "told" | "secret" | "partners">;

async function giveDiscount(cx: Cx, world: Giving, payment: Payment, index: number, which: 0 | 1): Promise<void> {
  const permille = BigInt(world.secret.discounts[index]?.[which] ?? 0);
  if (permille === 0n && which === 0) return;
  const none = money(0n, payment.list.currency);
  const shares = choicesOf(world, index, which === 1);
  if (which === 1) await edit(cx, world, payment, index, { discount: none, shares });
  const keep = keepOf(payment.list, (await sharesOf(cx, [payment.id])).get(payment.id) ?? []);
  const most = keep.minor < payment.list.minor - 10n ? keep.minor : payment.list.minor - 10n;
  const discount = money((most * permille) / 1_000n, payment.list.currency);
  const now = await readPayment(cx, payment.id);
  await edit(cx, world, now, index, { discount, discountReason: `A reason of ${permille}`, shares });
}

type Change = Partial<Parameters<typeof editPayment>[3]>;

async function edit(cx: Cx, world: Giving, payment: Payment, index: number, change: Change): Promise<void> {
  const { item, note, list, dueDate, allowPart, discount } = payment;
  const given = (await discountOf(cx, payment.id))?.reason ?? "";
  await editPayment(cx, permit(cx.principal, "payments.write"), payment.id, {
    ...{ item, note, list, dueDate, allowPart, discount, discountReason: given },
    shares: choicesOf(world, index),
    ...change,
  });
}

/** Lets one step happen, as far as it can: a step that has no meaning (yet, any more) is none. */
export async function take(world: World, step: Step): Promise<void> {
  const { h, institution } = world;
  switch (step.do) {
    case "pass":
      h.clock.advance({ hours: step.hours });
      return await look(world);
    case "payouts":
      return await payOut(world);
    case "bank":
      return await changeBank(world, step.ending);
    case "invoice":
      await h.system(institution, (cx) => invoice(cx, world, step));
      return step.paid === "online" ? await chooseInvoice(world, step.minor) : undefined;
    case "transfer":
      return await transfer(world, step);
    case "pay":
      if (step.how === "late") h.clock.advance({ hours: 24 * 9 });
  }
  const id = world.payments[step.payment] as PaymentId;
  if (step.do === "pay" || step.do === "credit") world.touched.add(step.payment);
  await h.system(institution, async (cx) => {
    const payment = await readPayment(cx, id);
    if (step.do === "refund") await refund(cx, payment, step);
    else if (step.do === "pay") await pay(cx, payment, step.how, world.secret.surchargeBps);
    else if (step.do === "credit") await useCredit(cx, payment);
    else if (step.do === "change") await change(cx, world, payment, step);
    else if (payment.state === "open" && !world.touched.has(step.payment)) {
      await cancelPayment(cx, permit(cx.principal, "payments.write"), id, "Left");
    }
  });
}

async function change(cx: Cx, world: World, payment: Payment, step: Extract<Step, { do: "change" }>): Promise<void> {
  if (!stillOwes(payment.state)) return;
  // The shares as they stand now: the first ones may leave no room for the discount that came with the later ones.
  const shares = choicesOf(world, step.payment, world.later.has(step.payment));
  if (step.what === "item") await edit(cx, world, payment, step.payment, { item: `${payment.item}, renamed`, shares });
  else if (step.what === "due") {
    await edit(cx, world, payment, step.payment, { dueDate: payment.dueDate.add({ days: 3 }), shares });
  } else if (!hasMoney(payment)) {
    await giveDiscount(cx, world, payment, step.payment, 1);
    world.later.add(step.payment);
  }
}

async function invoice(cx: Cx, world: World, step: Extract<Step, { do: "invoice" }>): Promise<void> {
  const may = permit(cx.principal, "invoices.write");
  const id = newId("inv", cx.now, cx.random);
  const { currency } = world.told;
  const today = todayOf(cx.institution, cx.now);
  await createDraft(cx, may, id, {
    ...{ partnership: world.partners[0] as PartnershipId, currency, dueDate: today.add({ days: 10 }), notes: "" },
    lines: [{ description: "Marketing", quantity: 1, unit: money(step.minor, currency), taxBps: 0 }],
  });
  await issueInvoice(cx, may, id);
  const minor = { all: step.minor, part: step.minor / 3n, credited: step.minor / 2n, none: 0n, online: 0n }[step.paid];
  const paid = { amount: money(minor, currency), receivedOn: today, methodLabel: "Bank transfer", note: "" };
  if (minor > 0n) await recordInvoicePayment(cx, may, { invoice: id, owedBefore: step.minor, ...paid });
  const key = newId("inv", cx.now, cx.random);
  if (step.paid === "credited") await creditInvoice(cx, may, { key, invoice: id, wish: "all", reason: "Twice" });
}

/** The partner chooses its newest open invoice and says that it will send the money itself: then it waits for it. */
async function chooseInvoice({ browser, extra }: World, minor: bigint): Promise<void> {
  const list = await browser.get("/partner/pay");
  const number = [...list.text.matchAll(/name="invoice" [^>]*value="(\d+)"/g)].at(-1)?.[1];
  if (number === undefined) throw new Error("There is no invoice to choose");
  const opened = await browser.post("/partner/pay", { invoice: number });
  const base = opened.location.replace(/\/review$/, "");
  const methods = [...(await browser.get(opened.location)).text.matchAll(/value="(chp_[^"]+)"/g)].map(
    (found) => found[1],
  );
  const method = methods.at(-1) ?? "";
  extra.push(opened.location, `${base}/method?with=${method}`, `${base}/done`);
  const begun = await browser.post(`${base}/method`, { method, expected: String(minor) });
  if (begun.location.startsWith("/partner")) extra.push(begun.location);
}

/** The partner's account becomes another; what was failed for the old one may go out again. */
async function changeBank({ h, institution, partners, told }: World, ending: string): Promise<void> {
  const id = newId("bac", h.clock.now(), h.house.random);
  const numbers = JSON.stringify({ scheme: "au", bsb: "062000", account: `1234${ending}` });
  const sealed = h.ground.keys.seal(h.house.random, "bank-account", id, numbers);
  const now = h.clock.now().toString();
  await h.admin.query(
    `update app.bank_account set state = 'replaced'
      where institution_id = $1 and partnership_id = $2 and currency = $3 and state = 'active'`,
    [institution, partners[0], told.currency],
  );
  await h.admin.query(
    `insert into app.bank_account (institution_id, id, partnership_id, currency, holder_name, bank_name, sealed, last4,
       state, proposed_by_kind, proposed_by, created_at)
     values ($1, $2, $3, $4, 'Meridian Pty Ltd', 'Sample Bank', $5, $6, 'active', 'staff', 'test', $7)`,
    [institution, id, partners[0], told.currency, sealed, ending, now],
  );
}

async function look({ h, institution }: World): Promise<void> {
  await h.system(institution, async (cx) => {
    wake(cx, "payouts.gather", {});
    wake(cx, "payouts.send", {});
  });
  await h.drain();
}

/** A week passes, and what is due by then is sent. */
async function payOut(world: World): Promise<void> {
  await look(world);
  world.h.clock.advance({ hours: 24 * 8 });
  await look(world);
}
