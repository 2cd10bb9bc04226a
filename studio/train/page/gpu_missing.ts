import { element } from "../../page/element.ts";
import type { StudioText } from "../../text.ts";

/** Names of browsers that the advice is for. */
type BrowserName = "chrome" | "firefox" | "safari" | "other";

/** Which browser this is, by what it says of itself: all that there is to tell whose settings to change. */
export function browserOf(userAgent: string): BrowserName {
  if (/Firefox\//.test(userAgent)) return "firefox";
  if (/Chrom(e|ium)\//.test(userAgent)) return "chrome";
  return /Safari\//.test(userAgent) ? "safari" : "other";
}

/** Why there is no GPU: no WebGPU, a page that may not have it, or no adapter. */
export type GpuLack = "api" | "insecure" | "adapter";

/** Says why training cannot start, and what to do in this browser. */
export function gpuMissing(
  { train: { gpu } }: StudioText,
  lack: GpuLack,
  userAgent: string,
  retry: () => void,
): HTMLElement {
  const browser = browserOf(userAgent);
  const isLinux = /Linux|CrOS/.test(userAgent) && !/Android/.test(userAgent);
  const advice = lack === "insecure" ? [gpu.insecure] : [
    ...(lack === "adapter" ? [gpu.noAdapter] : []),
    gpu[browser],
    ...(browser === "chrome" && isLinux ? [gpu.chromeLinux] : []),
  ];
  return element(
    "section",
    { class: "card missing", role: "alert" },
    element("h2", {}, gpu.title),
    element("p", {}, gpu.why),
    element("ul", {}, ...advice.map((line) => element("li", {}, line))),
    element("p", {}, gpu.commandLine),
    element("pre", {}, element("code", {}, "deno run -A jsr:@x/dcgan/cli train --data ./photos")),
    element("button", { type: "button", click: retry }, gpu.retry),
  );
}
