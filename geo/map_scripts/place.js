(() => {
if (!window.WijkMap || !WijkMap.begin("map_place")) return;
var map_place = L.map(
"map_place",
{
center: [52.2, 5.3],
crs: L.CRS.EPSG3857,
...{
"zoom": 7,
"zoomControl": false,
"preferCanvas": false,
"maxZoom": 18,
"attributionControl": false,
"scrollWheelZoom": false,
"zoomAnimation": false,
"fadeAnimation": false,
"markerZoomAnimation": false,
"inertia": false,
"zoomSnap": 0.25,
}
}
);
function geo_json_place_onEachFeature(feature, layer) {
(WijkMap.onArea)(feature, layer);
layer.on({
});
};
var geo_json_place = L.geoJson(null, {
onEachFeature: geo_json_place_onEachFeature,
...{
"style": WijkMap.areaStyle,
"interactive": false,
}
});
function geo_json_place_add (data) {
geo_json_place
.addData(data);
}
geo_json_place_add({"features": [], "type": "FeatureCollection"});
geo_json_place.setStyle(function(feature) {return feature.properties.style;});
geo_json_place.addTo(map_place);
WijkMap.place(map_place, geo_json_place);
})();
