import {
  avgPool2d,
  globalAvgPool2d,
  maxPool2d,
  resizeBilinear,
  upsampleNearest,
} from "../../../../src/gpu/mod.ts";
import { IMAGE } from "../../layout.ts";
import { differentiate, type Run } from "../differentiate.ts";

const orders = { x: IMAGE, y: IMAGE };
const halves = ["x"];

/** Pooling and upsampling. */
export const resizing: Readonly<Record<string, Run>> = {
  upsample_nearest: (device, golden) => {
    const scale = golden.number("scale", 2);
    return differentiate(device, golden, {
      orders,
      halves,
      forward: ({ x }) => ({ y: upsampleNearest(x!, scale) }),
    });
  },
  avg_pool2d: (device, golden) => {
    const kernel = golden.number("kernel");
    const stride = golden.number("stride", kernel);
    const padding = golden.number("padding", 0);
    const countIncludePad = golden.flag("count_include_pad", true);
    golden.expectParams({ ceil_mode: false, divisor_override: undefined });
    return differentiate(device, golden, {
      orders,
      halves,
      forward: ({ x }) => ({ y: avgPool2d(x!, { kernel, stride, padding, countIncludePad }) }),
    });
  },
  max_pool2d: (device, golden) => {
    const kernel = golden.number("kernel");
    const stride = golden.number("stride", kernel);
    const padding = golden.number("padding", 0);
    return differentiate(device, golden, {
      orders,
      halves,
      forward: ({ x }) => ({ y: maxPool2d(x!, { kernel, stride, padding }) }),
    });
  },
  resize_bilinear: (device, golden) => {
    const size = golden.pair("size", 0);
    golden.expectParams({ align_corners: false, antialias: false });
    return differentiate(device, golden, {
      orders,
      halves,
      forward: ({ x }) => ({ y: resizeBilinear(x!, size) }),
    });
  },
  global_avg_pool2d: (device, golden) =>
    differentiate(device, golden, {
      orders: { x: IMAGE },
      halves,
      forward: ({ x }) => ({ y: globalAvgPool2d(x!) }),
    }),
};
