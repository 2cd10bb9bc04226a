import type { TensorData } from "../nn/mod.ts";
import type { Architecture } from "./architecture.ts";

/** What a generator's state dict tells of its architecture. */
export type GeneratorArchitecture = Omit<Architecture, "ndf">;

/**
 * The architecture of a generator, read off the names and shapes of its PyTorch state dict.
 *
 * @throws {RangeError} if it is none of the generators that `createGenerator` makes.
 */
export function inferGenerator(
  tensors: ReadonlyMap<string, TensorData>,
  source = "The state dict",
): GeneratorArchitecture {
  const weights = [...tensors].filter(([name, { shape }]) => name.endsWith(".weight") && shape.length === 4);
  const shapes = weights.map(([, { shape }]) => shape as [number, number, number, number]);
  const project = tensors.get("project.weight")?.shape;
  const projected = tensors.get("bn0.weight")?.shape[0];
  const last = shapes.at(-1);
  // A discriminator has 'main.0.weight' too, but no batch norm after it.
  const example = tensors.has("main.0.weight") && tensors.has("main.1.weight");
  if (!last || !(project && projected || example)) {
    throw new RangeError(
      `${source} is no generator's: it must have 'main.0.weight' and 'main.1.weight', or 'project.weight' and ` +
        `'bn0.weight', and convolutions. ` +
        `Found ${[...tensors.keys()].slice(0, 4).join(", ") || "no tensors"}`,
    );
  }
  const firstLayer = project ? "project" : "transposed";
  const upsampling = last[2] === 3 ? "nearest" : "transposed";
  const base = project ? Math.sqrt(project[0]! / projected!) : shapes[0]![2];
  // Without the first layer, every convolution doubles, except the last one after nearest upsampling.
  const doublings = shapes.length - (project ? 0 : 1) - (upsampling === "nearest" ? 1 : 0);
  return {
    size: base * 2 ** doublings,
    channels: upsampling === "nearest" ? last[0] : last[1],
    ngf: upsampling === "nearest" ? last[1] : last[0],
    latent: project ? project[1]! : shapes[0]![0],
    firstLayer,
    upsampling,
  };
}

/** The width of a discriminator's first layer, read off its PyTorch state dict. */
export function inferDiscriminatorWidth(tensors: ReadonlyMap<string, TensorData>): number {
  const first = tensors.get("main.0.weight") ?? tensors.get("conv1.weight");
  if (!first) {
    throw new RangeError("The state dict is no discriminator's: it has no 'main.0.weight' or 'conv1.weight'");
  }
  return first.shape[0]!;
}
