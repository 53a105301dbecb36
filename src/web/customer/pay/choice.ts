import type { Choice, Refusal } from "#features/checkouts/open-checkout.ts";
import { owedOf, type Payment } from "#features/payments/payment.ts";
import { Problem } from "#kernel/problem.ts";
import type { T } from "#platform/i18n/messages.ts";
import { readPart, type Typed, tooMuch } from "#web/pay/part-amount.ts";

/** The name of the field that takes a part of a payment. */
export function partName(payment: Pick<Payment, "id">): string {
  return `part.${payment.id}`;
}

/** Which of the open payments were ticked, and how much of each. Throws `form.invalid` in the page's language. */
export function readChoices(t: T, typed: Typed, open: readonly Payment[]): Choice[] {
  const ticked = [typed.payment ?? []].flat();
  const choices: Choice[] = [];
  const fields: Record<string, string> = {};
  for (const payment of open.filter((one) => ticked.includes(one.id))) {
    const text = [typed[partName(payment)] ?? ""].flat()[0]?.trim() ?? "";
    if (!payment.allowPart || text === "") {
      choices.push({ payment: payment.id });
      continue;
    }
    const part = readPart(t, { item: payment.item, owed: owedOf(payment) }, text);
    if ("wrong" in part) fields[partName(payment)] = part.wrong;
    else choices.push({ payment: payment.id, part });
  }
  // What was ticked and is not open any more was paid meanwhile, or was never this customer's.
  const gone = ticked.length - choices.length - Object.keys(fields).length;
  if (gone > 0) fields.payment = t("pay.why.changed");
  if (ticked.length === 0) fields.payment = t("pay.wrong.nothing");
  if (Object.keys(fields).length > 0) throw invalid(fields);
  return choices;
}

/** What the checkout refused, as the form says it. */
export function refusedChoice(t: T, refusal: Refusal, open: readonly Payment[]): Problem {
  const payment = open.find((one) => one.id === refusal.payment);
  const item = payment?.item ?? "";
  const words =
    refusal.why === "too-much" && payment
      ? tooMuch(t, { item, owed: owedOf(payment) })
      : refusal.why === "too-much"
        ? t("pay.why.changed")
        : refusal.why === "nothing" || refusal.why === "two-currencies" || refusal.why === "too-large"
          ? t(`pay.wrong.${refusal.why}`)
          : t(`pay.wrong.${refusal.why}`, { item });
  return invalid({ payment: words });
}

function invalid(fields: Record<string, string>): Problem {
  return new Problem("form.invalid", Object.values(fields)[0] ?? "", { fields });
}
