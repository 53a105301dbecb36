import type { z } from "zod";
import type { Permission } from "#access/permissions.ts";
import type { Permit } from "#access/permit.ts";
import type { Customer, Partner, PendingStaff, Principal, Staff, Visitor } from "#access/principal.ts";
import type { Answer } from "#http/answer.ts";
import type { Rq } from "#http/request.ts";
import type { Problem } from "#kernel/problem.ts";
import type { Ahead, Cx } from "#platform/tx.ts";

/** Who a route is for. Everybody else is sent to the sign-in page of that face, or gets 404. */
export type Opens = "visitor" | "customer" | "partner" | "staff" | "pending_staff";

type PrincipalOf = {
  visitor: Visitor;
  customer: Customer;
  partner: Partner;
  staff: Staff;
  pending_staff: PendingStaff;
};

/** What was wrong with a form: the words as typed, so that nothing is lost, and what to say beside each field. */
export type Failed = {
  readonly typed: Readonly<Record<string, string | readonly string[]>>;
  readonly errors: Readonly<Record<string, string>>;
  /** The status that the page answers with: 422 for what was typed, the problem's own otherwise. */
  readonly problem: Problem;
};

type Schema = z.ZodType;
type Out<S> = S extends Schema ? z.output<S> : Record<string, never>;

/** One address of Portico. A route that is not in the registry does not exist. */
export type RouteSpec<O extends Opens, M extends Permission, P, Q, F> = {
  /** Stable name, as the permission matrix and docs/features.md call it: `staff.customers.list`. */
  readonly id: string;
  readonly method: "GET" | "POST";
  /** What it does, in a few words: puts the route into the OpenAPI description. For what programs call. */
  readonly summary?: string;
  /** Hono path: `/staff/customers/:id`. */
  readonly path: string;
  readonly opens: O;
  readonly may: M;
  /** Shape of `:params`; what does not fit answers 404. */
  readonly params?: P;
  /** Shape of the query; what does not fit answers 400. Prefer `.catch()` for filters. */
  readonly query?: Q;
  /**
   * Shape of the form (urlencoded, or multipart when `uploadBytes` is set). Values arrive as strings or string
   * arrays.
   */
  readonly form?: F;
  /** Allows one file field named `file` of at most this many bytes. */
  readonly uploadBytes?: number;
  /** Demands a fresh proof of identity (access.md 10), at most ten minutes old. */
  readonly stepUp?: boolean;
  /**
   * Machine endpoints: raw body, no same-origin rule, problem+json answers. They check a signature or a key
   * themselves.
   */
  readonly machine?: boolean;
  /** A stream of events: script reads it, so a refusal is a status and a problem, never a redirect to a page. */
  readonly live?: boolean;
  /** Development only: not in the registry of a production server, nor of one that others can reach. */
  readonly devOnly?: boolean;
  /** Opens the transaction READ ONLY. Not the rule for GET: a request notes when the session was last seen. */
  readonly readOnly?: boolean;
  /** Runs inside one transaction that was opened for the principal; a throw rolls it back. */
  readonly handle?: (rq: Rq<Out<P>, Out<Q>, Out<F>>, cx: Cx<PrincipalOf[O]>, may: Permit<M>) => Promise<Answer>;
  /**
   * Instead of `handle`, for what must wait for the network between transactions: access is checked first, then this
   * runs outside, with `tx` to open further transactions as the same principal, and with whom that check let in.
   */
  readonly outside?: (
    rq: Rq<Out<P>, Out<Q>, Out<F>>,
    tx: <T>(work: (cx: Cx<PrincipalOf[O]>, may: Permit<M>) => Promise<T>) => Promise<T>,
    admitted: { readonly by: PrincipalOf[O]; readonly may: Permit<M> },
  ) => Promise<Answer>;
  /**
   * Instead of `handle`, for the pages that are opened most: what it asks leaves together with the check of the
   * session, before its answer, and everything in its first turn (`inOneTrip`). `who` rejects when the session or the
   * permission is not there; the page is drawn after it.
   */
  readonly ahead?: (
    rq: Rq<Out<P>, Out<Q>, Out<F>>,
    cx: Ahead,
    who: Promise<Pick<Cx<PrincipalOf[O]>, "principal" | "institution">>,
  ) => Promise<Answer>;
  /** Instead of `handle`, for what must answer without a database: health, style sheets. Visitors only. */
  readonly bare?: (rq: Rq<Out<P>, Out<Q>, Out<F>>) => Promise<Answer>;
  /**
   * Shows the form again with what was typed, after it did not fit or `handle` threw a Problem of 400, 409, 422 or
   * 429.
   */
  readonly again?: (
    rq: Rq<Out<P>, Out<Q>, Out<F>>,
    cx: Cx<PrincipalOf[O]>,
    may: Permit<M>,
    failed: Failed,
  ) => Promise<Answer>;
};

/** A route whose types were checked where it was written, and are of no more use. */
export type Route = {
  readonly id: string;
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly summary?: string;
  readonly opens: Opens;
  readonly may: Permission;
  readonly params?: Schema;
  readonly query?: Schema;
  readonly form?: Schema;
  readonly uploadBytes?: number;
  readonly stepUp?: boolean;
  readonly machine?: boolean;
  readonly live?: boolean;
  readonly devOnly?: boolean;
  readonly readOnly?: boolean;
  readonly handle?: (rq: Rq, cx: Cx, may: Permit<Permission>) => Promise<Answer>;
  readonly outside?: (
    rq: Rq,
    tx: <T>(work: (cx: Cx, may: Permit<Permission>) => Promise<T>) => Promise<T>,
    admitted: { readonly by: Principal; readonly may: Permit<Permission> },
  ) => Promise<Answer>;
  readonly again?: (rq: Rq, cx: Cx, may: Permit<Permission>, failed: Failed) => Promise<Answer>;
  readonly bare?: (rq: Rq) => Promise<Answer>;
  readonly ahead?: (rq: Rq, cx: Ahead, who: Promise<Pick<Cx, "principal" | "institution">>) => Promise<Answer>;
};

/** Declares a route; the types of params, query, form, principal and permit follow from the declaration. */
export function route<
  O extends Opens,
  M extends Permission,
  P extends Schema | undefined = undefined,
  Q extends Schema | undefined = undefined,
  F extends Schema | undefined = undefined,
>(spec: RouteSpec<O, M, P, Q, F>): Route {
  return spec as unknown as Route;
}
