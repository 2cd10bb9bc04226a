import { host } from "../../../src/host/host.ts";
import type { CurvePoint } from "../news.ts";

/** Most points that curves are drawn of. */
const MOST = 1000;

/** The numbers of a run up to a step, thinned. A line that cannot be read is one that resuming warns of. */
export async function pointsOf(out: string, step: number): Promise<CurvePoint[]> {
  const text = await host().readTextFile(`${out}/metrics.jsonl`).catch((error) => {
    if (host().problemOf(error) === "NotFound") return "";
    throw error;
  });
  const points = text.split("\n").map(pointIn).filter((point) => point !== undefined && point.step <= step);
  const apart = Math.ceil(points.length / MOST);
  return points.filter((_, at) => at % apart === 0 || at === points.length - 1) as CurvePoint[];
}

function pointIn(line: string): CurvePoint | undefined {
  try {
    const { step, generatorLoss, discriminatorLossReal, discriminatorLossFake, dReal, dFake } = JSON.parse(
      line,
    );
    return { step, generatorLoss, discriminatorLossReal, discriminatorLossFake, dReal, dFake };
  } catch {
    return undefined;
  }
}
