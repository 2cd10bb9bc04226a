import type { Ledger } from "../memory/ledger.ts";
import { createImages, encodeImageCopy, type ImageCopy } from "./images/create_images.ts";
import { type Launch, uniformBytes, writeUniforms } from "./launch.ts";
import type { PipelineCache } from "./pipelines.ts";

/** A launch with everything looked up: encoding it is three calls. */
export interface BoundLaunch {
  /** What runs. */
  readonly pipeline: GPUComputePipeline;
  /** Its buffers. */
  readonly bindGroup: GPUBindGroup;
  /** Images that are made before it. */
  readonly images: readonly ImageCopy[];
  /** The launch it was made from. */
  readonly launch: Launch;
}

/** Launches ready to be encoded, and what was made for them: destroy it when they are no longer needed. */
export interface BoundList {
  /** In order. */
  readonly launches: readonly BoundLaunch[];
  /** The one buffer that holds all of their uniforms, and textures. */
  readonly owned: readonly (GPUBuffer | GPUTexture)[];
  /** Bytes of the textures. */
  readonly imageBytes: number;
}

/** Compiles kernels, writes all uniform blocks into one buffer, makes textures for images, and bind groups. */
export function bindLaunches(
  gpu: GPUDevice,
  launches: readonly Launch[],
  pipelines: PipelineCache,
  ledger: Ledger,
): BoundList {
  const stride = gpu.limits.minUniformBufferOffsetAlignment;
  const offsets: number[] = [];
  let bytes = 0;
  for (const { kernel } of launches) {
    offsets.push(bytes);
    bytes += Math.ceil(uniformBytes(kernel) / stride) * stride;
  }
  let uniforms: GPUBuffer | undefined;
  if (bytes > 0) {
    uniforms = ledger.create(gpu, { size: bytes, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST });
    const view = new DataView(new ArrayBuffer(bytes));
    for (const [position, launch] of launches.entries()) writeUniforms(launch, view, offsets[position]!);
    gpu.queue.writeBuffer(uniforms, 0, view.buffer);
  }
  const { ofLaunches, textures: owned, bytes: imageBytes } = createImages(gpu, launches, ledger);
  const bound = launches.map((launch, position) => {
    const { pipeline, layout } = pipelines.get(launch.kernel);
    const { textures, copies } = ofLaunches[position]!;
    const entries: GPUBindGroupEntry[] = launch.storages.map((storage, binding) => ({
      binding,
      resource: textures.get(binding)?.createView() ?? storage.range(),
    }));
    if (launch.kernel.uniforms.length > 0) {
      const resource = { buffer: uniforms!, offset: offsets[position]!, size: uniformBytes(launch.kernel) };
      entries.push({ binding: entries.length, resource });
    }
    return {
      pipeline,
      bindGroup: gpu.createBindGroup({ label: launch.kernel.label, layout, entries }),
      images: copies,
      launch,
    };
  });
  return { launches: bound, owned: uniforms ? [uniforms, ...owned] : owned, imageBytes };
}

/** Which launches of a run are in a submit, if a long run is cut into several. */
export interface SubmitPart {
  /** Place of the first one, counted from 0. */
  readonly first: number;
  /** Launches of the whole run. */
  readonly of: number;
}

/**
 * A way to encode the launches of a submit: all in one pass, or each if it can be timed. It is called once a run, and
 * for a run that takes long, several times, each with the next of its launches.
 */
export type EncodeLaunches = (
  encoder: GPUCommandEncoder,
  launches: readonly BoundLaunch[],
  part: SubmitPart,
) => void;

/** Where the times of the begin and the end of launches are written. */
export interface LaunchTimes {
  /** The set. */
  readonly querySet: GPUQuerySet;
  /** Index of the begin. */
  readonly begin: number;
  /** Index of the end. */
  readonly end: number;
}

/** Encodes launches into one compute pass, which is interrupted where images are made. */
export function encodeLaunches(encoder: GPUCommandEncoder, launches: readonly BoundLaunch[]): void {
  encodeTimedLaunches(encoder, launches, undefined);
}

/** Encodes launches in the same way, with the times of their begin and end, the making of images between them. */
export function encodeTimedLaunches(
  encoder: GPUCommandEncoder,
  launches: readonly BoundLaunch[],
  times: LaunchTimes | undefined,
): void {
  const isWhole = launches.every(({ images }) => images.length === 0);
  const { querySet, begin = 0, end = 0 } = times ?? {};
  const first = querySet && { querySet, beginningOfPassWriteIndex: begin };
  const last = querySet && { querySet, endOfPassWriteIndex: end };
  const passTimed = (timestampWrites: GPUComputePassTimestampWrites | undefined) =>
    encoder.beginComputePass(timestampWrites ? { timestampWrites } : {});
  let pass = passTimed(isWhole && first ? { ...first, ...last } : first);
  let current: GPUComputePipeline | undefined;
  for (const { pipeline, bindGroup, images, launch } of launches) {
    if (images.length > 0) {
      pass.end();
      for (const image of images) encodeImageCopy(encoder, image);
      pass = encoder.beginComputePass();
      current = undefined;
    }
    if (pipeline !== current) pass.setPipeline(current = pipeline);
    pass.setBindGroup(0, bindGroup);
    pass.dispatchWorkgroups(...launch.workgroups);
  }
  pass.end();
  // The last pass is not known when it begins
  if (last && !isWhole) passTimed(last).end();
}
