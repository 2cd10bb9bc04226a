/** What a device can do beyond plain WebGPU, found by compiling and running it. */
export interface Capabilities {
  /** Shaders may compute and store 16-bit floats, and do so correctly. */
  readonly f16: boolean;
  /** Shaders may move integers of 64 bits, and that is faster: requested on llvmpipe only. */
  readonly int64: boolean;
  /** Shaders may read tensors as textures, and that is faster: asked on llvmpipe only. */
  readonly images: boolean;
  /** Threads that can exchange values without memory, or 0 if subgroups do not work. */
  readonly subgroupSize: number;
  /** Shaders that use subgroups must say `enable subgroups;`, which WebGPU asks for and Deno's compiler refuses. */
  readonly subgroupDirective?: boolean;
  /** The time of each pass can be measured on the GPU. */
  readonly timestamps: boolean;
  /**
   * Iterations after which the driver ends the loops of a kernel, counted over all loops of a thread, without an error;
   * Infinity if it does not. Probed on software adapters only: 65,535 on llvmpipe.
   */
  readonly loopIterations: number;
}
