// Suggestions under the search field: an ARIA 1.2 combobox with a list box. Enter without a choice is a plain search.
const WAIT = 120, SHORTEST = 2;

function address(item) {
    return item.url ?? `/${item.type === "category" ? "c" : "p"}/${encodeURIComponent(item.slug)}`;
}

// What stands at the end of a row: a product's price ("from" its lowest), or that it is a category.
function detail(item, words) {
    if (!item.price) return item.type === "category" ? words.kind : "";
    const format = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency: item.price.currency });
    const price = format.format(item.price.amount / 10 ** format.resolvedOptions().maximumFractionDigits);
    return item.price_max && item.price_max.amount !== item.price.amount ? `${words.from} ${price}` : price;
}

function row(item, index, words) {
    const link = document.createElement("a");
    link.className = "suggest-item";
    link.id = `suggest-${index}`;
    link.href = address(item);
    link.tabIndex = -1;
    link.setAttribute("role", "option");
    link.setAttribute("aria-selected", "false");
    const image = item.image?.url ?? item.image_url ?? item.image;
    if (image) {
        const img = document.createElement("img");
        [img.src, img.alt, img.width, img.height] = [image, "", 80, 80];
        link.append(img);
    }
    const name = document.createElement("span");
    name.className = "suggest-what";
    name.textContent = item.name ?? item.text;
    const end = document.createElement("span");
    end.className = "suggest-kind";
    end.textContent = detail(item, words);
    link.append(name, " ", end);
    return link;
}

export function startSuggest(form) {
    const input = form.querySelector("input[type=search]");
    const box = document.createElement("div");
    box.className = "suggest";
    box.id = "suggest";
    box.hidden = true;
    box.setAttribute("role", "listbox");
    box.setAttribute("aria-label", form.querySelector("label").textContent);
    form.append(box);
    const set = (name, value) => input.setAttribute(`aria-${name}`, value);
    input.setAttribute("role", "combobox");
    set("autocomplete", "list"); set("expanded", "false"); set("controls", box.id);

    let timer = 0, running = null, at = -1;
    const close = () => { box.hidden = true; at = -1; set("expanded", "false"); input.removeAttribute("aria-activedescendant"); };
    const stop = () => { clearTimeout(timer); running?.abort(); close(); };     // an answer that is still on its way opens nothing
    const mark = (next) => {
        const rows = box.children;
        rows[at]?.setAttribute("aria-selected", "false");
        at = (next + rows.length + 1) % (rows.length + 1);          // one place beyond the end: back in the field
        if (at === rows.length) at = -1;
        rows[at]?.setAttribute("aria-selected", "true");
        if (at < 0) input.removeAttribute("aria-activedescendant"); else set("activedescendant", rows[at].id);
    };
    const ask = async () => {
        const words = input.value.trim();
        if (words.length < SHORTEST) return stop();
        running?.abort();
        running = new AbortController();
        try {
            const answer = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(words)}`, { signal: running.signal });
            const items = answer.ok ? (await answer.json()).data ?? [] : [];
            close();
            box.replaceChildren(...items.slice(0, 8).map((item, i) => row(item, i, form.dataset)));
            box.hidden = items.length === 0 || document.activeElement !== input;
            set("expanded", String(!box.hidden));
        } catch (error) {
            if (error.name !== "AbortError") close();
        }
    };
    input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, WAIT); });
    input.addEventListener("keydown", (event) => {
        if (event.key === "Escape") { if (!box.hidden) event.preventDefault(); stop(); }
        else if (box.hidden || event.isComposing) { if (event.key === "ArrowDown") ask(); }
        else if (event.key === "ArrowDown") { event.preventDefault(); mark(at + 1); }
        else if (event.key === "ArrowUp") { event.preventDefault(); mark(at < 0 ? box.children.length - 1 : at - 1); }
        else if (event.key === "Enter" && at >= 0) { event.preventDefault(); location.href = box.children[at].href; }
    });
    box.addEventListener("pointerdown", (event) => event.preventDefault());       // keeps the focus in the field
    input.addEventListener("blur", stop);
    form.addEventListener("submit", stop);
}
