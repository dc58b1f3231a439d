// Builds static/ from the pinned npm packages and our own layer. Run by hand (`make css`); see README.md.
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { transform } from "lightningcss";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const modules = join(here, "node_modules");
const read = (...parts) => readFileSync(join(...parts), "utf8");
const packageOf = (name) => JSON.parse(read(modules, name, "package.json"));

// The order is that of the cascade: the page first, then text, then components.
const UTRECHT = [
  "root", "body", "document", "page-layout", "page-body", "page-header", "page-footer", "heading-1", "heading-2",
  "heading-3", "heading-4", "paragraph", "link", "link-list", "unordered-list", "ordered-list", "alert", "form",
  "form-field", "form-label", "form-field-description", "form-field-error-message", "form-fieldset", "textbox",
  "textarea", "radio-button", "checkbox", "select", "button", "button-group", "table", "status-badge", "card",
  "data-list", "breadcrumb-nav", "pagination", "separator",
].map((name) => [`@utrecht/${name}-css`, "dist/index.css"]);
const COMPONENTS = [
  ...UTRECHT,
  ["@nl-design-system-candidate/button-css", "dist/button.css"],
  ["@nl-design-system-candidate/skip-link-css", "dist/skip-link.css"],
  ["@nl-design-system-candidate/data-badge-css", "dist/data-badge.css"],
  ["@gemeente-denhaag/step-marker", "dist/index.css"],
  ["@gemeente-denhaag/process-steps", "dist/index.css"],
];
const TOKENS = "@nl-design-system-unstable/voorbeeld-design-tokens";
const FONT = "@fontsource/noto-sans";
const HTMX = "htmx.org";
const LAYER = ["default-colour.css", "tokens.css", "page.css", "text.css", "forms.css", "components.css", "media.css"];

// 1. The classes in use: everything that looks like one in our templates, and in the Python that renders.
function wordsIn(folder, extensions, words) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!["node_modules", "__pycache__", "static", "data", "tests"].includes(entry.name) && !entry.name.startsWith("."))
        wordsIn(path, extensions, words);
    } else if (extensions.some((extension) => entry.name.endsWith(extension))) {
      for (const [word] of read(path).matchAll(/(?:utrecht|nl|denhaag)-[a-z0-9]+(?:[-_]+[a-z0-9]+)*/g)) words.add(word);
    }
  }
  return words;
}
const inUse = wordsIn(root, [".html", ".py"], new Set());
for (const word of read(here, "keep.txt").split(/\s+/)) inUse.add(word);

// 2. The components, without selectors for classes that nothing uses and for states that only a demo page forces.
const vendored = new Set();
const FORCED = /--(hover|active|focus|focus-visible|visited|pressed|busy)$/;
// A field is only shown as wrong after the server said so, never while someone has yet to fill it in (":invalid").
const wanted = (selector) =>
  !/:(user-)?invalid/.test(selector) &&
  [...selector.replace(/:not\([^)]*\)/g, "").matchAll(/\.([\w-]+)/g)].every(([, name]) => inUse.has(name) && !FORCED.test(name));
const splitSelectors = (list) => list.split(/,(?![^(]*\))/);
// Walks minified css: "selector{declarations}" and "@media …{rules}". Nested parentheses in :is() keep their selector whole.
function keepUsed(css) {
  let kept = "";
  for (let at = 0; at < css.length; ) {
    const open = css.indexOf("{", at);
    if (open < 0) break;
    let close = open + 1;
    for (let depth = 1; depth > 0; close++) depth += css[close] === "{" ? 1 : css[close] === "}" ? -1 : 0;
    const prelude = css.slice(at, open);
    const body = css.slice(open + 1, close - 1);
    at = close;
    if (/^@(media|supports|layer)/.test(prelude)) {
      const inner = keepUsed(body);
      if (inner) kept += `${prelude}{${inner}}`;
    } else if (prelude.startsWith("@")) {
      kept += `${prelude}{${body}}`;
    } else {
      const selectors = splitSelectors(prelude).filter(wanted);
      if (selectors.length > 0 && body) kept += `${selectors.join(",")}{${body}}`;
    }
  }
  return kept;
}
const options = { minify: true, targets: { chrome: 109 << 16, firefox: 115 << 16, safari: (16 << 16) | (4 << 8) } };
const minify = (name, css) => transform({ filename: name, code: Buffer.from(css), ...options }).code.toString();
const components = keepUsed(minify(
  "components.css",
  COMPONENTS.map(([name, file]) => {
    vendored.add(name);
    return read(modules, name, file).replace(/\/\*# sourceMappingURL.*?\*\//g, "");
  }).join("\n"),
));

// 3. Our own layer.
const layer = LAYER.map((file) => read(here, "src", file)).join("\n");

// 4. Of the theme, only the tokens that can be reached through var() from the css above.
const tokens = new Map();
for (const [, name, value] of read(modules, TOKENS, "dist/theme.css").replace(/\/\*[\s\S]*?\*\//g, "").matchAll(/(--[\w-]+):\s*([^;]+);/g))
  tokens.set(name, value.trim());
vendored.add(TOKENS);
const own = new Set([...`${read(here, "src", "tokens.css")}${read(here, "src", "default-colour.css")}`.matchAll(/(--[\w-]+)\s*:/g)].map(([, name]) => name));
const reached = new Set();
const reach = (css) => {
  for (const [, name] of css.matchAll(/var\(\s*(--[\w-]+)/g)) {
    if (reached.has(name)) continue;
    reached.add(name);
    if (tokens.has(name) && !own.has(name)) reach(tokens.get(name));
  }
};
reach(components);
reach(layer);
const theme = `.voorbeeld-theme{${[...tokens].filter(([name]) => reached.has(name) && !own.has(name)).map(([name, value]) => `${name}:${value}`).join(";")}}`;

// 5. Fonts: copied as they come.
const fonts = [400, 700].map((weight) => `noto-sans-latin-${weight}-normal.woff2`);
vendored.add(FONT);
const faces = fonts
  .map((file) => {
    const weight = file.match(/\d+/)[0];
    return `@font-face{font-family:"Noto Sans";font-style:normal;font-weight:${weight};font-display:swap;src:url(../fonts/${file}) format("woff2")}`;
  })
  .join("");
mkdirSync(join(root, "static", "fonts"), { recursive: true });
for (const file of fonts) cpSync(join(modules, FONT, "files", file), join(root, "static", "fonts", file));

// 6. One style sheet. The notice stays in it, so that it travels with the file.
const notice = "/*! Kantelfonds, EUPL-1.2. Contains modified parts (subset, minified) of NL Design System packages: see NOTICE. */\n";
const css = notice + faces + components + minify("theme.css", theme) + minify("layer.css", layer);
mkdirSync(join(root, "static", "css"), { recursive: true });
writeFileSync(join(root, "static", "css", "site.css"), css);

// 7. htmx, as it comes.
mkdirSync(join(root, "static", "js"), { recursive: true });
cpSync(join(modules, HTMX, "dist", "htmx.min.js"), join(root, "static", "js", "htmx.min.js"));
vendored.add(HTMX);

// 8. Licences: one file per different text, and a table of what came from where.
const licences = join(root, "static", "vendor", "LICENSES");
rmSync(licences, { recursive: true, force: true });
mkdirSync(licences, { recursive: true });
const texts = new Map();
const rows = [...vendored].sort().map((name) => {
  const { version, license } = packageOf(name);
  const file = ["LICENSE.md", "LICENSE", "LICENSE.txt"].find((candidate) => existsSync(join(modules, name, candidate)));
  const text = read(modules, name, file);
  const digest = createHash("sha256").update(text).digest("hex");
  if (!texts.has(digest)) {
    const target = `${license.replaceAll("-only", "")}-${name.replace(/^@/, "").split("/")[0].replace(/[^\w.-]/g, "-")}.txt`;
    texts.set(digest, target);
    writeFileSync(join(licences, target), text);
  }
  const change = name === FONT ? "files chosen: latin, 400 and 700; unmodified" : name === HTMX ? "unmodified" : "modified: subset, minified";
  return `${name} ${version} | ${license} | ${change} | ${relative(root, join(licences, texts.get(digest)))}`;
});
writeFileSync(join(root, "static", "vendor", "PACKAGES.txt"), `package version | licence | change | text\n${rows.join("\n")}\n`);

const unresolved = [...reached].filter((name) => !tokens.has(name) && !own.has(name));
const size = (bytes) => `${bytes.length} B, gzip ${gzipSync(bytes).length} B, brotli ${brotliCompressSync(bytes).length} B`;
console.log(`site.css: ${size(Buffer.from(css))}; ${tokens.size} tokens, ${[...tokens.keys()].filter((n) => reached.has(n)).length} kept`);
console.log(`components ${size(Buffer.from(components))}\ntheme ${size(Buffer.from(theme))}\nlayer ${size(Buffer.from(minify("layer.css", layer)))}`);
if (process.argv.includes("--unset")) console.log(`never set, the browser's default applies:\n${unresolved.join("\n")}`);
