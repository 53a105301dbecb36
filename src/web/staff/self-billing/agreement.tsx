import { z } from "zod";
import { permit } from "#access/permit.ts";
import type { Staff } from "#access/principal.ts";
import { countries } from "#features/institution/country.ts";
import { readPartnership } from "#features/partnerships/partnership-views.ts";
import {
  agreementOnOffer,
  agreementsOf,
  proposeAgreement,
  revokeAgreement,
} from "#features/self-billing/agreements.ts";
import { type Agreement, agreementWords, type Wording } from "#features/self-billing/self-billing.ts";
import { page, seeOther } from "#http/answer.ts";
import type { Ui } from "#http/request.ts";
import { type Failed, type Route, route } from "#http/route.ts";
import { isId } from "#kernel/ids.ts";
import type { Cx } from "#platform/tx.ts";
import { asked, can, formOf, t, textFields } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { Actions, Button } from "#web/ui/button.tsx";
import { Card, Facts } from "#web/ui/card.tsx";
import { FilterSelect } from "#web/ui/filters.tsx";
import { Form, type FormState } from "#web/ui/form.tsx";
import { Notice } from "#web/ui/notice.tsx";
import { Chip } from "#web/ui/status.tsx";

const params = z.object({ id: z.string().refine((id) => isId("prt", id)) });
const oneOf = params.extend({ agreement: z.string().refine((id) => isId("sba", id)) });
const homeOf = (id: string) => `/staff/partnerships/${id}/self-billing`;

function nameOf({ country }: Pick<Wording, "country">): string {
  return countries.find((one) => one.code === country)?.name ?? "Every other country";
}

async function agreementPage(ui: Ui, cx: Cx<Staff>, id: string, country: string | undefined, failed?: Failed) {
  const partner = await readPartnership(cx, id);
  const all = await agreementsOf(cx, permit(cx.principal, "partnerships.read"), partner.id);
  const open = all.find((one) => one.state === "proposed" || one.state === "accepted");
  const may = can(cx.principal, "self-billing.write");
  const offer =
    may && !open
      ? await agreementOnOffer(cx, permit(cx.principal, "self-billing.write"), partner.id, country)
      : undefined;
  const form = formOf(failed);
  return page(
    <StaffPage
      ui={ui}
      staff={cx.principal}
      title={`Self-billing of ${partner.name}`}
      crumbs={[
        { href: "/staff/partnerships", label: "Partnerships" },
        { href: `/staff/partnerships/${partner.id}`, label: partner.name },
      ]}
      problems={form.problems}
      done={{
        proposed: "The agreement was proposed. Its contacts hear of it by e-mail.",
        ended: "The agreement ended.",
      }}
    >
      {form.problems?.[""] !== undefined && <Notice tone="bad">{form.problems[""]}</Notice>}
      {offer && <OfferCard home={homeOf(partner.id)} form={form} {...offer} />}
      {all.map((agreement) => (
        <AgreementCard ui={ui} agreement={agreement} home={homeOf(partner.id)} mayEnd={may} />
      ))}
      {!offer && all.length === 0 && <p class="dim">No agreement was proposed to this partner yet.</p>}
    </StaffPage>,
  );
}

type OfferProps = {
  home: string;
  form: FormState;
  wording: Wording;
  wordings: readonly Wording[];
  text: string;
};

function OfferCard({ home, wording, wordings, text }: OfferProps) {
  return (
    <Card title="Propose an agreement" pad>
      <form class="filters" method="get" action={home} data-filters>
        <FilterSelect
          name="country"
          label="Words of"
          value={wording.country}
          all="Your own country"
          options={wordings.map((one) => ({ value: one.country, label: nameOf(one) }))}
        />
        <Button small>Show</Button>
      </form>
      <p class="dim">
        Invoices will be called “{wording.title}” and say: “{wording.notice}”. Source: {wording.source}.
        {wording.needsRegistration && " Only what is earned while the partner is registered for tax is invoiced."}
      </p>
      {text.split("\n").map((line) => (
        <p>{line}</p>
      ))}
      <Form action={`${home}/propose`} hidden={{ country: wording.country }}>
        <Actions>
          <Button kind="primary">Propose it to the partner</Button>
        </Actions>
      </Form>
    </Card>
  );
}

type AgreementProps = { ui: Ui; agreement: Agreement; home: string; mayEnd: boolean };

function AgreementCard({ ui, agreement, home, mayEnd }: AgreementProps) {
  const { timeZone } = ui.institution;
  const open = agreement.state === "proposed" || agreement.state === "accepted";
  const at = (instant: Agreement["endedAt"]) => (instant ? t.instant(instant, timeZone, "long") : undefined);
  const accepted = at(agreement.acceptedAt);
  return (
    <Card
      title={`Agreement of ${t.instant(agreement.proposedAt, timeZone, "medium")}`}
      end={<Chip tone={agreement.state === "accepted" ? "ok" : "mute"} words={agreementWords[agreement.state]} />}
      oneOfMany
    >
      <Facts
        facts={[
          ["Proposed", `${at(agreement.proposedAt)} by ${agreement.proposedBy}`],
          ["Words of", nameOf(agreement)],
          accepted !== undefined && [
            "Accepted",
            <>
              {accepted} by <bdi>{agreement.acceptedName}</bdi> (<bdi>{agreement.acceptedEmail}</bdi>)
            </>,
          ],
          accepted !== undefined && [
            "From",
            <>
              <bdi class="num">{agreement.acceptedIp || "unknown address"}</bdi>, <bdi>{agreement.acceptedAgent}</bdi>
            </>,
          ],
          agreement.validUntil && ["Holds until", t.date(agreement.validUntil)],
          agreement.endedAt && ["Ended", at(agreement.endedAt)],
        ]}
      />
      <div class="pad">
        <details>
          <summary>The words</summary>
          {agreement.body.split("\n").map((line) => (
            <p>{line}</p>
          ))}
        </details>
        {open && mayEnd && (
          <Form action={`${home}/${agreement.id}/end`}>
            <p class="dim">Ending it stops new invoices. What is issued stays; credit notes still follow refunds.</p>
            <Actions>
              <Button kind="danger">
                {agreement.state === "proposed" ? "Take the proposal back" : "End the agreement"}
              </Button>
            </Actions>
          </Form>
        )}
      </div>
    </Card>
  );
}

const shown = route({
  id: "staff.partnerships.self-billing",
  method: "GET",
  path: "/staff/partnerships/:id/self-billing",
  opens: "staff",
  may: "partnerships.read",
  params,
  query: z.object({ country: asked.text }),
  handle: async (rq, cx) => await agreementPage(rq.ui, cx, rq.params.id, rq.query.country),
});

const propose = route({
  id: "staff.partnerships.self-billing.propose",
  method: "POST",
  path: "/staff/partnerships/:id/self-billing/propose",
  opens: "staff",
  may: "self-billing.write",
  params,
  form: textFields("country"),
  handle: async (rq, cx, may) => {
    await proposeAgreement(cx, may, { partnership: rq.params.id, country: rq.form.country });
    return seeOther(`${homeOf(rq.params.id)}?done=proposed`);
  },
  again: async (rq, cx, _may, failed) => await agreementPage(rq.ui, cx, rq.params.id, undefined, failed),
});

const end = route({
  id: "staff.partnerships.self-billing.end",
  method: "POST",
  path: "/staff/partnerships/:id/self-billing/:agreement/end",
  opens: "staff",
  may: "self-billing.write",
  params: oneOf,
  handle: async (rq, cx, may) => {
    await revokeAgreement(cx, may, { partnership: rq.params.id, id: rq.params.agreement });
    return seeOther(`${homeOf(rq.params.id)}?done=ended`);
  },
  again: async (rq, cx, _may, failed) => await agreementPage(rq.ui, cx, rq.params.id, undefined, failed),
});

export default [shown, propose, end] as Route[];
