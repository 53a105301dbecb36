import { z } from "zod";
import { demoPeople, listDemoPeople, signInForDemo } from "#features/security/dev-sign-in.ts";
import { lifetimes } from "#features/security/session.ts";
import { page, seeOther } from "#http/answer.ts";
import { sessionCookie } from "#http/cookies.ts";
import { route } from "#http/route.ts";
import { notFound } from "#kernel/problem.ts";
import { isLoopback } from "#platform/config.ts";
import { PlainPage } from "#web/plain-page.tsx";
import { Button } from "#web/ui/button.tsx";

const words = {
  owner: "Staff, as the owner",
  admin: "Staff, as an administrator",
  viewer: "Staff, to look only",
  customer: "The customer portal",
  partner: "The partner portal, as a contact",
  member: "The partner portal, as a member of the account",
} as const;
const homes = { staff: "/staff", customer: "/overview", partner: "/partner" } as const;

type From = { readonly ip: string; readonly host: string; readonly house: { readonly origin: string } };

/**
 * Throws `not-found` unless the request comes from this machine, and the program is reached on it under a name of this
 * machine: a page of a stranger whose own name was pointed here (DNS rebinding) gets nothing.
 */
export function assertHere({ ip, host, house }: From): void {
  const local = ip === "::1" || /^127(\.\d{1,3}){3}$/.test(ip);
  const named = `http://${host}`;
  if (!local || !isLoopback(house.origin) || !URL.canParse(named) || !isLoopback(named)) throw notFound();
}

export default [
  route({
    id: "dev.sign-in",
    method: "GET",
    path: "/dev/sign-in",
    opens: "visitor",
    may: "sign-in",
    devOnly: true,
    handle: async (rq, cx, may) => {
      assertHere(rq);
      const people = await listDemoPeople(cx, may);
      return page(
        <PlainPage
          ui={rq.ui}
          face="staff"
          title="Sign in to the demo"
          lead="One click, no password. This page exists on your own machine only, and only with the demo data."
          under={
            <>
              Or the real way: <a href="/sign-in">customers</a>, <a href="/partner/sign-in">partners</a>,{" "}
              <a href="/staff/sign-in">staff</a>, and <a href="/dev/mail">their mail</a>.
            </>
          }
        >
          <div class="stack s">
            {people.map(({ who, name, email }) => (
              <form method="post" action={`/dev/sign-in/${who}`} class="stack xs-gap">
                <Button wide icon={who === "customer" ? "user" : "building"}>
                  {words[who]}
                </Button>
                <p class="xs dim">
                  {name}, <bdi>{email}</bdi>
                </p>
              </form>
            ))}
          </div>
        </PlainPage>,
      );
    },
  }),
  route({
    id: "dev.sign-in.go",
    method: "POST",
    path: "/dev/sign-in/:who",
    opens: "visitor",
    may: "sign-in",
    devOnly: true,
    params: z.object({ who: z.enum(demoPeople) }),
    handle: async (rq, cx, may) => {
      assertHere(rq);
      const { face, token } = await signInForDemo(cx, may, rq.params.who, rq.userAgent);
      rq.setCookie(sessionCookie[face], token, lifetimes[face].absoluteSeconds);
      return seeOther(homes[face]);
    },
  }),
];
