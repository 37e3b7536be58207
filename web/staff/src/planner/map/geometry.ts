/** A point well inside an area, and the bounds of several. */
import type { AreaShape, Position } from "@/shared/types";

type Ring = GeoJSON.Position[];
export type Bounds = [west: number, south: number, east: number, north: number];

/** The middle of the widest stretch of the area at half its height. */
export function insidePoint(shape: AreaShape["geometry"]): Position {
  const polygons = shape.type === "Polygon" ? [shape.coordinates] : shape.coordinates;
  const rings = polygons.reduce((a, b) => (spread(a[0]!) > spread(b[0]!) ? a : b));
  const [west, south, east, north] = ringBounds(rings[0]!);
  const lat = (south + north) / 2;
  const crossings = rings.flatMap((ring) => crossingsOf(ring, lat)).sort((a, b) => a - b);
  let best: Position = [(west + east) / 2, lat];
  let widest = 0;
  for (let k = 0; k + 1 < crossings.length; k += 2) {
    const [from, to] = [crossings[k]!, crossings[k + 1]!];
    if (to - from > widest) {
      widest = to - from;
      best = [(from + to) / 2, lat];
    }
  }
  return best;
}

export function boundsOf(shapes: readonly { geometry: AreaShape["geometry"] }[]): Bounds | null {
  const all = shapes.flatMap((one) =>
    one.geometry.type === "Polygon" ? [one.geometry.coordinates[0]!] : one.geometry.coordinates.map((p) => p[0]!),
  );
  if (!all.length) return null;
  return all.map(ringBounds).reduce((a, b) => [
    Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3]),
  ]);
}

function crossingsOf(ring: Ring, lat: number): number[] {
  const found: number[] = [];
  for (let k = 0; k + 1 < ring.length; k += 1) {
    const [[x0, y0], [x1, y1]] = [ring[k] as Position, ring[k + 1] as Position];
    if (y0 > lat !== y1 > lat) found.push(x0 + ((lat - y0) / (y1 - y0)) * (x1 - x0));
  }
  return found;
}

function ringBounds(ring: Ring): Bounds {
  const xs = ring.map((one) => one[0]!);
  const ys = ring.map((one) => one[1]!);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

function spread(ring: Ring): number {
  const [west, south, east, north] = ringBounds(ring);
  return (east - west) * (north - south);
}
