// The place of a wish: map, list and address are three ways to say one thing. Without script the server sorts it out.
"use strict";

(() => {
  const how = document.querySelector("[data-place]");
  if (!how) return;
  const lat = document.getElementById("lat"), lon = document.getElementById("lon");
  const list = document.getElementById("place_id");
  const words = document.getElementById("place_text");
  const choose = () => { document.getElementById(how.dataset.choice).checked = true; };

  // A pin of one's own is another place than the one chosen in the list.
  lat.addEventListener("change", () => {
    choose();
    if (list) list.value = "";
  });

  // A place from the list moves the pin.
  if (list) list.addEventListener("change", () => {
    choose();
    const { lat: y = "", lon: x = "" } = list.selectedOptions[0].dataset;
    lat.value = y;
    lon.value = x;
    lat.dispatchEvent(new Event("wijk:place"));
  });
  words.addEventListener("input", choose);
})();
