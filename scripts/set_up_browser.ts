/**
 * Sees to browsers for the tests of pages, and for golden cases in them: `deno run -A scripts/set_up_browser.ts`. It is
 * for machines that are thrown away, as in CI: `deno task test` uses a browser that is there, and never installs one.
 *
 * If none can be had, it says so and ends without an error, and what needs one says that it is skipped.
 */
import { examineMachine, installPackages } from "./packages.ts";
import { type BrowserName, findBrowser } from "./runtimes/browsers.ts";

/** Debian's packages. */
const PACKAGES = { chromium: "chromium", firefox: "firefox-esr" } as const;

for (const name of Object.keys(PACKAGES) as BrowserName[]) {
  const output = findBrowser(name) === undefined
    ? await installPackages(
      examineMachine(),
      [PACKAGES[name]],
      `No ${name} was found: installing ${PACKAGES[name]} with apt-get.`,
    )
    : "";
  const found = findBrowser(name);
  if (found !== undefined) console.log(`There is ${found}.`);
  else {
    if (output) console.error(output);
    console.error(`No ${name} could be installed here: what needs it is skipped.`);
  }
}
