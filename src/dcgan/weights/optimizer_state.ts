/**
 * The state of PyTorch's Adam among the tensors of a file: `optimizerG.state.0.exp_avg` and so on, as
 * `torch.save({"optimizerG": optimizerG.state_dict()})` has it.
 *
 * @module
 */
import { dictToRow, type Module, namedParameters, type TensorData } from "../../nn/mod.ts";
import type { WeightsFile } from "../../nn/mod.ts";
import { expectFinite } from "../numbers/finite.ts";

/** What Adam keeps of each parameter. */
export const MOMENTS = ["exp_avg", "exp_avg_sq"] as const;

/** The state of an optimizer in a file. */
export interface OptimizerState {
  /** What its names begin with: `optimizerG`. */
  readonly path: string;
  /** Steps that it has done. */
  readonly step: number;
  /** The moments of its parameters, in the order of these. */
  readonly moments: readonly Readonly<Record<typeof MOMENTS[number], TensorData>>[];
  /** Its settings, by PyTorch's names, those of `betas` apart: `lr`, `betas.0`. */
  readonly settings: ReadonlyMap<string, number>;
}

/** What else Adam may keep, which nothing here does. */
const AMSGRAD = "max_exp_avg_sq";

/**
 * The states of optimizers in a file.
 *
 * @param source Its path, for messages.
 * @throws {RangeError} if one is not whole, of another optimizer, or holds NaN or an infinity.
 */
export function optimizersIn({ tensors, values, metadata }: WeightsFile, source: string): OptimizerState[] {
  const pattern = /^(|.*\.)state\.(\d+)\.(\w+)$/;
  const states = new Map<string, Map<number, Map<string, TensorData>>>();
  for (const [name, tensor] of tensors) {
    const [, path, place, key] = pattern.exec(name) ?? [];
    if (path === undefined) continue;
    const state = states.getOrInsertComputed(path.replace(/\.$/, ""), () => new Map());
    state.getOrInsertComputed(Number(place), () => new Map()).set(key!, tensor);
  }
  const facts = new Map([...Object.entries(metadata), ...values]);
  return [...states].map(([path, places]) => {
    const said = path === "" ? "optimizer" : path;
    const fail = (problem: string): never => {
      throw new RangeError(`Cannot use the state of ${said} in ${source}: ${problem}`);
    };
    const settings = settingsOf(facts, path);
    const ordered = Array.from(
      { length: places.size },
      (_, place) =>
        places.get(place) ?? fail(`it must be of parameters 0 to ${places.size - 1}, found none of ${place}`),
    );
    const moments = ordered.map((state, place) => {
      if (state.has(AMSGRAD)) fail("it must be of Adam or AdamW without amsgrad, found amsgrad");
      const [mean, square] = MOMENTS.map((name) => state.get(name));
      if (!mean || !square) {
        return fail(
          `it must be of Adam or AdamW, with exp_avg and exp_avg_sq, found ${[...state.keys()].join(", ")}`,
        );
      }
      expectFinite(
        new Map([[`${said}.state.${place}.exp_avg`, mean], [`${said}.state.${place}.exp_avg_sq`, square]]),
        source,
      );
      return { exp_avg: mean, exp_avg_sq: square };
    });
    const steps = new Set(
      ordered.map((state, place) =>
        Number(state.get("step")?.data[0] ?? facts.get(`${path === "" ? "" : `${path}.`}state.${place}.step`))
      ),
    );
    const [step = NaN] = steps;
    if (steps.size !== 1 || !Number.isSafeInteger(step) || step < 0) {
      fail(`all of its parameters must have done the same number of steps, found ${[...steps].join(", ")}`);
    }
    return { path, step, moments, settings };
  });
}

/** The settings of an optimizer, if it has one group of parameters. */
function settingsOf(facts: ReadonlyMap<string, unknown>, path: string): ReadonlyMap<string, number> {
  const begin = `${path === "" ? "" : `${path}.`}param_groups.`;
  const settings = new Map<string, number>();
  for (const [name, value] of facts) {
    const [, key] = name.startsWith(begin)
      ? /^0\.(lr|eps|weight_decay|betas\.[01])$/.exec(name.slice(begin.length)) ?? []
      : [];
    if (key !== undefined && Number.isFinite(Number(value))) settings.set(key, Number(value));
  }
  return settings;
}

/**
 * The names of a network's parameters in the order of PyTorch's `parameters()`, by which its optimizers count them:
 * spectral norm, which makes the weight anew, takes it behind the bias.
 */
export function parameterOrder(network: Module): string[] {
  const names = [...namedParameters(network).keys()];
  return names.flatMap((name, at) => {
    if (isNormalized(names[at - 1]) && name.endsWith(".bias")) return [name, names[at - 1]!];
    return isNormalized(name) && names[at + 1]?.endsWith(".bias") ? [] : [name];
  });
}

function isNormalized(name: string | undefined): boolean {
  return name?.endsWith(".weight_orig") ?? false;
}

/** Whether a state is of the optimizer of a network: its moments have the shapes of the network's parameters. */
export function isOf({ moments }: OptimizerState, network: Module): boolean {
  const parameters = namedParameters(network);
  const shapes = parameterOrder(network).map((name) => `${parameters.get(name)!.layout.shape}`);
  return moments.length === shapes.length &&
    moments.every(({ exp_avg }, at) => `${exp_avg.shape}` === shapes[at]);
}

/** The moments of a network's parameters, in a row as its optimizer here keeps them. */
export function rowsOf(
  { moments }: OptimizerState,
  network: Module,
  precision: "f32" | "f16",
): Record<typeof MOMENTS[number], Float32Array<ArrayBuffer>> {
  const parameters = namedParameters(network);
  const names = parameterOrder(network);
  const row = (key: typeof MOMENTS[number]) =>
    dictToRow(new Map(names.map((name, at) => [name, moments[at]![key]])), parameters, precision);
  return { exp_avg: row("exp_avg"), exp_avg_sq: row("exp_avg_sq") };
}
