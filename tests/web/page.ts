/** What runs in the page of `web_test.ts`. */
import type { Device } from "../../src/gpu/mod.ts";
import { promises } from "../host/host_contract.ts";
import * as web from "../../web.ts";
import { decodePicture } from "../../src/pictures/mod.ts";
import { runScenario } from "./scenario.ts";

let opened: Promise<Device> | undefined;

/** The device, opened once for all tests of the page: compiling kernels for it takes longer than all else. */
function openedDevice(): Promise<Device> {
  return opened ??= web.openDevice();
}

/** Whether anything of Deno's or Node's is in scope. */
export function foreign(): string[] {
  return ["Deno", "process", "Buffer", "require"].filter((name) => name in globalThis);
}

/** What the host promises and does not keep. */
export async function brokenPromises(kind: "private" | "memory"): Promise<string[]> {
  const host = kind === "private" ? web.privateHost() : web.memoryHost();
  const broken: string[] = [];
  for (const [promise, check] of Object.entries(promises)) {
    const folder = `/contract ${promise}`;
    await host.mkdir(folder);
    await check(host, folder).catch((error) => broken.push(`${promise}: ${error.stack}`));
  }
  return broken;
}

/** Trains and draws. */
export async function trainIn(kind: "private" | "memory"): Promise<unknown> {
  const host = kind === "private" ? web.privateHost() : web.memoryHost();
  web.setHost(host);
  await host.mkdir(`/${kind}`);
  return await runScenario(web, await openedDevice(), host, `/${kind}`);
}

/** Trains on pictures in a folder in memory. Returns the images that were found, and what the run warned of. */
export async function trainOnPictures(base64: string): Promise<unknown> {
  const host = web.memoryHost();
  web.setHost(host);
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  await host.mkdir("/photos");
  for (let i = 0; i < 5; i++) await host.writeFile(`/photos/${i}.jpg`, bytes);
  await host.writeTextFile("/photos/6.jpg", "no picture");
  const found: unknown[] = [];
  const options = {
    ...{ data: "/photos", dataOptions: { broken: 20 }, size: 16, ngf: 4, ndf: 4, batch: 4 },
    ...{ steps: 1, out: "/run" },
  };
  for await (const event of web.train(await openedDevice(), options)) {
    if (event.type === "start") found.push(event.images);
    if (event.type === "warning" || event.type === "dataset") found.push(event.message);
  }
  return found;
}

/** The doctor's words. */
export async function doctor(): Promise<unknown> {
  const { runtime, adapter, checks, advice } = await web.examine();
  return { runtime, adapter: adapter?.name, failed: checks.filter(({ passed }) => !passed), advice };
}

/** SHA-256 of the pixels of a picture, and of a PNG of them. */
export async function pictureSums(base64: string): Promise<string[]> {
  const picture = await decodePicture(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)));
  const sum = (bytes: Uint8Array) => web.host().sha256().update(bytes).digest("hex");
  return [sum(picture.data), sum(await web.encodePng(picture))];
}
