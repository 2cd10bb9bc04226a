import { type Device, matmul } from "../src/gpu/mod.ts";
import { convolve, convolveInputGradient, convolveWeightGradient } from "../src/gpu/contraction/convolve.ts";
import {
  type ConvolutionGeometry,
  inputShape,
  outputShape,
  weightShape,
} from "../src/gpu/contraction/sums/geometry.ts";
import { doublingsOf } from "../src/dcgan/networks/architecture.ts";
import { sidesOf } from "../src/pictures/mod.ts";
import type { Case } from "./measure.ts";
import { type Workload, WORKLOADS } from "./workloads.ts";

/** Edges of the square matrices. */
const EDGES = [256, 512, 768, 1024];

/** Operations in one submit at least, so that submitting does not count. */
const WORK_PER_SUBMIT = 2e9;

/** A case whose tensors and programs are made when it is chosen. */
export interface Planned {
  /** Name of the case. */
  readonly name: string;
  /** Makes it. */
  readonly prepare: (device: Device) => Case;
}

/** Products of square matrices. */
export function matrixCases(): Planned[] {
  return EDGES.map((edge) => {
    const name = `matmul ${edge}`;
    const prepare = (device: Device): Case => {
      const [a, b] = [randomTensor(device, [edge, edge]), randomTensor(device, [edge, edge])];
      return repeated(device, name, 2 * edge ** 3, () => matmul(a, b));
    };
    return { name, prepare };
  });
}

/** Forward pass and both gradients of the discriminator's layers between the first and the last. */
export function convolutionCases(): Planned[] {
  return WORKLOADS.flatMap((workload) =>
    middleLayers(workload).flatMap((geometry) => {
      const { images, height, inputs, outputs } = geometry;
      const label = `${workload.name} conv ${inputs}->${outputs} at ${height}x${height}`;
      const work = 2 * images * geometry.outHeight * geometry.outWidth * geometry.kernelHeight *
        geometry.kernelWidth * inputs * outputs;
      const planned = (pass: string, start: (device: Device) => () => unknown): Planned => {
        const name = `${label}, ${pass}`;
        return { name, prepare: (device) => repeated(device, name, work, start(device)) };
      };
      return [
        planned("forward", (device) => {
          const [x, weight] = [
            randomTensor(device, inputShape(geometry)),
            randomTensor(device, weightShape(geometry)),
          ];
          return () => convolve(x, weight, geometry);
        }),
        planned("input gradient", (device) => {
          const [gradient, weight] = [
            randomTensor(device, outputShape(geometry)),
            randomTensor(device, weightShape(geometry)),
          ];
          return () => convolveInputGradient(gradient, weight, geometry);
        }),
        planned("weight gradient", (device) => {
          const [x, gradient] = [
            randomTensor(device, inputShape(geometry)),
            randomTensor(device, outputShape(geometry)),
          ];
          return () => convolveWeightGradient(x, gradient, geometry);
        }),
      ];
    })
  );
}

function middleLayers({ config }: Workload): ConvolutionGeometry[] {
  const { count } = doublingsOf(config);
  const { width: size } = sidesOf(config.size);
  return Array.from({ length: count - 1 }, (_, i) => {
    const height = size / 2 ** (i + 1);
    return {
      images: config.batch,
      height,
      width: height,
      inputs: config.ndf * 2 ** i,
      outHeight: height / 2,
      outWidth: height / 2,
      outputs: config.ndf * 2 ** (i + 1),
      kernelHeight: 4,
      kernelWidth: 4,
      stride: 2,
      padding: 1,
    };
  });
}

/** An operation as often in one submit as it takes to make the submit worth it. */
function repeated(device: Device, name: string, work: number, operation: () => unknown): Case {
  const times = Math.max(1, Math.round(WORK_PER_SUBMIT / work));
  const program = device.program({}, () => {
    for (let i = 0; i < times; i++) operation();
  });
  return { name, work: work * times, run: () => program.run() };
}

function randomTensor(device: Device, shape: readonly number[]) {
  const size = shape.reduce((product, extent) => product * extent, 1);
  return device.tensor(Float32Array.from({ length: size }, () => Math.random() - 0.5), { shape });
}
