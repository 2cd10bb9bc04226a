import { type Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { integer } from "../../dcgan/options/option.ts";
import { checkSamplesOut, freePath } from "../arguments/check_paths.ts";
import { given } from "../arguments/given.ts";
import { invocation } from "../arguments/invocation.ts";
import { optionOf } from "../arguments/option_of.ts";
import { UsageError } from "../errors.ts";
import type { Session } from "../session.ts";
import { printable } from "../terminal/printable.ts";
import { drawing } from "./drawing.ts";
import { addExploringCommand, checkRun, drawingOptions } from "./generator_command.ts";
import { seedFlag } from "./picture_flags.ts";

/** Adds `project` to the program. */
export function addProjectCommand(program: Command, session: Session): void {
  addExploringCommand(program, {
    name: "project",
    description: "find pictures of your own in the latent space: the samples that come nearest to them",
    out: "PNG to write, and beside it a .npy with the latents (default: the first free projection.png)",
  })
    .argument("<pictures...>", "picture files; their middles are taken, as in training")
    .option("--mask <file>", "picture that is white where the one picture is to be filled in")
    .addOption(
      new Option(
        "--move <name=sigmas>",
        "move what is found along a direction that has a name, so many standard deviations; may be given several times",
      ).argParser(readMove),
    )
    .addOption(optionOf("--steps <count>", "steps of the search (default: 300)", integer(1, 100_000)))
    .addOption(
      optionOf("--attempts <count>", "attempts at once; the best one counts (default: 4)", integer(1, 256)),
    )
    .addOption(seedFlag())
    .addHelpText(
      "after",
      `
Writes each picture and what was found side by side, and how near it comes in decibels: above 30 they look
alike, below 20 the generator cannot draw such a picture. The .npy holds a latent vector for each picture;
interpolate and sample take it with --latents. With --mask, only pixels where the mask is black count, the
rest is filled in, and the picture is written once more by itself, as <out>-filled.png.

Examples:
  $ ${invocation()} project runs/faces-1 me.jpg
  $ ${invocation()} project runs/faces-1 me.jpg you.jpg --out us.png
  $ ${invocation()} interpolate runs/faces-1 --latents us.npy
  $ ${invocation()} project runs/faces-1 me.jpg --mask hole.png
  $ ${invocation()} directions runs/faces-1 --factors smile --name 1=smile
  $ ${invocation()} project runs/faces-1 me.jpg --move smile=2`,
    )
    .action(async (run, pictures, { out: to, overwrite = false, ...flags }) => {
      if (!await checkRun(run, session, flags)) return;
      for (const path of [...pictures, ...flags.mask === undefined ? [] : [flags.mask]]) {
        await expectFile(path);
      }
      const { statistics, ...options } = await drawingOptions("project", flags);
      if (statistics === "batch") {
        throw new UsageError(
          "--statistics must be running to project: with those of the batch attempts are not apart",
        );
      }
      const out = to ?? await freePath("projection", ".png");
      const latentsOut = beside(out, ".npy");
      const filledOut = flags.mask === undefined ? undefined : beside(out, "-filled.png");
      for (const path of [out, latentsOut, ...filledOut === undefined ? [] : [filledOut]]) {
        await checkSamplesOut(path, "file", overwrite);
      }
      await drawing(session, async ({ device, progress, signal, report }) => {
        const { project } = await import("../../dcgan/explore/projection/project.ts");
        const { found, classes, warnings } = await project(device, run, {
          ...options,
          ...given({ filledOut }),
          ...{ pictures, out, latentsOut, progress, signal },
        });
        const facts = found.map(({ psnr, label }, at) => ({
          picture: pictures[at]!,
          // JSON has no infinity, which equal pictures have
          psnr: Number.isFinite(psnr) ? psnr : null,
          ...given({ class: label === undefined ? undefined : classes![label] }),
        }));
        for (const { picture, psnr, class: drawn } of facts) {
          const near = psnr === null ? "exact" : `${psnr.toFixed(1)} dB`;
          report(printable(`${picture}: ${near}${drawn === undefined ? "" : `, class ${drawn}`}`));
        }
        const more = filledOut === undefined ? "" : `, ${filledOut}`;
        const paths = [out, ...filledOut === undefined ? [] : [filledOut], latentsOut];
        return { paths, found: facts, warnings, summary: printable(`${out}${more}; latents: ${latentsOut}`) };
      });
    });
}

/** `out.png` becomes `out` and the ending. */
function beside(out: string, ending: string): string {
  return `${out.replace(/\.png$/i, "")}${ending}`;
}

async function expectFile(path: string): Promise<void> {
  if (await Deno.stat(path).then(({ isFile }) => isFile, () => false)) return;
  throw new UsageError(`pictures must be existing files, found none at "${path}"`);
}

/** Reads `smile=2`, beside what was read before. */
function readMove(text: string, before: Record<string, number> = {}): Record<string, number> {
  const [, name, sigmas] = /^([^=]+)=([-+]?[\d.]+)$/.exec(text) ?? [];
  if (name === undefined || !Number.isFinite(Number(sigmas))) {
    throw new InvalidArgumentError("It must be the name of a direction and a number, such as smile=2.");
  }
  return { ...before, [name]: Number(sigmas) };
}
