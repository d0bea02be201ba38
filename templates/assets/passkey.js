// Passkeys: the browser's part. The page carries what to ask for (data-options, the same JSON as the API's) and an ordinary form; the answer goes into its
// hidden fields and the form is sent like any other. Without scripts, or in a browser that knows no passkeys, the forms stay hidden.

const FRESH = 4 * 60 * 1000;      // challenges live five minutes

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) => buffer ? btoa(Array.from(new Uint8Array(buffer), (b) => String.fromCharCode(b)).join("")).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "") : "";

// The options of a page that stood open for too long are read again.
async function optionsOf(form) {
    if (performance.now() > FRESH) {
        const answer = await fetch(location.href, { cache: "no-store" });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.querySelector(`[data-passkey="${form.dataset.passkey}"]`);
        if (!fresh) throw new Error("signed out");
        form.dataset.options = fresh.dataset.options;
    }
    return JSON.parse(form.dataset.options);
}

async function create(form, options) {
    const key = options.public_key;
    const made = await navigator.credentials.create({ publicKey: { ...key, challenge: bytes(key.challenge), user: { ...key.user, id: bytes(key.user.id) },
        excludeCredentials: key.excludeCredentials.map((c) => ({ ...c, id: bytes(c.id) })) } });
    for (const transport of made.response.getTransports?.() ?? []) {
        const field = document.createElement("input");
        [field.type, field.name, field.value] = ["hidden", "transports", transport];
        form.append(field);
    }
    return { client_data_json: text(made.response.clientDataJSON), attestation_object: text(made.response.attestationObject) };
}

async function get(form, options) {
    const key = options.public_key;
    const given = await navigator.credentials.get({ publicKey: { ...key, challenge: bytes(key.challenge) } });
    return { credential_id: text(given.rawId), client_data_json: text(given.response.clientDataJSON), authenticator_data: text(given.response.authenticatorData),
        signature: text(given.response.signature), user_handle: text(given.response.userHandle) };
}

function start(form) {
    const failed = form.querySelector("[data-passkey-failed]"), button = form.querySelector("[type=submit]");
    let busy = false;
    form.addEventListener("submit", async (event) => {
        event.preventDefault();
        if (busy) return;
        busy = true;
        failed.hidden = true;
        button.setAttribute("aria-disabled", "true");
        try {
            const options = await optionsOf(form);
            const fields = await (form.dataset.passkey === "create" ? create : get)(form, options);
            for (const [name, value] of Object.entries({ challenge_id: options.challenge_id, ...fields })) form.elements[name].value = value;
            form.submit();
        } catch {
            busy = false;
            failed.hidden = false;
            button.removeAttribute("aria-disabled");
        }
    });
    form.hidden = false;
}

export function startPasskeys() {
    if (!window.PublicKeyCredential) return;
    document.querySelectorAll("[data-passkey]").forEach(start);
    document.querySelectorAll("[data-passkey-missing]").forEach((words) => { words.hidden = true; });
}
