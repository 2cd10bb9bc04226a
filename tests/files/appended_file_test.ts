import "../../src/host/on_native.ts";
import { assertEquals } from "@std/assert";
import { AppendedFile } from "../../src/files/appended_file.ts";
import { memoryHost } from "../../src/host/browser.ts";
import { host, setHost } from "../../src/host/host.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** Calls `body` with a host in memory, of which appending is said to copy or not. */
async function withHost(appendsByCopy: boolean, body: () => Promise<void>): Promise<void> {
  const before = host();
  setHost({ ...memoryHost(), appendsByCopy });
  try {
    await body();
  } finally {
    setHost(before);
  }
}

Deno.test("AppendedFile.append() writes at once", () =>
  withHost(false, async () => {
    const file = new AppendedFile("/lines");
    await file.append(bytesOf("one\n"));
    assertEquals(await host().readTextFile("/lines"), "one\n");
    await file.append(bytesOf("two\n"));
    assertEquals(await host().readTextFile("/lines"), "one\ntwo\n");
  }));

Deno.test("AppendedFile writes when it is synced, or much waits, where appending copies the file", () =>
  withHost(true, async () => {
    const size = () => host().stat("/lines").then(({ size }) => size, () => undefined);
    const file = new AppendedFile("/lines");
    await file.append(bytesOf("one\n"));
    await file.append(bytesOf("two\n"));
    assertEquals(await size(), undefined);
    await file.sync();
    assertEquals(await host().readTextFile("/lines"), "one\ntwo\n");
    await file.append(bytesOf("three\n"));
    assertEquals(await size(), 8);
    await file.append(new Uint8Array(2 ** 20));
    assertEquals(await size(), 14 + 2 ** 20);
  }));
