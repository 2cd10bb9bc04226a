import { type Command, Option } from "@commander-js/extra-typings";
import { checkOptions } from "../dcgan/options/config.ts";
import { namesModule } from "../../plugins/datasets/mod.ts";
import type { TrainOptions } from "../dcgan/options/options.ts";
import { withConfigFile } from "./arguments/config_file.ts";
import { checkPlaces } from "./arguments/check_paths.ts";
import { addDatasetFlags, type ChosenDataset, takeDatasetOptions } from "./arguments/dataset_flags.ts";
import { UsageError } from "./errors.ts";
import { SCHEDULED } from "../dcgan/schedules/scheduled_values.ts";
import { optionOf } from "./arguments/option_of.ts";
import { integer } from "../dcgan/options/option.ts";
import { addTrainFlags, flagOf } from "./arguments/flags.ts";
import { Interrupt, INTERRUPT_EXIT_CODE } from "./terminal/interrupt.ts";
import { DeviceLostError } from "../gpu/device/errors.ts";
import { invocation } from "./arguments/invocation.ts";
import { loadLibrary } from "./load_library.ts";
import { presetHelp } from "./arguments/preset_help.ts";
import { dryRunText } from "./terminal/dry_run_text.ts";
import type { PictureProtocol } from "../dcgan/terminal_pictures/protocol.ts";
import { pictureText, showFlag } from "./terminal/picture_viewer.ts";
import { Progress } from "./terminal/progress.ts";
import { openPage, portFlag } from "./report.ts";
import { launchedRank } from "../mpi/launcher.ts";
import { coresHere, coresWarning, expectEqualRanks, follow, joinRanks } from "./ranks.ts";
import type { Ranks } from "../mpi/ranks.ts";
import type { Session } from "./session.ts";
import { wrap } from "./terminal/text.ts";
import { shellWord } from "./arguments/shell_word.ts";

/**
 * Adds `train` to the program.
 *
 * @param dataset The dataset that the arguments name, whose options become flags.
 * @param preset The preset that they name, which help describes, and the size.
 */
export async function addTrainCommand(
  program: Command,
  session: Session,
  dataset: ChosenDataset,
  preset: { readonly name?: string | undefined; readonly size?: string | undefined } = {},
): Promise<void> {
  const command = program.command("train")
    .description("train a DCGAN on a dataset, and write samples, plots and checkpoints as it goes")
    .addHelpText(
      "after",
      `
A new run takes --preset auto, which chooses the loss, the sizes of the networks
and the steps, and says why. Other defaults above are those of --preset pytorch.
--preset NAME --help ends with what that preset sets.

These options also take a schedule, FROM:TO@STEPS, such as --r1 20:2@5000:
${wrap(SCHEDULED.map(flagOf).join(", "), 76).map((line) => `  ${line}`).join("\n")}
The value goes from FROM in the first step to TO along a cosine, or with
",linear" behind it along a line, and stays there. Without @STEPS it takes all
steps of the run.

Examples:
  a folder of pictures: the rest is chosen to fit it and this machine, and said
    $ ${invocation()} train --data ./photos
  handwritten digits, downloaded once, or from a folder with their four files
    $ ${invocation()} train --data mnist
    $ ${invocation()} train --data mnist --data-root data/mnist --size 32 --channels 1
  the built-in faces dataset, small and quick
    $ ${invocation()} train --size 32 --ngf 32 --ndf 32 --steps 500
  an option of the dataset itself; --data NAME --help lists them
    $ ${invocation()} train --data mnist --data-split test --size 32
  a folder of pictures, for half an hour
    $ ${invocation()} train --data ./photos --minutes 30 --out runs/photos
  the classes of a folder's subfolders, to sample from one of them
    $ ${invocation()} train --data ./photos --conditional
  the options of another run, on other pictures
    $ ${invocation()} train --config runs/photos/config.json --data ./more-photos
  follow the run in a browser
    $ ${invocation()} train --data ./photos --watch
  what a run would take, or what would change in one, without running it
    $ ${invocation()} train --data ./photos --minutes 30 --dry-run
    $ ${invocation()} train --resume runs/photos --more 5000 --override --batch 128 --dry-run
  every event as a line of JSON, for another program
    $ ${invocation()} train --data ./photos --json > events.jsonl
  resume a run that stopped, or train it for 5,000 more steps
    $ ${invocation()} train --resume runs/photos --more 5000
  start a new run from weights, of another run or of PyTorch, on other pictures
    $ ${invocation()} train --from runs/photos --data ./more-photos
    $ ${invocation()} train --from netG.pth --data ./photos
  go back to an earlier checkpoint and continue from there
    $ ${invocation()} train --resume runs/photos --step 1500
  resume it with larger batches, and images mirrored at random
    $ ${invocation()} train --resume runs/photos --more 5000 --override --flip --batch 128
  PyTorch's example as it is, and the paper's own generator
    $ ${invocation()} train --data ./photos --preset pytorch --steps 5000
    $ ${invocation()} train --data ./photos --preset paper --steps 5000

  several ranks, which share each batch; see docs/scale.md
    $ mpirun -n 4 ${invocation()} train --data ./photos

Ctrl-C stops a run cleanly: it finishes the step and writes a checkpoint, which
--resume continues from.`,
    );
  if (preset.name !== undefined) command.addHelpText("after", `\n${presetHelp(preset.name, preset.size)}`);
  addTrainFlags(command);
  command.addOption(
    new Option(
      "--config <file>",
      "options from a JSON file, or the config.json of another run; flags come first",
    )
      .helpGroup("Most used:"),
  );
  command.addOption(
    new Option(
      "--dry-run",
      "show the config, the layers, and what a step takes in memory and time, with --resume also what would " +
        "change, and write nothing",
    )
      .helpGroup("Most used:"),
  );
  command.addOption(showFlag("samples as they are drawn").helpGroup("Run folder:"));
  command.addOption(
    new Option("--watch", "show the run in a browser as it trains, on this machine only").helpGroup(
      "Run folder:",
    ),
  );
  command.addOption(
    portFlag("with --watch: port of the page (default: a free one)").helpGroup("Run folder:"),
  );
  command.addOption(
    optionOf(
      "--rank-timeout <seconds>",
      "under mpirun: seconds after which a rank that the others wait for counts as hanging, and all end (default: 120)",
      integer(1, 86400),
    ).helpGroup("Steps and batches:"),
  );
  // A word that stands alone is usually meant as the data
  command.allowExcessArguments();
  await addDatasetFlags(command, dataset);
  command.action(async (parsed) => {
    const [excess] = command.args;
    if (excess !== undefined) throw new UsageError(excessMessage(excess, parsed));
    const { dataOptions, rest: { config, dryRun, show, watch, port, rankTimeout, ...rest } } =
      takeDatasetOptions(
        parsed,
        dataset.plugin,
      );
    // One is enough to try a run out
    if (dryRun && launchedRank() > 0) return;
    const ranks = dryRun ? undefined : await joinRanks(rankTimeout as number | undefined);
    if (ranks && ranks.rank > 0) {
      session.exitCode = await follow(ranks);
      return;
    }
    const given = { ...rest, ...(Object.keys(dataOptions).length === 0 ? {} : { dataOptions }) };
    const options = await withConfigFile(config as string | undefined, given);
    if (port !== undefined && !watch) throw new UsageError("--port needs --watch, which shows a page there");
    session.exitCode = dryRun ? await tryOut(options, session) : await train(options, session, {
      show: show as PictureProtocol | undefined,
      page: watch ? { port: port as number | undefined } : undefined,
      ranks,
    });
  });
}

/** The message about a word that stands alone, as the data does for `datasets` and the run for `sample`. */
function excessMessage(word: string, parsed: TrainOptions): string {
  const meant = parsed.data === undefined ? `. Did you mean --data ${shellWord(word)}?` : "";
  return `too many arguments for 'train': it takes only options, found ${JSON.stringify(word)}${meant}`;
}

/** The options of a run as the command line has them. */
async function checked(given: TrainOptions): Promise<TrainOptions> {
  const options: TrainOptions = given.resume === undefined ? { preset: "auto", ...given } : given;
  checkOptions(options);
  await checkPlaces(options);
  return options;
}

/** Shows what a run would be, and returns the exit code. */
async function tryOut(given: TrainOptions, { terminal, output, strayErrors }: Session): Promise<number> {
  const options = await checked(given);
  const library = await loadLibrary();
  const progress = new Progress(terminal);
  using interrupt = new Interrupt(() => progress.line("Stopping."), strayErrors.signal);
  using device = await library.openDevice();
  try {
    const found = await library.dryRun(
      device,
      { ...options, signal: interrupt.signal },
      (event) => progress.show(event),
    );
    progress.clear();
    output.result("dry-run", found, `${dryRunText(found)}\n`);
    return 0;
  } catch (error) {
    if (!isAbort(error, interrupt)) throw error;
    return INTERRUPT_EXIT_CODE;
  } finally {
    progress.clear();
  }
}

/** Whether Ctrl-C is why something failed. */
function isAbort(error: unknown, { signal }: Interrupt): boolean {
  return signal.aborted && error instanceof DOMException && error.name === "AbortError";
}

/** The command that resumes a run. */
function resumeCommand({ out, data }: { readonly out: string; readonly data: string }): string {
  // A run whose dataset is a module resumes only if the command names the module again
  const again = namesModule(data) ? ` --data ${shellWord(data)}` : "";
  return `${invocation()} train --resume ${shellWord(out)}${again}`;
}

/** How a run is shown. */
interface View {
  /** How the terminal shows samples, if it is to. */
  readonly show: PictureProtocol | undefined;
  /** The page that shows the run in a browser, if one is wanted. */
  readonly page: { readonly port: number | undefined } | undefined;
  /** The ranks that train together, as rank 0, if there are some. */
  readonly ranks: Ranks | undefined;
}

/** Trains, showing progress, and returns the exit code. */
async function train(given: TrainOptions, session: Session, { show, page, ranks }: View): Promise<number> {
  const { terminal, output, strayErrors } = session;
  const options = await checked(given);
  // Its port, and the permission, are to be had before anything else begins
  await using server = page ? await openPage(page.port, session) : undefined;
  const library = await loadLibrary();
  const progress = new Progress(terminal);
  using interrupt = new Interrupt(
    () => progress.line(`Stopping after this step.${ranks ? "" : " Press Ctrl-C again to stop at once."}`),
    strayErrors.signal,
    { isLaunched: ranks !== undefined },
  );
  using device = await library.openDevice();
  if (ranks) {
    await expectEqualRanks(ranks, device);
    const warning = coresWarning(ranks.local.size, device.adapter.software, coresHere());
    if (warning) progress.line(`warning: ${warning}`);
  }
  let interrupted = false;
  let resume = "";
  // Before its first step, a run that fails leaves nothing
  let canResume = false;
  try {
    const hooks = ranks ? { ranks } : {};
    for await (const event of library.train(device, { ...options, signal: interrupt.signal }, hooks)) {
      output.event(event);
      if (event.type === "start") {
        server?.show(event.config.out);
        resume = resumeCommand(event.config);
        canResume = event.stepsBefore > 0;
      }
      if (event.type === "metrics") canResume = true;
      // Programs get events in place of lines for people
      if (output.isJson) {
        if (event.type === "end") interrupted = event.interrupted;
        continue;
      }
      progress.show(event);
      if (event.type === "samples") progress.picture(await pictureText(event.path, show, terminal));
      if (event.type !== "end") continue;
      interrupted = event.interrupted;
      const run = shellWord(event.out);
      if (interrupted) {
        progress.line(`Resume it: ${resume}`);
      } else if (!event.flat && event.verdict?.moreSteps) {
        progress.line(`Train it longer: ${resume} --more ${event.step}`);
      }
      const from = event.best === undefined || event.best === event.step ? "" : " --from best";
      progress.line(
        `Sample from it: ${invocation()} sample ${run}${from} --count 64 --seed 7 --out grid.png`,
      );
      if (options.report ?? true) progress.line(`See how it went: ${event.out}/report.html`);
    }
  } catch (error) {
    if (error instanceof DeviceLostError && canResume) {
      throw new DeviceLostError(error.kind, `${error.message}: ${resume}`);
    }
    // A dataset that was still being opened has nothing to save.
    if (!isAbort(error, interrupt)) throw error;
    interrupted = true;
  } finally {
    progress.clear();
  }
  // Ranks wait for each other here. Where this one fails it does not come so far, and ends them as the process exits
  await ranks?.[Symbol.asyncDispose]();
  return interrupted ? INTERRUPT_EXIT_CODE : 0;
}
