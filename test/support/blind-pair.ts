import { permit } from "#access/permit.ts";
import type { CustomerId, InstitutionId } from "#access/principal.ts";
import { createCustomer } from "#features/customers/create-customer.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import { upsertPartnerships } from "#features/partnerships/upsert-partnerships.ts";
import type { PaymentId } from "#features/payments/payment.ts";
import { proposeAgreement } from "#features/self-billing/agreements.ts";
import type { LiveNews } from "#http/live.ts";
import { type Random, seededRandom } from "#kernel/random.ts";
import { dateIn } from "#kernel/time.ts";
import type { Work } from "#platform/jobs.ts";
import { silentLog } from "#platform/log.ts";
import type { OutgoingMail } from "#platform/mailer.ts";
import { registry } from "#registry.ts";
import {
  differenceOf,
  inTurns,
  type Letter,
  letterSight,
  openEyes,
  type Sight,
  sightOf,
  slowLive,
} from "./blind-eyes.ts";
import { bring, take, type World } from "./blind-hands.ts";
import { prints } from "./blind-prints.ts";
import { openWallets } from "./blind-wallets.ts";
import type { Pair, Secret, Step, Told } from "./blind-worlds.ts";
import type { Browser } from "./browser.ts";
import { type TestHouse, testHouse } from "./house.ts";

/** What a test plants into both houses: ways in which somebody might give a secret away. */
export type Plants = {
  response?: (response: Response) => Promise<Response>;
  mail?: (mail: OutgoingMail) => Promise<OutgoingMail>;
  event?: (news: LiveNews) => Promise<LiveNews>;
};

export type Side = Awaited<ReturnType<typeof openSide>>;

/** A house whose randomness begins anew with every step: what one world writes more moves nothing that comes later. */
async function openSide() {
  const letters: Letter[] = [];
  const live = slowLive();
  const plants: Plants = {};
  const dice: { now: Random } = { now: seededRandom(1) };
  const mailer = {
    send: async (mail: OutgoingMail) => {
      const sent = plants.mail ? await plants.mail(mail) : mail;
      if (mail.to.endsWith("@partners.example")) letters.push({ at: h.clock.now().toString(), mail: sent });
      return { sent: true as const };
    },
    close: () => undefined,
  };
  const h: TestHouse = await testHouse({ house: { mailer, live: live.live } });
  for (const ground of [h.house, h.house.providers, h])
    Object.defineProperty(ground, "random", { get: () => dice.now });
  const seed = (words: string) => {
    dice.now = seededRandom(hash(words));
  };
  Object.assign(h, { drain: () => workOff(h, seed) });
  const { fetch } = h.app;
  h.app.fetch = async (...asked) => {
    const response = await fetch(...asked);
    return plants.response ? await plants.response(response) : response;
  };
  return { h, live, letters, seed, plants };
}

type Job = { readonly name: keyof TestHouse["tasks"]; readonly payload: { readonly institution: InstitutionId } };

/**
 * Works the queue off, planned jobs too: as `drain` does, without the queue's own housekeeping, which would cost more
 * than all else here. Jobs begin with randomness of their own: how many ran before, and what they wrote, is nothing to
 * them.
 */
async function workOff(h: TestHouse, seed: (words: string) => void): Promise<void> {
  const take = async (when: string) =>
    await h.admin.query<Job>(`with gone as (
        delete from graphile_worker._private_jobs where ${when} returning id, task_id, payload)
      select t.identifier as name, gone.payload from gone
        join graphile_worker._private_tasks t on t.id = gone.task_id order by gone.id`);
  for (let jobs = (await take("true")).rows, turn = 0; jobs.length > 0; turn++) {
    for (const { name, payload } of jobs) {
      const { institution, ...rest } = payload;
      seed(`${name} ${h.clock.now()} ${turn}`);
      const work = {
        ground: h.house,
        institution,
        payload: rest,
        signal: new AbortController().signal,
        log: silentLog,
      };
      await (h.tasks[name] as (work: Work<typeof name>) => Promise<void>)(work as Work<typeof name>);
    }
    jobs = (await take("run_at <= now()")).rows;
  }
}

/** FNV-1a, 32 bits (http://www.isthe.com/chongo/tech/comp/fnv/). */
function hash(words: string): number {
  let state = 0x811c9dc5;
  for (const character of words) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return state;
}

/** Two houses with a database each, in which worlds come to be in pairs. */
export async function blindHouses() {
  const sides = [await openSide(), await openSide()] as const;
  const eyes = openEyes(registry);
  let count = 0;
  /** Lets a pair of worlds happen and answers what a partner could tell them apart by. */
  const compare = async ({ told, secrets }: Pair, whole = false): Promise<string | undefined> => {
    count += 1;
    prints.bytes = count % 20 === 0;
    const run = { number: count, told, eyes, whole };
    const [a, b] = await Promise.all([live(sides[0], run, secrets[0]), live(sides[1], run, secrets[1])]);
    return differenceOf(a, b);
  };
  return { sides, eyes, compare, close: () => Promise.all(sides.map((side) => side.h.close())) };
}

type Eyes = ReturnType<typeof openEyes>;

/** `whole`: everything is looked at, not each in its turn. */
type Run = { readonly number: number; readonly told: Told; readonly eyes: Eyes; readonly whole: boolean };

/** A world from its beginning to its end, and all that its partner saw. */
async function live(side: Side, run: Run, secret: Secret): Promise<Sight[]> {
  const { number, told } = run;
  const name = `w${number}`;
  side.letters.length = 0;
  side.live.forget();
  const world = await begin(side, name, told, secret);
  const sights: Sight[] = [];
  const middle = Math.floor(told.steps.length / 2);
  for (const [index, step] of [...told.steps, { do: "payouts" } satisfies Step].entries()) {
    side.seed(`${name} step ${index}`);
    // Each step has its own moment, and begins with whatever the one before left in the queue.
    side.h.clock.advance({ seconds: 61 });
    await take(world, step);
    if (step.do === "pass" || step.do === "payouts") sights.push(...(await events(side, name)));
    // Every fourth pair is looked at on the way, too.
    if (index === middle && (run.whole || number % 4 === 0)) sights.push(...(await look(side, world, run)));
  }
  sights.push(...(await events(side, name)), ...(await look(side, world, run)));
  sights.push(...(await refusals(side, world, run)));
  return [...sights, ...side.letters.map(letterSight)];
}

async function begin(side: Side, name: string, told: Told, secret: Secret): Promise<World> {
  const { h, seed } = side;
  seed(`${name} begins`);
  h.clock.advance({ seconds: 61 });
  const institution = await h.institution({ host: `${name}.example` });
  const began = dateIn("Australia/Sydney", h.clock.now());
  const { partners, customers } = await h.system(institution, async (cx) => {
    const rows = await upsertPartnerships(
      cx,
      permit(cx.principal, "partnerships.write"),
      ["Meridian", "Ridge", "Vale"].map((partner, index) => ({
        ...{ external_id: `P${index}`, name: partner, legal_name: `${partner} Pty Ltd`, kind: "agent" },
        ...{ currency: told.currency, commission_percent: "10", tax_id: `51 254 504 76${index}` },
        commission_tax: told.tax === "exclusive" ? "exclusive" : "inclusive",
        tax_registered: told.tax === "none" ? "no" : "yes",
      })),
    );
    const may = permit(cx.principal, "customers.write");
    const people: CustomerId[] = [];
    for (const given_name of ["Aiko", "Ben"]) {
      people.push((await createCustomer(cx, may, { given_name, family_name: "Tanaka" })).id);
    }
    return { partners: rows.map((row) => ("id" in row ? row.id : "")) as PartnershipId[], customers: people };
  });
  const browser = await h.partner(institution, partners[0] ?? "");
  await h.admin.query("insert into app.payout_settings (institution_id, review_all) values ($1, false)", [institution]);
  await h.admin.query(
    "update app.session set expires_at = 'infinity', idle_seconds = 1000000000 where institution_id = $1",
    [institution],
  );
  const world = { h, told, secret, institution, partners, began };
  const payments: PaymentId[] = [];
  for (const [index, { customer }] of told.payments.entries()) {
    seed(`${name} payment ${index}`);
    payments.push(await bring(world, customers[customer] as CustomerId, index));
  }
  seed(`${name} wallets`);
  const wallets = await openWallets({ ...world, browser });
  const whole = {
    ...world,
    wallets,
    payments,
    browser,
    touched: new Set<number>(),
    later: new Set<number>(),
    extra: [],
  };
  if (told.selfBilled && told.tax !== "none") await agreeOnSelfBilling(whole);
  await take(whole, { do: "bank", ending: "4321" });
  await openStream(side, whole, name);
  return whole;
}

async function agreeOnSelfBilling({ h, institution, partners, browser }: World): Promise<void> {
  await h.system(institution, (cx) =>
    proposeAgreement(cx, permit(cx.principal, "self-billing.write"), { partnership: partners[0] ?? "", country: "AU" }),
  );
  const { text } = await browser.get("/partner/self-billing");
  const version = /name="version" value="([\w-]+)"/.exec(text)?.[1] ?? "";
  const accepted = await browser.post("/partner/self-billing/accept", { version });
  if (accepted.status !== 303) throw new Error(`The agreement was not accepted: ${accepted.status}`);
}

/** The partner keeps a page open that updates itself. */
async function openStream(side: Side, world: World, name: string): Promise<void> {
  const streams = ["live?of=overview", "live?of=payouts", `wallets/live?number=${world.wallets.general}`];
  side.seed(`${name} stream`);
  await world.browser.get(`/partner/${streams[Number(name.slice(1)) % 3]}`, { accept: "text/event-stream" });
}

async function events(side: Side, name: string): Promise<Sight[]> {
  side.seed(`${name} events`);
  const sights: Sight[] = [];
  for (const news of await side.live.read()) {
    const sent = side.plants.event ? await side.plants.event(news) : news;
    sights.push({ of: "event", what: JSON.stringify(sent) });
  }
  return sights;
}

async function look(side: Side, world: World, { number, eyes, whole }: Run): Promise<Sight[]> {
  return await eyes.look(world, whole ? undefined : number, async (path) => {
    side.seed(`w${number} ${path}`);
    return await world.browser.get(path);
  });
}

/** What the partner's forms say to nothing at all. */
async function refusals(side: Side, world: World, { number, eyes, whole }: Run): Promise<Sight[]> {
  const sights: Sight[] = [];
  for (const route of inTurns(eyes.posts, whole ? undefined : number)) {
    if (route.id.includes("sign-out")) continue;
    side.seed(`w${number} ${route.id}`);
    const path = route.path.replaceAll(/:\w+(\{[^}]*\})?/g, "1");
    sights.push(sightOf(`POST ${path}`, await (world.browser as Browser).post(path)));
  }
  return sights;
}
