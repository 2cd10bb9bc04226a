import { resolve } from "../../../host/paths.ts";
import { CONFIG_FACTS, type TrainConfig } from "../../options/config.ts";
import { ConfigError, type ConfigIssue } from "../../options/config_issue.ts";
import { isPassing, isResumable, overridableOptions } from "../../options/option_table.ts";
import type { TrainOptions } from "../../options/options.ts";
import { settled } from "../../schedules/scheduled_values.ts";
import { readingOptions } from "./changes.ts";

/**
 * A run's options, with those that were given anew. How long `more` makes it is not known yet: its checkpoint
 * says.
 *
 * @param config The run's.
 * @param path Its folder.
 * @param given What was asked for.
 * @throws {ConfigError} naming every option that the run cannot change.
 */
export function resumedOptions(config: TrainConfig, path: string, given: TrainOptions): TrainOptions {
  const facts: readonly string[] = CONFIG_FACTS;
  const settings = Object.fromEntries(
    Object.entries(config).filter(([name]) => !facts.includes(name)),
  ) as Omit<TrainConfig, typeof CONFIG_FACTS[number]>;
  const { resume: _, step: __, more: ___, override = false, ...wanted } = given;
  const { signal, dataOptions = {}, ...values } = wanted;
  // True is whichever label the run has
  if (values.conditional === true && settings.conditional !== false) delete values.conditional;
  const own: Readonly<Record<string, unknown>> = { ...settings, out: path };
  const issues: ConfigIssue[] = [];
  const compare = (option: string, before: unknown, value: unknown, name = ""): void => {
    if (JSON.stringify(value) === JSON.stringify(before)) return;
    const isOverridable = overridableOptions.some((one) => one === option);
    if (isOverridable && override) return;
    const found = `found ${JSON.stringify(value)}`;
    const advice = isOverridable ? ". Give --override to change it from here on" : "";
    const must = before === undefined
      ? `${path} was trained without it`
      : `it must be ${JSON.stringify(before)} as in ${path}`;
    issues.push({ option, problem: `cannot change in a resumed run: ${name}${must}, ${found}${advice}` });
  };
  for (const [option, value] of Object.entries(values)) {
    if (value === undefined || isResumable(option)) continue;
    // Either is what goes without saying
    if (option === "tune" && value === false) continue;
    if (isPassing(option)) {
      const advice = option === "minutes" ? ". Give --more and a number of steps" : "";
      const problem =
        `cannot be used with --resume: it decides how a run starts, and ${path} keeps its config` +
        advice;
      issues.push({ option, problem });
      continue;
    }
    if (option === "out" && resolve(String(value)) === resolve(path)) continue;
    compare(option, own[option], settled(option, value));
  }
  for (const [name, value] of Object.entries(dataOptions)) {
    if (!readingOptions.includes(name)) {
      compare("dataOptions", settings.dataOptions[name], value, `${name}: `);
    }
  }
  if (issues.length > 0) throw new ConfigError(`Cannot resume ${path}`, issues);
  const { steps, ...others } = settings;
  return {
    ...others,
    ...(given.epochs === undefined ? { steps } : {}),
    ...Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)),
    dataOptions: { ...settings.dataOptions, ...dataOptions },
    ...(signal === undefined ? {} : { signal }),
  };
}
