import { crashDrill, faultsOf, type Round } from "./crash-rounds.ts";

// npm run drill:crash [-- --rounds 200] [-- --seed 7] [-- --json]: kills Portico and its PostgreSQL under load, and
// compares what is there afterwards with what clients were told. Exits 1 when something was lost, done twice or wrong,
// or when it took longer than ten seconds until it served again.
const most = 10;
const isJson = process.argv.includes("--json");
const seed = option("--seed", 1);

if (!isJson) console.log("round       seed  killed                            done  told later  ready again");
const drilled = await crashDrill({ rounds: option("--rounds", 200), seed, onRound: isJson ? () => {} : print });
const slow = drilled.rounds
  .filter((round) => round.readySeconds > most)
  .map((round) => `round ${round.round}: ready again only after ${round.readySeconds.toFixed(1)} s`);
const faults = [...faultsOf(drilled), ...drilled.odd.map((one) => `an answer that no rule explains: ${one}`), ...slow];
if (isJson) console.log(JSON.stringify({ seed, ...drilled, faults }, undefined, 2));
else {
  console.log(
    [
      "",
      `${drilled.rounds.length} rounds: ${drilled.acknowledged} transfers acknowledged, ${drilled.refused} refused, ` +
        `${drilled.resolved} told only under a later try with the same key`,
      `${drilled.lost.length} acknowledged lost, ${drilled.twice.length} applied twice, ` +
        `${drilled.wrong.length} rows of the books that do not fit; ready again after ` +
        `${drilled.slowestSeconds.toFixed(1)} s at most`,
      ...faults,
    ].join("\n"),
  );
}
process.exit(faults.length === 0 ? 0 : 1);

function print(round: Round): void {
  const cells = [
    String(round.round).padStart(5),
    String(round.seed).padStart(10),
    ` ${round.killed.padEnd(32)}`,
    String(round.acknowledged).padStart(5),
    String(round.resolved).padStart(11),
    `${round.readySeconds.toFixed(2)} s`.padStart(12),
  ];
  console.log(cells.join(" "));
}

function option(name: string, otherwise: number): number {
  const at = process.argv.indexOf(name);
  const value = Number(process.argv[at + 1]);
  return at < 0 || !Number.isSafeInteger(value) || value < 1 ? otherwise : value;
}
