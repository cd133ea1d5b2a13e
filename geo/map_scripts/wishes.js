(() => {
if (!window.WijkMap || !WijkMap.begin("map_wishes")) return;
var map_wishes = L.map(
"map_wishes",
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
function geo_json_wishes_onEachFeature(feature, layer) {
(WijkMap.onArea)(feature, layer);
layer.on({
});
};
var geo_json_wishes = L.geoJson(null, {
onEachFeature: geo_json_wishes_onEachFeature,
...{
"style": WijkMap.areaStyle,
"interactive": false,
}
});
function geo_json_wishes_add (data) {
geo_json_wishes
.addData(data);
}
geo_json_wishes_add({"features": [], "type": "FeatureCollection"});
geo_json_wishes.setStyle(function(feature) {return feature.properties.style;});
geo_json_wishes.addTo(map_wishes);
var marker_cluster_wishes = L.markerClusterGroup(
{
"showCoverageOnHover": false,
"animate": false,
"maxClusterRadius": 64,
"spiderfyDistanceMultiplier": 1.6,
}
);
marker_cluster_wishes.options.iconCreateFunction =
WijkMap.clusterIcon;
marker_cluster_wishes.addTo(map_wishes);
WijkMap.wishes(map_wishes, geo_json_wishes, marker_cluster_wishes);
})();
