import type { InstitutionId } from "#access/principal.ts";
import { largestMinor } from "#kernel/money.ts";
import { Problem } from "#kernel/problem.ts";
import { secretToken } from "#kernel/random.ts";
import type { Instant } from "#kernel/time.ts";
import type { Cx, Ground } from "#platform/tx.ts";
import type {
  Charge,
  ChargeRequest,
  Credit,
  PayoutRequest,
  Provider,
  ProviderEvent,
  ProviderPayout,
  ProviderRefund,
  RefundRequest,
} from "#providers/provider.ts";
import {
  chargeOf,
  chargeRow,
  credits,
  farSide,
  insertCharge,
  insertRefund,
  keepEvent,
  refundRow,
  saveCharge,
} from "#providers/sandbox/memory.ts";
import { dueChanges, payoutOf, payoutRow, startPayoutRow } from "#providers/sandbox/payouts.ts";
import { signatureHeader, verify } from "#providers/sandbox/signature.ts";

/** What a call does: `lost-before` never reaches the far side, `lost-after` does its work and loses the answer. */
export type Fault = "ok" | "lost-before" | "lost-after";

/** How the sandbox misbehaves, for tests: what the next calls do (first one first), and what becomes of its events. */
export type Faults = {
  startCharge: Fault[];
  lookUp: Fault[];
  cancel: Fault[];
  refund: Fault[];
  startPayout: Fault[];
  lookUpPayout: Fault[];
  events: "once" | "twice" | "backwards" | "never";
  eventsLateSeconds: number;
  refundsEnd: "succeeded" | "failed" | "pending";
};

/** A provider that is played: same contract, own memory, no money. Never mounted in production. */
export class Sandbox implements Provider {
  readonly name = "sandbox";
  readonly currencies = "all" as const;
  readonly ground: Ground;
  readonly faults: Faults = {
    startCharge: [],
    lookUp: [],
    cancel: [],
    refund: [],
    startPayout: [],
    lookUpPayout: [],
    events: "once",
    eventsLateSeconds: 0,
    refundsEnd: "succeeded",
  };

  constructor(ground: Ground) {
    this.ground = ground;
  }

  async startCharge(request: ChargeRequest): Promise<Charge> {
    return await this.#call("startCharge", request.institution, async (cx) => {
      await insertCharge(cx, request.key, {
        ref: newRef(cx, "ch"),
        kind: request.kind,
        currency: request.amount.currency,
        minor: request.amount.minor,
        reference: request.reference,
        return_url: request.returnUrl,
        state: "open",
        failure_reason: "",
        method_label: "",
        settles_at: null,
        refunded_minor: 0n,
        created_at: cx.now,
      });
      const row = await chargeRow(cx, { key: request.key });
      if (!row || row.minor !== request.amount.minor || row.currency !== request.amount.currency) {
        throw new Problem("idempotency.key-reused", "This key belongs to a charge of another amount.");
      }
      return chargeOf(cx, row);
    });
  }

  async lookUpCharge(institution: InstitutionId, by: { ref: string } | { key: string }): Promise<Charge | undefined> {
    return await this.#call("lookUp", institution, async (cx) => {
      const row = await chargeRow(cx, by);
      return row && chargeOf(cx, row);
    });
  }

  async cancelCharge(institution: InstitutionId, ref: string): Promise<Charge> {
    return await this.#call("cancel", institution, async (cx) => {
      const row = await chargeRow(cx, { ref });
      if (!row) throw new Problem("not-found", "The sandbox knows no such charge.");
      if (row.state !== "open" && row.state !== "confirm") return chargeOf(cx, row);
      const cancelled = { ...row, state: "failed", failure_reason: "cancelled_by_payer" } as const;
      await saveCharge(cx, cancelled);
      await this.tellOfCharge(cx, ref, cx.now);
      return chargeOf(cx, cancelled);
    });
  }

  async lookUpCredit(institution: InstitutionId, ref: string): Promise<Credit | undefined> {
    return (await this.#call("lookUp", institution, async (cx) => await credits(cx, { ref })))[0];
  }

  async listCredits(institution: InstitutionId, since: Instant): Promise<readonly Credit[]> {
    return await this.#call("lookUp", institution, async (cx) => await credits(cx, { since }));
  }

  async refund(request: RefundRequest): Promise<ProviderRefund> {
    return await this.#call("refund", request.institution, async (cx) => {
      const charge = await chargeRow(cx, { ref: request.chargeRef });
      const before = await refundRow(cx, { key: request.key });
      if (before) return before;
      const left = charge?.state === "succeeded" ? charge.minor - charge.refunded_minor : 0n;
      const state =
        request.amount.minor > left || request.amount.minor > largestMinor ? "failed" : this.faults.refundsEnd;
      const ref = newRef(cx, "re");
      if (!charge) throw new Problem("not-found", "The sandbox knows no such charge.");
      await insertRefund(cx, { ref, key: request.key, chargeRef: charge.ref, minor: request.amount.minor, state });
      if (state !== "failed") {
        await saveCharge(cx, { ...charge, refunded_minor: charge.refunded_minor + request.amount.minor });
      }
      await this.#keep(cx, { type: "refund.changed", ref }, cx.now);
      // Like a real bank it says "on its way" first; the event, or a look-up, tells the rest.
      return { ref, state: "pending" };
    });
  }

  async lookUpRefund(
    institution: InstitutionId,
    by: { ref: string } | { key: string },
  ): Promise<ProviderRefund | undefined> {
    return await this.#call("lookUp", institution, async (cx) => await refundRow(cx, by));
  }

  async startPayout(request: PayoutRequest): Promise<ProviderPayout> {
    return await this.#call("startPayout", request.institution, async (cx) => {
      const { row, isNew } = await startPayoutRow(cx, newRef(cx, "po"), request);
      if (row.minor !== request.amount.minor || row.currency !== request.amount.currency) {
        throw new Problem("idempotency.key-reused", "This key belongs to a payout of another amount.");
      }
      if (isNew) {
        for (const at of dueChanges(row, cx.now)) await this.#keep(cx, { type: "payout.changed", ref: row.ref }, at);
      }
      return payoutOf(row);
    });
  }

  async lookUpPayout(
    institution: InstitutionId,
    by: { ref: string } | { key: string },
  ): Promise<ProviderPayout | undefined> {
    return await this.#call("lookUpPayout", institution, async (cx) => {
      const row = await payoutRow(cx, by);
      return row && payoutOf(row);
    });
  }

  readEvent(
    institution: InstitutionId,
    body: Uint8Array,
    header: (name: string) => string | undefined,
    now: Instant,
  ): ProviderEvent {
    verify(this.ground.keys, institution, body, header(signatureHeader), now);
    return eventFrom(body);
  }

  /** Says that a charge changed; `at` is when the far side knows it. */
  async tellOfCharge(cx: Cx, ref: string, at: Instant): Promise<void> {
    await this.#keep(cx, { type: "charge.changed", ref }, at);
  }

  async tellOfCredit(cx: Cx, ref: string): Promise<void> {
    await this.#keep(cx, { type: "credit.received", ref }, cx.now);
  }

  async #keep(cx: Cx, event: Omit<ProviderEvent, "id">, at: Instant): Promise<void> {
    if (this.faults.events === "never") return;
    await keepEvent(cx, newRef(cx, "ev"), event, at.add({ seconds: this.faults.eventsLateSeconds }));
  }

  async #call<T>(
    name: "startCharge" | "lookUp" | "cancel" | "refund" | "startPayout" | "lookUpPayout",
    institution: InstitutionId,
    work: (cx: Cx) => Promise<T>,
  ): Promise<T> {
    const fault = this.faults[name].shift() ?? "ok";
    if (fault === "lost-before") throw lost();
    const answer = await farSide(this.ground, institution, work);
    if (fault === "lost-after") throw lost();
    return answer;
  }
}

function lost(): Problem {
  return new Problem("provider.unavailable", "The payment provider did not answer in time.");
}

/** A reference as the far side makes them: not one of our ids. */
export function newRef(cx: Cx, prefix: "ch" | "re" | "cr" | "po" | "ev"): string {
  return `${prefix}_${secretToken(cx.random).replaceAll(/[-_]/g, "").slice(0, 20)}`;
}

/** The event in a body whose signature was right. What can't be read, or is news to us, is of type `unknown`. */
function eventFrom(body: Uint8Array): ProviderEvent {
  let said: unknown;
  try {
    said = JSON.parse(Buffer.from(body).toString("utf8"));
  } catch (cause) {
    throw new Problem("request.invalid", "Send one JSON object.", { cause });
  }
  const { id, type, ref } = (typeof said === "object" && said !== null ? said : {}) as Record<string, unknown>;
  if (typeof id !== "string" || !/^[\w-]{1,100}$/.test(id))
    throw new Problem("request.invalid", "Give the event an id.");
  const known = (["charge.changed", "credit.received", "refund.changed", "payout.changed"] as const).find(
    (name) => name === type,
  );
  const fits = typeof ref === "string" && /^[\w-]{1,100}$/.test(ref);
  return { id, type: known && fits ? known : "unknown", ref: fits ? ref : "" };
}
