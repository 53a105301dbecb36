import { z } from "zod";
import { allows, type Permission } from "#access/permissions.ts";
import type { Staff } from "#access/principal.ts";
import type { Failed } from "#http/route.ts";
import { type Id, isId, newId } from "#kernel/ids.ts";
import { isCurrency } from "#kernel/money.ts";
import { type PlainDate, parseDate } from "#kernel/time.ts";
import { translator } from "#platform/i18n/messages.ts";
import type { Cx } from "#platform/tx.ts";
import type { FormState } from "#web/ui/form.tsx";

/** Staff pages are written in English. */
export const t = translator("en");

/** Rows on a page of a list. */
export const pageSize = 25;

/** Whether this member may: for showing or leaving out a button. The route asks again. */
export function can(staff: Staff, permission: Permission): boolean {
  return allows(permission, "staff", staff.role);
}

/** Pieces of a list's query. What does not fit counts as not given: a filter never answers with an error. */
export const asked = {
  text: z
    .string()
    .trim()
    .max(200)
    .optional()
    .catch(undefined)
    .transform((text) => text || undefined),
  date: z
    .string()
    .optional()
    .catch(undefined)
    .transform((text): PlainDate | undefined => (text ? parseDate(text) : undefined)),
  currency: z
    .string()
    .optional()
    .catch(undefined)
    .transform((text) => (text && isCurrency(text) ? text : undefined)),
  oneOf: <const W extends readonly [string, ...string[]]>(words: W) => z.enum(words).optional().catch(undefined),
};

/** A form as it is drawn first, or again with what was typed and what was wrong. */
export function formOf(failed: Failed | undefined): FormState {
  return failed ? { t, values: failed.typed, problems: failed.errors } : { t };
}

/**
 * The key of a form that creates something: an id, so that the form sent twice creates it once. Drawn again it keeps
 * its key, but where that stands for something else by now: pressing again is to create what is typed.
 */
export function keyOf<N extends Parameters<typeof newId>[0]>(
  cx: Pick<Cx, "now" | "random">,
  noun: N,
  failed: Failed | undefined,
): Id<N> {
  const key = failed?.typed.key;
  const reused = failed?.problem.code === "idempotency.key-reused";
  return isId(noun, key) && !reused ? key : newId(noun, cx.now, cx.random);
}

/** Fields of a form as text; fields that repeat count once, unknown ones are dropped. */
export function textFields<const N extends string>(...names: N[]) {
  const text = z.union([z.string(), z.array(z.string()).transform((all) => all[0] ?? "")]).optional();
  return z.object(Object.fromEntries(names.map((name) => [name, text])) as Record<N, typeof text>);
}
