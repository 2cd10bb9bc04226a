import type { Network } from "../../../nn/mod.ts";
import { stateDict, type TensorData } from "../../../nn/mod.ts";
import { symmetricEigen } from "../../scores/metrics/linear/eigenvectors.ts";
import { addRowProducts } from "../../scores/metrics/linear/multiply_transposed.ts";
import { directionsOf, expectShortLatent, type LatentDirection } from "./latent_direction.ts";

/**
 * The directions that the generator's first layer stretches most: eigenvectors of `A^T A`, where `A` takes a
 * latent vector to the layer's output (closed-form factorization, SeFa: Shen and Zhou 2021, arXiv:2007.06600,
 * section 3.2). Nothing is drawn. Of a conditional generator, `A` is the part for the latent vector, without
 * that for the class.
 *
 * @param network The generator.
 * @param latent Length of a latent vector.
 * @param count How many, those that are stretched most first.
 * @throws {RangeError} if the latent vectors are longer than 2,048 numbers, or it is no generator of this
 * module.
 */
export async function weightDirections(
  network: Network,
  latent: number,
  count: number,
): Promise<LatentDirection[]> {
  expectShortLatent(latent);
  const columns = firstLayerColumns(await stateDict(network), latent);
  const gram = new Float64Array(latent * latent);
  const terms = columns.length / latent;
  addRowProducts({ a: columns, b: columns, rows: latent, columns: latent, terms, sum: gram, lower: true });
  return directionsOf(symmetricEigen(gram, latent).vectors, latent, count, "weights");
}

/** `[latent, outputs]`: what the first layer makes of each number of a latent vector. */
function firstLayerColumns(tensors: ReadonlyMap<string, TensorData>, latent: number): Float64Array {
  const transposed = tensors.get("main.0.weight");
  // Transposed convolutions keep [inputs, outputs, height, width]; the inputs of a class are behind the
  // latent vector
  if (transposed) return Float64Array.from(floats(transposed).subarray(0, latent * sizeOf(transposed, 0)));
  const dense = tensors.get("project.weight");
  if (!dense) {
    throw new RangeError(
      "Cannot find directions of weights: the generator must have a first layer main.0 or project, found neither",
    );
  }
  // Dense layers keep [outputs, inputs]
  const [outputs, inputs] = [dense.shape[0]!, sizeOf(dense, 0)];
  const weights = floats(dense);
  return Float64Array.from(
    { length: latent * outputs },
    (_, at) => weights[at % outputs * inputs + Math.floor(at / outputs)]!,
  );
}

/** Elements of a tensor that belong to one place of an axis. */
function sizeOf({ shape }: TensorData, axis: number): number {
  return shape.slice(axis + 1).reduce((size, extent) => size * extent, 1);
}

function floats({ data }: TensorData): Float32Array {
  if (data instanceof Float32Array) return data;
  throw new TypeError("Cannot find directions of weights: they must be f32");
}
