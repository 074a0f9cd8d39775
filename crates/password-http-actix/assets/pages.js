// Gives each password field a button that shows what is in it. Everything else works without scripts.
"use strict";

for (const input of document.querySelectorAll("input[type=password]")) {
  const label = document.querySelector(`label[for="${input.id}"]`).textContent;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "show";
  button.setAttribute("aria-controls", input.id);

  const set = (shown) => {
    input.type = shown ? "text" : "password";
    button.textContent = shown ? "Hide" : "Show";
    button.setAttribute("aria-label", `${button.textContent}: ${label}`);
  };

  button.addEventListener("click", () => set(input.type === "password"));
  // Browsers offer to save only what is sent from a password field.
  input.form.addEventListener("submit", () => set(false));
  set(false);
  input.after(button);
}
