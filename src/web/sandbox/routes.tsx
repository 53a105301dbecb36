import { z } from "zod";
import type { InstitutionId } from "#access/principal.ts";
import { type Answer, page, seeOther, toProvider } from "#http/answer.ts";
import type { Rq } from "#http/request.ts";
import { type Route, route } from "#http/route.ts";
import { isCurrency, type Money, money, parseMoney } from "#kernel/money.ts";
import { notFound, Problem } from "#kernel/problem.ts";
import type { Cx } from "#platform/tx.ts";
import { sandboxOf } from "#providers/providers.ts";
import { testCard } from "#providers/sandbox/cards.ts";
import type { ChargeRow } from "#providers/sandbox/memory.ts";
import {
  awaitedTransfers,
  confirmCard,
  hostedCharge,
  leaveHostedPage,
  payByCard,
  sendTransfer,
} from "#providers/sandbox/payer.ts";
import type { Sandbox } from "#providers/sandbox/sandbox.ts";
import { BankPage, type Happening, happenings } from "#web/sandbox/bank-page.tsx";
import { CardPage, ClosedPage, ConfirmCardPage } from "#web/sandbox/card-page.tsx";

const params = z.object({ ref: z.string().regex(/^ch_\w{1,40}$/) });
const shared = { opens: "visitor", may: "public.read" } as const;

/** The sandbox of this house; where it is switched off, its pages do not exist. */
function sandboxFor(rq: Rq<unknown, unknown, unknown>): Sandbox {
  const sandbox = sandboxOf(rq.house.providers);
  if (!sandbox) throw notFound();
  return sandbox;
}

async function institutionOf(tx: <T>(work: (cx: Cx) => Promise<T>) => Promise<T>): Promise<InstitutionId> {
  return await tx(async (cx) => cx.institution.id);
}

/** Where the payer goes once the far side has done its part. */
function after(charge: ChargeRow | undefined): Answer {
  if (!charge) throw notFound();
  return charge.state === "confirm" || charge.state === "open"
    ? seeOther(`/sandbox/pay/${charge.ref}`)
    : toProvider(charge.return_url);
}

const card = route({
  ...shared,
  id: "sandbox.card",
  method: "GET",
  path: "/sandbox/pay/:ref",
  params,
  outside: async (rq, tx) => {
    const charge = await hostedCharge(sandboxFor(rq), await institutionOf(tx), rq.params.ref);
    if (!charge) throw notFound();
    if (charge.state === "open") return page(<CardPage ui={rq.ui} charge={charge} />);
    if (charge.state === "confirm") return page(<ConfirmCardPage ui={rq.ui} charge={charge} />);
    return page(<ClosedPage ui={rq.ui} charge={charge} />);
  },
});

const give = route({
  ...shared,
  id: "sandbox.card.give",
  method: "POST",
  path: "/sandbox/pay/:ref",
  params,
  form: z.object({ card: z.string().max(60).catch("") }),
  outside: async (rq, tx) => {
    const sandbox = sandboxFor(rq);
    const institution = await institutionOf(tx);
    const known = testCard(rq.form.card);
    if (!known) {
      const charge = await hostedCharge(sandbox, institution, rq.params.ref);
      if (!charge) throw notFound();
      const problems = { card: "This is not a test card. Use one of those below." };
      return {
        ...page(<CardPage ui={rq.ui} charge={charge} values={{ card: rq.form.card }} problems={problems} />, 422),
      };
    }
    return after(await payByCard(sandbox, institution, rq.params.ref, known));
  },
});

const confirm = route({
  ...shared,
  id: "sandbox.card.confirm",
  method: "POST",
  path: "/sandbox/pay/:ref/confirm",
  params,
  form: z.object({ answer: z.enum(["yes", "no"]) }),
  outside: async (rq, tx) =>
    after(await confirmCard(sandboxFor(rq), await institutionOf(tx), rq.params.ref, rq.form.answer === "yes")),
});

const leave = route({
  ...shared,
  id: "sandbox.card.leave",
  method: "POST",
  path: "/sandbox/pay/:ref/leave",
  params,
  outside: async (rq, tx) => after(await leaveHostedPage(sandboxFor(rq), await institutionOf(tx), rq.params.ref)),
});

const bank = route({
  ...shared,
  id: "sandbox.bank",
  method: "GET",
  path: "/sandbox/bank",
  query: z.object({ sent: z.string().optional() }),
  outside: async (rq, tx) => {
    const waiting = await awaitedTransfers(sandboxFor(rq), await institutionOf(tx));
    const currency = rq.ui.institution.currencies[0] ?? "AUD";
    return page(<BankPage ui={rq.ui} waiting={waiting} currency={currency} sent={rq.query.sent !== undefined} />);
  },
});

const sendAny = route({
  ...shared,
  id: "sandbox.bank.send",
  method: "POST",
  path: "/sandbox/bank",
  form: z.object({
    amount: z.string().max(60).catch(""),
    currency: z.string().max(3).catch(""),
    reference: z.string().trim().max(140).catch(""),
    payer: z.string().trim().min(1, "Write who sends it.").max(100),
  }),
  outside: async (rq, tx) => {
    const { currency } = rq.form;
    if (!isCurrency(currency)) throw refused("amount", "Choose a currency.");
    const amount = parseMoney(rq.form.amount, currency);
    if ("problem" in amount) throw refused("amount", amount.problem);
    if (amount.minor === 0n) throw refused("amount", "Write an amount above zero.");
    const transfer = { amount, reference: rq.form.reference, payerName: rq.form.payer };
    await sendTransfer(sandboxFor(rq), await institutionOf(tx), transfer);
    return seeOther("/sandbox/bank?sent=1");
  },
  again: async (rq, cx, _may, failed) => {
    const waiting = await awaitedTransfers(sandboxFor(rq), cx.institution.id);
    const currency = cx.institution.currencies[0] ?? "AUD";
    const props = { ui: rq.ui, waiting, currency, sent: false };
    return page(<BankPage {...props} values={failed.typed} problems={failed.errors} />);
  },
});

const sendFor = route({
  ...shared,
  id: "sandbox.bank.answer",
  method: "POST",
  path: "/sandbox/bank/:ref",
  params,
  form: z.object({ happens: z.enum(happenings.map(([value]) => value)) }),
  outside: async (rq, tx) => {
    const sandbox = sandboxFor(rq);
    const institution = await institutionOf(tx);
    const charge = (await awaitedTransfers(sandbox, institution)).find((one) => one.ref === rq.params.ref);
    if (!charge) throw notFound();
    for (const transfer of arrivals(charge, rq.form.happens)) await sendTransfer(sandbox, institution, transfer);
    return seeOther("/sandbox/bank?sent=1");
  },
});

type Arriving = { amount: Money; reference: string; payerName: string };

function arrivals(charge: ChargeRow, happens: Happening): Arriving[] {
  const { reference, currency, minor } = charge;
  const of = (amount: bigint, words: string): Arriving => ({
    amount: money(amount > 0n ? amount : 1n, currency),
    reference: words,
    payerName: "Test sender",
  });
  switch (happens) {
    case "whole":
      return [of(minor, reference)];
    case "short":
      return [of(minor / 2n, reference)];
    case "over":
      return [of(minor + minor / 10n, reference)];
    case "twice":
      return [of(minor, reference), of(minor, reference)];
    case "no-reference":
      return [of(minor, "")];
    case "mistyped":
      return [of(minor, mistyped(reference))];
  }
}

/** The reference with one wrong sign: the check sign notices every one. */
function mistyped(reference: string): string {
  return reference.startsWith("X") ? `Y${reference.slice(1)}` : `X${reference.slice(1)}`;
}

function refused(field: string, words: string): Problem {
  return new Problem("form.invalid", words, { fields: { [field]: words } });
}

export default [card, give, confirm, leave, bank, sendAny, sendFor] satisfies Route[];
