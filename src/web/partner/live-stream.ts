import type { Partner } from "#access/principal.ts";
import { type Answer, events } from "#http/answer.ts";
import { dataLines, eventStreamType, type LiveNews } from "#http/live.ts";
import type { Rq } from "#http/request.ts";
import { notFound, Problem } from "#kernel/problem.ts";
import { translator } from "#platform/i18n/messages.ts";
import type { Cx } from "#platform/tx.ts";
import { farewellMessage, type LiveParts, partsMessage } from "./live.tsx";

type Tx = <R>(work: (cx: Cx<Partner>) => Promise<R>) => Promise<R>;

/**
 * The parts of a page of the partner portal, again whenever they differ. `read` reads them as the page itself does, in
 * a transaction of whoever looks, and answers how they are drawn. Asked without `Accept: text/event-stream` it says
 * once what there is, and ends.
 */
export async function streamParts(
  rq: Pick<Rq<unknown, { readonly known?: string | undefined }, unknown>, "header" | "house" | "query" | "ui">,
  tx: Tx,
  read: (cx: Cx<Partner>) => Promise<() => LiveParts>,
): Promise<Answer> {
  const opened = await tx(async (cx) => ({ partner: cx.principal, parts: await read(cx) }));
  const first = opened.parts();
  if (!(rq.header("accept") ?? "").includes("text/event-stream")) {
    const body = `id: ${first.id}\n${dataLines(partsMessage(first, new Map()))}\n`;
    return { kind: "text", body, status: 200, mediaType: eventStreamType };
  }
  const { partnership, session } = opened.partner;
  rq.house.live.admit(session.id);
  let before: ReadonlyMap<string, string> = new Map();
  const again = async (): Promise<LiveNews> => {
    const draw = await tx(async (cx) => {
      // Who went over to another partnership meanwhile looks at pages of that one.
      if (cx.principal.partnership !== partnership) throw new Problem("sign-in.required", "Open the page again.");
      return await read(cx);
    });
    const parts = draw();
    const data = partsMessage(parts, before);
    before = parts.html;
    return { id: parts.id, data };
  };
  const check = async () => {
    const now = await tx(async (cx) => cx.principal.partnership);
    if (now !== partnership) throw notFound();
  };
  const known = rq.header("last-event-id") ?? rq.query.known ?? "";
  // What the reader has stands for these parts where nothing has changed since.
  if (known === first.id) before = first.html;
  const farewell = farewellMessage(translator(rq.ui.locale), first, "/partner/sign-in");
  return events(() =>
    rq.house.live.open({ topic: partnership, session: session.id, known, read: again, check, farewell }),
  );
}
