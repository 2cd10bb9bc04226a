import type { Device } from "../../../src/gpu/mod.ts";
import { Adam, type AdamOptions } from "../../../src/nn/optimizers/adam.ts";
import { AdamW } from "../../../src/nn/optimizers/adamw.ts";
import { clipGradientNorm } from "../../../src/nn/optimizers/clip_gradient_norm.ts";
import type { FlatParameters, Optimizer } from "../../../src/nn/optimizers/optimizer.ts";
import { RmsProp } from "../../../src/nn/optimizers/rmsprop.ts";
import { Sgd } from "../../../src/nn/optimizers/sgd.ts";
import { floatsOf, type GoldenCase, type Results } from "../golden_case.ts";
import type { Run } from "./differentiate.ts";

/** Where a parameter lies in the flat tensors. */
interface Place {
  readonly name: string;
  readonly shape: readonly number[];
  readonly start: number;
  readonly size: number;
}

/** Parameters begin at multiples of this, as in a network, so that there is padding between them. */
const ALIGNMENT = 64;

function placeParameters(golden: GoldenCase, prefix = "init."): { places: Place[]; length: number } {
  let length = 0;
  const places = golden.names(prefix).map((name): Place => {
    const { shape, data } = golden.floats(`${prefix}${name}`);
    const start = length;
    length += Math.ceil(data.length / ALIGNMENT) * ALIGNMENT;
    return { name, shape, start, size: data.length };
  });
  return { places, length };
}

/** All parameters in a row, with zeros between them. */
function rowOf(
  { places, length }: { places: readonly Place[]; length: number },
  of: (place: Place) => Float32Array,
): Float32Array {
  const row = new Float32Array(length);
  for (const place of places) row.set(of(place), place.start);
  return row;
}

/** Steps once for each row of `grads.*`, and collects `params.*` after each and `state.*` after the last. */
function optimizer(make: (parameters: FlatParameters, golden: GoldenCase) => Optimizer): Run {
  return async (device, golden) => {
    const placed = placeParameters(golden);
    const { places, length } = placed;
    const flat = (of: (place: Place) => Float32Array) => rowOf(placed, of);
    const parameters = {
      values: device.tensor(flat(({ name }) => golden.floats(`init.${name}`).data)),
      gradients: device.state([length]),
    };
    using stepping = make(parameters, golden);
    const rows: Float32Array[] = [];
    const steps = golden.number("steps", golden.floats(`grads.${places[0]?.name}`).shape[0]!);
    for (let step = 0; step < steps; step++) {
      parameters.gradients.set(flat(({ name, size }) => {
        return golden.floats(`grads.${name}`).data.subarray(step * size, (step + 1) * size);
      }));
      stepping.step();
      rows.push(await parameters.values.data());
    }
    return new Map([...trajectories(places, rows), ...await states(device, places, length, stepping)]);
  };
}

function trajectories(places: readonly Place[], rows: readonly Float32Array[]): Results {
  return new Map(places.map(({ name, shape, start, size }) => {
    const data = new Float32Array(rows.length * size);
    for (const [step, row] of rows.entries()) data.set(row.subarray(start, start + size), step * size);
    return [`params.${name}`, floatsOf([rows.length, ...shape], data)];
  }));
}

async function states(
  device: Device,
  places: readonly Place[],
  length: number,
  stepping: Optimizer,
): Promise<Results> {
  const kept = Object.entries(stepping.state());
  const values = await device.read(kept.map(([, tensor]) => tensor));
  return new Map(kept.flatMap(([key], position) =>
    places.map(({ name, shape, start, size }) => {
      const data = values[position]!;
      const own = data.length === length ? data.subarray(start, start + size) : data;
      return [`state.${name}.${key}`, floatsOf(data.length === length ? shape : [], own)] as const;
    })
  ));
}

/** Gradients of a network, clipped. */
const clipped: Run = async (device, golden) => {
  golden.expectNoOthers(["max_norm", "norm_type", "formula"]);
  golden.expectParams({ norm_type: 2 });
  const placed = placeParameters(golden, "input.");
  const gradients = device.tensor(rowOf(placed, ({ name }) => golden.floats(`input.${name}`).data));
  const norm = clipGradientNorm({ gradients }, golden.number("max_norm"));
  const row = await gradients.data();
  return new Map([
    ["output.norm", floatsOf([], await norm.data())],
    ...placed.places.map(({ name, shape, start, size }) =>
      [`output.${name}`, floatsOf(shape, row.subarray(start, start + size))] as const
    ),
  ]);
};

/** PyTorch's options of Adam, as ours. */
function adamOptionsOf(golden: GoldenCase): Required<AdamOptions> {
  return {
    learningRate: golden.number("lr", 1e-3),
    betas: golden.param("betas") as [number, number] ?? [0.9, 0.999],
    eps: golden.number("eps", 1e-8),
    weightDecay: golden.number("weight_decay", 0),
  };
}

/** Optimizers over many steps, and what comes before their steps. */
export const optimizers: Readonly<Record<string, Run>> = {
  "optimizer:adam": optimizer((parameters, golden) => {
    golden.expectParams({ amsgrad: false, maximize: false });
    return new Adam(parameters, adamOptionsOf(golden));
  }),
  "optimizer:adamw": optimizer((parameters, golden) => {
    golden.expectParams({ amsgrad: false, maximize: false });
    return new AdamW(parameters, adamOptionsOf(golden));
  }),
  "optimizer:sgd": optimizer((parameters, golden) => {
    golden.expectParams({ dampening: 0, maximize: false });
    return new Sgd(parameters, {
      learningRate: golden.number("lr", 1e-3),
      momentum: golden.number("momentum", 0),
      weightDecay: golden.number("weight_decay", 0),
      nesterov: golden.flag("nesterov", false),
    });
  }),
  "optimizer:rmsprop": optimizer((parameters, golden) => {
    golden.expectParams({ centered: false, maximize: false });
    return new RmsProp(parameters, {
      learningRate: golden.number("lr", 0.01),
      alpha: golden.number("alpha", 0.99),
      eps: golden.number("eps", 1e-8),
      momentum: golden.number("momentum", 0),
      weightDecay: golden.number("weight_decay", 0),
    });
  }),
  clip_grad_norm: clipped,
};
