// Tableware and tea: what stands on the table.
import { COLOURS as C, TILT, chance, circle, curve, darker, drum, ellipse, grain, group, inside, lathe, lighter, line, mix, mouth, move, path, rect, shadow,
    shine, solid, specks, turn } from "./kit.mjs";

const bare = C.clay;                                                    // unglazed clay at foot and rim
const steam = (x, y) => [0, 1].map((i) => line(curve([[x + i * 46, y], [x + 14 + i * 46, y - 34], [x - 8 + i * 46, y - 70], [x + 10 + i * 46, y - 108]]), "#fffaf0", 9, { opacity: 0.6 }));

// A glazed pot of a profile with its bare foot and specks.
function pot(seed, cx, profile, colour, foot = 16) {
    const d = lathe(cx, profile), top = profile[0][1], end = profile[profile.length - 1], wide = Math.max(...profile.map((p) => p[0]));
    return solid(d, colour, { dx: wide * 0.24, extra: specks(seed, cx - wide, top, wide * 2, end[1] - top, darker(colour, 0.6)) +
        path(`M${cx - wide} ${end[1] - foot}Q${cx} ${end[1] - foot + end[0] * TILT * 2.2} ${cx + wide} ${end[1] - foot}V${end[1] + 60}H${cx - wide}Z`, darker(bare, 0.04)) });
}

export function mug(c) {
    const profile = [[118, 410], [130, 460], [146, 540], [136, 620], [100, 668]];
    return [shadow(400, 678, 170), line("M522 470C620 440 640 590 528 604", darker(c, 0.17), 34), line("M522 466C612 440 632 586 528 600", c, 26), pot(3, 390, profile, c),
        mouth(390, 410, 118, lighter(c, 0.3), darker(c, 0.42)), ellipse(390, 420, 98, 13, C.tea), shine("M276 480C262 530 262 570 276 606"), steam(352, 380)];
}
export function teapot(c) {
    const profile = [[86, 392], [150, 420], [196, 500], [186, 590], [120, 660]];
    return [shadow(400, 670, 230), line("M216 440C120 420 96 580 226 590", darker(c, 0.17), 32), line("M216 436C128 420 106 574 226 586", c, 23),
        solid("M560 566C610 560 626 470 664 420L706 434C676 520 660 610 566 640Z", darker(c, 0.06), { dx: 18 }), pot(5, 400, profile, c, 14),
        solid(lathe(400, [[26, 340], [76, 366], [92, 396]]), mix(c, darker(c), 0.2), { dx: 26 }), circle(400, 326, 21, C.oak), circle(394, 320, 8, lighter(C.oak, 0.4)),
        shine("M246 480C232 530 238 570 254 596")];
}
export function bowl(c) {
    return [shadow(400, 676, 190), pot(7, 400, [[206, 470], [196, 540], [150, 620], [86, 668]], c, 12), mouth(400, 470, 206, lighter(c, 0.32), darker(c, 0.3), 11),
        inside(`M194 471A206 ${206 * TILT} 0 0 0 606 471A206 ${206 * TILT} 0 0 0 194 471Z`, ellipse(430, 490, 150, 24, darker(c, 0.12))), shine("M226 520C238 560 258 590 280 610")];
}
export function plate(c) {
    const ring = (r, fill) => circle(400, 372, r, fill);
    return [shadow(400, 640, 150, 20), path("M310 640l40-60h100l40 60z", C.oak), ring(236, darker(bare, 0.1)), group(ring(232, bare), { transform: "translate(-5 -4)" }), ring(216, darker(c, 0.14)),
        group(ring(211, c), { transform: "translate(-4 -4)" }), ring(150, lighter(c, 0.22)), specks(11, 210, 190, 380, 370, darker(c, 0.6), 60), path("M286 652h228l-16-30H302z", darker(C.oak, 0.15)),
        shine("M212 330C226 270 262 222 316 196", 9)];
}
export function espresso(c) {
    const cup = (x, y, colour, seed) => [shadow(x, y + 4, 92), pot(seed, x, [[84, y - 166], [88, y - 110], [84, y - 50], [60, y]], colour, 20), mouth(x, y - 166, 84, lighter(colour, 0.3), darker(colour, 0.4), 8),
        ellipse(x, y - 160, 68, 8, C.tea)];
    return [cup(500, 640, C.rain, 4), cup(310, 684, c, 9), steam(290, 480)];
}
export function pitcher(c) {
    return [shadow(400, 684, 160), line("M520 330C640 300 650 540 530 560", darker(c, 0.17), 32), line("M520 326C632 300 640 534 530 556", c, 23),
        pot(13, 400, [[96, 250], [84, 320], [120, 420], [150, 540], [136, 630], [104, 680]], c, 18), mouth(400, 250, 96, lighter(c, 0.3), darker(c, 0.45)),
        path("M306 246C280 236 262 214 256 204C290 204 330 216 352 232Z", c), shine("M290 470C276 530 278 570 288 606")];
}
export function vase(c) {
    const leaf = (x, y, a, s = 1) => turn(a, x, y, path(`M${x} ${y}q${26 * s} ${-26 * s} ${64 * s} 0q${-38 * s} ${26 * s} ${-64 * s} 0`, C.leaf) + line(`M${x} ${y}h${50 * s}`, darker(C.leaf, 0.3), 2));
    const twig = line(curve([[404, 400], [396, 300], [424, 210], [410, 100]]), C.walnut, 7) + line(curve([[412, 250], [450, 205], [500, 180]]), C.walnut, 5) + line(curve([[402, 310], [360, 270], [318, 258]]), C.walnut, 5);
    return [shadow(400, 680, 160), twig, leaf(410, 120, -70), leaf(412, 150, -150, 0.9), leaf(420, 205, -20), leaf(416, 180, 200), leaf(470, 192, -50, 0.9), leaf(498, 180, 0), leaf(450, 206, 40, 0.8),
        leaf(360, 270, -110, 0.8), leaf(322, 260, 170), leaf(346, 264, 120, 0.8), pot(17, 400, [[44, 392], [40, 430], [96, 480], [150, 570], [120, 650], [84, 678]], c, 14),
        mouth(400, 392, 44, lighter(c, 0.3), darker(c, 0.5), 7), shine("M270 540C260 580 270 606 284 626")];
}
export function butter(c) {
    return [shadow(400, 672, 240), solid("M150 620q250 44 500 0l-22 44q-228 36-456 0z", darker(c, 0.06), { dx: 20 }), solid("M206 610V500q0-44 44-48q150-18 300 0q44 4 44 48V610q-194 32-388 0z", c, { dx: 50, extra: specks(8, 200, 440, 400, 190, darker(c, 0.6)) }),
        path("M160 618q240 40 480 0q6 14-4 18q-236 36-472 0q-10-4-4-18z", lighter(c, 0.2)), ellipse(400, 446, 34, 9, darker(c, 0.25)), solid("M372 440q-12-52 28-54q40 2 28 54q-28 10-56 0z", C.cherry, { dx: 14 }), shine("M232 500C232 486 242 478 256 476", 9)];
}
export function eggcups(c) {
    const cup = (x, y, colour, egg, seed) => [shadow(x, y + 2, 84), path(`M${x - 66} ${y - 176}C${x - 62} ${y - 270} ${x + 62} ${y - 270} ${x + 66} ${y - 176}Q${x} ${y - 120} ${x - 66} ${y - 176}Z`, egg), shine(`M${x - 38} ${y - 186}C${x - 36} ${y - 206} ${x - 30} ${y - 218} ${x - 22} ${y - 224}`, 8),
        pot(seed, x, [[76, y - 178], [66, y - 120], [26, y - 70], [34, y - 30], [62, y]], colour, 10)];
    return [cup(510, 640, C.moss, "#f0dcc0", 5), cup(300, 684, c, "#e3b78f", 6)];
}
export function platter(c) {
    const fig = (x, y, s) => solid(`M${x} ${y - 62 * s}c${8 * s} ${22 * s} ${52 * s} ${36 * s} ${48 * s} ${80 * s}c${-2 * s} ${40 * s} ${-94 * s} ${40 * s} ${-96 * s} 0c${-4 * s} ${-44 * s} ${40 * s} ${-58 * s} ${48 * s} ${-80 * s}z`, C.plum, { dx: 14 });
    return [shadow(400, 668, 300), solid("M90 590a310 74 0 0 0 620 0a310 74 0 0 0-620 0z", darker(bare, 0.05), { dx: 10 }), ellipse(400, 580, 306, 68, c), ellipse(400, 584, 250, 48, darker(c, 0.1)),
        inside("M94 580a306 68 0 0 0 612 0a306 68 0 0 0-612 0z", specks(2, 100, 520, 600, 130, darker(c, 0.6), 50)), fig(300, 540, 1), fig(410, 524, 1.08), fig(512, 556, 0.9), path("M560 590a50 34 0 0 1 96-10q-40 30-96 10z", C.plum), path("M570 586a40 24 0 0 1 76-8q-34 20-76 8z", "#e8b7a2"),
        specks(9, 584, 566, 50, 14, C.wine, 14)];
}

// A tea tin; the label's picture is what differs.
function tin(x, y, s, c, picture) {
    const d = drum(0, -300, 0, 118);
    return move(x, y, [shadow(0, 4, 130), solid(d, c, { dx: 46 }), solid(drum(0, -350, -290, 124), darker(c, 0.12), { dx: 48 }), ellipse(0, -350, 124, 124 * TILT, lighter(c, 0.18)), ellipse(0, -352, 96, 96 * TILT, lighter(c, 0.1)),
        inside(d, [rect(-118, -222, 236, 166, C.paper), rect(-118, -222, 236, 6, darker(c, 0.3)), rect(-118, -62, 236, 6, darker(c, 0.3)), picture, path(d, "#3a1e12", { opacity: 0.1, transform: "translate(150 0)" })]),
        line("M-96 -262V-30", "#fffaf0", 8, { opacity: 0.35 })], s === 1 ? "" : ` scale(${s})`);
}
const leafMark = (c) => [path("M-52-108C-40-176 20-196 58-184C60-132 24-92-34-96Z", c), line("M-62-88C-30-122 4-146 40-170", lighter(c, 0.6), 4)];
export const labels = {
    mountain: (c) => [circle(30, -170, 22, C.ochre), path("M-90-84L-26-180L8-132L30-156L90-84Z", c), path("M-44-152L-26-180L-8-152L-26-144Z", C.paper)],
    sunrise: (c) => [path("M-60-92a60 60 0 0 1 120 0z", c), ...[-70, -35, 0, 35, 70].map((a) => turn(a, 0, -92, line("M0-166V-186", c, 8))), line("M-90-92H90", darker(c), 5)],
    leaf: leafMark,
    citrus: (c) => [circle(0, -140, 56, C.ochre), circle(0, -140, 47, "#f8e6b8"), ...[0, 60, 120, 180, 240, 300].map((a) => turn(a, 0, -140, path("M0-146L-16-178Q0-188 16-178Z", C.ochre))), circle(0, -140, 4, c)],
    flower: () => [line("M0-120V-78", C.leaf, 7), ...[0, 45, 90, 135, 180, 225, 270, 315].map((a) => turn(a, 0, -146, ellipse(0, -178, 11, 22, "#fffdf6", { stroke: "#d9c49a", "stroke-width": 2 }))), circle(0, -146, 17, C.ochre)],
};
export const teatin = (c, label, mark = c) => tin(400, 680, 1, c, labels[label](mark));
export function sampler() {
    const set = [[C.moss, "leaf"], [C.rust, "sunrise"], [C.rain, "citrus"], [C.ochre, "flower"], [C.tea, "leaf"], [C.plum, "mountain"]];
    const at = (i, x, y) => tin(x, y, 0.5, set[i][0], labels[set[i][1]](set[i][0]));
    return [shadow(400, 700, 330), [0, 1, 2].map((i) => at(i, 250 + i * 150, 600)), solid("M110 590h580l20 110H90z", C.oak, { dx: 0, extra: grain(6, 100, 600, 600, 100, darker(C.oak, 0.5)) }), rect(124, 590, 552, 26, darker(C.oak, 0.45)),
        [3, 4, 5].map((i) => at(i, 235 + (i - 3) * 165, 664)), solid("M86 640h628l8 74q-322 20-644 0z", lighter(C.oak, 0.12), { dx: 20, extra: grain(4, 80, 640, 640, 76, darker(C.oak, 0.5)) })];
}
export function strainer(c) {
    const mesh = Array.from({ length: 9 }, (_, i) => line(`M${252 + i * 26} 470q${(4 - i) * -6} 70 ${(4 - i) * 12} 130`, darker(c, 0.4), 2, { opacity: 0.7 })).concat([500, 530, 560].map((y, i) => line(`M${240 + i * 22} ${y}q${116 - i * 22} 30 ${232 - i * 44} 0`, darker(c, 0.4), 2, { opacity: 0.7 })));
    return [shadow(380, 676, 190), solid(lathe(356, [[150, 620], [150, 650], [110, 672]]), darker(c, 0.08), { dx: 30 }), mouth(356, 620, 150, lighter(c, 0.3), darker(c, 0.35), 10), inside("M226 470a130 22 0 0 0 260 0q-6 140-130 146q-124-6-130-146z", [path("M200 440h320v200H200z", lighter(c, 0.3)), ...mesh]),
        line("M484 468C560 462 620 440 690 400", darker(c, 0.2), 20), line("M484 464C560 458 620 436 690 396", c, 13), mouth(356, 470, 132, lighter(c, 0.45), darker(c, 0.1), 10), circle(690, 398, 16, c), circle(690, 398, 6, darker(c, 0.5))];
}
export { pot, steam };
