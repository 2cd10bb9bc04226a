import "../host/on_native.ts";
import { optionTable } from "../dcgan/options/option_table.ts";
import { Command } from "@commander-js/extra-typings";
import config from "../../deno.json" with { type: "json" };
import { ProcessGuard } from "../../plugins/datasets/opening/guard/process_guard.ts";
import { addDatasetsCommand } from "./datasets/command.ts";
import { checkRunModule } from "../dcgan/run/run_module.ts";
import { dataOfConfigFile } from "./arguments/config_file.ts";
import { checkPlaces } from "./arguments/check_paths.ts";
import { checkWords } from "./arguments/check_words.ts";
import { chooseDataset, valueOf } from "./arguments/dataset_flags.ts";
import { addDirectionsCommand } from "./explore/directions.ts";
import { addArithmeticCommand } from "./explore/arithmetic.ts";
import { addNeighborsCommand } from "./explore/neighbors.ts";
import { addProjectCommand } from "./explore/project.ts";
import { addDoctorCommand } from "./doctor.ts";
import { addEvaluateCommand } from "./evaluate.ts";
import { addFilmCommand } from "./explore/film.ts";
import { addInterpolateCommand } from "./explore/interpolate.ts";
import { addMarkCommand } from "./explore/mark.ts";
import { errorDocument, explain, stoppedDocument } from "./errors.ts";
import { addExportCommand } from "./export/export.ts";
import { addExperimentCommands } from "./experiments/command.ts";
import { expandHome } from "./arguments/home.ts";
import { invocation } from "./arguments/invocation.ts";
import { addRunsCommand } from "./runs/command.ts";
import { addSampleCommand } from "./sample.ts";
import { addJsonFlag, nameOf, takeJsonFlag } from "./json/json_flag.ts";
import { Output } from "./json/output.ts";
import { addReportCommands } from "./report.ts";
import { addServeCommand } from "./serve.ts";
import type { Session } from "./session.ts";
import { StrayErrors } from "./terminal/stray_errors.ts";
import { systemTerminal, type Terminal } from "./terminal/terminal.ts";
import { addStudioCommand } from "./studio.ts";
import { addTrainCommand } from "./train.ts";

/**
 * Runs the command line.
 *
 * @param args Arguments after the program's name.
 * @param terminal Where to write.
 * @returns The exit code: 0 if all went well, 2 if the command cannot be run as it was given, 1 for
 * everything else.
 */
export async function main(args: readonly string[], terminal: Terminal = systemTerminal()): Promise<number> {
  const { isJson, rest } = takeJsonFlag(args);
  const output = new Output(terminal, isJson);
  // Standard output is for the result alone
  if (isJson) terminal = { ...terminal, write: terminal.writeError, isTerminal: false };
  using strayErrors = new StrayErrors(terminal);
  const session: Session = { terminal, output, strayErrors, exitCode: 0 };
  using _guard = ProcessGuard.setUp();
  try {
    const expanded = expandHome(rest);
    const program = await createProgram(session, expanded);
    checkWords(program, expanded);
    await program.parseAsync(expanded, { from: "user" });
  } catch (error) {
    const { lines, code } = explain(error);
    session.exitCode = code;
    if (code !== 0) output.error(errorDocument(error, code));
    // A stray error that ended it was already reported
    if (error !== strayErrors.signal.reason) { for (const line of lines) terminal.writeError(`${line}\n`); }
  }
  // Rejections that nothing handles are reported in the next turn
  await new Promise((resolve) => setTimeout(resolve));
  const code = strayErrors.signal.aborted ? 1 : session.exitCode;
  // A command that was stopped has no result
  if (code !== 0 && !output.hasWritten) output.error(stoppedDocument(code));
  return code;
}

/**
 * Describes the commands. The dataset that the arguments name is found before, as its options are flags too.
 * Commander is told to throw instead of exiting, and to write to the session's terminal.
 */
async function createProgram(session: Session, args: readonly string[]): Promise<Command> {
  const { terminal } = session;
  const program: Command = new Command(invocation())
    .description("Train and sample DCGANs on Deno's built-in WebGPU.")
    .version(config.version)
    .exitOverride()
    .showHelpAfterError("See --help for all commands and options.")
    .configureOutput({
      writeOut: terminal.write,
      writeErr: terminal.writeError,
      getOutHelpWidth: () => Math.min(110, terminal.columns()),
      getErrHelpWidth: () => Math.min(110, terminal.columns()),
    });
  const [command, ...others] = args;
  const trained = command === "train" ? await trainedData(others) : undefined;
  await addTrainCommand(
    program,
    session,
    await chooseDataset(trained ?? optionTable.data.default!, others, session, "--data: "),
    { name: valueOf("--preset", others), size: valueOf("--size", others) },
  );
  addSampleCommand(program, session);
  addInterpolateCommand(program, session);
  addFilmCommand(program, session);
  addMarkCommand(program, session);
  addDirectionsCommand(program, session);
  addArithmeticCommand(program, session);
  addProjectCommand(program, session);
  addNeighborsCommand(program, session);
  addExportCommand(program, session);
  addEvaluateCommand(program, session);
  addReportCommands(program, session);
  addServeCommand(program, session);
  addStudioCommand(program, session);
  await addExperimentCommands(program, session, command === "experiment" ? others : []);
  await addDatasetsCommand(program, session, command === "datasets" ? others : []);
  addRunsCommand(program, session);
  addDoctorCommand(program, session);
  addJsonFlag(program);
  program.hook("preAction", (_, called) => void (session.output.command = nameOf(called)));
  return program.addHelpText("after", "\nHelp on one command: " + `${invocation()} train --help`);
}

/** The dataset that a file of options names, if the arguments name such a file. */
async function configuredData(args: readonly string[]): Promise<string | undefined> {
  const file = valueOf("--config", args);
  const wantsHelp = args.includes("--help") || args.includes("-h");
  return file === undefined || wantsHelp ? undefined : await dataOfConfigFile(file);
}

/** The dataset to train on, if the arguments name one or resume a run. */
async function trainedData(args: readonly string[]): Promise<string | undefined> {
  const resumed = valueOf("--resume", args);
  const named = valueOf("--data", args);
  if (named !== undefined) return named;
  if (resumed === undefined) return await configuredData(args);
  const { RunFolder } = await import("../dcgan/run/folder/run_folder.ts");
  try {
    const config = await RunFolder.at(resumed).readConfig();
    checkRunModule(config, resumed, named);
    return config.data;
  } catch (error) {
    // Help is no reason to fail, or to run the code of others: it does without the flags of that dataset
    if (args.includes("--help") || args.includes("-h")) return undefined;
    await checkPlaces({ resume: resumed });
    throw error;
  }
}
