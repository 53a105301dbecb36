import type { Permit } from "#access/permit.ts";
import { type Role, roles } from "#access/principal.ts";
import { record } from "#features/audit/record.ts";
import { type Invitation, type InvitationId, roleWords } from "#features/members/member.ts";
import {
  insertInvitation,
  renewInvitation,
  selectInvitation,
  selectInvitations,
  selectMembers,
  selectWorkspace,
  withdrawRow,
} from "#features/members/member-store.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import { holdPartnership } from "#features/partnerships/partnership-views.ts";
import { takeTry } from "#features/security/limits.ts";
import { assertNoProblems, type CellProblem, Cells, type Row } from "#kernel/cells.ts";
import { isId, newId } from "#kernel/ids.ts";
import { notFound, Problem } from "#kernel/problem.ts";
import { secretToken } from "#kernel/random.ts";
import { customerLanguages } from "#platform/i18n/locales.ts";
import { tell } from "#platform/outbox.ts";
import type { Cx } from "#platform/tx.ts";

type Column = "name" | "email" | "role" | "language";
/** Whom to invite, as it was typed. */
export type InviteText = Row<Column>;

/** An invitation as it was made. The token is in the mail alone; whoever gets it here lets it go. */
export type Invited = { readonly invitation: InvitationId; readonly token: string };

/** What the job that mails an invitation opens. */
export const invitationSeal = "invitation";

/**
 * Invites somebody to the account of a partnership, by mail. `key` is an id that the form was given when it was drawn,
 * so that a form sent twice invites once. Throws `form.invalid` with the words for each field, `not-found` where the
 * partnership has no account.
 */
export async function inviteMember(
  cx: Cx,
  may: Permit<"members.write">,
  partnership: string,
  text: InviteText,
  key?: string,
): Promise<Invited | { readonly invitation: InvitationId }> {
  // Held, so that two who invite the same address at once invite it once.
  const { id } = await holdPartnership(cx, partnership);
  if (!(await selectWorkspace(cx, id))) throw notFound();
  const twice = (await selectInvitations(cx, id)).find((one) => one.id === key);
  if (twice) return { invitation: twice.id };
  return await sendInvitation(cx, may, id, await checkInvite(cx, id, text), key);
}

/** Writes an invitation that was checked, inside a transaction that holds the partnership, and has it mailed. */
export async function sendInvitation(
  cx: Cx,
  may: Permit<"members.write">,
  partnershipId: PartnershipId,
  input: InviteInput,
  key: string | undefined,
): Promise<Invited> {
  const token = secretToken(cx.random);
  const id = isId("ivt", key) ? key : newId("ivt", cx.now, cx.random);
  // What the program invites is invited by the institution.
  const inviter = may.by.kind === "staff" ? may.by : { id: "", name: cx.institution.name };
  const by = { kind: "staff", id: inviter.id, name: inviter.name } as const;
  await insertInvitation(cx, { id, partnershipId, ...input, token, by });
  const { name, email, role } = input;
  const data = { invitation: id, name, email, role, as: roleWords[role].is };
  record(cx, { event: "member.invited", subject: partnershipId, data });
  await mailLater(cx, id, token);
  return { invitation: id, token };
}

/** Why an address can't be invited now; undefined where it can. */
async function takenWords(cx: Cx, partnership: string, email: string): Promise<string | undefined> {
  const members = await selectMembers(cx, partnership);
  if (members.some((one) => one.email === email)) {
    return "Somebody with this address is a member of this account already. Change their role instead.";
  }
  const sent = await selectInvitations(cx, partnership);
  const waits = sent.find((one) => one.email === email && (one.state === "pending" || one.state === "expired"));
  if (!waits) return undefined;
  return waits.state === "pending"
    ? "This address has an invitation that waits for its answer. Send that one again, or withdraw it first."
    : "This address has an invitation that has expired. Send that one again, or withdraw it first.";
}

export type InviteInput = {
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly language: string;
};

/**
 * Reads whom to invite. Throws `form.invalid` with the words for each field, and with what `earlier` was wrong of the
 * same form.
 */
export async function checkInvite(
  cx: Cx,
  partnership: string,
  text: InviteText,
  earlier: readonly CellProblem[] = [],
): Promise<InviteInput> {
  const cells = new Cells<Column>(text);
  const name = cells.line("name", 200, "Write the person’s name.") ?? "";
  const email = cells.email("email") ?? "";
  const said = cells.problems.some((one) => one.column === "email");
  if (email === "" && !said) cells.refuse("email", "Write the e-mail address to invite.");
  const taken = email === "" ? undefined : await takenWords(cx, partnership, email);
  if (taken !== undefined) cells.refuse("email", taken);
  const role = roles.find((one) => one === text.role);
  if (!role) cells.refuse("role", "Choose what the person may do.");
  const language = text.language ?? "";
  if (language !== "" && !Object.hasOwn(customerLanguages, language)) {
    cells.refuse("language", "Choose a language from the list.");
  }
  assertNoProblems([...earlier, ...cells.problems]);
  return { name, email, role: role ?? "VIEWER", language };
}

/** Tells the job that mails it; the token travels sealed, so that nobody who reads the outbox can accept. */
async function mailLater(cx: Cx, id: InvitationId, token: string): Promise<void> {
  const sealed = cx.keys.seal(cx.random, invitationSeal, id, token);
  tell(cx, "member.invited", id, { sealed: sealed.toString("base64url") });
}

/** An invitation of this account that was not answered; held until commit. Throws `not-found`, `conflict`. */
async function lockUnanswered(cx: Cx, partnership: string, id: string): Promise<Invitation> {
  const found = isId("ivt", id) ? await selectInvitation(cx, id, true) : undefined;
  if (!found || found.partnershipId !== partnership) throw notFound();
  if (found.state === "pending" || found.state === "expired") return found;
  throw new Problem("conflict", `This invitation was ${found.state} meanwhile. Invite the person anew if need be.`);
}

/**
 * Mails an invitation once more, with a new link that is good for another week; the one before opens nothing any more.
 * Throws `not-found`, `conflict` when it was answered, `rate.limited` after five a day.
 */
export async function resendInvitation(
  cx: Cx,
  _may: Permit<"members.write">,
  partnership: string,
  id: string,
): Promise<Invited> {
  const found = await lockUnanswered(cx, partnership, id);
  await takeTry(cx, [{ key: `invitation:${found.id}`, most: 5, seconds: 86_400 }]);
  const token = secretToken(cx.random);
  await renewInvitation(cx, found.id, token);
  const { name, email } = found;
  record(cx, { event: "member.invitation-resent", subject: partnership, data: { invitation: id, name, email } });
  await mailLater(cx, found.id, token);
  return { invitation: found.id, token };
}

/** Takes an invitation back: its link opens nothing any more. Throws `not-found`, `conflict` when it was answered. */
export async function withdrawInvitation(
  cx: Cx,
  _may: Permit<"members.write">,
  partnership: string,
  id: string,
): Promise<void> {
  const found = await lockUnanswered(cx, partnership, id);
  await withdrawRow(cx, found.id);
  const { name, email } = found;
  const data = { invitation: id, name, email };
  record(cx, { event: "member.invitation-withdrawn", subject: partnership, data });
}
