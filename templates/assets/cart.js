// The cart: badge, drawer, adding and changing by fetch. The server's fragment is the only source of what is shown.
import { addSteppers } from "./forms.js";

const FRAGMENT = "/cart/fragment";
const drawer = document.querySelector("[data-cart-drawer]");
const live = document.querySelector("[data-live]");

function showCount(root) {
    const badge = document.querySelector("[data-cart-badge]");
    const count = root.querySelector("[data-count]")?.dataset.count ?? "0";
    if (!badge) return;
    badge.textContent = count;
    badge.hidden = count === "0";
}

// Puts new content in and gives the focus back to the same field of the same line.
function replace(box, nodes) {
    const had = box.contains(document.activeElement) ? document.activeElement : null;
    const id = had?.id, line = had?.closest("[data-line]");
    const lines = [line?.dataset.line, line?.nextElementSibling?.dataset.line];
    box.replaceChildren(...nodes);
    addSteppers(box);
    showCount(box);
    if (!had) return;
    const field = (item) => item && box.querySelector(`[data-line="${CSS.escape(item)}"] input[type=number]`);
    ((id && document.getElementById(id)) || field(lines[0]) || field(lines[1]) || box.querySelector("a, button"))?.focus();
    const sum = box.querySelector(".totals-sum");
    if (live && sum) live.textContent = Array.from(sum.children, (part) => part.textContent).join(" ");
}

async function loadPage(address) {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(String(answer.status));
    return new DOMParser().parseFromString(await answer.text(), "text/html");
}

async function refreshDrawer() {
    const page = await loadPage(FRAGMENT);
    replace(drawer.querySelector("[data-cart-body]"), page.body.childNodes);
}

async function refreshPage() {
    const page = await loadPage("/cart");
    replace(document.querySelector("main"), page.querySelector("main").childNodes);
}

// Sends a form in the background. A redirect means that it worked; anything else is left to the browser, which shows the answer.
async function send(form) {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
    if (answer.type !== "opaqueredirect") throw new Error(String(answer.status));
}

async function openDrawer() {
    await refreshDrawer();
    if (!drawer.open) drawer.showModal();
}

async function onSubmit(event) {
    const form = event.target;
    const adds = form.matches("[data-add]"), changes = form.matches("[data-quantity]");
    if ((!adds && !changes) || event.defaultPrevented) return;
    event.preventDefault();
    const box = form.closest("[data-line]") ?? form;
    if (box.classList.contains("busy")) return;
    box.classList.add("busy");
    try {
        await send(form);
        if (adds) await openDrawer();
        else if (drawer?.contains(form)) await refreshDrawer();
        else await refreshPage();
    } catch {
        form.submit();
    } finally {
        box.classList.remove("busy");
    }
}

export function startCart() {
    document.addEventListener("submit", onSubmit);
    document.addEventListener("change", (event) => event.target.closest("[data-quantity]")?.requestSubmit());
    if (!drawer) return;
    drawer.addEventListener("click", (event) => { if (event.target === drawer) drawer.close(); });
    document.querySelector("[data-cart-link]")?.addEventListener("click", (event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || location.pathname === "/cart") return;
        event.preventDefault();
        openDrawer().catch(() => { location.href = "/cart"; });
    });
    if (document.querySelector("[data-cart]")) return showCount(document);
    const fill = () => loadPage(FRAGMENT).then((page) => showCount(page)).catch(() => {});
    (window.requestIdleCallback ?? setTimeout)(fill);
    addEventListener("pageshow", (event) => { if (event.persisted) fill(); });
}
