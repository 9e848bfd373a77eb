import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";
import { mapAreas } from "./map-areas.ts";

const assets = resolve(import.meta.dirname, "src/qafila/web/assets");
const built = resolve(import.meta.dirname, "src/qafila/web/static/dist");
const areas = resolve(import.meta.dirname, "node_modules/morocco-map/data/provinces.json");
const seats = resolve(import.meta.dirname, "src/qafila/places/data/seats.csv");

/** Writes .br and .gz beside every text file: WhiteNoise sends the smallest the browser takes. */
function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    closeBundle() {
      const folder = join(built, "assets");
      for (const name of readdirSync(folder).filter((n) => /\.(js|css|svg)$/.test(n))) {
        const path = join(folder, name);
        const bytes = readFileSync(path);
        const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
        writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: quality }));
        writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

/** Writes the regions and provinces that the server draws its maps with. */
function maps(): Plugin {
  return {
    name: "maps",
    apply: "build",
    writeBundle() {
      writeFileSync(join(built, "map.json"), mapAreas(areas, seats));
    },
  };
}

export default defineConfig({
  root: assets,
  base: "/static/dist/",
  plugins: [maps(), compressed()],
  build: {
    outDir: built,
    emptyOutDir: true,
    manifest: "manifest.json",
    assetsInlineLimit: 0,
    modulePreload: false,
    cssTarget: ["chrome100", "firefox100", "safari15.4"],
    target: ["chrome100", "firefox100", "safari15.4"],
    rollupOptions: {
      // htmx holds an eval that its own setting (allowEval: false) and our CSP keep shut.
      checks: { eval: false },
      input: ["app.css", "app.ts", "in-place.ts", "mark.svg", "review.ts"].map((name) => join(assets, name)),
    },
  },
});
