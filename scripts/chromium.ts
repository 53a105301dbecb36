import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

// Without its windows and menus it does the same in three quarters of the time.
const places = [
  "/usr/bin/chromium-headless-shell",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** The machine's Chromium, if it has one where it usually lies. */
export function findChromium(): string | undefined {
  return places.find((place) => existsSync(place));
}

/**
 * Makes sure that there is a Chromium for the browser tests: root on Debian gets it from apt, others are told how.
 *
 * @returns whether there is one now
 */
export function bringChromium(): boolean {
  if (findChromium()) return true;
  const hasApt = spawnSync("apt-get", ["--version"], { stdio: "ignore" }).status === 0;
  if (hasApt && process.getuid?.() === 0) {
    console.log("Installing Chromium for the browser tests (apt-get install chromium-headless-shell) …");
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    spawnSync("apt-get", ["update", "-qq"], { stdio: "inherit", env });
    const words = ["install", "-y", "-qq", "--no-install-recommends"];
    // Where a release has no package of it, the whole browser will do.
    for (const name of ["chromium-headless-shell", "chromium"]) {
      if (!findChromium()) spawnSync("apt-get", [...words, name], { stdio: ["ignore", "ignore", "inherit"], env });
    }
  }
  if (findChromium()) return true;
  console.log(
    "There is no Chromium, so the browser tests can't run. Install it: `sudo apt-get install chromium` on Debian and " +
      "Ubuntu, `brew install --cask chromium` on macOS.",
  );
  return false;
}
