/** Browsers that are started without a window, with WebGPU on a processor. */
import { findChromium } from "../chromium.ts";

/** Name of a browser. */
export type BrowserName = "chromium" | "firefox";

/** Where Firefox is on systems that tests run on. */
const FIREFOX = [
  "/usr/bin/firefox-esr",
  "/usr/bin/firefox",
  "/Applications/Firefox.app/Contents/MacOS/firefox",
];

/** Preferences that let Firefox use WebGPU with any driver, and ask nothing at the first start. */
const PREFERENCES = {
  "dom.webgpu.enabled": true,
  "gfx.webgpu.ignore-blocklist": true,
  "browser.shell.checkDefaultBrowser": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "app.update.enabled": false,
};

/** Path of a browser; undefined if this machine has none. */
export function findBrowser(name: BrowserName): string | undefined {
  return findChromium(name === "chromium" ? undefined : FIREFOX);
}

/** What to start a browser with, and a profile that it may write to: a folder that is new. */
export async function browserArguments(name: BrowserName, profile: string, url: string): Promise<string[]> {
  if (name === "chromium") {
    // Its own sandbox does not work for root, as whom containers run. Pages that nobody sees would be slowed down.
    return [
      "--headless=new",
      "--no-sandbox",
      "--enable-unsafe-webgpu",
      // It would end a kernel that takes long on a busy processor
      "--disable-gpu-watchdog",
      "--disable-background-timer-throttling",
      "--disable-renderer-backgrounding",
      "--no-first-run",
      `--user-data-dir=${profile}`,
      url,
    ];
  }
  const lines = Object.entries(PREFERENCES).map(([name, value]) => `user_pref("${name}", ${value});`);
  await Deno.writeTextFile(`${profile}/user.js`, lines.join("\n"));
  return ["--headless", "--no-remote", "--profile", profile, url];
}

/** Version of a browser, as it says it itself. */
export async function browserVersion(path: string): Promise<string> {
  const { stdout } = await new Deno.Command(path, { args: ["--version"], stderr: "null" }).output();
  return new TextDecoder().decode(stdout).match(/\d[\d.]*\w*/)?.[0] ?? "of an unknown version";
}
