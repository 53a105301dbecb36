import type { Permit } from "#access/permit.ts";
import type { Staff } from "#access/principal.ts";
import { record } from "#features/audit/record.ts";
import { notFound, Problem } from "#kernel/problem.ts";
import type { Instant } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";
import { markLive, setupFacts } from "./institution-store.ts";

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

/** What is done and what is left until customers can pay, read from the rows themselves: nothing is ticked by hand. */
export async function setupChecklist(
  cx: Cx<Staff>,
  _may: Permit<"institution.read">,
  around: Surroundings,
): Promise<Checklist> {
  return await readChecklist(cx, around);
}

async function readChecklist(cx: Cx, around: Surroundings): Promise<Checklist> {
  const facts = await setupFacts(cx);
  if (!facts) throw notFound();
  const steps: readonly Step[] = [
    { name: "two-step", done: facts.hasTwoStep, needed: false },
    { name: "details", done: facts.details, needed: true },
    { name: "methods", done: facts.methods, needed: true },
    { name: "mail", done: around.sendsMail, needed: around.production },
    { name: "customers", done: facts.customers, needed: false },
    { name: "payment", done: facts.paid, needed: false },
  ];
  return { steps, liveAt: facts.liveAt, canGoLive: steps.every((step) => step.done || !step.needed) };
}

/** Marks the institution as live. Throws `conflict` while something that customers need is missing. */
export async function goLive(cx: Cx<Staff>, _may: Permit<"institution.write">, around: Surroundings): Promise<void> {
  const checklist = await readChecklist(cx, around);
  if (checklist.liveAt) return;
  if (!checklist.canGoLive) {
    throw new Problem("conflict", "Finish the steps that are marked as needed, then go live.");
  }
  await markLive(cx);
  record(cx, { event: "institution.went-live", subject: cx.institution.id });
}
