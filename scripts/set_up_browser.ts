/**
 * Sees to the browser for the tests of pages: `deno run -A scripts/set_up_browser.ts`. It is for machines that are
 * thrown away, as in CI: `deno task test` uses a browser that is there, and never installs one.
 *
 * If none can be had, it says so and ends without an error, and the tests that need one say that they are skipped.
 */
import { findChromium } from "./chromium.ts";
import { examineMachine, installPackages } from "./packages.ts";

const PACKAGE = "chromium";

const output = findChromium() === undefined
  ? await installPackages(
    examineMachine(),
    [PACKAGE],
    `No Chromium was found: installing ${PACKAGE} with apt-get.`,
  )
  : "";
const found = findChromium();
if (found === undefined) {
  if (output) console.error(output);
  console.error("No Chromium could be installed here: the tests of pages are skipped.");
} else console.log(`Tests of pages run in ${found}.`);
