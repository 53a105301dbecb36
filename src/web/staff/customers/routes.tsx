import { z } from "zod";
import { type CustomerFilter, listCustomers } from "#features/customers/customer-list.ts";
import { partnershipNames } from "#features/partnerships/partnership-views.ts";
import { page } from "#http/answer.ts";
import { type Route, route } from "#http/route.ts";
import { isId } from "#kernel/ids.ts";
import { toDecimal } from "#kernel/money.ts";
import { customerLanguages } from "#platform/i18n/locales.ts";
import { todayOf } from "#platform/institution.ts";
import { csvDownload, exportPageSize } from "#web/staff/csv-stream.ts";
import { asked, pageSize } from "#web/staff/shared.tsx";
import { CustomerListPage } from "./list-page.tsx";

const languages = Object.keys(customerLanguages) as [string, ...string[]];
const filterQuery = z.object({
  q: asked.text,
  only: asked.oneOf(["no-email", "overdue"]),
  partnership: z
    .string()
    .refine((id) => isId("prt", id))
    .optional()
    .catch(undefined),
  language: asked.oneOf(languages),
});
const listQuery = filterQuery.extend({ before: asked.text, after: asked.text });

const list = route({
  id: "staff.customers.list",
  method: "GET",
  path: "/staff/customers",
  opens: "staff",
  may: "customers.read",
  query: listQuery,
  handle: async (rq, cx) => {
    const { before, after, ...filter } = rq.query;
    // Both travel together: one round trip for the whole page.
    const [found, partnerships] = await Promise.all([
      listCustomers(cx, filter, { before, after, size: pageSize }),
      partnershipNames(cx),
    ]);
    const today = todayOf(cx.institution, cx.now);
    const shown = { ui: rq.ui, staff: cx.principal, found, filter, partnerships, today };
    return page(<CustomerListPage {...shown} />);
  },
});

const exported = route({
  id: "staff.customers.export",
  method: "GET",
  path: "/staff/customers/export.csv",
  opens: "staff",
  may: "customers.export",
  query: filterQuery,
  outside: async (rq, tx) => {
    const filter: CustomerFilter = rq.query;
    const { currencies } = rq.ui.institution;
    const header = [
      ...["external_id", "given_name", "family_name", "email", "phone", "language", "time_zone", "partnership"],
      ...currencies.flatMap((code) => [`owed_${code.toLowerCase()}`, `overdue_${code.toLowerCase()}`]),
    ];
    return await csvDownload<string>("customers.csv", header, async (after) => {
      const found = await tx((cx) => listCustomers(cx, filter, { after, size: exportPageSize }));
      const rows = found.rows.map(({ customer, partnershipName, owed }) => [
        customer.externalId ?? "",
        customer.givenName,
        customer.familyName,
        customer.email ?? "",
        customer.phone,
        customer.language,
        customer.timeZone,
        partnershipName ?? "",
        ...currencies.flatMap((code) => {
          const one = owed.find((each) => each.owed.currency === code);
          return one ? [toDecimal(one.owed), toDecimal(one.overdue)] : ["", ""];
        }),
      ]);
      return { rows, next: found.next };
    });
  },
});

// The export stands ahead of the detail page: its name would else be taken for an id.
export default [list, exported] as Route[];
