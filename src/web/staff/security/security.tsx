import { z } from "zod";
import type { Staff } from "#access/principal.ts";
import {
  endOwnOtherSessions,
  endOwnSession,
  ownSecurity,
  type SecurityEvent,
  type SecurityView,
} from "#features/security/end-sessions.ts";
import type { SessionView } from "#features/security/session.ts";
import { page, seeOther } from "#http/answer.ts";
import type { Ui } from "#http/request.ts";
import { route } from "#http/route.ts";
import type { Instant } from "#kernel/time.ts";
import { t } from "#web/staff/sign-in/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { Button, LinkButton } from "#web/ui/button.tsx";
import { Card, Facts } from "#web/ui/card.tsx";
import type { IconName } from "#web/ui/icon.tsx";
import { Notice } from "#web/ui/notice.tsx";
import { Chip, type Tone } from "#web/ui/status.tsx";
import { Table, Under } from "#web/ui/table.tsx";
import { Timeline } from "#web/ui/timeline.tsx";

const done = {
  password: "Your password is changed. Every other session of yours has ended.",
  ended: "That session has ended.",
  "others-ended": "Every other session has ended.",
} as const;

type Look = readonly [words: string, icon: IconName, tone: Tone];
const looks: Readonly<Record<string, Look>> = {
  "sign-in.completed": ["Signed in", "check", "ok"],
  "sign-in.ended": ["Signed out", "logout", "mute"],
  "sign-in.refused": ["A wrong password was given", "x", "warn"],
  "sign-in.locked": ["Signing in was locked after too many wrong passwords", "lock", "bad"],
  "two-step.refused": ["A wrong code was given", "x", "warn"],
  "two-step.locked": ["Codes were locked after too many wrong ones", "lock", "bad"],
  "two-step.turned-on": ["Two-step sign-in was set up", "shield-check", "ok"],
  "two-step.replaced": ["The authenticator app was replaced", "shield-check", "info"],
  "recovery-code.used": ["A recovery code was used", "key", "warn"],
  "recovery-codes.replaced": ["New recovery codes were made", "key", "info"],
  "password.changed": ["The password was changed", "key", "info"],
  "password.reset": ["The password was set by a mailed link", "key", "warn"],
  "session.ended": ["A session was ended", "logout", "mute"],
  "session.others-ended": ["All other sessions were ended", "logout", "mute"],
  "step-up.completed": ["Identity was confirmed again", "shield-check", "mute"],
  "staff.created": ["The account was made", "user-plus", "mute"],
};

function happening(event: SecurityEvent, at: (when: Instant) => string) {
  const [what, icon, tone] = looks[event.event] ?? ["Something about this account was changed", "circle", "mute"];
  const when = event.ip === "" ? at(event.at) : `${at(event.at)}, from ${event.ip}`;
  return { what, icon, tone, when };
}

function deviceName({ browser, system }: SessionView): string {
  if (browser !== "" && system !== "") return `${browser} on ${system}`;
  return browser + system || "A browser";
}

function Sessions({ sessions, at }: { sessions: readonly SessionView[]; at: (when: Instant) => string }) {
  return (
    <Table
      caption="Your sessions"
      rows={sessions}
      columns={[
        {
          head: "Browser",
          cell: (session) => (
            <>
              {deviceName(session)} {session.isThisOne && <Chip tone="ok" icon="check" words="This one" />}
              <Under>
                Signed in {at(session.startedAt)}, from <bdi>{session.ip}</bdi>
              </Under>
            </>
          ),
        },
        { head: "Last used", cell: (session) => at(session.lastSeenAt), wideOnly: true },
        {
          head: "Action",
          silent: true,
          end: true,
          cell: (session) =>
            !session.isThisOne && (
              <form method="post" action={`/staff/security/sessions/${session.id}/end`}>
                <Button small about={deviceName(session)}>
                  End
                </Button>
              </form>
            ),
        },
      ]}
    />
  );
}

type SigningInProps = { staff: Staff; view: SecurityView; at: (when: Instant) => string };

function SigningIn({ staff, view, at }: SigningInProps) {
  return (
    <Card title="Signing in">
      <Facts
        facts={[
          [
            "Password",
            <div class="row between">
              <span>{view.passwordChangedAt ? `Set ${at(view.passwordChangedAt)}` : "None yet"}</span>
              {view.passwordChangedAt ? (
                <LinkButton small href="/staff/security/password">
                  Change password
                </LinkButton>
              ) : (
                <LinkButton small href={`/staff/forgot?email=${encodeURIComponent(staff.email)}`}>
                  Set by mailed link
                </LinkButton>
              )}
            </div>,
          ],
          [
            "Authenticator app",
            <div class="row between">
              <span>{view.twoStepSince ? `On since ${at(view.twoStepSince)}` : "Not set up"}</span>
              <LinkButton small href="/staff/security/two-step">
                {view.twoStepSince ? "Replace" : "Set up"}
              </LinkButton>
            </div>,
          ],
          [
            "Recovery codes",
            <div class="row between">
              <span>{view.recoveryCodesLeft} left of 10</span>
              <LinkButton small href="/staff/security/recovery-codes">
                Make new ones
              </LinkButton>
            </div>,
          ],
        ]}
      />
    </Card>
  );
}

function SecurityPage({ ui, staff, view }: { ui: Ui; staff: Staff; view: SecurityView }) {
  const at = (when: Instant) => t.instant(when, ui.institution.timeZone);
  const left = view.recoveryCodesLeft;
  return (
    <StaffPage ui={ui} staff={staff} title="Your security" lead={staff.email} done={done}>
      {left < 3 && view.twoStepSince !== null && (
        <Notice tone="warn" title={left === 0 ? "You have no recovery codes left" : `Only ${left} recovery codes left`}>
          <p>Make new ones, so that losing your phone does not lock you out.</p>
        </Notice>
      )}
      <div class="two">
        <div class="stack">
          <SigningIn staff={staff} view={view} at={at} />
          <Card
            title="Where you’re signed in"
            end={
              view.sessions.length > 1 && (
                <form method="post" action="/staff/security/sessions/end-others">
                  <Button small>End all others</Button>
                </form>
              )
            }
          >
            <Sessions sessions={view.sessions} at={at} />
          </Card>
        </div>
        <Card title="Recent events" pad>
          {view.events.length === 0 ? (
            <p class="dim">Nothing has happened yet.</p>
          ) : (
            <Timeline happenings={view.events.map((event) => happening(event, at))} />
          )}
        </Card>
      </div>
    </StaffPage>
  );
}

export default [
  route({
    id: "staff.security",
    method: "GET",
    path: "/staff/security",
    opens: "staff",
    may: "security.own",
    handle: async (rq, cx, may) =>
      page(<SecurityPage ui={rq.ui} staff={cx.principal} view={await ownSecurity(cx, may)} />),
  }),
  route({
    id: "staff.security.sessions.end",
    method: "POST",
    path: "/staff/security/sessions/:session/end",
    opens: "staff",
    may: "security.own",
    params: z.object({ session: z.string().regex(/^ses_[0-9a-z]{26}$/) }),
    handle: async (rq, cx, may) => {
      await endOwnSession(cx, may, rq.params.session);
      return seeOther("/staff/security?done=ended");
    },
  }),
  route({
    id: "staff.security.sessions.end-others",
    method: "POST",
    path: "/staff/security/sessions/end-others",
    opens: "staff",
    may: "security.own",
    handle: async (_rq, cx, may) => {
      await endOwnOtherSessions(cx, may);
      return seeOther("/staff/security?done=others-ended");
    },
  }),
];
