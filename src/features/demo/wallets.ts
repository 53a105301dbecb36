import { type Permit, permit } from "#access/permit.ts";
import type { MemberId, Partner, Role, Staff } from "#access/principal.ts";
import { joinByInvitation } from "#features/members/answer-invitation.ts";
import { inviteMember } from "#features/members/invite-member.ts";
import { provisionAccount } from "#features/members/provision-account.ts";
import type { Partnership } from "#features/partnerships/partnership.ts";
import { partnershipsByReference } from "#features/partnerships/partnership-views.ts";
import { openWallet } from "#features/wallets/open-wallet.ts";
import type { Wallet, WalletPurpose } from "#features/wallets/wallet.ts";
import { saveWalletCurrency } from "#features/wallets/wallet-currencies.ts";
import { assert, present } from "#kernel/assert.ts";
import { newId } from "#kernel/ids.ts";
import { type Currency, money } from "#kernel/money.ts";
import type { Instant } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";
import { meridian } from "./meridian.ts";
import { atTime, moved, noon, type Story } from "./story.ts";

/** The partner that Meridian Education shares its work with, by its reference in the files. */
const sakura = "P006";

/** Who acts of the institution: one proposes, the other approves. */
export type Colleagues = { readonly owner: Staff; readonly admin: Staff };

/** The wallets of the demo, and the members who move money between them. */
export type WalletWorld = {
  readonly colleagues: Colleagues;
  readonly meridian: {
    readonly general: Wallet;
    readonly reserve: Wallet;
    readonly deposits: Wallet;
    readonly jpy: Wallet;
  };
  readonly sakura: { readonly general: Wallet; readonly jpy: Wallet };
  /** The owner of Meridian Education's account, who operates it, and the owner of the other one. */
  readonly grace: Partner;
  readonly daniel: Partner;
  readonly kaori: Partner;
};

/** The demo's transaction as if somebody of staff acted in it at an instant of its past. */
export function asStaff(story: Story, staff: Staff, at: Instant): Cx<Staff> {
  return { ...atTime(story, at), principal: staff };
}

/** Two partner accounts with their members and wallets, a year ago; an invitation of last week still waits. */
export async function makeWallets(story: Story, colleagues: Colleagues): Promise<WalletWorld> {
  const { owner } = colleagues;
  const found = await partnershipsByReference(story.cx, [meridian, sakura]);
  const agent = present(found.get(meridian), "a partner of the files");
  const partner = present(found.get(sakura), "a partner of the files");
  const cx = asStaff(story, owner, noon(moved(story, "2025-12-01")));
  const may = permit(owner, "wallets.write");
  for (const [currency, minor] of [
    ["AUD", 500_000n],
    ["JPY", 500_000n],
  ] as const) {
    await saveWalletCurrency(cx, may, { currency, enabled: true, approvalAbove: money(minor, currency) });
  }
  const account = new Account(story, owner, agent);
  const grace = await account.open("Grace Okafor", "grace.okafor@meridian.example");
  const daniel = await account.invite("Daniel Reyes", "daniel.reyes@meridian.example", "OPERATOR", "2025-12-04");
  await account.invite("Yuki Sato", "yuki.sato@meridian.example", "VIEWER", "2026-03-10");
  await account.invite("Hana Lindqvist", "hana.lindqvist@meridian.example", "ADMIN", "2026-11-18", false);
  const kaori = await new Account(story, owner, partner).open("Kaori Fujimoto", "kaori.fujimoto@sakura.example");
  const open = (of: Partnership, currency: Currency, purpose: WalletPurpose) =>
    openWallet(cx, may, { partnership: of.id, currency, purpose });
  return {
    colleagues,
    meridian: {
      general: await open(agent, "AUD", "general"),
      reserve: await open(agent, "AUD", "reserve"),
      deposits: await open(agent, "AUD", "deposits"),
      jpy: await open(agent, "JPY", "general"),
    },
    sakura: { general: await open(partner, "AUD", "general"), jpy: await open(partner, "JPY", "general") },
    grace,
    daniel: present(daniel, "a member who accepted"),
    kaori,
  };
}

/** The account of one partner: staff provision it, and who is invited accepts a day later. */
class Account {
  readonly #story: Story;
  readonly #owner: Staff;
  readonly #partner: Partnership;
  readonly #may: Permit<"members.write">;

  constructor(story: Story, owner: Staff, partner: Partnership) {
    this.#story = story;
    this.#owner = owner;
    this.#partner = partner;
    this.#may = permit(owner, "members.write");
  }

  async open(name: string, email: string): Promise<Partner> {
    const day = moved(this.#story, "2025-12-02");
    const text = { account: this.#partner.name, name, email };
    const cx = asStaff(this.#story, this.#owner, noon(day));
    const { token } = await provisionAccount(cx, this.#may, this.#partner.id, text);
    return await this.#accept(present(token, "the token of a new invitation"), name, email, "OWNER", day);
  }

  /** Undefined where the invitation still waits. */
  async invite(name: string, email: string, role: Role, on: string, accepts = true): Promise<Partner | undefined> {
    const day = moved(this.#story, on);
    const cx = asStaff(this.#story, this.#owner, noon(day));
    const invited = await inviteMember(cx, this.#may, this.#partner.id, { name, email, role });
    if (!accepts) return undefined;
    assert("token" in invited, "an invitation is new");
    return await this.#accept(invited.token, name, email, role, day);
  }

  async #accept(token: string, name: string, email: string, role: Role, day: Temporal.PlainDate): Promise<Partner> {
    const { cx } = this.#story;
    const visitor = { kind: "visitor", institution: cx.institution.id } as const;
    const at = noon(day.add({ days: 1 })).subtract({ minutes: 97 });
    const joined = await joinByInvitation({ ...atTime(this.#story, at), principal: visitor }, this.#may, token);
    assert(typeof joined !== "string", "an invitation of the demo is accepted once");
    return this.#principal(joined.member, name, email, role, at);
  }

  #principal(member: MemberId, name: string, email: string, role: Role, at: Instant): Partner {
    const { cx } = this.#story;
    return {
      kind: "partner",
      institution: cx.institution.id,
      partnership: this.#partner.id,
      partnershipName: this.#partner.name,
      contact: undefined,
      member,
      name,
      email,
      rights: [],
      role,
      language: "en",
      timeZone: cx.institution.timeZone,
      several: false,
      session: { id: newId("ses", at, cx.random), steppedUpAt: at },
    };
  }
}
