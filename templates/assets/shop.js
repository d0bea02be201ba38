// The storefront's scripts. Every page works without them: they only save page loads. No visible word stands here.
import { startCart } from "./cart.js";
import { startSuggest } from "./suggest.js";
import { startProduct } from "./product.js";
import { startForms } from "./forms.js";

document.documentElement.classList.add("has-script");
document.querySelector(".cats-link[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
startForms();
startCart();
startProduct();
for (const form of document.querySelectorAll("[data-suggest]")) startSuggest(form);
if (document.querySelector("[data-passkey]")) import("./passkey.js").then((m) => m.startPasskeys());
