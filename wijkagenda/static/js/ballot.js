// Counts along on a ballot paper: points that are left, or what the chosen points cost together. Without script the server counts.
"use strict";

(() => {
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

  const bar = document.querySelector("[data-points-bar]");
  if (bar) {
    const total = Number(bar.dataset.total);
    const fields = [...document.querySelectorAll("[data-points-field]")];
    const count = bar.querySelector("[data-points-count]");
    const more = bar.querySelector("[data-points-more]");
    const show = () => {
      const given = fields.reduce((sum, field) => sum + (/^\d{1,3}$/.test(field.value.trim()) ? Number(field.value) : 0), 0);
      const words = given > total ? bar.dataset.over : given === total ? bar.dataset.done : bar.dataset.left;
      count.textContent = fill(bar.dataset.count, { n: given, total });
      more.textContent = fill(words, { n: Math.abs(total - given) });
      more.classList.toggle("is-over", given > total);
    };
    for (const field of fields) field.addEventListener("input", show);
    // What the browser filled in again after going back counts too.
    window.addEventListener("pageshow", show);
  }

  const sum = document.querySelector("[data-cost-sum]");
  if (sum) {
    const boxes = [...document.querySelectorAll("input[data-cost]")];
    const amount = new Intl.NumberFormat(document.documentElement.lang);
    const show = () => {
      const cost = boxes.filter((box) => box.checked).reduce((total, box) => total + Number(box.dataset.cost), 0);
      sum.textContent = fill(sum.dataset.costSum, { sum: amount.format(cost) });
      sum.hidden = false;
    };
    for (const box of boxes) box.addEventListener("change", show);
    window.addEventListener("pageshow", show);
  }
})();
