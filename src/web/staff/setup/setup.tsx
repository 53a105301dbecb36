import type { Staff } from "#access/principal.ts";
import { type Checklist, goLive, type StepName, setupChecklist } from "#features/institution/setup-checklist.ts";
import { page, seeOther } from "#http/answer.ts";
import type { House } from "#http/house.ts";
import type { Ui } from "#http/request.ts";
import { route } from "#http/route.ts";
import { t } from "#web/staff/sign-in/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { Button, LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import type { Problems } from "#web/ui/form.tsx";
import { Notice } from "#web/ui/notice.tsx";
import { Chip } from "#web/ui/status.tsx";
import { Timeline } from "#web/ui/timeline.tsx";

type Words = {
  readonly title: string;
  readonly open: string;
  readonly done: string;
  readonly link?: readonly [href: string, words: string];
};

const words: Readonly<Record<StepName, Words>> = {
  "two-step": {
    title: "Two-step sign-in for the owner",
    open: "The owner signs in with a code from an authenticator app.",
    done: "The owner’s authenticator app is set up.",
    link: ["/staff/security", "Your security"],
  },
  details: {
    title: "The institution’s details",
    open: "Registration number, postal address and contact stand on receipts and statements.",
    done: "Registration number, postal address and contact are filled in.",
    link: ["/staff/settings/institution", "Fill in the details"],
  },
  methods: {
    title: "Ways to pay",
    open: "No payment method is switched on, so nobody can pay.",
    done: "Customers can pay with the methods that are switched on.",
  },
  mail: {
    title: "Mail",
    open: "No mail server is set: sign-in links can’t reach anybody. Set SMTP_URL where Portico is started.",
    done: "Mail leaves through your mail server.",
  },
  customers: {
    title: "The first customers",
    open: "Import a file of customers and payments, or add somebody by hand.",
    done: "There are customers.",
    link: ["/staff/imports", "Import customers"],
  },
  payment: {
    title: "A test payment",
    open: "Sign in as one of the customers and pay something, to see what they see.",
    done: "A payment went through.",
    link: ["/staff/customers", "Choose a customer"],
  },
};

type Props = { ui: Ui; staff: Staff; checklist: Checklist; problems?: Problems };

function LiveCard({ ui, staff, checklist }: Props) {
  const mayGo = staff.role === "OWNER" || staff.role === "ADMIN";
  if (checklist.liveAt) {
    return (
      <Notice tone="ok" title="You are live">
        <p>Since {t.instant(checklist.liveAt, ui.institution.timeZone)}.</p>
      </Notice>
    );
  }
  const missing = checklist.steps.filter((step) => step.needed && !step.done);
  return (
    <Card title="Go live" pad>
      {missing.length > 0 ? (
        <p>Still needed: {missing.map((step) => words[step.name].title).join("; ")}.</p>
      ) : (
        <p>Everything that customers need is there. Going live takes the set-up reminder away.</p>
      )}
      {!mayGo && <p class="dim mt-s">An owner or an administrator goes live.</p>}
      {mayGo && missing.length === 0 && (
        <form method="post" action="/staff/setup/live" class="mt">
          <Button kind="primary" icon="bolt">
            Go live
          </Button>
        </form>
      )}
    </Card>
  );
}

function SetupPage(props: Props) {
  const { ui, staff, checklist, problems } = props;
  const left = checklist.steps.filter((step) => !step.done).length;
  const lead = left === 0 ? "Everything is done." : `${left} of ${checklist.steps.length} steps are left.`;
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title="Set-up"
      lead={lead}
      done={{ live: "You are live. Customers can sign in and pay." }}
      problems={problems}
    >
      <div class="two">
        <Card label="Steps" pad>
          <Timeline
            happenings={checklist.steps.map((step) => {
              const { title, open, done, link } = words[step.name];
              return {
                what: (
                  <>
                    <b>{title}</b>{" "}
                    {step.done ? (
                      <Chip tone="ok" icon="check" words="Done" />
                    ) : (
                      <Chip
                        tone={step.needed ? "warn" : "mute"}
                        icon="circle"
                        words={step.needed ? "Needed" : "Open"}
                      />
                    )}
                  </>
                ),
                more: (
                  <>
                    <p>{step.done ? done : open}</p>
                    {!step.done && link && (
                      <p class="mt-s">
                        <LinkButton small href={link[0]}>
                          {link[1]}
                        </LinkButton>
                      </p>
                    )}
                  </>
                ),
                icon: step.done ? ("check" as const) : ("circle" as const),
                tone: step.done ? ("ok" as const) : ("mute" as const),
                coming: !step.done,
              };
            })}
          />
        </Card>
        <LiveCard {...props} />
      </div>
    </StaffPage>
  );
}

function surroundings(house: House) {
  return { sendsMail: house.config.smtpUrl !== undefined, production: house.config.production };
}

export default [
  route({
    id: "staff.setup",
    method: "GET",
    path: "/staff/setup",
    opens: "staff",
    may: "institution.read",
    handle: async (rq, cx, may) => {
      const checklist = await setupChecklist(cx, may, surroundings(rq.house));
      return page(<SetupPage ui={rq.ui} staff={cx.principal} checklist={checklist} />);
    },
  }),
  route({
    id: "staff.setup.live",
    method: "POST",
    path: "/staff/setup/live",
    opens: "staff",
    may: "institution.write",
    handle: async (rq, cx, may) => {
      await goLive(cx, may, surroundings(rq.house));
      return seeOther("/staff/setup?done=live");
    },
  }),
];
