"use strict";
// What clinics stand on: a projection, coasts and borders, and a scale.
oneclone.ground = (() => {
  const { clinics, words } = oneclone;
  const MARGIN = 60;
  const WHOLE_GLOBE_KM = 5500;
  const NICE = [1, 2, 5];

  const isWhole = (shown) => shown.radiusKm > WHOLE_GLOBE_KM;
  // A projection that shows all points with a margin, and never less than the least distance.
  const projectionOf = (shown, points, width, height) => {
    const [longitude, latitude] = shown.centre;
    if (isWhole(shown))
      return d3
        .geoEqualEarth()
        .rotate([-longitude, 0])
        .fitSize([width, height], { type: "Sphere" });
    const projection = d3
      .geoAzimuthalEqualArea()
      .rotate([-longitude, -latitude])
      .scale(1)
      .translate([0, 0]);
    const flat = points.map(projection);
    const [left, right] = d3.extent(flat, (point) => point[0]);
    const [top, bottom] = d3.extent(flat, (point) => point[1]);
    const scale = Math.min(
      (width - 2 * MARGIN) / (right - left),
      (height - 2 * MARGIN) / (bottom - top),
      (clinics.atlas.earthRadiusKm * Math.min(width, height)) / clinics.atlas.leastKm,
    );
    return projection
      .scale(scale)
      .translate([
        width / 2 - (scale * (left + right)) / 2,
        height / 2 - (scale * (top + bottom)) / 2,
      ])
      .clipExtent([
        [0, 0],
        [width, height],
      ]);
  };

  const kmPerPixel = (projection, width, height) => {
    const ends = [-20, 20].map((dx) => projection.invert([width / 2 + dx, height / 2]));
    return (clinics.atlas.earthRadiusKm * d3.geoDistance(...ends)) / 40;
  };
  const niceBelow = (most) => {
    const power = 10 ** Math.floor(Math.log10(most));
    return power * d3.max(NICE.filter((each) => each * power <= most));
  };
  const drawScale = (svg, projection, width, height) => {
    const perPixel = kmPerPixel(projection, width, height);
    const lengths = [
      { unit: "km", size: perPixel, y: height - 30 },
      { unit: "mi", size: perPixel / clinics.atlas.kmPerMile, y: height - 12 },
    ];
    const bars = svg.append("g").attr("class", "scale");
    lengths.forEach(({ unit, size, y }) => {
      const length = niceBelow(size * Math.min(160, width / 3));
      const end = 12 + length / size;
      bars.append("path").attr("d", `M12,${y - 5}V${y}H${end}V${y - 5}`);
      bars
        .append("text")
        .attr("x", end + 5)
        .attr("y", y)
        .text(`${words.number(length)} ${unit}`);
    });
  };

  const drawGround = (svg, projection, topology, radiusKm) => {
    const path = d3.geoPath(projection);
    const { countries } = topology.objects;
    const steps = [30, 15, 10, 5, 2, 1];
    const step = steps.find((each) => each * 111 <= radiusKm) ?? 1;
    const layers = [
      ["sea", { type: "Sphere" }],
      ["land", topojson.feature(topology, countries)],
      ["coast", topojson.mesh(topology, countries, (a, b) => a === b)],
      ["border", topojson.mesh(topology, countries, (a, b) => a !== b)],
      ["graticule", d3.geoGraticule().step([step, step])()],
    ];
    layers.forEach(([css, shape]) => svg.append("path").attr("class", css).attr("d", path(shape)));
  };

  return { isWhole, projectionOf, drawScale, drawGround };
})();
