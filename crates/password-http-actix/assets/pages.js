// Help while typing. Everything works without it: each answer here is given again by the server when the form is sent.
// Every text comes from the page, in its language; the script has no words of its own.
"use strict";

{
  const CHECK_AFTER = 300; // ms without a key, until the server is asked
  const SAY_AFTER = 1000; // ms without a key, until a screen reader hears how far it is

  const byId = (id) => document.getElementById(id);
  const form = document.querySelector("form");
  const fresh = byId("new_password");
  const again = byId("confirm_password");

  // Errors are read first.
  byId("summary")?.focus();

  for (const button of document.querySelectorAll("button.reveal")) {
    const input = byId(button.getAttribute("aria-controls"));
    const set = (shown) => {
      input.type = shown ? "text" : "password";
      button.textContent = shown ? button.dataset.hide : button.dataset.show;
      button.setAttribute("aria-label", shown ? button.dataset.hideLabel : button.dataset.showLabel);
    };
    button.addEventListener("click", () => set(input.type === "password"));
    // Browsers offer to save only what is sent from a password field.
    form.addEventListener("submit", () => set(false));
    button.hidden = false;
  }

  // Whoever clicks twice would see the answer to the second click: that the link was used.
  if (form) {
    let sent = false;
    form.addEventListener("submit", (event) => {
      if (sent) event.preventDefault();
      sent = true;
    });
    window.addEventListener("pageshow", () => { sent = false; });
  }

  // One voice for all that changes, and only after a pause.
  const announcer = byId("announce");
  let pause;
  const announce = (text) => {
    clearTimeout(pause);
    if (announcer) pause = setTimeout(() => { announcer.textContent = text(); }, SAY_AFTER);
  };

  for (const hint of document.querySelectorAll(".caps")) {
    const input = byId(hint.id.replace(/-caps$/, ""));
    const look = (event) => {
      if (!event.getModifierState) return;
      const on = event.getModifierState("CapsLock");
      if (on && hint.hidden) announce(() => hint.textContent);
      hint.hidden = !on;
    };
    input.addEventListener("keydown", look);
    input.addEventListener("keyup", look);
    // Not when the field is left for a button: what goes away would move the button from under the pointer.
    document.addEventListener("focusin", ({ target }) => {
      if (target !== input && target.matches("input")) hint.hidden = true;
    });
  }

  if (fresh && again) {
    const rules = byId("rules");
    const lines = [...rules.querySelectorAll("li[data-code]")];
    const login = byId("username");
    const hasLogin = () => Boolean(byId("current_password") && login.value.trim());
    const strength = byId("strength");
    const advice = byId("strength-advice");
    const failed = byId("check-failed");
    const match = byId("match");

    // What the server said last; null where it has not. It is stale as soon as something else is typed.
    let verdict = null;

    // Decides a rule here; undefined where only the server can.
    const decide = (line, text) => {
      const points = [...text];
      const { min, max, count, classes, special } = line.dataset;
      switch (line.dataset.code) {
        case "too_short":
          return (count === "nfc" ? [...text.normalize("NFC")] : points).length >= Number(min);
        case "too_long":
          return points.length <= Number(max);
        case "numeric":
          return !/^\p{Nd}+$/u.test(text);
        case "blank":
          return !/^\p{White_Space}+$/u.test(text);
        case "classes": {
          const has = { upper: /\p{Uppercase}/u, lower: /\p{Lowercase}/u, digit: /\p{Nd}/u };
          const names = classes.split(" ").filter(Boolean);
          const isSpecial = special === "any"
            ? (c) => /[^\p{L}\p{N}]/u.test(c)
            : (c) => special === "none" || special.includes(c);
          return names.every((name) => has[name].test(text)) && (special === "none" || points.some(isSpecial));
        }
        default:
          return undefined;
      }
    };

    // "met", "open", or "" where it is decided when the form is sent.
    const stateOf = (line, text) => {
      const { code } = line.dataset;
      if (!text) return "";
      const here = decide(line, text);
      // A stale answer still beats none, so that nothing flickers between two keys.
      const told = verdict && (!verdict.stale || here === undefined);
      if (told && code !== "reused" && (code !== "similar" || hasLogin() || verdict.codes.has(code))) {
        return verdict.codes.has(code) ? "open" : "met";
      }
      return here === undefined ? "" : here ? "met" : "open";
    };

    const show = () => {
      const text = fresh.value;
      for (const line of lines) {
        const state = stateOf(line, text);
        line.dataset.state = state;
        if ("rare" in line.dataset) line.hidden = state !== "open";
        const words = { met: rules.dataset.met, open: rules.dataset.open, "": "" }[state];
        line.querySelector(".state").textContent = words && ` (${words})`;
      }
      strength.hidden = !text || !verdict;
      if (verdict) {
        byId("strength-meter").value = verdict.score;
        byId("strength-text").textContent = strength.getAttribute(`data-score-${verdict.score}`);
        advice.replaceChildren(...verdict.advice.map((words) => {
          const item = document.createElement("li");
          item.textContent = words;
          return item;
        }));
        advice.hidden = !verdict.advice.length;
      }
    };

    const showMatch = (finished) => {
      const [one, two] = [fresh.value, again.value];
      const same = one === two;
      // Somebody who has not typed it to the end is not wrong yet.
      const silent = !two || (!same && !finished && two.length < one.length);
      match.dataset.state = silent ? "" : same ? "met" : "open";
      match.textContent = silent ? "" : same ? match.dataset.match : match.dataset.noMatch;
    };

    const progress = () => {
      const judged = lines.filter((line) => line.dataset.state && !line.hidden);
      if (!judged.length) return "";
      const met = judged.filter((line) => line.dataset.state === "met").length;
      const parts = [rules.dataset.progress.replace("{met}", met).replace("{total}", judged.length)];
      for (const line of judged) {
        if (line.dataset.state === "open") parts.push(line.textContent);
      }
      if (!strength.hidden) parts.push(byId("strength-text").textContent);
      if (!failed.hidden) parts.push(failed.textContent);
      return parts.join(". ");
    };

    // Answers can overtake each other; only the last question's counts.
    let timer;
    let asked = 0;
    let running;

    const ask = async () => {
      const { check, policy, lang } = form.dataset;
      const text = fresh.value;
      const own = ++asked;
      running?.abort();
      if (!text || !check) return;
      running = new AbortController();
      const question = { policy, password: text, lang };
      if (hasLogin()) {
        const name = login.value.trim();
        question.account = name.includes("@") ? { login: name, email: name } : { login: name };
      }
      let answer = null;
      try {
        const response = await fetch(check, {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify(question),
          credentials: "omit",
          cache: "no-store",
          redirect: "error",
          referrerPolicy: "no-referrer",
          signal: running.signal,
        });
        if (response.ok) answer = await response.json();
      } catch (error) {
        if (error.name === "AbortError") return;
      }
      if (own !== asked) return;
      verdict = answer && {
        codes: new Set(answer.violations.map((violation) => violation.code)),
        score: answer.score,
        advice: answer.feedback ?? [],
        stale: false,
      };
      failed.hidden = Boolean(answer);
      show();
      announce(progress);
    };

    const typed = () => {
      // An answer about what was typed before says nothing about this.
      asked += 1;
      running?.abort();
      if (verdict) verdict.stale = true;
      if (!fresh.value) verdict = null;
      failed.hidden = true;
      clearTimeout(timer);
      timer = setTimeout(ask, CHECK_AFTER);
      show();
      showMatch(false);
      announce(progress);
    };

    // Its line is there from the start, so that the button below stays where it is when the words come.
    match.hidden = false;
    fresh.addEventListener("input", typed);
    if (byId("current_password")) {
      login.addEventListener("change", () => { if (fresh.value) typed(); });
    }
    again.addEventListener("input", () => { showMatch(false); announce(() => match.textContent); });
    again.addEventListener("blur", () => { showMatch(true); });
    // What a password manager or the browser filled in before the script came.
    if (fresh.value) typed();
  }
}
