// How our maps behave. folium's script (geo/maps.py) makes the Leaflet objects and hands them over.
// Everything that comes from people is set as textContent, never as HTML.
"use strict";

window.WijkMap = (() => {
  const FILLS = {
    voting: "#FFC83D", listening: "url(#wa-p-listening)", bundling: "url(#wa-p-bundling)",
    adopting: "url(#wa-p-adopting)", carrying_out: "#9CC5B4", none: "#F3F6F4",
  };
  const STEP_PIXELS = 8;

  const canvasOf = (map) => map.getContainer();
  const textsOf = (map) => JSON.parse(canvasOf(map).dataset.texts);
  const fill = (pattern, values) => pattern.replace(/%\((\w+)\)s/g, (_, key) => values[key]);
  const colour = (name, otherwise) => getComputedStyle(document.documentElement).getPropertyValue(name).trim() || otherwise;

  function element(tag, className, ...content) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    made.append(...content);
    return made;
  }

  function decoration(made) {
    made.setAttribute("aria-hidden", "true");
    return made;
  }

  function house(kind) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "wa-house wa-house--plain wa-house--mini");
    svg.setAttribute("viewBox", "0 0 60 66");
    const use = document.createElementNS(svg.namespaceURI, "use");
    use.setAttribute("href", `#wa-h-${kind}`);
    svg.append(use);
    return svg;
  }

  // --- what every map has ------------------------------------------------------------------------

  function begin(id) {
    const canvas = document.getElementById(id);
    if (!canvas || !window.L) return false;
    canvas.replaceChildren();
    return true;
  }

  function furnish(map) {
    const canvas = canvasOf(map), texts = textsOf(map);
    L.control.zoom({ position: "topright", zoomInTitle: texts.zoom_in, zoomOutTitle: texts.zoom_out }).addTo(map);
    canvas.setAttribute("role", "group");
    canvas.setAttribute("aria-label", canvas.dataset.label);
    const hint = element("p", "wa-hidden", texts.hint);
    hint.id = `${canvas.id}_hint`;
    canvas.after(hint);
    canvas.setAttribute("aria-describedby", hint.id);
    if (canvas.dataset.tiles) L.tileLayer(canvas.dataset.tiles, { maxZoom: map.getMaxZoom() }).addTo(map);
  }

  // Without its data a map is an empty frame: say so, and point at the list.
  async function fetched(map, url) {
    try {
      const answer = await fetch(url, { headers: { Accept: "application/geo+json, application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      return (await answer.json()).features;
    } catch {
      if (map.getContainer().querySelector(".wa-map__sorry")) return null;
      const sorry = element("p", "wa-map__sorry", textsOf(map).unavailable);
      sorry.setAttribute("role", "status");
      const control = L.control({ position: "bottomleft" });
      control.onAdd = () => element("div", "wa-maplabel", sorry);
      control.addTo(map);
      return null;
    }
  }

  const importance = ({ properties: { role, phase } }) => (role === "this" || phase === "voting" ? 1 : 0);

  // The areas whose line is thickest are drawn last, over their neighbours.
  async function showAreas(map, areas) {
    const features = await fetched(map, canvasOf(map).dataset.areas);
    if (!features || !features.length) return null;
    areas.addData({ type: "FeatureCollection", features: features.sort((a, b) => importance(a) - importance(b)) });
    const mine = areas.getLayers().filter((layer) => layer.feature.properties.role === "this");
    const frame = (mine.length ? L.featureGroup(mine) : areas).getBounds();
    map.fitBounds(frame, { padding: [20, 20], animate: false });
    map.setMinZoom(map.getZoom() - 1);
    map.setMaxBounds(areas.getBounds().pad(0.5));
    return features;
  }

  function areaStyle({ properties: { role, phase } }) {
    if (role === "this") return { fillColor: "#FFFFFF", fillOpacity: 1, color: colour("--wa-gracht", "#14493E"), weight: 4 };
    if (role === "neighbour") return { fillColor: "#F6F9F7", fillOpacity: 1, color: "#9DB0A6", weight: 1.5 };
    const fillColor = phase === "carrying_out" ? colour("--wa-mos", FILLS.carrying_out) : FILLS[phase] || FILLS.none;
    return { fillColor, fillOpacity: 1, color: "#16231E", weight: phase === "voting" ? 3 : 1.25 };
  }

  // On the city map every area is a link, by mouse and by keyboard.
  function onArea({ properties }, layer) {
    if (!properties.href || layer.options.interactive === false) return;
    const open = ({ originalEvent: event }) => {
      if (event.ctrlKey || event.metaKey) window.open(properties.href, "_blank", "noopener");
      else window.location.assign(properties.href);
    };
    layer.on("click", open);
    layer.on("keydown", (event) => event.originalEvent.key === "Enter" && open(event));
    layer.on("add", () => {
      const path = layer.getElement();
      path.setAttribute("role", "link");
      path.setAttribute("tabindex", "0");
      path.setAttribute("aria-label", properties.description || properties.name);
      path.addEventListener("focus", () => path.matches(":focus-visible") && ring(layer));
    });
    if (properties.phase !== "voting") layer.bindTooltip(label(properties.name), { className: "wa-maplabel", direction: "top", opacity: 1 });
  }

  // The two lines of our focus, over the neighbours that would hide half of a thicker border.
  function ring(layer) {
    const lines = [["#16231E", 10], ["#FFC83D", 4]].map(([line, weight]) =>
      L.geoJSON(layer.feature, { style: { fill: false, color: line, weight }, interactive: false }).addTo(layer._map));
    layer.getElement().addEventListener("blur", () => lines.forEach((line) => line.remove()), { once: true });
  }

  function label(name) {
    const made = decoration(element("span", "", name));
    made.lang = "nl";
    return made;
  }

  function writeName(map, at, name, className, offset = [0, 0]) {
    const written = L.tooltip({ permanent: true, direction: "bottom", className, offset, opacity: 1 }).setLatLng(at).setContent(label(name)).addTo(map);
    // Lettering, not a tooltip: one without a name to read aloud would be a promise without content.
    written.getElement().removeAttribute("role");
    return written;
  }

  // What would lie over an earlier mark is left out until zooming in makes room.
  function makeRoom(map, marks) {
    const arrange = () => {
      const taken = [];
      for (const mark of marks) {
        const box = mark.getElement().getBoundingClientRect();
        const free = !taken.some((other) => box.left < other.right && box.right > other.left && box.top < other.bottom && box.bottom > other.top);
        mark.getElement().style.visibility = free ? "" : "hidden";
        if (free && box.width) taken.push(box);
      }
    };
    map.on("zoomend resize", arrange);
    arrange();
  }

  // --- the city ----------------------------------------------------------------------------------

  async function city(map, areas) {
    furnish(map);
    const features = await showAreas(map, areas);
    const badges = [], names = [];
    for (const { properties } of features || []) {
      if (properties.phase !== "voting") continue;
      const badge = L.divIcon({ className: "wa-mapicon", iconSize: null, html: element("div", "wa-mapbadge", house("voting")) });
      const mark = L.marker(properties.label_at, { icon: badge, interactive: false, keyboard: false }).addTo(map);
      centre(mark.getElement());
      badges.push(mark);
      decoration(mark.getElement());
      names.push(writeName(map, properties.label_at, properties.name, "wa-maplabel", [0, 20]));
    }
    makeRoom(map, [...badges, ...names]);
  }

  function centre(icon) {
    icon.style.marginLeft = `${-icon.offsetWidth / 2}px`;
    icon.style.marginTop = `${-icon.offsetHeight / 2}px`;
  }

  // --- the wishes of a wijk ------------------------------------------------------------------------

  function pinIcon({ number, refused, name }) {
    const pin = decoration(element("div", refused ? "wa-pin wa-pin--no" : "wa-pin", element("span", "", String(number ?? ""))));
    // The tip of the pin is the place: 6 px under a round pin, 9 under a square one.
    return L.divIcon({ className: "wa-mapicon", iconSize: [28, 28], iconAnchor: [14, refused ? 37 : 34], html: element("div", "", pin, element("span", "wa-hidden", name)) });
  }

  function clusterIcon(cluster) {
    const n = cluster.getChildCount();
    const [size, extra] = n < 20 ? [44, ""] : n < 40 ? [52, " wa-cluster-pin--m"] : [60, " wa-cluster-pin--l"];
    const name = fill(textsOf(cluster._group._map).cluster, { n });
    const html = element("div", "", decoration(element("span", "", String(n))), element("span", "wa-hidden", name));
    return L.divIcon({ className: `wa-cluster-pin${extra}`, iconSize: [size, size], html });
  }

  function goToRow({ number, href }) {
    const row = document.getElementById(`wens-${number}`);
    if (!row) return void (href && window.location.assign(href));
    if (!row.hasAttribute("tabindex")) row.tabIndex = -1;
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }

  async function wishes(map, areas, cluster) {
    furnish(map);
    for (const { properties } of (await showAreas(map, areas)) || []) {
      if (properties.role === "neighbour") writeName(map, properties.label_at, properties.name, "wa-mapname");
    }
    const pins = new Map(), places = [];
    for (const { properties, geometry: { coordinates: [lon, lat] } } of (await fetched(map, canvasOf(map).dataset.points)) || []) {
      if (properties.kind === "place") places.push(showPlace(map, [lat, lon], properties.name));
      else pins.set(String(properties.number), pinFor([lat, lon], properties));
    }
    makeRoom(map, places);
    // The cluster layer never draws a marker that is the only one.
    if (pins.size === 1) map.addLayer([...pins.values()][0]);
    else cluster.addLayers([...pins.values()]);
    followRows(map, cluster, pins);
    cluster.on("clusterkeypress", ({ layer, originalEvent }) => {
      if (originalEvent.key !== "Enter") return;
      const [first] = layer.getAllChildMarkers();
      // The circle is gone once the map has zoomed: go on with what came out of it.
      setTimeout(() => (cluster.getVisibleParent(first) || first).getElement()?.focus());
    });
  }

  function pinFor(at, properties) {
    const pin = L.marker(at, { icon: pinIcon(properties) });
    pin.on("click", () => goToRow(properties));
    pin.on("keydown", ({ originalEvent }) => {
      if (originalEvent.key !== "Enter" && originalEvent.key !== " ") return;
      originalEvent.preventDefault();
      goToRow(properties);
    });
    return pin;
  }

  function showPlace(map, at, name) {
    const icon = L.divIcon({ className: "wa-mapdot", iconSize: null, iconAnchor: [5, 12], html: element("bdi", "", name) });
    const place = L.marker(at, { icon, interactive: false, keyboard: false }).addTo(map);
    place.getElement().lang = "nl";
    return place;
  }

  // <a href="#map_wishes" data-pin="12"> in a row goes to pin 12; a pin or row with focus lights the pin.
  function followRows(map, cluster, pins) {
    document.addEventListener("click", (event) => {
      const link = event.target.closest("[data-pin]");
      const pin = link && pins.get(link.dataset.pin);
      if (!pin) return;
      event.preventDefault();
      canvasOf(map).scrollIntoView({ block: "nearest" });
      cluster.zoomToShowLayer(pin, () => pin.getElement().focus({ preventScroll: true }));
    });
    document.addEventListener("focusin", (event) => {
      canvasOf(map).querySelector(".wa-pin.is-shown")?.classList.remove("is-shown");
      const row = event.target.closest("[id^='wens-']");
      const icon = row ? pins.get(row.id.slice(5))?.getElement() : event.target.closest(".wa-mapicon");
      icon?.querySelector(".wa-pin")?.classList.add("is-shown");
    });
  }

  // --- picking a place -----------------------------------------------------------------------------

  function inside([x, y], geometry) {
    const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
    const crosses = (ring) => ring.reduce((odd, [ax, ay], i) => {
      const [bx, by] = ring[(i + 1) % ring.length];
      return ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax ? !odd : odd;
    }, false);
    return polygons.some(([outer, ...holes]) => crosses(outer) && !holes.some(crosses));
  }

  async function place(map, areas) {
    furnish(map);
    const texts = textsOf(map), { latInput, lonInput } = canvasOf(map).dataset;
    const inputs = [document.getElementById(latInput), document.getElementById(lonInput)];
    const aloud = element("p", "wa-hidden");
    aloud.setAttribute("role", "status");
    canvasOf(map).after(aloud);
    const features = (await showAreas(map, areas)) || [];
    for (const { properties } of features) {
      if (properties.role === "neighbour") writeName(map, properties.label_at, properties.name, "wa-mapname");
    }
    if (canvasOf(map).dataset.points) {
      const places = (await fetched(map, canvasOf(map).dataset.points)) || [];
      makeRoom(map, places.map(({ properties, geometry: { coordinates: [lon, lat] } }) => showPlace(map, [lat, lon], properties.name)));
    }
    const pin = L.marker(map.getCenter(), { icon: pinIcon({ number: "", name: texts.pin }), draggable: true, autoPan: true });

    function put(at) {
      pin.setLatLng(at).addTo(map);
      // A place far away keeps the wijk in sight: the page says in words where it lies.
      if (!map.options.maxBounds || map.options.maxBounds.contains(at)) map.panInside(at, { padding: [40, 40], animate: false });
    }
    function choose(at) {
      put(at);
      const { lat, lng } = pin.getLatLng();
      [lat, lng].forEach((number, i) => { inputs[i].value = number.toFixed(6); });
      for (const input of inputs) input.dispatchEvent(new Event("change", { bubbles: true }));
      const area = features.find(({ geometry }) => inside([lng, lat], geometry));
      aloud.textContent = area ? fill(texts.in_area, area.properties) : texts.outside;
    }
    function follow() {
      const [lat, lon] = inputs.map(({ value }) => (value.trim() === "" ? NaN : Number(value)));
      if (Number.isFinite(lat) && Number.isFinite(lon)) put([lat, lon]);
      else pin.remove();
    }
    map.on("click", ({ latlng }) => choose(latlng));
    pin.on("dragend", () => choose(pin.getLatLng()));
    pin.on("keydown", ({ originalEvent: event }) => {
      const [x, y] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] || [0, 0];
      if (!x && !y) return;
      event.preventDefault();
      event.stopPropagation();
      const step = event.shiftKey ? 1 : STEP_PIXELS;
      choose(map.containerPointToLatLng(map.latLngToContainerPoint(pin.getLatLng()).add([x * step, y * step])));
    });
    for (const input of inputs) input.addEventListener("change", ({ isTrusted }) => isTrusted && follow());
    inputs[0].addEventListener("wijk:place", follow); // another way of choosing (list, address) filled the fields
    offerPin(map, texts.put_pin, () => { choose(map.getCenter()); pin.getElement().focus(); });
    follow();
  }

  function offerPin(map, text, onClick) {
    const control = L.control({ position: "bottomleft" });
    control.onAdd = () => {
      const button = element("button", "nl-button nl-button--secondary", text);
      button.type = "button";
      L.DomEvent.disableClickPropagation(button);
      button.addEventListener("click", onClick);
      return button;
    };
    control.addTo(map);
  }

  return { begin, areaStyle, onArea, clusterIcon, city, wishes, place };
})();
