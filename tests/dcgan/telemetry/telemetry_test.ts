import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { openTelemetry } from "../../../src/dcgan/telemetry/telemetry.ts";
import { resolveConfig } from "../../../src/dcgan/options/config.ts";
import { gpuTest } from "../../support/gpu.ts";
import { namesIn, withFolder } from "../../support/temp_folder.ts";

const child = fileURLToPath(new URL("telemetry_child.ts", import.meta.url));
const opening = fileURLToPath(new URL("opening_child.ts", import.meta.url));

/** A value of OTLP as JSON. */
interface Attribute {
  readonly key: string;
  readonly value: {
    readonly stringValue?: string;
    readonly intValue?: string | number;
    readonly doubleValue?: number;
  };
}

interface Span {
  readonly name: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: readonly Attribute[];
  readonly status?: { readonly code?: number; readonly message?: string };
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
}

interface Metric {
  readonly name: string;
  readonly gauge?: { readonly dataPoints: readonly DataPoint[] };
  readonly sum?: { readonly dataPoints: readonly DataPoint[] };
}

interface DataPoint {
  readonly attributes: readonly Attribute[];
  readonly asDouble?: number;
  readonly asInt?: string | number;
}

/** What a collector got. */
interface Collected {
  readonly spans: Span[];
  readonly metrics: Metric[];
}

/** Runs something beside a collector that takes OTLP as JSON. */
async function collect(run: (url: string) => Promise<void>): Promise<Collected> {
  const found: Collected = { spans: [], metrics: [] };
  await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
    const body = await request.json();
    for (const { scopeSpans = [] } of body.resourceSpans ?? []) {
      for (const { scope, spans } of scopeSpans) if (scope?.name === "@x/dcgan") found.spans.push(...spans);
    }
    for (const { scopeMetrics = [] } of body.resourceMetrics ?? []) {
      for (const { scope, metrics } of scopeMetrics) {
        if (scope?.name === "@x/dcgan") found.metrics.push(...metrics);
      }
    }
    return Response.json({});
  });
  await run(`http://127.0.0.1:${server.addr.port}`);
  return found;
}

async function trainWith(
  env: Record<string, string>,
  out: string,
  steps: number,
): Promise<{ code: number; errors: string }> {
  const args = ["run", "-A", child, out, `${steps}`];
  const { code, stderr } = await new Deno.Command(Deno.execPath(), { args, env }).output();
  return { code, errors: new TextDecoder().decode(stderr) };
}

const of = (
  { attributes }: { readonly attributes: readonly Attribute[] },
  key: string,
): string | number | undefined => {
  const value = attributes.find((one) => one.key === key)?.value;
  const number = value?.intValue ?? value?.doubleValue;
  return number === undefined ? value?.stringValue : Number(number);
};

gpuTest(
  "a run tells OpenTelemetry of its steps, checkpoints, readings and scores, and its metrics",
  async () => {
    await withFolder(async (folder) => {
      const out = `${folder}/run`;
      const { spans, metrics } = await collect(async (url) => {
        const env = {
          OTEL_DENO: "true",
          OTEL_DENO_CONSOLE: "ignore",
          OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
          OTEL_EXPORTER_OTLP_ENDPOINT: url,
        };
        const { code, errors } = await trainWith(env, out, 8);
        assertEquals(code, 0, errors);
      });
      const named = (name: string) => spans.filter((span) => span.name === `dcgan.${name}`);
      const [run, ...more] = named("train");
      assertEquals([more.length, of(run!, "dcgan.data"), of(run!, "dcgan.steps"), of(run!, "dcgan.out")], [
        0,
        "faces",
        8,
        out,
      ]);
      for (const span of spans) {
        if (span !== run) assertEquals(span.parentSpanId, run!.spanId, span.name);
        assert(BigInt(span.endTimeUnixNano) >= BigInt(span.startTimeUnixNano));
      }
      // Groups of steps follow each other without a gap
      const groups = named("steps")
        .map((span) => [Number(of(span, "dcgan.first_step")), Number(of(span, "dcgan.last_step"))] as const)
        .sort(([a], [b]) => a - b);
      assertEquals([groups[0]![0], groups.at(-1)![1]], [1, 8]);
      groups.slice(1).forEach(([first], i) => assertEquals(first, groups[i]![1] + 1));
      assert(named("checkpoint").some((span) => of(span, "dcgan.step") === 8));
      assertEquals(named("score").map((span) => of(span, "dcgan.step")), [4, 8]);
      assert(
        named("read_images").length > 0 &&
          named("read_images").every((span) => Number(of(span, "dcgan.images")) > 0),
      );

      const points = (name: string) =>
        metrics.filter((metric) => metric.name === `dcgan.${name}`)
          .flatMap(({ gauge, sum }) => (gauge ?? sum)!.dataPoints);
      assertEquals(
        new Set(points("loss").map((point) => of(point, "dcgan.name"))),
        new Set(["discriminator", "generator"]),
      );
      const lines = (await Deno.readTextFile(`${out}/metrics.jsonl`)).trimEnd().split("\n").map((line) =>
        JSON.parse(line)
      );
      const loss = points("loss").findLast((point) => of(point, "dcgan.name") === "generator")!;
      assertEquals(loss.asDouble, lines.at(-1).generatorLoss);
      for (const name of ["discriminator", "generator"]) {
        const norm = points("gradient_norm").findLast((point) => of(point, "dcgan.name") === name)!;
        assertEquals(norm.asDouble, lines.at(-1)[`${name}GradientNorm`]);
      }
      assert(points("images_per_second").every(({ asDouble }) => asDouble! > 0));
      assertEquals(Number(points("images").at(-1)!.asInt ?? points("images").at(-1)!.asDouble), 8 * 4);
      assert(points("score").some((point) => of(point, "dcgan.name") === "swd"));
    });
  },
);

Deno.test("openTelemetry() is off, and its part is not loaded, without OTEL_DENO", async () => {
  assertEquals(await openTelemetry(resolveConfig({})), undefined);
  await withFolder(async (folder) => {
    for (
      const [name, env] of Object.entries({
        off: {},
        on: { OTEL_DENO: "true", OTEL_EXPORTER_OTLP_PROTOCOL: "console" },
      })
    ) {
      // Coverage has a file for each module that was run. No permission is given
      const args = ["run", "--no-prompt", `--coverage=${folder}/${name}`, opening];
      const { success, stderr } = await new Deno.Command(Deno.execPath(), { args, env }).output();
      assert(success, new TextDecoder().decode(stderr));
      const urls = await Promise.all(
        (await namesIn(`${folder}/${name}`)).map(async (file) =>
          JSON.parse(await Deno.readTextFile(`${folder}/${name}/${file}`)).url as string
        ),
      );
      assert(urls.some((url) => url.endsWith("/telemetry.ts")), urls.join());
      assertEquals(urls.some((url) => url.endsWith("/run_telemetry.ts")), name === "on", name);
    }
  });
});
