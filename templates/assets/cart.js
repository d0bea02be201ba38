// The cart: badge, drawer, adding and changing by fetch. The server's fragment is the only source of what is shown.
import { addSteppers, inTurn, say } from "./forms.js";

const FRAGMENT = "/cart/fragment";
const drawer = document.querySelector("[data-cart-drawer]");

function showCount(root) {
    const badge = document.querySelector("[data-cart-badge]");
    const count = root.querySelector("[data-count]")?.dataset.count ?? "0";
    if (!badge) return;
    badge.textContent = count;
    badge.hidden = count === "0";
}

// Puts new content in, gives the focus back to the same field of the same line, and says the new sum (behind an open drawer nothing is heard).
function replace(box, nodes) {
    const had = box.contains(document.activeElement) ? document.activeElement : null, again = box.querySelector(".totals-sum");
    const id = had?.id, line = had?.closest("[data-line]");
    const lines = [line?.dataset.line, line?.nextElementSibling?.dataset.line];
    box.replaceChildren(...nodes);
    addSteppers(box);
    showCount(box);
    const field = (item) => item && box.querySelector(`[data-line="${CSS.escape(item)}"] input[type=number]`);
    if (had) ((id && document.getElementById(id)) || field(lines[0]) || field(lines[1]) || box.querySelector("a, button"))?.focus();
    if (again) say((box.closest("dialog") ?? document).querySelector("[data-live]"), box.querySelector(".totals-sum"));
}

async function loadPage(address) {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(String(answer.status));
    return new DOMParser().parseFromString(await answer.text(), "text/html");
}

function showDrawer(page) {
    replace(drawer.querySelector("[data-cart-body]"), page.body.childNodes);
}

function showPage(page) {
    replace(document.querySelector("main"), page.querySelector("main").childNodes);
}

// Sends a form in the background. A redirect means that it worked; anything else is left to the browser, which shows the answer.
async function send(form) {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
    if (answer.type !== "opaqueredirect") throw new Error(String(answer.status));
}

// The form itself, by the browser; one that was replaced meanwhile cannot be sent any more.
function fallBack(form) {
    if (form.isConnected) form.submit();
    else location.assign("/cart");
}

async function openDrawer() {
    showDrawer(await loadPage(FRAGMENT));
    if (!drawer.open) drawer.showModal();
}

// What was put in must not be put in once more because it could not be shown.
async function add(form) {
    if (form.classList.contains("busy")) return;
    form.classList.add("busy");
    try {
        await send(form);
        await openDrawer().catch(() => location.assign("/cart"));
    } catch {
        form.submit();
    } finally {
        form.classList.remove("busy");
    }
}

const waiting = new Map();          // line -> the form that says what it shall be

// A line's newest quantity is the one that holds, however quickly it was clicked together; what is shown waits for all lines.
function change(form) {
    const line = form.closest("[data-line]"), inDrawer = drawer?.contains(form);
    line.classList.add("busy");
    waiting.set(line.dataset.line, form);
    inTurn(waiting, form, async () => {
        let sending = form;
        try {
            for (const [key, next] of waiting) {
                waiting.delete(key);
                sending = next;
                await send(next);
            }
            return await loadPage(inDrawer ? FRAGMENT : "/cart");
        } catch {
            return fallBack(sending);
        }
    }, (page) => (inDrawer ? showDrawer : showPage)(page));
}

function onSubmit(event) {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("[data-add], [data-quantity]")) return;
    event.preventDefault();
    if (form.matches("[data-add]")) add(form);
    else change(form);
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
