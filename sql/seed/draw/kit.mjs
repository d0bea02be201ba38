// The drawing kit: colours, paths and the one way of shading that holds the pictures of the demo shop together.
// A picture is 800 × 800: a wall, a table from y = 600 down, one object that stands on about y = 680.

export const COLOURS = {
    sand: "#d8bd94", moss: "#71835a", rain: "#7e9ba6", rust: "#bb5b3b", chalk: "#f1e9dc", ink: "#36445c", ochre: "#d39c3f", cream: "#f3e3c3",
    natural: "#dccbac", oak: "#bd8d58", walnut: "#7d5436", cherry: "#a9623f", beech: "#dab283", brass: "#c99c43", steel: "#aeb4b4", iron: "#3b3c42",
    clay: "#c98d67", leaf: "#5f7d4c", wax: "#e6b450", paper: "#f8f1e3", wine: "#7f2f36", night: "#2b3350", mint: "#8db89c", plum: "#78506a",
    sea: "#3f7280", straw: "#d9b573", coal: "#2a2a2e", tea: "#8a4f2a", flame: "#f2a33c",
};
export const WALLS = {
    oat: ["#ebdfca", "#dcc9ab"], blush: ["#efd6c6", "#ddb9a2"], sage: ["#d9ddc7", "#c0c7a6"], mist: ["#d5e0e2", "#b7c9cd"], butter: ["#f3e2b6", "#e2c887"],
    clay: ["#e6c4ab", "#d1a283"], dusk: ["#cfc8d6", "#b2a8bd"], night: ["#3c4660", "#2d354b"], pine: ["#a9b9a5", "#8a9f88"],
};

const channels = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
export function mix(a, b, part) {
    const [x, y] = [channels(a), channels(b)];
    return "#" + x.map((v, i) => Math.round(v + (y[i] - v) * part).toString(16).padStart(2, "0")).join("");
}
export const darker = (c, part = 0.2) => mix(c, "#3a1e12", part);
export const lighter = (c, part = 0.3) => mix(c, "#fff8ea", part);

const n = (v) => String(Math.round(v * 10) / 10);
const attributes = (o) => Object.entries(o).map(([k, v]) => ` ${k}="${typeof v === "number" ? n(v) : v}"`).join("");
export const tag = (name, o, inner) => `<${name}${attributes(o)}${inner === undefined ? "/>" : `>${inner}</${name}>`}`;
export const path = (d, fill, o = {}) => tag("path", { d, fill, ...o });
export const line = (d, stroke, width, o = {}) =>
    tag("path", { d, fill: "none", stroke, "stroke-width": width, "stroke-linecap": "round", "stroke-linejoin": "round", ...o });
export const ellipse = (cx, cy, rx, ry, fill, o = {}) => tag("ellipse", { cx, cy, rx, ry, fill, ...o });
export const circle = (cx, cy, r, fill, o = {}) => tag("circle", { cx, cy, r, fill, ...o });
export const rect = (x, y, width, height, fill, rx = 0, o = {}) => tag("rect", { x, y, width, height, rx, fill, ...o });
export const group = (inner, o = {}) => tag("g", o, [inner].flat(9).join(""));
export const move = (x, y, inner, more = "") => group(inner, { transform: `translate(${n(x)} ${n(y)})${more}` });
export const turn = (degrees, cx, cy, inner) => group(inner, { transform: `rotate(${n(degrees)} ${n(cx)} ${n(cy)})` });

// Ids must differ within one picture only; the counter is reset by scene().
let clips = 0;
export function inside(d, inner) {
    const id = `c${++clips}`;
    return `<clipPath id="${id}"><path d="${d}"/></clipPath>` + group(inner, { "clip-path": `url(#${id})` });
}

// The house style: a flat shape with a crescent of shade on its right, as light falls from the upper left.
export function solid(d, colour, { dx = 34, dy = 8, deep = 0.17, extra = "" } = {}) {
    return inside(d, [path(d, darker(colour, deep)), move(-dx, -dy, path(d, colour)), extra]);
}

// A smooth curve through points (Catmull-Rom), as path commands after the first point.
function smooth(points) {
    let d = "";
    for (let i = 0; i < points.length - 1; i++) {
        const [p0, p1, p2, p3] = [points[i - 1] ?? points[i], points[i], points[i + 1], points[i + 2] ?? points[i + 1]];
        d += `C${n(p1[0] + (p2[0] - p0[0]) / 6)} ${n(p1[1] + (p2[1] - p0[1]) / 6)} ${n(p2[0] - (p3[0] - p1[0]) / 6)} ${n(p2[1] - (p3[1] - p1[1]) / 6)} ${n(p2[0])} ${n(p2[1])}`;
    }
    return d;
}
export const curve = (points) => `M${n(points[0][0])} ${n(points[0][1])}` + smooth(points);

export const TILT = 0.17;                                    // how far we look down on things: half axes of circles
// The outline of something thrown on a wheel: profile = [[radius, y], …] from the top down.
export function lathe(cx, profile) {
    const right = profile.map(([r, y]) => [cx + r, y]), left = profile.map(([r, y]) => [cx - r, y]).reverse();
    const [rTop] = profile[0], [rEnd] = profile[profile.length - 1];
    return `M${n(right[0][0])} ${n(right[0][1])}${smooth(right)}A${n(rEnd)} ${n(rEnd * TILT)} 0 0 1 ${n(left[0][0])} ${n(left[0][1])}${smooth(left)}` +
        `A${n(rTop)} ${n(rTop * TILT)} 0 0 1 ${n(right[0][0])} ${n(right[0][1])}Z`;
}
// Straight sides.
export function drum(cx, top, bottom, rTop, rBottom = rTop) {
    return `M${n(cx - rTop)} ${n(top)}L${n(cx - rBottom)} ${n(bottom)}A${n(rBottom)} ${n(rBottom * TILT)} 0 0 0 ${n(cx + rBottom)} ${n(bottom)}L${n(cx + rTop)} ${n(top)}` +
        `A${n(rTop)} ${n(rTop * TILT)} 0 0 0 ${n(cx - rTop)} ${n(top)}Z`;
}
export const mouth = (cx, y, r, rim, hollow, edge = 9) => ellipse(cx, y, r, r * TILT, rim) + ellipse(cx, y + 1, r - edge, (r - edge) * TILT, hollow);

// Repeatable chance: the same picture each time.
export function chance(seed) {
    let s = seed * 2654435761 >>> 0;
    return () => { s = (Math.imul(s, 1664525) + 1013904223) >>> 0; return s / 4294967296; };
}
// Specks of iron in the glaze.
export function specks(seed, x, y, w, h, colour, count = 34) {
    const next = chance(seed);
    return Array.from({ length: count }, () => circle(x + next() * w, y + next() * h, 1.2 + next() * 2.6, colour, { opacity: 0.35 })).join("");
}
// Lines of wood along x.
export function grain(seed, x, y, w, h, colour, count = 6) {
    const next = chance(seed);
    return Array.from({ length: count }, (_, i) => {
        const at = y + h * (i + 0.5 + (next() - 0.5) * 0.6) / count, bend = (next() - 0.5) * 16;
        return line(curve([[x - 20, at], [x + w * 0.3, at + bend], [x + w * 0.65, at - bend * 0.6], [x + w + 20, at + bend * 0.4]]), colour, 2.5, { opacity: 0.3 });
    }).join("");
}
export const shadow = (cx, cy, rx, ry = rx * 0.13) => ellipse(cx + rx * 0.16, cy, rx * 1.08, ry, "#3a1e12", { opacity: 0.16 });
export const shine = (d, width = 10, opacity = 0.5) => line(d, "#fffaf0", width, { opacity });

// Wall, light and table around an object. `motif`: arch, sun, window or none.
// Things on the plain table are drawn a little larger; pictures with a table line of their own fill the square already.
export function scene(wall, motif, inner, table) {
    const [back, floor] = WALLS[wall];
    const light = lighter(back, wall === "night" ? 0.12 : 0.42);
    const motifs = {
        arch: path("M170 800V370a230 230 0 0 1 460 0V800Z", light),
        sun: circle(400, 360, 235, light),
        side: circle(590, 250, 165, light),
        window: path("M96 96h250v300H96zM366 96h250v300H366z", light, { transform: "skewY(9) translate(40 -40)" }),
        none: "",
    };
    const drawn = table || motif === "none" ? group(inner) : group(inner, { transform: "translate(-48 -74) scale(1.12)" });
    return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 800" width="800" height="800">` +
        rect(0, 0, 800, 800, back) + motifs[motif] + rect(0, table ?? 600, 800, 800 - (table ?? 600), floor) + drawn + "</svg>\n";
}
export const fresh = () => { clips = 0; };
