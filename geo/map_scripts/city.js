(() => {
if (!window.WijkMap || !WijkMap.begin("map_city")) return;
var map_city = L.map(
"map_city",
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
function geo_json_city_onEachFeature(feature, layer) {
(WijkMap.onArea)(feature, layer);
layer.on({
});
};
var geo_json_city = L.geoJson(null, {
onEachFeature: geo_json_city_onEachFeature,
...{
"style": WijkMap.areaStyle,
"interactive": true,
}
});
function geo_json_city_add (data) {
geo_json_city
.addData(data);
}
geo_json_city_add({"features": [], "type": "FeatureCollection"});
geo_json_city.setStyle(function(feature) {return feature.properties.style;});
geo_json_city.addTo(map_city);
WijkMap.city(map_city, geo_json_city);
})();
