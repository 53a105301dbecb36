import { z } from "zod";
import type { ChannelProductId } from "#features/channel-products/methods.ts";
import type { Begun, PayWish } from "#features/checkouts/begin-attempt.ts";
import { type CheckoutView, choiceOf, type PaidView, stageOf } from "#features/checkouts/checkout-page.ts";
import { type AboutPaying, type Next, payCheckout } from "#features/checkouts/pay-checkout.ts";
import { isUnknownOutcome, type Till } from "#features/money-in/till.ts";
import { type Answer, page, seeOther, toProvider } from "#http/answer.ts";
import { isId } from "#kernel/ids.ts";
import { ChangedPage } from "#web/pay/changed-page.tsx";
import { FailedPage, PaidPage, WaitPage } from "#web/pay/done-page.tsx";
import type { PayPlace } from "#web/pay/pay-place.ts";
import { ConfirmPage, ReviewPage, type Why } from "#web/pay/review-page.tsx";
import { ContinuePage, TransferPage } from "#web/pay/transfer-page.tsx";

/** What the addresses and forms of paying look like, for whoever pays. */
export const checkoutParams = z.object({ checkout: z.custom<`chk_${string}`>((text) => isId("chk", text)) });
const whys = ["paid", "changed", "in-process", "amount-changed", "method-gone", "no-answer"] as const;
const why = z.enum(whys).optional().catch(undefined);
export const reviewQuery = z.object({ why });
export const methodQuery = z.object({
  with: z.string().optional().catch(undefined),
  credit: z.string().optional(),
  why,
});
export const doneQuery = z.object({ looks: z.coerce.number().int().min(0).max(1_000).catch(0), why });
export const payForm = z.object({
  method: z.string().catch(""),
  credit: z.string().optional().catch(undefined),
  expected: z
    .string()
    .regex(/^\d{1,16}$/)
    .optional()
    .catch(undefined),
});
export type PayForm = z.output<typeof payForm>;

/** How often the page that waits asks again by itself, and after how many seconds. */
const ownLooks = 12;
const ownLookSeconds = 4;

/** What is paid, and with which method; or that the choice stands no more. */
export function reviewAnswer(place: PayPlace, view: CheckoutView, reason: Why | undefined): Answer {
  const stage = stageOf(view);
  if (stage === "paid" || stage === "wait") {
    return seeOther(`${place.base}/${view.checkout.id}/done${reason === undefined ? "" : `?why=${reason}`}`);
  }
  if (choiceOf(view) !== "stands") return page(<ChangedPage place={place} view={view} />);
  return page(<ReviewPage place={place} view={view} why={reason} />);
}

/** After the method: the check page, or what the method asks of the payer. */
export function methodAnswer(place: PayPlace, view: CheckoutView, query: z.output<typeof methodQuery>): Answer {
  const offer = view.methods.find((one) => one.method.id === query.with);
  const stage = stageOf(view);
  const home = `${place.base}/${view.checkout.id}`;
  const props = { place, view };
  if (stage === "paid" || stage === "wait") return seeOther(`${home}/done`);
  if (choiceOf(view) !== "stands") return page(<ChangedPage {...props} />);
  if (offer) {
    return page(<ConfirmPage {...props} offer={offer} useCredit={query.credit !== undefined} why={query.why} />);
  }
  if (stage === "transfer" && view.attempt) return page(<TransferPage {...props} attempt={view.attempt} />);
  if (stage === "continue" && view.attempt) return page(<ContinuePage {...props} attempt={view.attempt} />);
  return seeOther(`${home}/review${query.with === undefined ? "" : "?why=method-gone"}`);
}

/** Where it stands once the provider was asked. */
export async function doneAnswer(
  place: PayPlace,
  view: CheckoutView,
  query: z.output<typeof doneQuery>,
  paid: { readonly email: string; readonly read: () => Promise<PaidView> },
): Promise<Answer> {
  const props = { place, view };
  const home = `${place.base}/${view.checkout.id}`;
  switch (stageOf(view)) {
    case "paid":
      return page(<PaidPage {...props} paid={await paid.read()} email={paid.email} why={query.why} />);
    case "failed":
      return page(<FailedPage {...props} />);
    case "wait": {
      const { looks } = query;
      const refresh = `${ownLookSeconds};url=${home}/done?looks=${looks + 1}`;
      const headers = looks < ownLooks ? { refresh } : {};
      return { kind: "page", page: <WaitPage {...props} looks={looks} />, status: 200, headers };
    }
    case "transfer":
    case "continue":
      return seeOther(`${home}/method`);
    case "choose":
      return seeOther(`${home}/review`);
  }
}

/** What the form of a button says. */
export function wishOf(checkout: string, form: PayForm): PayWish {
  return {
    checkout,
    method: form.method as ChannelProductId,
    useCredit: form.credit !== undefined,
    expected: BigInt(form.expected ?? "0"),
  };
}

/**
 * Presses the button: writes the attempt, asks the provider, and goes where the payer goes next. `home` is the address
 * of the checkout.
 */
export async function payAnswer(
  till: Till,
  home: string,
  begin: () => Promise<Begun>,
  about: Omit<AboutPaying, "back">,
): Promise<Answer> {
  let next: Next | undefined;
  try {
    next = await payCheckout(till, begin, { ...about, back: `${home}/done` });
  } catch (error) {
    if (!isUnknownOutcome(error)) throw error;
  }
  switch (next?.to) {
    case "provider":
      return toProvider(next.url);
    case "instructions":
      return seeOther(`${home}/method`);
    case "done":
      return seeOther(`${home}/done`);
    case "review":
      return seeOther(`${home}/review?why=${next.why}`);
    default:
      return seeOther(`${home}/review?why=${"no-answer" satisfies Why}`);
  }
}
