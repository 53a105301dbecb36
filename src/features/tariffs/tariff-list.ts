import {
  standsOn,
  type Tariff,
  type TariffId,
  type TariffPurpose,
  type TariffStanding,
  type TransferRoute,
} from "#features/tariffs/tariff.ts";
import { idsBehind, selectTariffPage } from "#features/tariffs/tariff-list-store.ts";
import { isId } from "#kernel/ids.ts";
import type { Currency } from "#kernel/money.ts";
import { cutPage } from "#kernel/paging.ts";
import { type PlainDate, parseDate } from "#kernel/time.ts";
import { todayOf } from "#platform/institution.ts";
import type { Cx } from "#platform/tx.ts";

/** What narrows the list and its file. */
export type TariffFilter = {
  readonly status?: TariffStanding | undefined;
  readonly currency?: Currency | undefined;
  readonly route?: TransferRoute | undefined;
  /** A kind of wallet; "any" asks for the tariffs that are for all kinds. */
  readonly purpose?: Exclude<TariffPurpose, ""> | "any" | undefined;
};

export type TariffPlace = { readonly from: PlainDate; readonly id: TariffId };

/** A tariff, and where it stands today. */
export type ListedTariff = { readonly tariff: Tariff; readonly stands: TariffStanding | "withdrawn" };
export type TariffPage = {
  readonly rows: readonly ListedTariff[];
  readonly newer: string | undefined;
  readonly older: string | undefined;
};
type Paging = { readonly before?: string | undefined; readonly after?: string | undefined; readonly size: number };

/** A page of the tariffs that pass the filter, the one that begins last first. */
export async function listTariffs(cx: Cx, filter: TariffFilter, paging: Paging): Promise<TariffPage> {
  const before = readPlace(paging.before);
  const after = before ? undefined : readPlace(paging.after);
  const day = todayOf(cx.institution, cx.now);
  const place = { ...(before && { before }), ...(after && { after }), limit: paging.size + 1 };
  const found = await selectTariffPage(cx, filter, day, place);
  const page = cutPage(found, paging.size, after !== undefined, before !== undefined);
  return {
    rows: await withStanding(cx, page.rows),
    newer: page.inFront ? writePlace(page.rows[0]) : undefined,
    older: page.behind ? writePlace(page.rows.at(-1)) : undefined,
  };
}

/** Where each of these stands today. */
export async function withStanding(cx: Cx, tariffs: readonly Tariff[]): Promise<ListedTariff[]> {
  const day = todayOf(cx.institution, cx.now);
  const behind = await idsBehind(
    cx,
    tariffs.map((one) => one.id),
    day,
  );
  return tariffs.map((tariff) => ({ tariff, stands: behind.has(tariff.id) ? "behind" : standsOn(tariff, day) }));
}

function writePlace(tariff: Tariff | undefined): string | undefined {
  return tariff && `${tariff.from}~${tariff.id}`;
}

function readPlace(text: string | undefined): TariffPlace | undefined {
  const [date = "", id = ""] = (text ?? "").split("~");
  const from = parseDate(date);
  return from && isId("tar", id) ? { from, id } : undefined;
}
