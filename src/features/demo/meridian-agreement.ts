import { sql } from "kysely";
import { permit } from "#access/permit.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import { proposeAgreement } from "#features/self-billing/agreements.ts";
import { atTime, moved, noon, type Story } from "./story.ts";

/** Meridian Education agreed to self-billing in winter: what it earns since then is invoiced in its name. */
export async function agreeOnSelfBilling(story: Story, partnership: PartnershipId): Promise<void> {
  const cx = atTime(story, noon(moved(story, "2026-06-01")));
  const may = permit(cx.principal, "self-billing.write");
  const id = await proposeAgreement(cx, may, { partnership, country: "AU" });
  // Accepted as the partner's own page does it, which the demo's role can't open.
  await sql`update app.self_billing_agreement a
      set state = 'accepted', accepted_at = ${cx.now}, accepted_by = c.id, accepted_name = c.name,
          accepted_email = c.email, accepted_agent = 'Mozilla/5.0 (demo)'
     from app.contact c
    where a.institution_id = ${cx.institution.id} and a.id = ${id} and c.institution_id = a.institution_id
      and c.partnership_id = a.partnership_id`.execute(cx.db);
}
