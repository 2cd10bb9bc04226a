/**
 * What stands in for WebGPU's device where kernels are written and launches recorded, but nothing runs: buffers have no
 * memory, pipelines are not compiled, and submits do nothing. It has no way to read, as there would be nothing to read.
 */
export function standInGpu(limits: Readonly<Record<string, number>>): GPUDevice {
  const nothing = (): void => {};
  const object = (): object => ({});
  const encoder = { beginComputePass: () => pass, copyBufferToTexture: nothing, finish: object };
  const pass = { setPipeline: nothing, setBindGroup: nothing, dispatchWorkgroups: nothing, end: nothing };
  const gpu = {
    limits,
    features: new Set(["shader-f16", "timestamp-query", "subgroups"]),
    queue: { writeBuffer: nothing, submit: nothing },
    lost: new Promise<never>(nothing),
    addEventListener: nothing,
    createBuffer: ({ size, usage }: GPUBufferDescriptor) => ({ size, usage, destroy: nothing }),
    createTexture: () => ({ createView: object, destroy: nothing }),
    createBindGroupLayout: object,
    createPipelineLayout: object,
    createShaderModule: object,
    createComputePipeline: object,
    createBindGroup: object,
    createCommandEncoder: () => encoder,
    destroy: nothing,
  };
  // The rest of WebGPU is not needed to record, and a call of it throws
  return gpu as unknown as GPUDevice;
}
