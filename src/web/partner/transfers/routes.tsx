import { z } from "zod";
import type { Partner } from "#access/principal.ts";
import { cancelTransfer } from "#features/transfers/cancel-transfer.ts";
import { confirmTransfer, type Outcome } from "#features/transfers/confirm-transfer.ts";
import { prepareTransfer } from "#features/transfers/prepare-transfer.ts";
import type { OwnWallet, Quote } from "#features/transfers/quote.ts";
import { parseTransferRef } from "#features/transfers/transfer.ts";
import { ownQuote, ownTransfer, ownWallets } from "#features/transfers/transfer-partner-view.ts";
import { prospectOf, transferSources } from "#features/transfers/transfer-sources.ts";
import { type Answer, page, seeOther } from "#http/answer.ts";
import type { House } from "#http/house.ts";
import type { Ui } from "#http/request.ts";
import { type Failed, type Route, route } from "#http/route.ts";
import { isId } from "#kernel/ids.ts";
import { toDecimal } from "#kernel/money.ts";
import { notFound, Problem } from "#kernel/problem.ts";
import { secretToken } from "#kernel/random.ts";
import { type T, translator } from "#platform/i18n/messages.ts";
import type { Cx } from "#platform/tx.ts";
import { asked, textFields } from "#web/staff/shared.tsx";
import type { Problems } from "#web/ui/form.tsx";
import { type CheckFacts, CheckPage } from "./check-page.tsx";
import { refParam } from "./list.tsx";
import { NewTransferPage, type TransferStart } from "./new-page.tsx";
import { readTransfer } from "./read-transfer.ts";
import { TransferPage } from "./transfer-page.tsx";
import { transferHref, transfersHome } from "./words.ts";

type Tx = <R>(work: (cx: Cx<Partner>) => Promise<R>) => Promise<R>;

/** What somebody came from fills the form in: a quote, a transfer to do again, a wallet. */
async function startOf(
  cx: Cx<Partner>,
  query: { quote?: string | undefined; like?: string | undefined; wallet?: string | undefined },
): Promise<TransferStart> {
  const wallets = await ownWallets(cx);
  const number = (id: string) => wallets.find((one) => one.id === id)?.number;
  const quote = isId("quo", query.quote) ? await ownQuote(cx, query.quote) : undefined;
  const ref = parseTransferRef(query.like ?? "");
  const like = quote ?? (ref === undefined ? undefined : await ownTransfer(cx, ref));
  const isMine = quote === undefined || quote.member === cx.principal.member;
  if (!like || !isMine) return { wallet: query.wallet };
  const { route: way, reference } = like;
  const to = way === "wallet" ? like.toNumber : undefined;
  return { wallet: number(like.wallet), route: way, to, amount: toDecimal(like.amount), reference };
}

async function newPage(house: House, ui: Ui, partner: Partner, start: TransferStart, failed?: Failed): Promise<Answer> {
  const t = translator(ui.locale);
  const sources = await transferSources(house, partner);
  const form = failed ? { t, values: failed.typed, problems: failed.errors } : { t };
  return page(<NewTransferPage ui={ui} partner={partner} sources={sources} start={start} form={form} />);
}

/** The quote of the member who asks, with the wallet it comes from. Throws `not-found` for anybody else's. */
async function readQuote(cx: Cx<Partner>, id: string) {
  const quote = isId("quo", id) ? await ownQuote(cx, id) : undefined;
  if (!quote || quote.member !== cx.principal.member) throw notFound();
  const wallet = (await ownWallets(cx)).find((one) => one.id === quote.wallet);
  return { partner: cx.principal, now: cx.now, quote, wallet };
}

type Shown = { quote: Quote; wallet: OwnWallet | undefined; partner: Partner; now: CheckFacts["now"] };

/** How the check page is answered: with what went wrong, if something did. */
type Said = { key?: string; problems?: Problems; status?: number; retryAfter?: number | undefined };

async function checkAnswer(house: House, ui: Ui, shown: Shown, said: Said = {}): Promise<Answer> {
  const { partner, ...known } = shown;
  const prospect = await prospectOf(house, partner, known.quote);
  const facts = { ...known, prospect, key: said.key ?? secretToken(house.random).slice(0, 22) };
  const t = translator(ui.locale);
  const drawn = <CheckPage ui={ui} partner={partner} t={t} facts={facts} problems={said.problems} />;
  const headers = said.retryAfter === undefined ? {} : { "retry-after": String(said.retryAfter) };
  return { kind: "page", page: drawn, status: said.status ?? 200, headers };
}

/** Why nothing was confirmed, in words, on the page with the button. */
async function refused(house: House, ui: Ui, tx: Tx, quote: string, outcome: Outcome & { ok: false }, key: string) {
  if (outcome.why === "unknown_quote") throw notFound();
  if (outcome.why === "not_allowed") throw new Problem("permission.denied", "Your role does not include transfers.");
  const shown = await tx((cx) => readQuote(cx, quote));
  const { available } = await prospectOf(house, shown.partner, shown.quote);
  const t = translator(ui.locale);
  const words = wordsOf(t, outcome.why, { available: t.money(available, "code"), institution: ui.institution.name });
  // A key that was used for something else is no good for this any more; any other one is free as before.
  const kept = outcome.why === "key_reused" ? {} : { key };
  return await checkAnswer(house, ui, shown, { ...kept, status: 409, ...(words && { problems: { "": words } }) });
}

function wordsOf(
  t: T,
  why: Extract<Outcome, { ok: false }>["why"],
  { available, institution }: { available: string; institution: string },
): string | undefined {
  switch (why) {
    case "insufficient_funds":
      return t("transfer.wrong.fundsNow", { available });
    case "frozen":
      return t("transfer.wrong.frozen", { institution });
    case "closed":
      return t("transfer.wrong.closed");
    case "to_closed":
      return t("transfer.wrong.toClosed");
    case "bank_gone":
      return t("transfer.wrong.bankGone");
    case "out_of_range":
      return t("transfer.wrong.large");
    case "key_reused":
      return t("transfer.wrong.keyReused");
    default:
      // The page itself says that the quote is over, or was used.
      return undefined;
  }
}

const quoteParam = z.object({ quote: z.string().max(60) });
const keyField = z
  .string()
  .regex(/^[\w-]{8,100}$/)
  .catch("");

const opened = route({
  id: "partner.transfers.new",
  method: "GET",
  path: `${transfersHome}/new`,
  opens: "partner",
  may: "partner.wallets",
  query: z.object({ quote: asked.text, like: asked.text, wallet: asked.text }),
  outside: async (rq, tx) => {
    const { partner, start } = await tx(async (cx) => ({ partner: cx.principal, start: await startOf(cx, rq.query) }));
    return await newPage(rq.house, rq.ui, partner, start);
  },
});

const prepared = route({
  id: "partner.transfers.prepare",
  method: "POST",
  path: `${transfersHome}/new`,
  opens: "partner",
  may: "partner.transfer",
  form: textFields("wallet", "route", "to", "amount", "reference"),
  outside: async (rq, _tx, { by, may }) => {
    const quote = await prepareTransfer(rq.house, by, may, rq.form, translator(rq.ui.locale));
    return seeOther(`${transfersHome}/check/${quote}`);
  },
  again: async (rq, cx, _may, failed) => await newPage(rq.house, rq.ui, cx.principal, {}, failed),
});

const checked = route({
  id: "partner.transfers.check",
  method: "GET",
  path: `${transfersHome}/check/:quote`,
  opens: "partner",
  may: "partner.wallets",
  params: quoteParam,
  outside: async (rq, tx) => {
    const shown = await tx((cx) => readQuote(cx, rq.params.quote));
    return await checkAnswer(rq.house, rq.ui, shown);
  },
});

const confirmed = route({
  id: "partner.transfers.confirm",
  method: "POST",
  path: `${transfersHome}/check/:quote`,
  opens: "partner",
  may: "partner.transfer",
  params: quoteParam,
  form: z.object({ key: keyField }),
  outside: async (rq, tx, { by, may }) => {
    const { house, ui, ip } = rq;
    const { quote } = rq.params;
    const { key } = rq.form;
    if (!isId("quo", quote)) throw notFound();
    const t = translator(ui.locale);
    if (key === "") {
      const shown = await tx((cx) => readQuote(cx, quote));
      return await checkAnswer(house, ui, shown, { problems: { "": t("transfer.wrong.again") }, status: 422 });
    }
    let outcome: Outcome;
    try {
      outcome = await confirmTransfer(house, { by, ip }, may, { quote, key });
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== "unavailable") throw error;
      // The same key again tells what became of it, so the page keeps it.
      const shown = await tx((cx) => readQuote(cx, quote));
      const said = {
        key,
        problems: { "": t("transfer.wrong.busy") },
        status: 503,
        retryAfter: error.retryAfterSeconds,
      };
      return await checkAnswer(house, ui, shown, said);
    }
    if (outcome.ok) return seeOther(`${transferHref(outcome)}?done=confirmed`);
    return await refused(house, ui, tx, quote, outcome, key);
  },
});

const shown = route({
  id: "partner.transfer",
  method: "GET",
  path: `${transfersHome}/:ref`,
  opens: "partner",
  may: "partner.wallets",
  params: z.object({ ref: refParam }),
  handle: async (rq, cx) => {
    const facts = await readTransfer(cx, rq.params.ref);
    return page(<TransferPage ui={rq.ui} partner={cx.principal} facts={facts} />);
  },
});

const cancelled = route({
  id: "partner.transfers.cancel",
  method: "POST",
  path: `${transfersHome}/:ref/cancel`,
  opens: "partner",
  may: "partner.transfer",
  params: z.object({ ref: refParam }),
  outside: async (rq, tx) => {
    const { by, may, transfer } = await tx(async (cx, permit) => {
      const { transfer: found } = await readTransfer(cx, rq.params.ref);
      return { by: cx.principal, may: permit, transfer: found };
    });
    await cancelTransfer(rq.house, { by, ip: rq.ip }, may, transfer.id, translator(rq.ui.locale));
    return seeOther(`${transferHref(transfer)}?done=cancelled`);
  },
  again: async (rq, cx, _may, failed) => {
    const facts = await readTransfer(cx, rq.params.ref);
    return page(<TransferPage ui={rq.ui} partner={cx.principal} facts={facts} problems={failed.errors} />);
  },
});

export default [opened, prepared, checked, confirmed, shown, cancelled] as Route[];
