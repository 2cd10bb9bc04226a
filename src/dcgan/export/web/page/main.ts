/// <reference lib="dom" />
/** The page of an exported generator: it draws pictures of seeds, and changes one by its latent vector. */
import { openDevice } from "../../../../gpu/mod.ts";
import type { DrawnPicture } from "../../../sampler/drawn_picture.ts";
import { loadSampler, type Sampler } from "../../../sampler/sampler.ts";
import { Latest } from "./latest.ts";
import { paint, savePng } from "./paint.ts";
import { readWeights } from "./read_weights.ts";

/** What the export knew of the generator. */
interface Model {
  /** For names of files. */
  readonly name: string;
  /** Whether the weights lie beside the page as a script too. */
  readonly hasScript: boolean;
}

const NO_WEBGPU =
  "This page draws with WebGPU, which this browser lacks or has switched off. Chrome and Edge have it from version 113 " +
  "on, Safari from 26, Firefox from 141 on Windows and from 145 on Macs. On Linux, Chrome may need the flag " +
  "chrome://flags/#enable-unsafe-webgpu.";
const NOT_SECURE =
  "Browsers allow WebGPU on https pages and on this computer only. Serve this page with https.";

const model: Model = JSON.parse(document.body.dataset.model!);
const status = byId("status", HTMLElement);
const seed = byId("seed", HTMLInputElement);
const count = byId("count", HTMLSelectElement);
const chosenClass = byId("class", HTMLSelectElement);
const truncation = byId("truncation", HTMLInputElement);
const images = byId("images", HTMLElement);
const sliders = byId("sliders", HTMLElement);
const large = byId("large", HTMLCanvasElement);
const latest = new Latest();

let pictures: DrawnPicture[] = [];
/** The latent vector of each picture, as its sliders have it. */
let vectors: Float32Array<ArrayBuffer>[] = [];
let chosen: number | undefined;

function byId<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (found instanceof type) return found;
  throw new Error(`The page has no ${id}.`);
}

function tell(text: string, isBad = false): void {
  status.textContent = text;
  status.classList.toggle("bad", isBad);
}

/** Does what the user asked for, and says what went wrong. */
function doing(work: () => Promise<void>): void {
  latest.do(work).catch((error) => tell(error instanceof Error ? error.message : `${error}`, true));
}

/** The classes of so many pictures, in turn; undefined if there are none. */
function labelsOf(sampler: Sampler): number[] | undefined {
  if (!sampler.classes) return undefined;
  return chosenClass.value === "" ? sampler.classes.map((_, at) => at) : [Number(chosenClass.value)];
}

/** Pictures side by side: as many as classes that take turns, if these fit. */
function columnsOf(sampler: Sampler, total: number): number {
  const labels = labelsOf(sampler)?.length ?? 1;
  return labels > 1 && labels <= 10 && total > labels ? labels : Math.ceil(Math.sqrt(total));
}

/** Draws all pictures of the seed anew. */
async function drawAll(sampler: Sampler): Promise<void> {
  if (!seed.reportValidity()) return;
  const total = Number(count.value);
  tell("Drawing …");
  const all = sampler.latents(Number(seed.value), total);
  pictures = await draw(sampler, all, total, labelsOf(sampler));
  vectors = Array.from(
    { length: total },
    (_, at) => all.slice(at * sampler.latent, (at + 1) * sampler.latent),
  );
  tell("");
  showAll(sampler);
}

async function draw(
  sampler: Sampler,
  latents: Float32Array<ArrayBuffer>,
  total: number,
  classes: readonly number[] | undefined,
): Promise<DrawnPicture[]> {
  const options = { count: total, latents, truncation: Number(truncation.value) };
  return await sampler.draw(classes ? { ...options, classes } : options);
}

function showAll(sampler: Sampler): void {
  images.style.setProperty("--columns", `${columnsOf(sampler, pictures.length)}`);
  images.replaceChildren(...pictures.map((picture, at) => {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-label", nameOf(sampler, at));
    button.setAttribute("aria-pressed", `${at === chosen}`);
    const canvas = document.createElement("canvas");
    paint(canvas, picture);
    button.append(canvas);
    button.addEventListener("click", () => choose(sampler, at));
    return button;
  }));
  choose(sampler, Math.min(chosen ?? 0, pictures.length - 1));
}

/** What a picture is called: `Image 3, cat`. */
function nameOf(sampler: Sampler, at: number): string {
  const labels = labelsOf(sampler);
  return `Image ${at + 1}${labels ? `, ${sampler.classes![labels[at % labels.length]!]}` : ""}`;
}

/** Shows a picture large, with its latent vector. */
function choose(sampler: Sampler, at: number): void {
  chosen = at;
  for (const [place, button] of [...images.children].entries()) {
    button.setAttribute("aria-pressed", `${place === at}`);
  }
  byId("chosen-title", HTMLElement).textContent = nameOf(sampler, at);
  byId("chosen", HTMLElement).hidden = false;
  paint(large, pictures[at]!);
  for (const [number, input] of sliderInputs().entries()) input.value = `${vectors[at]![number]!}`;
}

function sliderInputs(): HTMLInputElement[] {
  return [...sliders.querySelectorAll("input")];
}

/** Draws the chosen picture anew, from the latent vector that it has now. */
async function drawChosen(sampler: Sampler): Promise<void> {
  const at = chosen!;
  const labels = labelsOf(sampler);
  const [picture] = await draw(sampler, vectors[at]!, 1, labels && [labels[at % labels.length]!]);
  pictures[at] = picture!;
  paint(images.children[at]!.querySelector("canvas")!, picture!);
  if (chosen === at) paint(large, picture!);
}

/** A slider for each latent number. */
function makeSliders(sampler: Sampler): void {
  const most = sampler.latentDistribution === "normal" ? 3 : 1;
  sliders.append(...Array.from({ length: sampler.latent }, (_, number) => {
    const label = document.createElement("label");
    const input = document.createElement("input");
    Object.assign(input, { type: "range", min: `${-most}`, max: `${most}`, step: "any" });
    input.addEventListener("input", () => {
      vectors[chosen!]![number] = Number(input.value);
      doing(() => drawChosen(sampler));
    });
    label.append(`z${number + 1}`, input);
    return label;
  }));
}

/** Sets the chosen picture's latent vector, and draws it. */
function setVector(sampler: Sampler, vector: Float32Array<ArrayBuffer>): void {
  vectors[chosen!] = vector;
  choose(sampler, chosen!);
  doing(() => drawChosen(sampler));
}

/** Adds a little of a new vector, and keeps the length that such vectors have. */
function shaken(sampler: Sampler): Float32Array<ArrayBuffer> {
  const share = 0.35;
  const other = sampler.latents(crypto.getRandomValues(new Uint32Array(1))[0]!, 1);
  const old = vectors[chosen!]!;
  return sampler.latentDistribution === "normal"
    ? old.map((value, at) => Math.sqrt(1 - share ** 2) * value + share * other[at]!)
    : old.map((value, at) => (1 - share) * value + share * other[at]!);
}

function listen(sampler: Sampler): void {
  const all = () => doing(() => drawAll(sampler));
  for (const input of [seed, count, chosenClass]) input.addEventListener("change", all);
  truncation.addEventListener("input", () => {
    byId("truncation-value", HTMLOutputElement).value = Number(truncation.value).toFixed(2);
    all();
  });
  byId("controls", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    all();
  });
  const onClick = (id: string, work: () => void) =>
    byId(id, HTMLButtonElement).addEventListener("click", work);
  onClick("next", () => {
    seed.value = `${crypto.getRandomValues(new Uint32Array(1))[0]! % 1_000_000}`;
    all();
  });
  onClick("save-all", () => {
    const columns = columnsOf(sampler, pictures.length);
    doing(() => savePng(`${model.name}-seed-${seed.value}.png`, pictures, columns));
  });
  onClick("save", () => {
    doing(() => savePng(`${model.name}-seed-${seed.value}-${chosen! + 1}.png`, [pictures[chosen!]!], 1));
  });
  onClick("reset", () => {
    const { latent } = sampler;
    setVector(sampler, sampler.latents(Number(seed.value), chosen! + 1).slice(chosen! * latent));
  });
  onClick("shake", () => setVector(sampler, shaken(sampler)));
}

/** Lets the user choose the file of the weights. */
function chooseFile(): Promise<Uint8Array<ArrayBuffer>> {
  tell("A page that is opened from a disk may not read the file beside it by itself.");
  byId("choose", HTMLElement).hidden = false;
  return new Promise((resolve) => {
    byId("file", HTMLInputElement).addEventListener("change", async ({ currentTarget }) => {
      const [file] = (currentTarget as HTMLInputElement).files ?? [];
      if (!file) return;
      byId("choose", HTMLElement).hidden = true;
      resolve(new Uint8Array(await file.arrayBuffer()));
    });
  });
}

async function start(): Promise<void> {
  if (!("gpu" in navigator)) return tell(globalThis.isSecureContext ? NO_WEBGPU : NOT_SECURE, true);
  if (!await navigator.gpu.requestAdapter()) return tell(NO_WEBGPU, true);
  const device = await openDevice();
  const bytes = await readWeights(model.hasScript, chooseFile);
  const sampler = await loadSampler(device, bytes);
  if (sampler.classes) {
    byId("class-label", HTMLElement).hidden = false;
    const all = sampler.classes.length > 1 ? [new Option("all in turn", "")] : [];
    chosenClass.replaceChildren(...all, ...sampler.classes.map((name, at) => new Option(name, `${at}`)));
  }
  makeSliders(sampler);
  listen(sampler);
  byId("controls", HTMLElement).hidden = false;
  byId("work", HTMLElement).hidden = false;
  await drawAll(sampler);
}

doing(start);
