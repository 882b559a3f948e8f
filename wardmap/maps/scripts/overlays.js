// What lies over the wards when it was asked for: clusters, projects with their reach, incidents, tiles.
(function (wardmap) {
  "use strict";

  const STILL = { interactive: false, smoothFactor: 0 };

  // Draws what does not depend on the layer.
  wardmap.drawOverlays = function (map, data) {
    if (data.tiles) L.tileLayer(data.tiles.url, { className: "wm-tiles" }).addTo(map);
    drawIncidents(map, data.incidents);
    data.projects.forEach((project) => drawProject(map, project, data.look));
  };

  // Draws the clusters of a layer into the group, in place of those that were there.
  wardmap.drawClusters = function (group, layer, look) {
    group.clearLayers();
    layer.clusters.forEach((cluster) => {
      const outline = wardmap.polygons(cluster.rings);
      const dots = { ...STILL, fill: false, pane: "wm-clusters", lineCap: "round", dashArray: "0.1 11" };
      L.polygon(outline, { ...dots, color: look.casing, weight: 8 }).addTo(group);
      L.polygon(outline, { ...dots, color: look.cluster, weight: 5, className: "wm-cluster" }).addTo(group);
    });
  };

  function drawIncidents(map, incidents) {
    if (!incidents) return;
    const renderer = L.canvas({ pane: "wm-incidents" }); // thousands of marks that nobody tabs to
    (incidents.cells || []).forEach((cell) => {
      const look = { stroke: false, fillColor: incidents.colours[cell.class], fillOpacity: 0.8 };
      L.polygon(wardmap.polygons(cell.rings), { ...STILL, ...look, renderer }).addTo(map);
    });
    const most = Math.max(1, ...(incidents.places || []).map((place) => place[2]));
    (incidents.places || []).forEach(([lon, lat, count]) => {
      const radius = Math.max(1.5, 12 * Math.sqrt(count / most));
      const look = { radius, color: "#ffffff", weight: 0.7, fillColor: "#c2570c", fillOpacity: 0.8 };
      L.circleMarker([lat, lon], { ...STILL, ...look, renderer }).addTo(map);
    });
  }

  function drawProject(map, project, look) {
    const at = wardmap.latLng(project.point);
    const pane = { pane: "wm-projects" };
    if (project.reach) {
      const reach = { radius: project.reach, color: look.project, weight: 1.6, dashArray: "2 4", fillOpacity: 0.07 };
      L.circle(at, { ...pane, ...reach, interactive: false, className: "wm-reach" }).addTo(map);
    }
    const mark = { radius: 6, color: "#ffffff", weight: 2, fillColor: look.project, fillOpacity: 1 };
    const dot = L.circleMarker(at, { ...pane, ...mark, className: "wm-project" }).addTo(map);
    const said = project.reach ? `${project.name}: reaches ${Math.round(project.reach).toLocaleString("en-GB")} m` : project.name;
    dot.bindTooltip(() => wardmap.element("bdi", "", said), { opacity: 1, className: "wm-tooltip" });
    const path = dot.getElement();
    path.setAttribute("role", "img");
    path.setAttribute("tabindex", "0");
    path.setAttribute("aria-label", said);
  }
})((window.wardmap = window.wardmap || {}));
