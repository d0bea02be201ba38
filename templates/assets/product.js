// The product page: another variant or picture without loading the whole page.
import { addSteppers } from "./forms.js";

let asking = null;

// The choice that was made last is shown, not the one whose answer comes last.
async function choose(link) {
    asking?.abort();
    asking = new AbortController();
    const answer = await fetch(link.href, { headers: { Accept: "text/html" }, signal: asking.signal });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-product]");
    const quantity = document.querySelector("[data-product] #quantity")?.value;
    document.querySelector("[data-product]").replaceWith(fresh);
    const field = fresh.querySelector("#quantity");
    if (field && quantity) field.value = Math.min(Number(quantity), Number(field.max) || 1);
    history.replaceState(null, "", link.href);
    addSteppers(fresh);
    const live = document.querySelector("[data-live]");
    if (live) live.textContent = Array.from(fresh.querySelectorAll(".buy-price, .stock"), (part) => part.textContent.trim()).join(", ");
    fresh.querySelector(`.choice[href="${CSS.escape(link.getAttribute("href"))}"]`)?.focus({ preventScroll: true });
}

function show(shot) {
    const main = shot.parentElement.querySelector(".shot-main");
    if (!main || main === shot) return;
    const [a, b] = [main.querySelector("img"), shot.querySelector("img")];
    [a.src, b.src, a.alt, b.alt, main.href, shot.href] = [b.src, a.src, b.alt, a.alt, shot.href, main.href];
}

export function startProduct() {
    document.addEventListener("click", (event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
        const link = event.target.closest("[data-product] .choice");
        const shot = event.target.closest("[data-gallery] a");
        if (link) {
            event.preventDefault();
            choose(link).catch((error) => { if (error.name !== "AbortError") location.href = link.href; });
        } else if (shot) {
            event.preventDefault();
            show(shot);
        }
    });
}
