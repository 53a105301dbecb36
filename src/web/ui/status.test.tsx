import { expect, test } from "vitest";
import { translator } from "#platform/i18n/messages.ts";
import { looks, Status, type StatusKind, statusWord } from "./status.tsx";

// The states of the domain, as its glossary lists them. A state that is missing here or there fails this test.
const states: Partial<Record<StatusKind, string>> = {
  payment: "draft scheduled due overdue processing partially_paid paid partially_refunded refunded cancelled",
  attempt: "pending requires_action processing succeeded failed returned",
  share: "agreed earned in_payout paid_out reversed",
  payout: "scheduled in_review on_hold processing sent paid failed returned cancelled",
  invoice: "draft issued partially_paid paid overdue void disputed",
  selfBilling: "proposed accepted expired revoked",
  directDebit: "created active paused cancelled failed expired",
  collection: "planned notified submitted succeeded failed retrying skipped",
  refund: "pending succeeded failed",
  document: "requested submitted accepted rejected expired",
  wallet: "active frozen closed",
  transfer: "pending_approval processing completed failed cancelled",
  referralCode: "active inactive",
  registration: "pending approved rejected",
  channelProduct: "active inactive maintenance",
  invitation: "pending accepted declined withdrawn expired",
};

test("every state of every object of the domain has its word, shape and tone", () => {
  for (const [kind, list] of Object.entries(states)) {
    const known = Object.keys(looks[kind as StatusKind]);
    for (const state of list.split(" ")) expect(known, `${kind} ${state}`).toContain(state);
  }
});

test("within one kind no two states look the same: word or shape tells them apart without colour", () => {
  for (const [kind, list] of Object.entries(states)) {
    const byState = looks[kind as StatusKind] as Readonly<Record<string, readonly [string, string, string]>>;
    const seen = list.split(" ").map((state) => byState[state]?.slice(0, 2).join(" "));
    expect(new Set(seen).size, kind).toBe(seen.length);
  }
});

test("a chip says its state in words, in the page's language", () => {
  expect(String(<Status of="payment" state="overdue" t={translator("en")} words="6 days overdue" />)).toMatch(
    /class="chip bad".*<svg.*6 days overdue/,
  );
  expect(statusWord(translator("ar"), "payment", "paid")).toBe("مدفوع");
});
