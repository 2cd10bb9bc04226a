import { createHash } from "node:crypto";
import { escapeHtml } from "../../pictures/notebook/html.ts";
import { type Answer, answer } from "./http/answer.ts";
import { sampleQuery } from "./queries/sample_query.ts";
import type { Served } from "./served.ts";

const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; margin: 0; }
p { margin: .5rem 0; }
.note { color: color-mix(in srgb, CanvasText 70%, Canvas); font-size: .9rem; }
form { display: flex; flex-wrap: wrap; gap: .75rem; align-items: end; margin: 1.25rem 0; }
label { display: grid; gap: .2rem; font-size: .85rem; }
input, select, button { font: inherit; box-sizing: border-box; height: 2.2rem; padding: .3rem .5rem; }
input { width: 7rem; }
img { max-width: 100%; image-rendering: pixelated; background: #fff; }
nav { display: flex; gap: 1rem; margin: .75rem 0; }
`;

/** Nothing loads but pictures of this server, and no script runs. */
const POLICY = [
  "default-src 'none'",
  "img-src 'self'",
  `style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Samples that are shown if the form does not say how many. */
const SHOWN = 16;

/** Pixels that a picture has across and down at least. */
const LEAST = 128;

/**
 * A page with a form that asks for samples, and the samples that it asked for last. It needs no script.
 *
 * @param query What the form was sent with.
 * @throws {QueryError} if that cannot be.
 */
export function formPage(query: string, served: Served): Answer {
  const { classes, run, step, weights, sides, adapter } = served;
  const given = new URLSearchParams(query);
  const job = sampleQuery(query, undefined, served);
  const { seed, truncation = 1 } = job;
  const count = given.get("count") ? job.count : SHOWN;
  const [name] = given.getAll("class").filter((one) => one !== "");
  const choice = (at: number) => {
    const chosen = new URLSearchParams({ seed: `${at}`, count: `${count}` });
    if (truncation !== 1) chosen.set("truncation", `${truncation}`);
    if (name !== undefined) chosen.set("class", name);
    return chosen;
  };
  const source = choice(seed);
  source.set("scale", `${Math.max(1, Math.ceil(LEAST / Math.max(sides.width, sides.height)))}`);
  const what = `${count} ${count === 1 ? "sample" : "samples"} of seed ${seed}`;
  const shown = served.channels <= 4
    ? `<img src="/sample?${escapeHtml(`${source}`)}" alt="${what}">`
    : `<p>Images of ${served.channels} channels cannot be shown: /sample has them as an array.</p>`;
  const link = (at: number, text: string) =>
    at < 0 || at >= 2 ** 32 ? "" : `<a href="/?${escapeHtml(`${choice(at)}`)}">${text}</a>`;
  const options = classes?.map((one) =>
    `<option${one === name ? " selected" : ""}>${escapeHtml(one)}</option>`
  );
  const average = weights === "raw" ? "" : ", averaged weights";
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(run)}: samples</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<h1>${escapeHtml(run)}</h1>
<p class="note">${
    step === undefined ? "" : `Step ${step}${average}. `
  }Images of ${sides.width}x${sides.height}, drawn by a neural network on ${escapeHtml(adapter)}.</p>
<form action="/">
<label>Seed <input name="seed" type="number" min="0" max="4294967295" value="${seed}"></label>
<label>Samples <input name="count" type="number" min="1" max="256" value="${count}"></label>
<label>Truncation <input name="truncation" type="number" min="0" max="1" step="0.05" value="${truncation}"></label>
${
    options
      ? `<label>Class <select name="class"><option value="">all</option>${
        options.join("")
      }</select></label>\n`
      : ""
  }<button>Draw</button>
</form>
${shown}
<nav>${link(seed - 1, "Previous seed")} ${link(seed + 1, "Next seed")}</nav>
<p class="note">Programs ask <a href="/sample?${escapeHtml(`${choice(seed)}`)}">/sample</a>,
<a href="/interpolate?seeds=${seed},${
    (seed + 1) % 2 ** 32
  }">/interpolate</a>, <a href="/health">/health</a> and
<a href="/generator.safetensors">/generator.safetensors</a>.</p>
</body>
</html>
`;
  return answer(200, html, "text/html; charset=utf-8", { "content-security-policy": POLICY });
}
