// The picture of the home page: a shelf by a window, with what the shop is about. 960 × 760.
import { COLOURS as C, circle, curve, darker, drum, ellipse, grain, group, inside, lathe, lighter, line, mouth, move, path, rect, solid, specks, turn } from "./kit.mjs";
import { mug, teatin, teapot, vase } from "./shapes-table.mjs";

const range = (count, f) => Array.from({ length: count }, (_, i) => f(i));
const place = (x, y, scale, inner) => group(group(inner, { transform: `translate(${-400} ${-680})` }), { transform: `translate(${x} ${y}) scale(${scale})` });

function view() {
    const d = "M120 520V270a170 170 0 0 1 340 0v250z";
    return [path("M104 520V270a186 186 0 0 1 372 0v250z", "#fbf3e2"), inside(d, [rect(100, 80, 400, 460, "#f7d9a8"), circle(360, 250, 62, "#fdf0cd"), circle(360, 250, 46, C.flame),
        path("M100 430Q180 330 260 396T420 370T520 400V540H100Z", "#d99a6c"), path("M100 470Q200 400 300 450T520 430V540H100Z", "#a9704c"), path("M100 510Q220 440 330 490T520 480V540H100Z", C.moss),
        [[180, 470, 1], [206, 478, 0.7], [404, 474, 0.9]].map(([x, y, s]) => path(`M${x} ${y}q${18 * s} ${-60 * s} 0 ${-96 * s}q${-18 * s} ${36 * s} 0 ${96 * s}`, darker(C.leaf, 0.25)))]),
    line("M290 104V520M120 330H460", "#fbf3e2", 13), rect(84, 512, 412, 22, "#fffaf0", 4), rect(84, 528, 412, 8, darker("#fbf3e2", 0.16))];
}
function books() {
    const one = (x, w, h, c, mark) => [rect(x, 470 - h, w, h, c, 3), rect(x + w - 8, 470 - h, 8, h, darker(c, 0.16), 2), line(`M${x + 8} ${470 - h + 26}h${w - 22}M${x + 8} ${470 - 26}h${w - 22}`, lighter(c, 0.55), 4), mark ? circle(x + w / 2 - 3, 470 - h / 2, 7, lighter(c, 0.5)) : ""];
    return [one(596, 40, 150, C.rust, 1), one(638, 32, 172, C.ink), one(672, 46, 140, C.moss, 1), one(720, 30, 160, C.ochre), turn(12, 760, 470, one(754, 38, 150, C.plum, 1))];
}
function bowls() {
    const one = (y, r, c, seed) => [solid(lathe(0, [[r, y], [r * 0.94, y + 34], [r * 0.6, y + 74], [r * 0.42, y + 88]]), c, { dx: r * 0.24, extra: specks(seed, -r, y, 2 * r, 90, darker(c, 0.6), 18) }), mouth(0, y, r, lighter(c, 0.32), darker(c, 0.3), 7)];
    return move(690, 640, [ellipse(14, 30, 104, 13, "#3a1e12", { opacity: 0.16 }), one(-62, 104, C.rain, 3), one(-104, 100, C.chalk, 4), one(-146, 96, C.rust, 5)]);
}
function blanket() {
    const fold = (y, w, c) => solid(`M${24} ${y}H${w}q5 24 0 48H24q-24 0-24-24t24-24z`, c, { dx: 0, dy: 12, deep: 0.14, extra: [rect(w - 70, y, 9, 48, lighter(c, 0.5)), rect(w - 50, y, 5, 48, lighter(c, 0.5))] });
    return move(36, 622, [fold(-10, 220, C.sea), fold(-58, 214, C.ochre), range(14, (i) => line(`M214 ${-50 + i * 2.6}l${16 + i * 7 % 6} ${i % 3 - 1}`, lighter(C.ochre, 0.2), 3))]);
}

export function hero() {
    const wall = "#eccfb4";
    return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 760" width="960" height="760">` + [
        rect(0, 0, 960, 760, wall), path("M476 200L900 60V470L476 520Z", lighter(wall, 0.28)), view(),
        rect(560, 470, 340, 22, C.oak, 4), rect(560, 484, 340, 8, darker(C.oak, 0.25)), path("M600 492h14v26q-14 0-14-14zM840 492h14v12q0 14-14 14z", darker(C.oak, 0.35)), books(), place(856, 470, 0.36, teatin(C.rain, "leaf", C.leaf)),
        rect(0, 640, 960, 120, C.oak), inside("M0 640H960V760H0Z", grain(12, 0, 650, 960, 110, darker(C.oak, 0.5), 5)), rect(0, 632, 960, 14, lighter(C.oak, 0.24)),
        blanket(), place(528, 662, 0.6, vase(C.ink)), place(318, 676, 0.62, teapot(C.moss)), bowls(), place(856, 696, 0.48, mug(C.sand)),
    ].flat(9).join("") + "</svg>\n";
}
