// Kitchen: wood, steel, iron, glass and cloth.
import { COLOURS as C, TILT, circle, curve, darker, drum, ellipse, grain, group, inside, lathe, lighter, line, mouth, move, path, rect, shadow, shine, solid, turn } from "./kit.mjs";

export function board(c) {
    const d = "M226 250q174-14 348 0q22 2 24 26v340q0 30-30 32q-168 10-336 0q-30-2-30-32V276q2-24 24-26z";
    return turn(-4, 400, 640, [path("M360 250v-110q0-32 40-32t40 32v110z", darker(c, 0.12)), path("M360 250v-110q0-32 36-32t36 32v110z", c), circle(397, 146, 15, "#ecdcc2"), solid(d, c, { dx: 16, dy: 0, extra: turn(90, 400, 450, grain(3, 190, 250, 420, 400, darker(c, 0.5), 9)) })]) +
        group([path("M470 690c-40-60-30-130 26-150c56-14 96 40 84 96c-10 46-60 74-110 54z", C.leaf), line("M520 560C510 620 500 660 480 684", lighter(C.leaf, 0.5), 5), path("M560 700c-20-50 0-100 46-104c44 0 60 50 40 80c-16 26-56 36-86 24z", darker(C.leaf, 0.15)), line("M606 612C596 650 582 680 568 694", lighter(C.leaf, 0.4), 4)]);
}
export function breadknife(c) {
    return [shadow(400, 640, 300, 22), turn(-24, 400, 440, [path("M70 410H500V470H120C96 470 76 440 70 410Z", lighter(C.steel, 0.4)), path("M70 410H500V428H74Z", darker(C.steel, 0.1)),
        path("M120 470" + "q14 16 28 0".repeat(13) + "V452H112Z", C.steel), rect(490, 404, 30, 72, C.brass, 6), solid("M516 400q110-12 190 4q34 8 34 36t-34 34q-90 12-190 2z", c, { dx: 0, dy: 20, extra: grain(5, 510, 400, 230, 76, darker(c, 0.5), 4) }), [570, 630, 690].map((x) => circle(x, 438, 6, C.brass))]),
        solid("M470 560c60-40 180-30 220 20c34 44 20 104-20 118q-110 16-200-2c-50-20-50-100 0-136z", "#cf9650", { dx: 18 }), [540, 590, 640].map((x, i) => line(`M${x} ${566 + i * 4}q-16 24-8 52`, "#f0cf9a", 9))];
}
export function paring(c) {
    return [shadow(390, 660, 200, 18), turn(-38, 400, 460, [path("M190 420H420V478H300C250 478 210 450 190 420Z", lighter(C.steel, 0.45)), path("M190 420H420V434H202Z", darker(C.steel, 0.08)), rect(412, 414, 22, 68, C.brass, 5), solid("M430 410q110-14 190 8q26 10 26 34t-26 32q-90 16-190 2z", c, { dx: 0, dy: 18, extra: grain(9, 430, 410, 220, 76, darker(c, 0.5), 4) }), [480, 540].map((x) => circle(x, 450, 6, C.brass))]),
        solid("M480 560c70-10 120 30 116 76c-6 50-60 66-112 62c-60-6-90-40-84-80c6-36 40-56 80-58z", "#c8483a", { dx: 22 }), line("M486 566q4-30 24-40", C.walnut, 7), path("M506 540q40-30 70-4q-34 24-70 4z", C.leaf), shine("M424 600q6-16 22-22", 9)];
}
export function pan(c) {
    return [shadow(380, 690, 250, 40), turn(-32, 360, 540, [solid("M560 520h190q30 0 30 22t-30 22H560z", darker(c, 0.1), { dx: 0, dy: 12 }), circle(752, 542, 9, "#e6c4ab")]), circle(340, 530, 208, darker(c, 0.4)), circle(336, 524, 204, lighter(c, 0.12)), circle(338, 530, 184, darker(c, 0.15)), circle(338, 534, 160, c),
        group([path("M300 450c60-30 130 0 140 60c8 60-50 100-106 94c-66-4-100-56-86-104c8-26 26-40 52-50z", "#fffaf0"), circle(346, 524, 44, C.flame), circle(336, 514, 14, "#ffd58a")]), line("M178 430C216 366 270 334 330 328", lighter(c, 0.4), 7, { opacity: 0.5 })];
}
export function spoons(c) {
    const handle = (x) => `M${x - 13} 330L${x - 18} 690q18 12 36 0L${x + 13} 330z`;
    const one = (x, a, head) => turn(a, x, 690, [solid(handle(x), c, { dx: 10, dy: 0 }), solid(head(x), c, { dx: 24, extra: turn(90, x, 250, grain(x, x - 130, 190, 260, 120, darker(c, 0.5), 4)) })]);
    return [one(330, -9, (x) => `M${x} 130c56 0 74 60 70 110c-4 60-40 100-70 100s-66-40-70-100c-4-50 14-110 70-110z`), one(480, 9, (x) => `M${x - 62} 140q60-20 124 0l-8 150q-10 50-54 56q-44-6-54-56z`), one(404, 0, (x) => `M${x} 170c44 0 58 46 55 86c-3 46-32 78-55 78s-52-32-55-78c-3-40 11-86 55-86z`), ellipse(404, 250, 36, 54, darker(c, 0.16)),
        shadow(404, 700, 130), solid(drum(404, 470, 690, 126, 112), C.chalk, { dx: 34, extra: [rect(270, 540, 280, 26, C.rain), rect(270, 580, 280, 10, C.rain)] }), ellipse(404, 470, 126, 21, "none", { stroke: lighter(C.chalk, 0.6), "stroke-width": 8 })];
}
export function rollingpin(c) {
    const dough = "M130 600c60-70 200-90 320-76c120 10 230 40 226 90c-4 60-160 84-300 80c-160 0-290-34-246-94z";
    return [path(dough, darker("#f2dfba", 0.1), { transform: "translate(8 12)" }), path(dough, "#f2dfba"), turn(-18, 400, 520, [path("M70 560q330 70 660 0v20q-330 70-660 0z", "#3a1e12", { opacity: 0.14 }), solid("M60 520q0-24 30-30q310-44 620 0q30 6 30 30t-30 30q-310 44-620 0q-30-6-30-30z", c, { dx: 0, dy: 26, extra: grain(7, 60, 466, 680, 110, darker(c, 0.45), 6) })]),
        [[210, 650], [250, 676], [620, 660], [580, 690]].map(([x, y]) => circle(x, y, 5, "#fffaf0"))];
}
export function jar(c) {
    const glass = "M262 300q-16 6-16 40V630q0 44 44 46q110 10 220 0q44-2 44-46V340q0-34-16-40z";
    const beans = []; let s = 7;
    for (let y = 480; y < 680; y += 24) for (let x = 256; x < 560; x += 40) { s = (s * 73 + 41) % 101; beans.push(turn(s * 3.5, x + s % 17, y, ellipse(x + s % 17, y, 22, 13, [C.wine, C.rust, "#9a4a34"][s % 3]))); }
    return [shadow(400, 682, 190), path(glass, "#eef4f1", { opacity: 0.75 }), inside(glass, [path("M230 486q170-40 340 0v220H230z", darker(C.wine, 0.2)), ...beans, path(glass, "#3a1e12", { opacity: 0.1, transform: "translate(250 0)" })]), line("M276 350V600", "#fffaf0", 14, { opacity: 0.7 }), path(glass, "none", { stroke: "#fffaf0", "stroke-width": 6, opacity: 0.8 }),
        rect(266, 284, 268, 20, C.rust, 10), solid("M250 214q150-14 300 0q14 2 14 18v38q0 16-14 18q-150 12-300 0q-14-2-14-18v-38q0-16 14-18z", c, { dx: 0, dy: 16, extra: grain(5, 236, 206, 330, 84, darker(c, 0.5), 4) })];
}
export function apron(c) {
    return [rect(120, 128, 560, 16, C.walnut, 8), [220, 400, 580].map((x) => path(`M${x - 7} 136h14v34q0 14-12 14t-14-12h8q6 6 8-2z`, darker(C.brass, 0.1))), line("M330 330C330 260 380 190 400 178C420 190 470 260 470 330", darker(c, 0.25), 16),
        solid("M318 318q82 30 164 0q4 96 96 120l16 270q-194 40-388 0l16-270q92-24 96-120z", c, { dx: 60, dy: 0, extra: [path("M300 470h200v120q-100 20-200 0z", darker(c, 0.08)), line("M300 470h200v120q-100 20-200 0z", darker(c, 0.28), 3, { "stroke-dasharray": "9 7" }), line("M430 474V596", darker(c, 0.28), 3, { "stroke-dasharray": "9 7" }), line("M262 500C250 580 256 640 250 706M540 500C552 580 546 640 556 706", darker(c, 0.2), 4, { opacity: 0.5 })] }),
        line("M222 446C180 470 160 540 172 620M578 446C620 470 640 540 628 620", darker(c, 0.2), 14), path("M456 420v70h12v-70q-6-26-12 0z", C.ochre), path("M456 490h12l-6 14z", C.coal)];
}
export function kettle(c) {
    return [shadow(400, 684, 230), line("M250 430C230 200 570 200 550 430", darker(C.iron, 0.1), 13), line("M322 272Q400 242 478 272", C.beech, 30), line("M322 266Q400 236 478 266", lighter(C.beech, 0.3), 6), solid("M560 560C620 540 640 450 700 420L724 448C700 520 670 620 556 640Z", darker(c, 0.05), { dx: 16 }),
        solid(lathe(400, [[120, 410], [178, 470], [208, 570], [200, 640], [184, 672]]), c, { dx: 50 }), path("M204 640Q400 706 596 640L586 676Q400 716 214 676Z", C.coal), solid(lathe(400, [[40, 372], [104, 390], [122, 414]]), c, { dx: 30 }), line("M280 414q120 34 240 0", C.coal, 5), circle(400, 362, 20, C.beech), shine("M244 540C240 490 266 460 282 446", 12)];
}
