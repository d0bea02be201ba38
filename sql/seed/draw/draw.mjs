// Draws the pictures of the demo catalogue: node sql/seed/draw/draw.mjs [file …]. The list is the whole of it: file, wall, motif, object.
import { writeFileSync } from "node:fs";
import { COLOURS as C, fresh, scene } from "./kit.mjs";
import * as table from "./shapes-table.mjs";

const colours = (slug, wall, motif, draw, set) => Object.entries(set).map(([name, [c, w]]) => [`${slug}-${name}`, w ?? wall, motif, () => draw(C[c])]);
const PICTURES = [
    ...colours("mug-morning", "blush", "arch", table.mug, { sand: ["sand", "blush"], moss: ["moss", "sage"], rain: ["rain", "mist"], rust: ["rust", "butter"] }),
    ...colours("teapot-halma", "sage", "sun", table.teapot, { moss: ["moss", "butter"], sand: ["sand", "sage"] }),
    ...colours("bowl-deep", "oat", "side", table.bowl, { rain: ["rain", "blush"], sand: ["sand", "mist"], rust: ["rust", "oat"] }),
    ["plate-everyday", "mist", "none", () => table.plate(C.chalk)],
    ["espresso-pair", "clay", "sun", () => table.espresso(C.chalk)],
    ["pitcher-well", "butter", "arch", () => table.pitcher(C.sea)],
    ...colours("vase-reed", "oat", "sun", table.vase, { chalk: ["chalk", "clay"], ink: ["ink", "butter"] }),
    ["butter-dish", "sage", "side", () => table.butter(C.chalk)],
    ["egg-cups", "butter", "side", () => table.eggcups(C.rust)],
    ["platter-long", "oat", "arch", () => table.platter(C.rain)],
    ["tea-darjeeling", "mist", "arch", () => table.teatin(C.moss, "mountain", C.leaf)],
    ["tea-breakfast", "butter", "arch", () => table.teatin(C.rust, "sunrise")],
    ["tea-sencha", "sage", "arch", () => table.teatin(C.leaf, "leaf")],
    ["tea-hojicha", "clay", "arch", () => table.teatin(C.walnut, "leaf", C.tea)],
    ["tea-earl-grey", "mist", "arch", () => table.teatin(C.ink, "citrus")],
    ["tea-chamomile", "oat", "arch", () => table.teatin(C.ochre, "flower")],
    ["tea-peppermint", "blush", "arch", () => table.teatin(C.mint, "leaf", C.leaf)],
    ["tea-sampler", "blush", "sun", () => table.sampler()],
    ["tea-strainer", "sage", "sun", () => table.strainer(C.brass)],
];

const wanted = process.argv.slice(2);
for (const [name, wall, motif, draw, floor] of PICTURES) {
    if (wanted.length && !wanted.includes(name)) continue;
    fresh();
    writeFileSync(new URL(`../images/${name}.svg`, import.meta.url), scene(wall, motif, draw(), floor));
}
