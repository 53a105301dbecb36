import { permit } from "#access/permit.ts";
import type { Partner, Principal } from "#access/principal.ts";
import {
  choosePartnership,
  type PartnershipChoice,
  partnershipsOfSession,
} from "#features/security/choose-partnership.ts";
import { ownPath } from "#http/answer.ts";
import type { Typed } from "#http/body.ts";
import { chooseAgainField, drawnForField } from "#kernel/drawn-for.ts";
import { Problem } from "#kernel/problem.ts";
import type { Cx } from "#platform/tx.ts";

/** What a form of the partner portal says of itself beside what was typed into it. */
export type DrawnFor = {
  /** The partnerships that it was drawn for: one. None where it does not say, as forms of programs don't. */
  readonly said: readonly string[];
  /** That one is to be chosen again and the form shown again; nothing is sent. */
  readonly chooseAgain: boolean;
};

/** A form of one partnership arrived while another was chosen, in another tab. Nothing was done. */
export class DrawnForAnother extends Problem {
  /** Whom the form was for; undefined where the address serves that partnership no more. */
  readonly was: PartnershipChoice | undefined;
  /** The name of the one that is chosen now. */
  readonly now: string;
  /** The page that the form stood on. */
  readonly back: string;
  readonly typed: Typed;

  constructor(was: PartnershipChoice | undefined, now: string, back: string, typed: Typed) {
    const whose = was ? was.name : "another partner";
    super("partner.changed", `This form was for ${whose}, and ${now} is chosen now. Nothing was done.`);
    this.was = was;
    this.now = now;
    this.back = back;
    this.typed = typed;
  }
}

/** Takes what the form says of itself out of what was typed. */
export function takeDrawnFor(typed: Typed): DrawnFor {
  const said = [typed[drawnForField] ?? []].flat();
  const chooseAgain = typed[chooseAgainField] !== undefined;
  delete typed[drawnForField];
  delete typed[chooseAgainField];
  return { said, chooseAgain };
}

export function isDrawnFor(principal: Principal, { said }: DrawnFor): boolean {
  return principal.kind !== "partner" || said.every((one) => one === principal.partnership);
}

/**
 * Holds a form of the partner portal to the partnership that it was drawn for. Throws `partner.changed`, with the names
 * of both and what was typed; `referer` is where the form stood.
 */
export async function assertDrawnFor(
  cx: Cx,
  drawnFor: DrawnFor,
  typed: Typed,
  referer: string | undefined,
): Promise<void> {
  if (isDrawnFor(cx.principal, drawnFor)) return;
  const partner = cx.principal as Partner;
  const all = await partnershipsOfSession(cx as Cx<Partner>, permit(partner, "partner.account"));
  const was = all.find((one) => one.id !== partner.partnership && drawnFor.said.includes(one.id));
  throw new DrawnForAnother(was, partner.partnershipName, pathOf(referer), typed);
}

/** Chooses the partnership of the form again. Throws `not-found` where the address serves it no more. */
export async function chooseAgain(cx: Cx, { said }: DrawnFor): Promise<void> {
  await choosePartnership(cx as Cx<Partner>, permit(cx.principal as Partner, "partner.account"), said[0] ?? "");
}

/** Paths of the portal only: the header is the browser's word. */
function pathOf(referer: string | undefined): string {
  if (referer === undefined || !URL.canParse(referer)) return "/partner";
  const { pathname, search } = new URL(referer);
  return (pathname.startsWith("/partner/") && ownPath(pathname + search)) || "/partner";
}
