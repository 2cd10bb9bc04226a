import type { Page } from "playwright-core";

/** An event of Chromium's traces: times are microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Time of the processor that the thread had. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** What a page's main thread did for a while. */
export interface MainThread {
  /** How many tasks there were. */
  readonly tasks: number;
  /** Milliseconds of the processor that the longest took: scripts, styles, layout, drawing, garbage. */
  readonly longest: number;
}

/** Watches the main thread of a page while something is done. */
export async function watchMainThread(page: Page, body: () => Promise<void>): Promise<MainThread> {
  const browser = page.context().browser()!;
  await browser.startTracing(page, { categories: ["toplevel"] });
  let trace: Uint8Array | undefined;
  try {
    await body();
  } finally {
    trace = await browser.stopTracing();
  }
  const { traceEvents } = JSON.parse(new TextDecoder().decode(trace)) as { traceEvents: TraceEvent[] };
  const place = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`;
  const main = new Set(
    traceEvents.filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain").map(
      place,
    ),
  );
  const tasks = traceEvents.filter((event) =>
    event.name === "ThreadControllerImpl::RunTask" && event.tdur !== undefined && main.has(place(event))
  );
  return { tasks: tasks.length, longest: Math.max(...tasks.map(({ tdur }) => tdur! / 1000)) };
}
