// Builds wijkagenda/static/dist/ from npm packages and our own css, js, fonts and images.
//
// Promise: the same input gives the same file names (a name carries a hash of its content), nothing
// in the output points at this machine or at another host, and manifest.json maps every logical name
// to its file. Files of an earlier build stay for a day, for pages and servers that still know them.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { browserslistToTargets, transform } from "lightningcss";
import { PurgeCSS } from "purgecss";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const source = join(root, "wijkagenda/static");
const dist = join(source, "dist");
const npm = (path) => join(root, "node_modules", path);
const read = (path) => readFileSync(path, "utf8");
const targets = browserslistToTargets(["chrome 109", "firefox 115", "safari 16"]);

// The components of the NL Design System that the templates use. Add one here when a template needs it.
const components = [
  ...["textbox", "textarea", "select", "form-field", "form-label", "form-field-description", "form-field-error-message", "table"].map(
    (name) => npm(`@utrecht/${name}-css/dist/index.css`),
  ),
  ...["skip-link", "button", "link", "data-badge", "number-badge"].map((name) => npm(`@nl-design-system-candidate/${name}-css/dist/${name}.css`)),
];
const ownSheets = ["base", "frame", "phase", "forms", "content", "figures", "desk", "large", "print"];

const manifest = {};
const written = new Set(["manifest.json"]);

function emit(logicalName, content, { hashed = true } = {}) {
  const buffer = Buffer.from(content);
  const hash = createHash("sha256").update(buffer).digest("hex").slice(0, 10);
  const extension = extname(logicalName);
  const name = hashed ? `${logicalName.slice(0, -extension.length)}-${hash}${extension}` : logicalName;
  mkdirSync(dirname(join(dist, name)), { recursive: true });
  writeFileSync(join(dist, name), buffer);
  written.add(name);
  if ([".css", ".js", ".svg"].includes(extension)) {
    // the web server finds these beside the file and sends them to browsers that can read them
    writeFileSync(join(dist, `${name}.gz`), gzipSync(buffer, { level: 9 }));
    writeFileSync(join(dist, `${name}.br`), brotliCompressSync(buffer));
    written.add(`${name}.gz`).add(`${name}.br`);
  }
  manifest[logicalName] = name;
  return name;
}

function minify(name, css) {
  return transform({ filename: name, code: Buffer.from(css), minify: true, targets }).code.toString();
}

function filesUnder(folder, extensions) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && extensions.includes(extname(entry.name)))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((path) => !path.startsWith(dist));
}

/** Declarations of custom properties in a sheet, last one wins. */
function customProperties(css) {
  const found = new Map();
  for (const [, name, value] of css.matchAll(/(--[\w-]+)\s*:\s*([^;{}]+);/g)) found.set(name, value.replace(/\/\*.*?\*\//g, "").trim());
  return found;
}

/** Only those tokens of the example theme that the given css reaches, directly or through other tokens. */
function reachableTokens(css, theme, overridden) {
  const reached = new Map();
  const queue = [...css.matchAll(/var\(\s*(--[\w-]+)/g)].map((match) => match[1]);
  while (queue.length) {
    const name = queue.pop();
    if (reached.has(name) || overridden.has(name) || !theme.has(name)) continue;
    reached.set(name, theme.get(name));
    queue.push(...[...theme.get(name).matchAll(/var\(\s*(--[\w-]+)/g)].map((match) => match[1]));
  }
  return [...reached].sort(([a], [b]) => a.localeCompare(b)).map(([name, value]) => `${name}:${value};`).join("");
}

function buildFonts() {
  const faces = [
    ["font-latin.woff2", "@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2", "Atkinson Hyperlegible Next", "200 800",
      "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD"],
    ["font-latin-ext.woff2", "@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-ext-wght-normal.woff2", "Atkinson Hyperlegible Next", "200 800",
      "U+0100-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,U+1D00-1DBF,U+1E00-1E9F,U+1EF2-1EFF,U+2020,U+20A0-20AB,U+20AD-20C0,U+2113,U+2C60-2C7F,U+A720-A7FF"],
    // fetched only by pages that hold Arabic letters
    ["font-arabic.woff2", "@fontsource-variable/noto-sans-arabic/files/noto-sans-arabic-arabic-wght-normal.woff2", "Noto Sans Arabic", "100 900",
      "U+0600-06FF,U+0750-077F,U+0870-088E,U+0890-0891,U+0898-08E1,U+08E3-08FF,U+200C-200E,U+2010-2011,U+204F,U+2E41,U+FB50-FDFF,U+FE70-FEFC"],
  ];
  return faces
    .map(([name, path, family, weight, range]) => {
      const file = emit(`fonts/${name}`, readFileSync(npm(path)));
      manifest[name] = file;
      delete manifest[`fonts/${name}`];
      return `@font-face{font-family:"${family}";font-style:normal;font-display:swap;font-weight:${weight};src:url(${file}) format("woff2");unicode-range:${range};}`;
    })
    .join("\n");
}

async function buildSite(fontFaces) {
  const vendor = components.map((path) => read(path).replace(/\/\*# sourceMappingURL.*?\*\//g, "")).join("\n");
  const content = [...filesUnder(join(root, "templates"), [".html"]), ...filesUnder(join(source, "js"), [".js"]), ...filesUnder(join(root, "wijkagenda"), [".py"]), ...filesUnder(join(root, "geo"), [".py"])];
  const [purged] = await new PurgeCSS().purge({
    content,
    css: [{ raw: vendor }],
    // variants that no template uses; :where() hides them from purging
    blocklist: [/--(positive|negative|pressed|disabled|busy|subtle|icon-only)/],
    // our own sheets are written by hand and kept whole; this guards what scripts and Python may put in
    safelist: { standard: [/^wa-/, /^is-/, /^leaflet/, /^marker-cluster/, "nl-button--primary", "nl-button--secondary", "nl-skip-link--visible-on-focus"] },
  });
  const tokens = read(join(source, "css/tokens.css"));
  const own = ownSheets.map((name) => read(join(source, `css/${name}.css`))).join("\n");
  const theme = customProperties(read(npm("@nl-design-system-unstable/voorbeeld-design-tokens/dist/theme.css")));
  const exampleTokens = reachableTokens(purged.css + own + tokens, theme, customProperties(tokens));
  emit("site.css", minify("site.css", `${fontFaces}\n:root{${exampleTokens}}\n${tokens}\n${purged.css}\n${own}`));
}

/** One sheet per municipality, with a street drawn in its own night colour. */
function buildThemes() {
  const street = read(join(source, "img/street.svg"));
  for (const path of filesUnder(join(source, "css/themes"), [".css"])) {
    const name = relative(join(source, "css/themes"), path).replace(/\.css$/, "");
    const css = read(path);
    const colours = customProperties(css);
    const drawn = street.replaceAll("#0c2b25", colours.get("--wa-nacht") ?? "#0c2b25").replaceAll("#1f4b41", colours.get("--wa-nacht-raam") ?? "#1f4b41");
    const file = emit(`street-${name}.svg`, drawn);
    emit(`theme-${name}.css`, minify(name, `${css}\n:root{--wa-street:url(${file})}`));
  }
}

function buildMap() {
  const scripts = ["leaflet/dist/leaflet.js", "leaflet.markercluster/dist/leaflet.markercluster.js"];
  emit("leaflet.js", scripts.map((path) => read(npm(path)).replace(/\/\/# sourceMappingURL=.*/g, "")).join("\n;\n"));
  // Leaflet looks up marker-icon.png by that very name, so these keep theirs.
  for (const path of filesUnder(npm("leaflet/dist/images"), [".png"])) emit(`images/${relative(npm("leaflet/dist/images"), path)}`, readFileSync(path), { hashed: false });
  const sheets = [npm("leaflet/dist/leaflet.css"), npm("leaflet.markercluster/dist/MarkerCluster.css"), join(source, "css/map.css")];
  emit("leaflet.css", minify("leaflet.css", sheets.map(read).join("\n")));
}

function buildScriptsAndImages() {
  for (const path of filesUnder(join(source, "js"), [".js"])) emit(relative(join(source, "js"), path), readFileSync(path));
  for (const path of filesUnder(join(source, "img"), [".svg", ".png", ".jpg", ".ico"])) {
    const name = relative(join(source, "img"), path);
    if (name !== "street.svg") emit(name, readFileSync(path));
  }
}

mkdirSync(dist, { recursive: true });
await buildSite(buildFonts());
buildThemes();
buildMap();
buildScriptsAndImages();
writeFileSync(join(dist, "manifest.json"), `${JSON.stringify(Object.fromEntries(Object.entries(manifest).sort()), null, 1)}\n`);
const aDayAgo = Date.now() - 24 * 60 * 60 * 1000;
for (const path of filesUnderDist()) if (!written.has(path) && statSync(join(dist, path)).mtimeMs < aDayAgo) rmSync(join(dist, path));

function filesUnderDist() {
  return readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dist, join(entry.parentPath ?? entry.path, entry.name)));
}

for (const [name, file] of Object.entries(manifest)) {
  if (/\.(css|js|woff2|svg)$/.test(name)) {
    const bytes = readFileSync(join(dist, file));
    console.log(`${name.padEnd(28)} ${String(bytes.length).padStart(7)} B  ${String(gzipSync(bytes, { level: 9 }).length).padStart(7)} B gzip`);
  }
}
