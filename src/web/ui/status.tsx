import type { MessageKey, T } from "#platform/i18n/messages.ts";
import { drawnOnce } from "./drawn-once.ts";
import { Icon, type IconName } from "./icon.tsx";

export type Tone = "ok" | "warn" | "bad" | "info" | "mute";
type Word = Extract<MessageKey, `status.${string}`>;
type Look = readonly [word: Word, icon: IconName, tone: Tone];

const draft: Look = ["status.draft", "pencil", "mute"];
const scheduled: Look = ["status.scheduled", "clock", "mute"];
const due: Look = ["status.due", "circle", "info"];
const overdue: Look = ["status.overdue", "alert-triangle", "bad"];
const processing: Look = ["status.processing", "circle-half-2", "warn"];
const partPaid: Look = ["status.partPaid", "circle-half-2", "info"];
const paid: Look = ["status.paid", "check", "ok"];
const refunded: Look = ["status.refunded", "arrow-back-up", "mute"];
const cancelled: Look = ["status.cancelled", "ban", "mute"];
const pending: Look = ["status.pending", "clock", "info"];
const failed: Look = ["status.failed", "x", "bad"];
const returned: Look = ["status.returned", "arrow-back-up", "bad"];
const succeeded: Look = ["status.succeeded", "check", "ok"];
const inReview: Look = ["status.inReview", "circle-half-2", "info"];
const active: Look = ["status.active", "check", "ok"];
const inactive: Look = ["status.inactive", "ban", "mute"];
const accepted: Look = ["status.accepted", "check", "ok"];
const expired: Look = ["status.expired", "hourglass", "mute"];
const rejected: Look = ["status.rejected", "x", "bad"];

/** How each state of each thing looks: its word, its shape, its tone. The one map of the product. */
export const looks = {
  payment: {
    draft,
    scheduled,
    due,
    overdue,
    processing,
    partially_paid: partPaid,
    paid,
    partially_refunded: ["status.partRefunded", "arrow-back-up", "mute"],
    refunded,
    cancelled,
    /** Not a state: the latest attempt failed, shown beside due or overdue. */
    failed,
  },
  attempt: {
    pending,
    requires_action: ["status.actionNeeded", "alert-circle", "warn"],
    processing,
    succeeded,
    failed,
    returned,
  },
  share: {
    agreed: ["status.agreed", "circle-dashed", "mute"],
    earned: ["status.earned", "check", "info"],
    in_payout: ["status.inPayout", "circle-half-2", "info"],
    paid_out: ["status.paidOut", "check", "ok"],
    reversed: ["status.reversed", "arrow-back-up", "mute"],
  },
  payout: {
    scheduled,
    in_review: inReview,
    on_hold: ["status.onHold", "player-pause", "warn"],
    processing,
    sent: ["status.sent", "send", "info"],
    paid,
    failed,
    returned,
    cancelled,
  },
  invoice: {
    draft,
    issued: ["status.issued", "circle", "info"],
    partially_paid: partPaid,
    paid,
    overdue,
    credited: ["status.credited", "arrow-back-up", "mute"],
    void: ["status.void", "ban", "mute"],
    disputed: ["status.disputed", "message-report", "warn"],
  },
  selfBilling: {
    proposed: ["status.proposed", "clock", "info"],
    accepted,
    expired,
    revoked: ["status.revoked", "ban", "mute"],
  },
  directDebit: {
    created: ["status.created", "clock", "info"],
    active,
    paused: ["status.paused", "player-pause", "warn"],
    cancelled,
    failed,
    expired,
  },
  collection: {
    planned: ["status.planned", "calendar-event", "mute"],
    notified: ["status.notified", "mail", "info"],
    submitted: ["status.submitted", "circle-half-2", "warn"],
    succeeded,
    failed,
    retrying: ["status.retrying", "refresh", "warn"],
    skipped: ["status.skipped", "minus", "mute"],
  },
  refund: { pending, succeeded, failed },
  document: {
    requested: ["status.requested", "alert-circle", "warn"],
    submitted: ["status.uploaded", "circle-half-2", "info"],
    accepted,
    rejected,
    expired,
  },
  wallet: { active, frozen: ["status.frozen", "snowflake", "warn"], closed: ["status.closed", "lock", "mute"] },
  transfer: {
    pending_approval: ["status.needsApproval", "clock", "warn"],
    processing,
    completed: ["status.completed", "check", "ok"],
    failed,
    cancelled,
  },
  referralCode: { active, inactive },
  registration: { pending, approved: ["status.approved", "check", "ok"], rejected },
  channelProduct: { active, inactive, maintenance: ["status.maintenance", "settings", "warn"] },
  invitation: {
    pending,
    accepted,
    declined: ["status.declined", "x", "mute"],
    withdrawn: ["status.withdrawn", "ban", "mute"],
    expired,
  },
  member: {
    active,
    invited: ["status.invited", "mail", "info"],
    suspended: ["status.suspended", "player-pause", "warn"],
  },
  contact: {
    active,
    restricted: ["status.restricted", "lock", "warn"],
    off: ["status.off", "ban", "mute"],
  },
  bankAccount: {
    pending: inReview,
    in_review: inReview,
    verified: ["status.verified", "check", "ok"],
    active,
    rejected,
    replaced: expired,
  },
  job: {
    queued: ["status.queued", "clock", "mute"],
    running: ["status.running", "circle-half-2", "info"],
    done: ["status.done", "check", "ok"],
    done_with_problems: ["status.doneWithProblems", "alert-circle", "warn"],
    failed,
    cancelled,
  },
  delivery: {
    pending,
    delivered: ["status.delivered", "check", "ok"],
    retrying: ["status.retrying", "refresh", "warn"],
    failed,
  },
  link: { active, expired, revoked: ["status.revoked", "ban", "mute"] },
  toggle: { on: ["status.on", "check", "ok"], off: ["status.off", "ban", "mute"] },
} as const satisfies Record<string, Record<string, Look>>;

export type StatusKind = keyof typeof looks;
export type StateOf<K extends StatusKind> = keyof (typeof looks)[K] & string;

/** The word for a state, in the language of `t`: for mails, PDFs and titles too. */
export function statusWord<K extends StatusKind>(t: T, of: K, state: StateOf<K>): string {
  return t(lookOf(of, state)[0]);
}

function lookOf<K extends StatusKind>(of: K, state: StateOf<K>): Look {
  const byState = looks[of] as Readonly<Record<string, Look>>;
  const look = byState[state];
  if (look === undefined) throw new Error(`No look for ${of} ${state}`);
  return look;
}

/**
 * A state as a chip: `<Status of="payment" state="overdue" t={t} />`.
 * `words` replaces the word by something more telling in the same tone: "6 days overdue", "Due in 14 days".
 */
export function Status<K extends StatusKind>({
  of,
  state,
  t,
  words,
}: {
  of: K;
  state: StateOf<K>;
  t: T;
  words?: string;
}) {
  const [word, icon, tone] = lookOf(of, state);
  return <Chip tone={tone} icon={icon} words={words ?? t(word)} />;
}

/** A chip for what is not a state of the map (a tag, a kind). Prefer `<Status>`. */
export function Chip({ tone = "mute", icon, words }: { tone?: Tone; icon?: IconName; words: string }) {
  return chips(`${tone} ${icon ?? ""} ${words}`, () => (
    <span class={tone === "mute" ? "chip" : `chip ${tone}`}>
      {icon && <Icon name={icon} size="s" />}
      {words}
    </span>
  ));
}

const chips = drawnOnce();
