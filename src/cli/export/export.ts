import { basename, resolve } from "node:path";
import { type Command, Option } from "@commander-js/extra-typings";
import { EXPORT_FORMATS, type ExportFormat, isFolderFormat } from "../../dcgan/export/export_options.ts";
import { HUB_REPO } from "../../dcgan/export/hub/hub_repo.ts";
import { checkExportOut, freePath } from "../arguments/check_paths.ts";
import { checkpointFlag } from "../arguments/checkpoint_flag.ts";
import { given } from "../arguments/given.ts";
import { invocation } from "../arguments/invocation.ts";
import { averageFlag, optionOf } from "../arguments/option_of.ts";
import { UsageError } from "../errors.ts";
import { writing } from "../explore/drawing.ts";
import { checkRun } from "../explore/generator_command.ts";
import {
  GENERATOR_ARGUMENT,
  latentDistributionFlag,
  networkFlag,
  noAverageFlag,
  offlineFlag,
} from "../explore/generator_flags.ts";
import { checkPushing, pushing, tokenOf } from "./pushing.ts";
import type { Session } from "../session.ts";
import { bytes as byteText } from "../terminal/text.ts";

/** Heading of the flags of an upload. */
const PUSHING = "Hugging Face:";

/** What each format writes. */
const FORMATS: Readonly<Record<ExportFormat, string>> = {
  onnx: "a model for ONNX runtimes: latent [N, z] (and class [N]) to image [N, C, H, W]",
  safetensors: "the weights, by PyTorch's names and in its shapes",
  torch: "a folder with the weights and model.py, which needs PyTorch alone; with --ddp also the training",
  web: "a folder with a page that draws in the browser, by WebGPU",
  hub: "a folder as models of Hugging Face have it: a card, samples, and most of the above",
};

/** Adds `export` to the program. */
export function addExportCommand(program: Command, session: Session): void {
  const formats = Object.entries(FORMATS).map(([name, what]) => `  ${name.padEnd(11)} ${what}`).join("\n");
  program.command("export")
    .description("write a trained generator for other programs: ONNX, PyTorch, browsers, Hugging Face")
    .argument("<run>", GENERATOR_ARGUMENT)
    .addOption(
      new Option("--format <name>", "what to write (default: from the extension of --out)")
        .choices(EXPORT_FORMATS),
    )
    .addOption(checkpointFlag("use"))
    .addOption(noAverageFlag())
    .addOption(averageFlag("use"))
    .addOption(latentDistributionFlag())
    .addOption(networkFlag())
    .addOption(offlineFlag())
    .option("--discriminator", "write the discriminator as well, with formats safetensors, torch and hub")
    .option(
      "--ddp",
      "with format torch: write train_ddp.py too, which goes on with the training in PyTorch, on several GPUs or processes",
    )
    .option("--license <name>", "license of the weights, for format hub: mit, cc-by-4.0, ...")
    .option(
      "--out <path>",
      "file or folder to write (default: the first free <run>, with the format's ending)",
    )
    .option("--overwrite", "replace the file that --out names, or files of the same names in the folder")
    .addOption(
      optionOf("--push <hf:user/model>", "upload the files to Hugging Face, for format hub", HUB_REPO)
        .helpGroup(PUSHING),
    )
    .addOption(
      new Option("--private", "make the repository one that nobody else may see").helpGroup(PUSHING),
    )
    .addOption(
      new Option("--token-file <file>", "file with the token (default: that of HF_TOKEN)").helpGroup(PUSHING),
    )
    .addOption(new Option("--yes", "upload without asking").helpGroup(PUSHING))
    .addHelpText(
      "after",
      `
Formats:
${formats}

Examples:
  $ ${invocation()} export runs/faces-1 --out faces.onnx
  $ ${invocation()} export runs/faces-1 --format torch --discriminator
  $ ${invocation()} export runs/faces-1 --format torch --ddp
  $ ${invocation()} export runs/faces-1 --format web --from best --out site
  $ ${invocation()} export runs/faces-1 --format hub --license cc-by-4.0
  $ ${invocation()} export runs/faces-1 --push hf:me/faces --license cc-by-4.0 --private`,
    )
    .action(async (run, flags) => {
      const {
        format: asked,
        out: to,
        overwrite = false,
        ema,
        push,
        private: isPrivate,
        tokenFile,
        yes,
        ...rest
      } = flags;
      const format = asked ?? (push === undefined ? formatOf(to) : "hub");
      checkPushing({ format, ...given({ push, private: isPrivate, tokenFile, yes }) }, session);
      if (!await checkRun(run, session, flags)) return;
      const isFolder = isFolderFormat({ format, ...given({ discriminator: rest.discriminator }) });
      const out = to ?? await usualPath(run, format, isFolder);
      await checkExportOut(out, isFolder, overwrite);
      const token = push === undefined ? undefined : await tokenOf(tokenFile);
      await writing(session, async (watch) => {
        const { exportRun } = await import("../../dcgan/export/export_run.ts");
        const { signal } = watch;
        const options = { ...given(rest), ...(ema ? {} : { ema }), format, out, overwrite, signal };
        const { paths, bytes, warnings } = await exportRun(run, options);
        const files = paths.length === 1 ? "" : `, ${paths.length} files`;
        const summary = `${format}: ${out}${files}, ${byteText(bytes)}`;
        if (token === undefined) return { paths, warnings, summary };
        const pushed = await pushing(paths, bytes, { repo: push!, token, isPrivate, yes, ...watch });
        return {
          paths,
          warnings,
          ...(pushed ? { url: pushed.url } : {}),
          summary: pushed?.summary ?? summary,
        };
      });
    });
}

/** The format that the extension of a path asks for. */
function formatOf(path: string | undefined): ExportFormat {
  if (path !== undefined && /\.onnx$/i.test(path)) return "onnx";
  if (path !== undefined && /\.safetensors$/i.test(path)) return "safetensors";
  const found = path === undefined ? "neither it nor --out" : `--out "${path}", which does not tell`;
  throw new UsageError(
    `--format must be one of ${
      EXPORT_FORMATS.join(", ")
    }, or --out end in .onnx or .safetensors; found ${found}`,
  );
}

/** Where to write if nobody says so: `faces-1.onnx`, `faces-1-torch`, ... */
async function usualPath(run: string, format: ExportFormat, isFolder: boolean): Promise<string> {
  const name = basename(resolve(run)).replace(/\.safetensors$/i, "");
  return isFolder ? await freePath(`${name}-${format}`, "") : await freePath(name, `.${format}`);
}
