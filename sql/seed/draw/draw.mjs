// Draws the pictures of the demo catalogue: node sql/seed/draw/draw.mjs [file …]. The list is the whole of it: file, wall, motif, object.
import { writeFileSync } from "node:fs";
import { COLOURS as C, fresh, scene } from "./kit.mjs";
import { hero } from "./hero.mjs";
import * as home from "./shapes-home.mjs";
import * as kitchen from "./shapes-kitchen.mjs";
import * as paper from "./shapes-paper.mjs";
import * as table from "./shapes-table.mjs";
import * as cloth from "./shapes-textiles.mjs";

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
    ["board-oak", "mist", "none", () => kitchen.board(C.oak)],
    ["knife-bread", "sage", "side", () => kitchen.breadknife(C.walnut)],
    ["knife-paring", "oat", "sun", () => kitchen.paring(C.cherry)],
    ["pan-iron", "butter", "none", () => kitchen.pan(C.iron), 470],
    ["spoons-cherry", "sage", "arch", () => kitchen.spoons(C.cherry)],
    ["rolling-pin", "mist", "none", () => kitchen.rollingpin(C.beech), 400],
    ["jar-pantry", "blush", "arch", () => kitchen.jar(C.oak)],
    ...colours("apron-cook", "sage", "none", kitchen.apron, { natural: ["natural", "pine"], ink: ["ink", "blush"], rust: ["rust", "oat"] }),
    ...colours("kettle-enamel", "clay", "sun", kitchen.kettle, { cream: ["cream", "clay"], moss: ["moss", "oat"] }),
    ...colours("blanket-heath", "oat", "side", cloth.blanket, { rust: ["rust", "oat"], moss: ["moss", "butter"], chalk: ["chalk", "pine"] }),
    ...colours("cushion-field", "mist", "none", cloth.cushion, { ochre: ["ochre", "mist"], rain: ["rain", "butter"], rust: ["rust", "blush"] }),
    ...colours("towel-tea", "sage", "none", cloth.teatowels, { "red-stripe": ["rust", "mist"], "blue-stripe": ["ink", "blush"], "green-stripe": ["leaf", "butter"] }),
    ...colours("napkins-four", "blush", "sun", cloth.napkins, { sand: ["sand", "sage"], ink: ["ink", "oat"] }),
    ["runner-table", "blush", "window", () => cloth.runner(C.paper), 470],
    ...colours("bedding-washed", "dusk", "side", cloth.bedding, { chalk: ["chalk", "dusk"], rain: ["rain", "oat"] }),
    ["socks-wool", "butter", "sun", () => cloth.socks("#cdbb9b")],
    ...colours("tote-market", "mist", "arch", cloth.tote, { natural: ["natural", "mist"], moss: ["moss", "blush"] }),
    ["throw-cotton", "sage", "none", () => cloth.throwrug(C.chalk), 690],
    ...colours("notebook-field", "mist", "none", paper.notebook, { ochre: ["ochre", "mist"], moss: ["moss", "blush"], ink: ["ink", "butter"] }),
    ["pen-school", "clay", "none", () => paper.pen(C.beech), 420],
    ...colours("ink-iron", "oat", "sun", paper.ink, { "blue-black": ["ink", "blush"], oak: ["walnut", "butter"], green: ["leaf", "oat"] }),
    ["pencils-cedar", "blush", "side", () => paper.pencils()],
    ["letter-set", "pine", "none", () => paper.letters(), 800],
    ["calendar-moon", "clay", "none", () => paper.calendar(), 800],
    ["scissors-desk", "butter", "sun", () => paper.scissors(), 800],
    ["ruler-brass", "sage", "none", () => paper.ruler(C.brass), 800],
    ["book-quiet-kitchen", "sage", "side", () => paper.covers.bowl()],
    ["book-year-of-bread", "mist", "side", () => paper.covers.loaf()],
    ["book-mending", "blush", "side", () => paper.covers.needle()],
    ["book-slow-tea", "butter", "side", () => paper.covers.cup()],
    ["book-small-garden", "clay", "side", () => paper.covers.plant()],
    ["book-notes-on-light", "oat", "side", () => paper.covers.window()],
    ["candle-beeswax", "dusk", "arch", () => home.candle(C.wax)],
    ["candle-holder", "night", "none", () => home.holder(C.brass)],
    ...colours("lamp-dusk", "night", "none", home.lamp, { cream: ["cream", "night"], rust: ["rust", "night"] }),
    ["incense-cedar", "pine", "arch", () => home.incense()],
    ["lantern-storm", "night", "side", () => home.lantern(C.steel)],
    ["matches-long", "mist", "arch", () => home.matches()],
    ["soap-olive", "sage", "sun", () => home.soap()],
    ...colours("soap-dish", "mist", "side", home.soapdish, { chalk: ["chalk", "mist"], moss: ["moss", "blush"] }),
    ...colours("towel-bath", "mist", "side", home.towels, { chalk: ["chalk", "clay"], rain: ["rain", "blush"], rust: ["rust", "sage"] }),
    ["brush-nail", "butter", "side", () => home.brush(C.beech)],
    ["salt-bath", "blush", "arch", () => home.salt()],
    ["basket-wash", "sage", "sun", () => home.basket(C.straw)],
];

const wanted = process.argv.slice(2);
for (const [name, wall, motif, draw, floor] of PICTURES) {
    if (wanted.length && !wanted.includes(name)) continue;
    fresh();
    writeFileSync(new URL(`../images/${name}.svg`, import.meta.url), scene(wall, motif, draw(), floor));
}
if (!wanted.length) {
    fresh();
    writeFileSync(new URL("../../../templates/assets/hero.svg", import.meta.url), hero());
}
