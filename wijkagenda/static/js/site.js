// Everything here only makes easier what already works without it.
"use strict";

(() => {
  const fill = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (_, key) => values[key]);

  // Menus close with Escape and when the visitor goes elsewhere.
  const menus = [...document.querySelectorAll("details[data-menu]")];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of menus.filter((each) => each.open)) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (event) => {
    for (const menu of menus) if (menu.open && !menu.contains(event.target)) menu.open = false;
  });

  // The error summary gets the focus; its links put the cursor in the field.
  const errors = document.querySelector("[data-errors]");
  if (errors) {
    errors.focus();
    errors.addEventListener("click", (event) => {
      const link = event.target.closest("a[href^='#']");
      const target = link && document.getElementById(link.hash.slice(1));
      if (!target) return;
      event.preventDefault();
      const field = target.matches("input,textarea,select") ? target : target.querySelector("input,textarea,select") || target;
      (field.closest(".wa-field") || field).scrollIntoView({ block: "start" });
      field.focus({ preventScroll: true });
    });
  }

  // "U kunt nog 906 letters typen": always seen, read aloud only when typing pauses.
  for (const counter of document.querySelectorAll("[data-count-for]")) {
    const field = document.getElementById(counter.dataset.countFor);
    const most = Number(field.dataset.count);
    const aloud = document.createElement("span");
    aloud.className = "wa-hidden";
    aloud.setAttribute("role", "status");
    counter.after(aloud);
    let pause;
    const count = () => {
      const left = most - [...field.value].length;
      counter.textContent = fill(left >= 0 ? counter.dataset.left : counter.dataset.over, { n: Math.abs(left) });
      counter.classList.toggle("wa-count--over", left < 0);
      clearTimeout(pause);
      pause = setTimeout(() => { if (left < 100) aloud.textContent = counter.textContent; }, 1000);
    };
    field.addEventListener("input", count);
    count();
  }

  // The ballot: nothing is disabled; one tick too many is taken back and explained.
  const bar = document.querySelector("[data-ballot-bar]");
  if (bar) {
    const most = Number(bar.dataset.max);
    const boxes = [...bar.closest("form").querySelectorAll("input[type=checkbox]")];
    const words = bar.querySelector("[data-ballot-count]");
    const more = bar.querySelector("[data-ballot-more]");
    const houses = [...bar.querySelectorAll("[data-ballot-houses] svg")];
    const show = (over) => {
      const n = boxes.filter((box) => box.checked).length;
      words.textContent = fill(bar.dataset.count, { n, max: most });
      more.textContent = fill(over ? bar.dataset.over : n < most ? bar.dataset.more : bar.dataset.full, { n: most - n, max: most });
      more.classList.toggle("is-over", over);
      houses.forEach((house, i) => {
        house.classList.toggle("wa-house--now", i < n);
        house.classList.toggle("wa-house--later", i >= n);
      });
    };
    for (const box of boxes) {
      box.addEventListener("change", () => {
        const over = boxes.filter((each) => each.checked).length > most;
        if (over) box.checked = false;
        show(over);
      });
    }
    show(false);
  }

  // The QR code of a letter holds the code behind '#', which no server ever sees: it fills the field, then leaves the address bar.
  const code = document.querySelector("[data-code-field]");
  const given = new URLSearchParams(location.hash.slice(1)).get("code");
  if (code && given) {
    code.value = given.toUpperCase().replace(/[^0-9A-Z]/g, "").replace(/(.{4})(?=.)/g, "$1 ");
    history.replaceState(null, "", location.pathname + location.search);
    code.focus();
  }

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
})();
