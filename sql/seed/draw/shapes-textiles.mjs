// Textiles: folds are rounded slabs; weave is lines across them.
import { COLOURS as C, circle, curve, darker, ellipse, grain, group, inside, lighter, line, mix, move, path, rect, shadow, shine, solid, turn } from "./kit.mjs";

const range = (count, f) => Array.from({ length: count }, (_, i) => f(i));
// One fold of cloth: a slab with a round left edge.
const fold = (x, y, w, h, c, extra = "") => solid(`M${x + h / 2} ${y}H${x + w}q6 ${h / 2} 0 ${h}H${x + h / 2}q${-h / 2} 0 ${-h / 2} ${-h / 2}t${h / 2} ${-h / 2}z`, c, { dx: 0, dy: h * 0.24, deep: 0.14, extra });

export function blanket(c) {
    const band = lighter(c, 0.55);
    const stripes = (x, y, h) => [520, 552, 570].map((at, i) => rect(x + at - 120, y, i === 1 ? 8 : 14, h, band));
    const fringe = (y) => range(30, (i) => line(`M668 ${y + i * 2.1}q${18 + (i * 7) % 11} ${(i % 3) - 1} ${34 + (i * 5) % 9} ${(i % 5) - 2}`, lighter(c, 0.12), 3.5));
    return [shadow(400, 694, 310, 26), [600, 508, 416].map((y, i) => [fold(132 + i * 8, y, 540 - i * 6, 90, c, stripes(132, y, 90)), i === 1 ? "" : fringe(y + 14)]), line("M176 464h430", darker(c, 0.25), 2, { "stroke-dasharray": "3 9", opacity: 0.6 }),
        solid("M240 418c30-26 300-26 330-2c-10 16-300 18-330 2z", darker(c, 0.08), { dx: 20 })];
}
export function cushion(c) {
    const d = "M190 250c70 26 350 26 420 0c26-8 34 8 28 30c-20 90-20 250 4 350c6 26-8 38-32 30c-90-24-330-24-420 0c-24 8-38-4-32-30c22-100 24-260 4-350c-6-22 2-38 28-30z";
    return turn(-5, 400, 450, [shadow(400, 668, 240, 26), solid(d, c, { dx: 44, dy: 16, extra: [range(5, (i) => line(`M${256 + i * 72} 250V670`, lighter(c, 0.35), i % 2 ? 4 : 12, { opacity: 0.5 })), line("M200 280C230 300 240 330 244 350M606 280C578 300 566 330 562 350", darker(c, 0.4), 5, { opacity: 0.35 })] }), line("M206 268c70 24 318 24 388 0", lighter(c, 0.3), 3, { "stroke-dasharray": "2 9" })]);
}
export function teatowels(c) {
    const one = (x, y, w, h, base) => solid(`M${x} ${y + 10}q${w / 2} -20 ${w} 0v${h}q${-w / 2} 18 ${-w} 0z`, base, { dx: 26, dy: 0, deep: 0.1, extra: [range(3, (i) => rect(x + 26 + i * 22, y - 20, i === 1 ? 10 : 5, h + 60, c)), range(3, (i) => rect(x - 10, y + h - 70 + i * 22, w + 20, i === 1 ? 10 : 5, c, 0, { opacity: 0.85 }))] });
    return [rect(90, 176, 620, 18, C.oak, 9), circle(90, 185, 17, C.brass), circle(710, 185, 17, C.brass), one(190, 178, 190, 380, C.paper), one(420, 178, 200, 300, mix(C.paper, C.natural, 0.35)), path("M180 172h210v30q-105-14-210 0zM410 172h220v30q-110-14-220 0z", "#fffaf0", { opacity: 0.5 })];
}
export function napkins(c) {
    const other = darker(c, 0.12);
    return [shadow(400, 680, 280, 30), range(4, (i) => solid(`M${140 + i * 5} ${640 - i * 44}L${400} ${580 - i * 44}L${660 - i * 5} ${640 - i * 44}L400 ${706 - i * 44}Z`, i % 2 ? other : c, { dx: 0, dy: 10, deep: 0.12 })), line("M186 508L400 458L614 508", lighter(c, 0.5), 3, { "stroke-dasharray": "7 7" }),
        turn(-12, 400, 510, [line("M400 372C404 440 404 480 402 560", C.leaf, 6), range(7, (i) => [turn(-40, 402, 400 + i * 22, ellipse(424, 400 + i * 22, 24, 7, C.leaf)), turn(220, 402, 400 + i * 22, ellipse(424, 400 + i * 22, 24, 7, darker(C.leaf, 0.15)))])]), line("M330 530q70 24 140-6", C.rust, 7)];
}
export function runner(c) {
    return [path("M60 470L740 470L800 720H0Z", C.oak), inside("M60 470L740 470L800 720H0Z", grain(8, 0, 470, 800, 250, darker(C.oak, 0.5), 8)), path("M0 720H800V800H0Z", darker(C.oak, 0.25)), path("M250 470H550L590 720H210Z", c), path("M210 720h380l-6 62q-184 12-368 0z", darker(c, 0.14)),
        line("M266 470L232 720M534 470L568 720", C.rust, 7), range(20, (i) => line(`M${226 + i * 18.5} 786v${16 + i % 3 * 4}`, darker(c, 0.14), 4)), shadow(400, 600, 90), solid("M316 520q84 30 168 0c4 60-30 96-84 96s-88-36-84-96z", C.rain, { dx: 28 }), ellipse(400, 520, 84, 16, lighter(C.rain, 0.3)), ellipse(400, 522, 74, 12, darker(C.rain, 0.3)),
        circle(370, 506, 30, C.ochre), circle(428, 502, 34, C.rust), circle(398, 492, 28, "#c8923a")];
}
export function bedding(c) {
    return [shadow(400, 700, 310, 26), fold(110, 610, 580, 86, c, line("M150 676H690", lighter(c, 0.5), 3)), fold(124, 522, 560, 86, darker(c, 0.06)), line("M420 612v-88", darker(c, 0.3), 0), solid("M160 530C130 450 140 370 190 372C300 392 500 392 606 372C660 366 676 450 644 530C560 512 250 512 160 530Z", lighter(c, 0.2), { dx: 36, dy: 10, deep: 0.15, extra: [line("M194 396C210 420 214 440 212 460M606 396C590 420 588 440 590 460M300 400q20 20 60 22", darker(c, 0.4), 4, { opacity: 0.4 })] }),
        range(4, (i) => circle(664 - (i % 2) * 3, 540 + i * 16, 0, c)), range(3, (i) => circle(300 + i * 90, 654, 9, darker(c, 0.28)))];
}
export function socks(c) {
    const one = (x, y, a) => turn(a, x, y, [solid(`M${x} ${y}h124v236c0 40 20 58 74 74c60 18 60 96-10 98H${x + 70}c-60 0-84-50-80-110z`.replace(/h124/, "h124"), c, { dx: 26, extra: [rect(x - 20, y - 6, 200, 70, C.paper), range(3, (i) => rect(x - 20, y + 8 + i * 20, 200, 9, C.rust)), path(`M${x - 20} ${y + 300}q50-70 110 0v130h-140z`, C.rust, { opacity: 0.75 }), path(`M${x + 190} ${y + 300}h60v120h-70q40-60 10-120z`, C.rust, { opacity: 0.75 }), range(9, (i) => line(`M${x + 10 + i * 14} ${y + 76}v220`, darker(c, 0.3), 2, { opacity: 0.35 }))] })]);
    return [shadow(420, 672, 230), one(390, 230, 6), one(230, 250, -4)];
}
export function tote(c) {
    const d = "M196 330H604L632 680q-232 24-464 0Z";
    return [shadow(400, 690, 250), line("M300 340C290 170 350 130 400 130S510 170 500 340", darker(c, 0.25), 16), range(3, (i) => turn(-14 + i * 7, 300, 340, [line(`M300 360V240`, "#e9e3cb", 26), path("M286 250q-30-90 4-150q12 60 10 150zM300 250q10-100 44-130q-4 70-22 130z", [C.leaf, darker(C.leaf, 0.15), lighter(C.leaf, 0.15)][i])])), turn(16, 480, 330, [solid("M440 380V214q0-44 40-44t40 44v166z", "#cf9650", { dx: 14 }), range(3, (i) => line(`M460 ${220 + i * 44}l34 16`, "#f0cf9a", 8))]),
        solid(d, c, { dx: 50, dy: 0, extra: [path("M196 330H604V352H196Z", darker(c, 0.14)), path("M400 448a66 66 0 0 1 66 66v76h-30v-76a36 36 0 0 0-72 0v76h-30v-76a66 66 0 0 1 66-66z", darker(c, 0.55)), circle(400, 578, 14, darker(c, 0.55))] }), line("M316 330C310 400 310 440 318 470M484 330C490 400 490 440 482 470", darker(c, 0.3), 15, { opacity: 0 })];
}
export function throwrug(c) {
    const cell = range(12, (i) => line(`M${236 + i * 29} 170V640`, darker(c, 0.28), 3, { opacity: 0.5 })).concat(range(17, (i) => line(`M220 ${184 + i * 29}H580`, darker(c, 0.28), 3, { opacity: 0.5 })));
    return [line("M150 720L210 150M650 720L590 150", C.walnut, 15), rect(170, 160, 460, 18, C.walnut, 9), rect(160, 420, 480, 14, C.walnut, 7), solid("M222 168q178-26 356 0v440q-178 24-356 0z", c, { dx: 70, dy: 0, deep: 0.13, extra: cell }), range(26, (i) => line(`M${228 + i * 13.6} 612v${26 + (i * 7) % 9}`, c, 5)), shadow(400, 724, 280, 14)];
}
