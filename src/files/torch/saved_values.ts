import { Call, Outside, type Pickled } from "../pickle/pickle.ts";
import type { TensorData } from "../safetensors.ts";
import { rebuildTensor } from "./rebuild_tensor.ts";
import type { Storages } from "./storages.ts";

/** What a file of `torch.save` holds, dictionaries and lists in it taken apart: `netG.main.0.weight`. */
export interface SavedValues {
  /** The tensors, by name. */
  readonly tensors: ReadonlyMap<string, TensorData>;
  /** Numbers, texts and truths by name, such as `epoch`; not those of lists of more than 1,000. */
  readonly values: ReadonlyMap<string, number | string | boolean>;
}

/** Most dictionaries in dictionaries, and most values in all, be it that one lies in many places. */
const MOST_DEPTH = 32;
const MOST_VALUES = 2 ** 22;

/** Values of longer lists have no names. */
const MOST_NAMED = 1000;

/** What would be called to make a tensor, by where its arguments are. */
const TENSORS: readonly string[] = ["torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor"];

/** What wraps its first argument, which is all that matters of it. */
const WRAPPERS: readonly string[] = [
  ...["torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state"],
  ...["torch.Size", "torch.device", "builtins.set", "__builtin__.set", "builtins.frozenset"],
];

/** What a type of numbers is called. */
const NUMBER_TYPE = /^torch\.(float|double|half|bfloat|int|long|uint|bool)\d*$/;

/**
 * Takes apart what a pickle of `torch.save` holds.
 *
 * @param source The file's path, for advice.
 * @throws {SyntaxError} naming an object that is neither a tensor nor a plain value.
 */
export function savedValues(saved: Pickled, storages: Storages, source: string): SavedValues {
  const tensors = new Map<string, TensorData>();
  const values = new Map<string, number | string | boolean>();
  const made = new Map<Call, TensorData>();
  let count = 0;

  const add = (value: Pickled, name: string, depth: number): void => {
    if (depth > MOST_DEPTH) throw new SyntaxError(`it holds values in more than ${MOST_DEPTH} others`);
    if (++count > MOST_VALUES) throw new SyntaxError(`it holds more than ${MOST_VALUES} values`);
    if (value instanceof Map || Array.isArray(value)) {
      const isNamed = value instanceof Map || value.length <= MOST_NAMED;
      for (const [key, one] of value.entries()) {
        if (isNamed || typeof one === "object") {
          add(one, name === "" ? `${key}` : `${name}.${key}`, depth + 1);
        }
      }
      return;
    }
    if (value instanceof Call) return addObject(value, name, depth);
    if (value instanceof Outside) throw new SyntaxError(`it holds a bare storage under '${name}'`);
    if (typeof value === "object") return;
    values.set(name, value);
  };

  const addObject = (object: Call, name: string, depth: number): void => {
    const { args = [] } = object;
    if (WRAPPERS.includes(object.name)) return add(args[0] ?? null, name, depth + 1);
    if (object.args === undefined && NUMBER_TYPE.test(object.name)) return void values.set(name, object.name);
    if (!TENSORS.includes(object.name)) throw refusal(object, name, source);
    const tensor = made.get(object) ?? rebuildTensor(args, storages);
    made.set(object, tensor);
    const called = name === "" ? "tensor" : name;
    if (tensors.has(called)) throw new SyntaxError(`it holds two tensors named '${called}'`);
    // One tensor in two dictionaries is one in each
    tensors.set(called, { ...tensor });
  };

  add(saved, "", 0);
  return { tensors, values };
}

/** What to say of an object that is not made here. */
function refusal({ name, state }: Call, place: string, source: string): SyntaxError {
  const where = place === "" ? "" : ` under '${place}'`;
  if (state instanceof Map && (state.has("_parameters") || state.has("_modules"))) {
    const load = `torch.load(${JSON.stringify(source)}, map_location="cpu", weights_only=False)`;
    const key = place === "" || place.includes(".") ? "" : `[${JSON.stringify(place)}]`;
    const target = source.replace(/\.[A-Za-z0-9]+$/, "") + "-weights.pth";
    return new SyntaxError(
      `it holds a whole module${where}, ${name}, which only Python with that class can make. ` +
        `Save its state dict there: torch.save(${load}${key}.state_dict(), ${JSON.stringify(target)})`,
    );
  }
  return new SyntaxError(
    `it holds an object of ${name}${where}, which is neither a tensor nor a plain value. ` +
      `Save the state dict alone, in Python: torch.save(netG.state_dict(), "netG.pth")`,
  );
}
