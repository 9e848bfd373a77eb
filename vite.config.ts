import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

const assets = resolve(import.meta.dirname, "src/qafila/web/assets");
const built = resolve(import.meta.dirname, "src/qafila/web/static/dist");

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

export default defineConfig({
  root: assets,
  base: "/static/dist/",
  plugins: [compressed()],
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
