// Small comforts for forms: quantity steppers, filters that apply themselves, one submit per order, focus on errors.

const turns = new Map();

// Does one thing at a time for each place: what is wished meanwhile is done next, and only what came last is shown.
export async function inTurn(place, wish, work, show) {
    if (turns.has(place)) {
        turns.set(place, wish);
        return;
    }
    let result;
    try {
        for (let next = wish; next; next = turns.get(place)) {
            turns.set(place, null);
            result = await work(next);
        }
    } finally {
        turns.delete(place);
    }
    if (result) show(result);
}

// Tells those who listen what a row of words and amounts shows now.
export function say(live, row) {
    if (live && row) live.textContent = Array.from(row.children, (part) => part.textContent).join(" ");
}

// Buttons beside a number field. They are for pointers only: the field itself is what keyboards and screen readers use.
export function addSteppers(root) {
    for (const box of root.querySelectorAll("[data-stepper]:not(.stepper-ready)")) {
        const input = box.querySelector("input");
        const button = (sign, step) => {
            const b = document.createElement("button");
            b.type = "button";
            b.className = "stepper-button";
            b.textContent = sign;
            b.tabIndex = -1;
            b.setAttribute("aria-hidden", "true");
            b.addEventListener("mousedown", (event) => event.preventDefault());     // the focus stays: no keyboard pops up on a phone
            b.addEventListener("click", () => {
                const low = Number(input.min || 0), high = Number(input.max || 999);
                const next = Math.min(high, Math.max(low, (Number(input.value) || 0) + step));
                if (String(next) === input.value) return;
                input.value = next;
                input.dispatchEvent(new Event("change", { bubbles: true }));
            });
            return b;
        };
        box.prepend(button("−", -1));
        box.append(button("+", 1));
        box.classList.add("stepper-ready");
    }
}

function startFilters(form) {
    form.addEventListener("change", () => form.requestSubmit());
    form.addEventListener("formdata", (event) => {                  // short addresses
        for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
    });
}

// Another delivery, another total: the choice is kept at once, and the summary shows what it comes to. The button sends it in any case.
function startTotals(form) {
    const load = async () => {
        const sent = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" });
        const answer = sent.type === "opaqueredirect" && await fetch(location.href, { headers: { Accept: "text/html" } });
        return answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
    };
    form.addEventListener("change", () => inTurn(form, form, () => load().catch(() => null), (page) => {
        const fresh = page.querySelector(".totals");
        if (!fresh) return;
        document.querySelector(".totals").replaceWith(fresh);
        say(document.querySelector("[data-live]"), fresh.querySelector(".totals-sum"));
    }));
}

// A second click must not look like a second order. (The server refuses one anyway: the key in the form is used once.)
function startOnce(form) {
    const button = form.querySelector("[type=submit]");
    let sent = false;
    form.addEventListener("submit", (event) => {
        if (sent) event.preventDefault();
        sent = true;
        button.setAttribute("aria-disabled", "true");
    });
    addEventListener("pageshow", () => { sent = false; button.removeAttribute("aria-disabled"); });
}

// Looks again, ever more slowly, until the page no longer says that it is waiting.
function startReload(box) {
    let wait = Number(box.dataset.reload) * 1000;
    const again = async () => {
        const answer = await fetch(location.href).catch(() => null);
        const page = answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
        if (answer?.redirected || (page && !page.querySelector("[data-reload]"))) return location.reload();
        wait = Math.min(wait * 1.3, 30000);
        setTimeout(again, wait);
    };
    setTimeout(again, wait);
}

// A button in a password field that shows what was typed. Without scripts the field is a plain one.
function startSecret(box) {
    const input = box.querySelector("input"), button = document.createElement("button");
    const tell = () => {
        button.textContent = input.type === "text" ? box.dataset.hide : box.dataset.show;
    };
    button.type = "button";
    button.className = "secret-button";
    button.setAttribute("aria-controls", input.id);
    button.addEventListener("click", () => { input.type = input.type === "password" ? "text" : "password"; tell(); });
    input.form?.addEventListener("submit", () => { input.type = "password"; tell(); });     // browsers keep what text fields hold
    box.append(button);
    box.classList.add("secret-ready");
    tell();
}

export function startForms() {
    addSteppers(document);
    document.querySelectorAll("[data-filters]").forEach(startFilters);
    document.querySelectorAll("[data-totals]").forEach(startTotals);
    document.querySelectorAll("[data-once]").forEach(startOnce);
    document.querySelectorAll("[data-reload]").forEach(startReload);
    document.querySelectorAll("[data-secret]").forEach(startSecret);
    document.querySelector("[data-focus]")?.focus();
}
