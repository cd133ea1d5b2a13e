// Says while one types that the code of a letter is well typed. Without script the server says so.
"use strict";

(() => {
  const field = document.querySelector("[data-code-field]");
  const good = document.querySelector("[data-code-good]");
  if (!field || !good) return;
  const symbols = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

  // The check symbol, as in wijkagenda/voting/codes.py: a sum over GF(32), one doubling per place.
  const fits = (typed) => {
    const code = typed.toUpperCase().replace(/[^0-9A-Z]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
    const values = [...code].map((symbol) => symbols.indexOf(symbol));
    if (values.length !== 13 || values.includes(-1)) return false;
    const check = values.pop();
    let total = 0;
    for (const value of values) {
      total = (total ^ value) << 1;
      if (total & 32) total ^= 37;
    }
    return total === check;
  };

  // What the server just refused is not called good again, however well it is typed.
  const refused = field.hasAttribute("aria-invalid") ? field.value : null;
  const look = () => {
    const fine = field.value !== refused && fits(field.value);
    if (fine === !good.hidden) return;
    good.hidden = !fine;
    good.lastElementChild.textContent = fine ? good.dataset.text : "";
  };
  field.addEventListener("input", look);
  window.addEventListener("load", look);
})();
