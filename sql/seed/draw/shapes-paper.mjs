// Paper, ink and books.
import { COLOURS as C, circle, curve, darker, drum, ellipse, grain, group, inside, lathe, lighter, line, mix, mouth, move, path, rect, shadow, shine, solid, turn } from "./kit.mjs";

const range = (count, f) => Array.from({ length: count }, (_, i) => f(i));

export function notebook(c) {
    return [turn(-7, 400, 440, [rect(236, 168, 372, 520, "#3a1e12", 16, { opacity: 0.14 }), rect(226, 164, 366, 514, C.paper, 10), range(4, (i) => line(`M590 ${180 + i}V${672 - i}`, C.natural, 1)), solid("M222 146h340q18 0 18 18v490q0 18-18 18H222q-14 0-14-14V160q0-14 14-14z", c, { dx: 14, dy: 0, deep: 0.1, extra: [rect(200, 140, 52, 560, darker(c, 0.22)), range(30, (i) => line(`M258 ${156 + i * 18}h320`, lighter(c, 0.3), 1.5, { opacity: 0.25 }))] }), rect(316, 232, 176, 104, C.paper, 4), line("M340 270h128M340 296h90", darker(c, 0.3), 5), path("M470 672v70l14-16l14 16v-70z", C.rust)]),
        turn(34, 600, 560, [rect(590, 330, 22, 330, C.oak, 3), path("M590 660h22l-11 36z", lighter(C.oak, 0.5)), path("M597 683h8l-4 13z", C.coal), rect(590, 312, 22, 26, C.rust, 4)])];
}
export function pen(c) {
    return [path("M110 610L600 520L740 690L200 770Z", C.paper), path("M110 610L600 520L740 690L200 770Z", "none", { stroke: C.natural, "stroke-width": 3 }), line(curve([[220, 660], [270, 628], [280, 676], [330, 636], [350, 668], [400, 624], [420, 650]]), C.ink, 7), turn(-42, 400, 420, [path("M160 430h560v24H160z", "#3a1e12", { opacity: 0 }), solid("M300 386h330q60 4 76 34q-16 30-76 34H300z", c, { dx: 0, dy: 20, extra: grain(4, 300, 386, 400, 70, darker(c, 0.5), 4) }), rect(286, 384, 26, 72, C.brass, 4), path("M286 392L206 404V436L286 448Z", C.iron), path("M206 402C170 402 140 412 112 420C140 428 170 438 206 438Z", lighter(C.steel, 0.4)), line("M112 420H176", C.iron, 3), circle(178, 420, 6, C.iron), rect(560, 384, 14, 72, C.brass, 3)])];
}
export function ink(c) {
    return [shadow(400, 682, 200), solid("M246 470q0-40 44-44h220q44 4 44 44v160q0 46-44 48H290q-44-2-44-48z", "#dfe9ea", { dx: 30, deep: 0.1, extra: [path("M262 500q138 20 276 0v130q0 34-34 34H296q-34 0-34-34z", c), path("M262 500q138 20 276 0v16q-138 20-276 0z", lighter(c, 0.25))] }), rect(340, 380, 120, 56, "#cfdcdd", 8), solid(drum(400, 306, 392, 74), C.iron, { dx: 26 }), ellipse(400, 306, 74, 12, lighter(C.iron, 0.25)), rect(310, 524, 180, 100, C.paper, 4), line("M336 556h128M360 582h80", c, 6), shine("M270 480V620", 9),
        path("M610 664c40-6 84 6 74 26c-10 18-90 18-100 2c-4-12 8-24 26-28z", c), circle(570, 706, 9, c)];
}
export function pencils() {
    const set = [C.rust, C.ochre, C.moss, C.rain, C.ink, C.rust, C.ochre, C.moss, C.rain, C.ink, C.wine];
    return turn(-6, 400, 450, [shadow(400, 690, 250, 30), range(11, (i) => [path(`M${214 + i * 34} ${250 - (i % 3) * 10}l17-58l17 58z`, "#efd3a5"), path(`M${225 + i * 34} ${211 - (i % 3) * 10}l6-20l6 20z`, set[i]), rect(214 + i * 34, 248 - (i % 3) * 10, 34, 260, set[i]), rect(214 + i * 34 + 23, 248 - (i % 3) * 10, 11, 260, darker(set[i], 0.2))]), solid("M190 400H610V680H190Z", C.natural, { dx: 0, dy: 0, extra: [rect(190, 400, 420, 12, darker(C.natural, 0.2)), rect(500, 400, 120, 300, "#3a1e12", 0, { opacity: 0.06 })] }), rect(250, 470, 300, 130, C.paper, 4),
        path("M400 488c30 30 40 50 14 66c-4-10-6-14-14-20c-8 6-10 10-14 20c-26-16-16-36 14-66z", C.moss), line("M400 520v60", C.moss, 6)]);
}
export function letters() {
    return [turn(7, 420, 400, [rect(232, 150, 380, 470, "#3a1e12", 0, { opacity: 0.12 }), path("M224 142" + "q12-5 24 0t24 0".repeat(8) + "V610" + "q-12 5-24 0t-24 0".repeat(8) + "Z", "#fffaf0"), range(5, (i) => line(curve([[280, 220 + i * 44], [360, 214 + i * 44], [440, 222 + i * 44], [540 - (i % 3) * 50, 218 + i * 44]]), C.ink, 4, { opacity: 0.7 }))]),
        turn(-8, 360, 560, [rect(128, 452, 470, 268, "#3a1e12", 8, { opacity: 0.14 }), rect(120, 440, 470, 268, "#ecdcc2", 6), path("M120 446L355 600L590 446V704H120Z", "#f3e6d0"), path("M120 706L300 560M590 706L410 560", "none", { stroke: darker("#ecdcc2", 0.14), "stroke-width": 4 }), path("M120 442L355 606L590 442Z", "#f9efdd", { stroke: darker("#ecdcc2", 0.14), "stroke-width": 4 }), circle(355, 596, 38, C.wine), circle(355, 596, 27, lighter(C.wine, 0.15)), path("M342 606v-12a13 13 0 0 1 26 0v12h-7v-12a6 6 0 0 0-12 0v12z", "#f3d9cf")])];
}
export function calendar() {
    const moon = (x, y, part) => [circle(x, y, 20, "#f3e3c3"), part ? circle(x + part * 10, y, 20 - Math.abs(part) * 0.6, C.night) : ""];
    return [rect(214, 130, 380, 560, "#3a1e12", 0, { opacity: 0.14 }), rect(206, 122, 380, 560, C.night), circle(396, 260, 92, "#f3e3c3"), circle(368, 236, 15, darker("#f3e3c3", 0.1)), circle(420, 286, 22, darker("#f3e3c3", 0.1)), circle(430, 226, 10, darker("#f3e3c3", 0.1)), range(28, (i) => moon(252 + (i % 7) * 48, 412 + Math.floor(i / 7) * 58, ((i + 3) % 14 - 7) * 0.55)), rect(190, 110, 412, 20, C.oak, 6), rect(190, 674, 412, 20, C.oak, 6), line("M240 112L396 50L552 112", C.walnut, 5), circle(396, 50, 9, C.brass),
        [[236, 170], [540, 190], [280, 330], [520, 350], [250, 260]].map(([x, y]) => circle(x, y, 3.5, C.wax))];
}
export function scissors() {
    const blade = (a, s) => turn(a, 400, 470, [path(`M388 480L${400 - s * 6} 110q${s * 26} 40 ${s * 22} 370z`, s > 0 ? lighter(C.steel, 0.35) : C.steel), line(`M${400 + s * 4} 500C${400 + s * 10} 540 ${400 + s * 20} 560 ${400 + s * 40} 590`, C.coal, 26), ellipse(400 + s * 66, 650, 50, 70, "none", { stroke: C.coal, "stroke-width": 25, transform: `rotate(${s * -24} ${400 + s * 66} 650)` })]);
    return turn(24, 400, 440, [blade(9, -1), blade(-9, 1), circle(400, 476, 17, C.brass), line("M392 476h16", darker(C.brass, 0.5), 4)]);
}
export function ruler(c) {
    return [turn(-30, 400, 430, [rect(68, 384, 680, 104, "#3a1e12", 6, { opacity: 0.16 }), rect(60, 370, 680, 104, c, 6), rect(60, 370, 680, 26, lighter(c, 0.3), 6), range(41, (i) => line(`M${80 + i * 16} 474v${i % 10 ? (i % 5 ? -16 : -28) : -42}`, darker(c, 0.6), 3)), circle(714, 400, 12, "#e6c4ab")]), turn(-30, 400, 560, [rect(230, 606, 300, 22, C.rust, 3), path("M530 606v22l40-11z", "#efd3a5"), path("M557 613v8l13-4z", C.coal), rect(210, 606, 26, 22, C.steel), rect(194, 606, 18, 22, "#e3a79a", 4)])];
}

// A book, standing and turned a little; its cover is what differs.
function book(c, cover, spine = darker(c, 0.24)) {
    return [shadow(410, 694, 220, 20), path("M232 150L262 132H604L574 150Z", C.paper), range(3, (i) => line(`M${240 + i * 8} ${146 - i * 5}H${582 + i * 8}`, C.natural, 2)), path("M574 150L604 132V664L574 690Z", darker(c, 0.32)), path("M232 150H574V690H232Z", c), path("M210 156Q220 150 232 150V690Q218 690 210 684Z", spine), inside("M232 150H574V690H232Z", cover), rect(232, 150, 20, 540, spine, 0, { opacity: 0.55 }), line("M262 172H554V668H262Z", lighter(c, 0.5), 2, { opacity: 0.6 })];
}
const titleLines = (c) => [line("M320 224H490M348 256H462", c, 9), line("M370 634H440", c, 6)];
export const covers = {
    bowl: () => book(C.rust, [titleLines("#f8e6d0"), circle(404, 460, 116, lighter(C.rust, 0.2)), path("M306 470h196c4 64-40 104-98 104s-102-40-98-104z", "#f8e6d0"), ellipse(404, 470, 98, 18, darker(C.rust, 0.4)), [370, 410, 450].map((x) => line(curve([[x, 440], [x + 12, 414], [x - 6, 386], [x + 8, 358]]), "#f8e6d0", 7))]),
    loaf: () => book(C.ochre, [titleLines(C.walnut), circle(404, 460, 122, C.paper), circle(404, 460, 98, "#b9742f"), circle(398, 452, 92, "#cf9650"), line("M350 430q54-50 108-4M344 470q60-50 120-4M360 510q46-36 92-2", C.paper, 11)]),
    needle: () => book(C.rain, [titleLines("#fffaf0"), line(curve([[300, 560], [380, 520], [330, 440], [430, 420], [420, 500], [500, 470], [470, 380], [496, 350]]), C.wine, 7), turn(40, 480, 360, [path("M474 330q6-14 12 0V560l-6 16l-6-16z", "#fffaf0"), ellipse(480, 348, 3, 12, C.rain)])]),
    cup: () => book(C.moss, [titleLines("#f1e9dc"), path("M306 440h180c0 80-30 130-90 130s-90-50-90-130z", "#f1e9dc"), line("M486 460c60-10 60 70-8 70", "#f1e9dc", 13), ellipse(396, 440, 90, 14, C.tea), path("M380 400c-6-50 24-74 70-78c4 44-18 74-70 78z", lighter(C.moss, 0.5)), line("M372 410C390 376 410 356 434 338", C.moss, 4)]),
    plant: () => book("#d9cfae", [titleLines(C.leaf), path("M344 500h120l-18 104h-84z", C.rust), rect(334, 486, 140, 26, darker(C.rust, 0.14), 4), line("M404 486V370", C.leaf, 8), [[-1, 440], [1, 420], [-1, 390], [1, 372]].map(([s, y]) => path(`M404 ${y}q${s * 20} ${-46} ${s * 84} ${-40}q${s * -14} 50 ${s * -84} 40z`, s > 0 ? C.leaf : darker(C.leaf, 0.12)))], C.leaf),
    window: () => book(C.ink, [titleLines("#f3e3c3"), path("M314 580V420a90 90 0 0 1 180 0v160z", C.wax), circle(440, 440, 40, "#fff2cf"), path("M314 520q60-40 100-10t80-8v78H314z", C.rust), line("M404 330V580M314 460H494", C.ink, 9)]),
};
