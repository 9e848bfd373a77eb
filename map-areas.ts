/**
 * Morocco's regions and provinces as SVG paths, for the maps that the server draws.
 *
 * From `morocco-map` (© OpenStreetMap contributors, ODbL 1.0). Areas that share a border share its
 * points, so that no gap opens between them; a region is what its provinces hold together, so that
 * the country is one whole with no line but those of its regions and provinces. The file that comes
 * of it is a derived database under the same licence.
 */
import { readFileSync } from "node:fs";

type Point = [number, number];
/** `at` is the point farthest from the edges, `room` how far it is from them: there a figure stands. */
type Area = { path: string; box: [number, number, number, number]; at: Point; room: number };
type Topology = {
  arcs: Point[][];
  transform: { scale: Point; translate: Point };
  objects: { provinces: { geometries: Shape[] } };
};
type Shape = { id: string } & (
  | { type: "Polygon"; arcs: number[][] }
  | { type: "MultiPolygon"; arcs: number[][][] }
);

/** A point of the drawing: degrees, with the east–west degree shortened as at 29° north. */
export const FRAME = { west: -17.2, north: 36, unit: 0.004, shortened: Math.cos((29 * Math.PI) / 180) };
/** Bends that hold less than so many square units go: a finer drawing of provinces than of regions. */
const FINE = 12;
const COARSE = 60;
const SMALLEST_ISLAND = 40;

export function mapAreas(topologyFile: string, seatsFile: string): string {
  const topology = JSON.parse(readFileSync(topologyFile, "utf8")) as Topology;
  const codes = provinceCodes(seatsFile);
  const provinces = new Map<string, number[]>();
  for (const shape of topology.objects.provinces.geometries) {
    const code = codes.get(shape.id);
    if (!code) throw new Error(`morocco-map names ${shape.id}, which seats.csv does not have`);
    provinces.set(code, shape.arcs.flat(2));
  }
  if (provinces.size !== codes.size) throw new Error("morocco-map lacks provinces of seats.csv");
  const arcs = topology.arcs.map((arc) => projected(arc, topology.transform));
  const [fine, coarse] = [FINE, COARSE].map((bend) => arcs.map((arc) => simplified(arc, bend)));
  return JSON.stringify({
    frame: FRAME,
    country: area([...provinces.values()], coarse!),
    regions: byCode(regionsOf(provinces), coarse!),
    provinces: byCode(new Map([...provinces].map(([code, used]) => [code, [used]])), fine!),
  });
}

function provinceCodes(seatsFile: string): Map<string, string> {
  const lines = readFileSync(seatsFile, "utf8").trim().split("\n").slice(1);
  return new Map(lines.map((line) => line.split(",").slice(0, 2).reverse() as [string, string]));
}

function regionsOf(provinces: Map<string, number[]>): Map<string, number[][]> {
  const regions = new Map<string, number[][]>();
  for (const [code, arcs] of provinces) {
    const region = code.slice(0, 2);
    regions.set(region, [...(regions.get(region) ?? []), arcs]);
  }
  return regions;
}

function byCode(areas: Map<string, number[][]>, arcs: Point[][]): Record<string, Area> {
  const sorted = [...areas].sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(sorted.map(([code, parts]) => [code, area(parts, arcs)]));
}

function projected(arc: Point[], { scale, translate }: Topology["transform"]): Point[] {
  let [x, y] = [0, 0];
  return arc.map(([dx, dy]) => {
    [x, y] = [x + dx, y + dy];
    const east = x * scale[0] + translate[0] - FRAME.west;
    const south = FRAME.north - (y * scale[1] + translate[1]);
    return [(east * FRAME.shortened) / FRAME.unit, south / FRAME.unit];
  });
}

/** Visvalingam's way: the bend that holds the least goes first; the ends of an arc stay. */
function simplified(arc: Point[], bend: number): Point[] {
  const kept = [...arc];
  for (;;) {
    let [least, at] = [bend, -1];
    for (let index = 1; index < kept.length - 1; index++) {
      const held = triangle(kept[index - 1]!, kept[index]!, kept[index + 1]!);
      if (held < least) [least, at] = [held, index];
    }
    if (at < 0) return kept.map(([x, y]) => [Math.round(x), Math.round(y)]);
    kept.splice(at, 1);
  }
}

function triangle(a: Point, b: Point, c: Point): number {
  return Math.abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2;
}

/** The outline of what the parts hold together: the arcs that only one of them uses. */
function area(parts: number[][], arcs: Point[][]): Area {
  const used = new Map<number, number>();
  for (const arc of parts.flat()) {
    const index = arc < 0 ? ~arc : arc;
    if (used.has(index)) used.delete(index);
    else used.set(index, arc);
  }
  const rings = closed([...used.values()].map((arc) => (arc < 0 ? [...arcs[~arc]!].reverse() : arcs[arc]!)));
  const largest = Math.max(...rings.map(surface));
  const drawn = rings.filter((ring) => surface(ring) === largest || surface(ring) >= SMALLEST_ISLAND);
  const [xs, ys] = [0, 1].map((axis) => drawn.flat().map((point) => point[axis]!));
  const box: Area["box"] = [Math.min(...xs!), Math.min(...ys!), Math.max(...xs!), Math.max(...ys!)];
  const widest = drawn.find((ring) => surface(ring) === largest)!;
  return { path: drawn.map(path).join(""), box, ...roomiest(widest) };
}

/** Tried on a grid, then on a finer one around the best point. */
function roomiest(ring: Point[]): { at: Point; room: number } {
  const [xs, ys] = [ring.map(([x]) => x), ring.map(([, y]) => y)];
  let [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  let best = { at: ring[0]!, room: -1 };
  for (let round = 0; round < 3; round++) {
    const [wide, high] = [(right - left) / 20, (bottom - top) / 20];
    for (let cell = 0; cell < 441; cell++) {
      const at: Point = [left + (cell % 21) * wide, top + Math.floor(cell / 21) * high];
      const room = inside(at, ring) ? fromEdge(at, ring) : -1;
      if (room > best.room) best = { at, room };
    }
    [left, right] = [best.at[0] - wide, best.at[0] + wide];
    [top, bottom] = [best.at[1] - high, best.at[1] + high];
  }
  return { at: [Math.round(best.at[0]), Math.round(best.at[1])], room: Math.floor(best.room) };
}

function inside([x, y]: Point, ring: Point[]): boolean {
  const crossed = edges(ring).filter(
    ([[ax, ay], [bx, by]]) => ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax,
  );
  return crossed.length % 2 === 1;
}

function fromEdge([x, y]: Point, ring: Point[]): number {
  const distances = edges(ring).map(([[ax, ay], [bx, by]]) => {
    const along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2 || 1);
    const part = Math.min(1, Math.max(0, along));
    return Math.hypot(ax + part * (bx - ax) - x, ay + part * (by - ay) - y);
  });
  return Math.min(...distances);
}

function edges(ring: Point[]): [Point, Point][] {
  return ring.slice(1).map((point, before) => [ring[before]!, point]);
}

function closed(lines: Point[][]): Point[][] {
  const open = [...lines];
  const rings: Point[][] = [];
  while (open.length) {
    const ring = [...open.pop()!];
    while (!same(ring[0]!, ring.at(-1)!)) {
      const next = open.findIndex((line) => same(line[0]!, ring.at(-1)!));
      if (next < 0) throw new Error("An outline of morocco-map does not close");
      ring.push(...open.splice(next, 1)[0]!.slice(1));
    }
    rings.push(ring);
  }
  return rings;
}

function same(one: Point, other: Point): boolean {
  return one[0] === other[0] && one[1] === other[1];
}

function surface(ring: Point[]): number {
  const doubled = ring.slice(1).reduce((sum, [x, y], before) => {
    const [px, py] = ring[before]!;
    return sum + px * y - x * py;
  }, 0);
  return Math.abs(doubled) / 2;
}

function path(ring: Point[]): string {
  let [x, y] = ring[0]!;
  let drawn = `M${x} ${y}l`;
  for (const [nx, ny] of ring.slice(1, -1)) {
    if (nx === x && ny === y) continue;
    drawn += `${nx - x} ${ny - y} `;
    [x, y] = [nx, ny];
  }
  return `${drawn.trimEnd().replaceAll(" -", "-")}z`;
}
