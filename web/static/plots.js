// Every plot of a page as an SVG file, and as a PNG file made of it. Drawn in the light theme, with the styles it has here.
const STYLES = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-opacity", "stroke-linecap",
  "stroke-linejoin", "opacity", "font-family", "font-size", "font-weight", "text-anchor", "dominant-baseline",
  "display", "visibility", "paint-order",
];
const SVG = "http://www.w3.org/2000/svg";
const MARGIN = 12;
const PNG_SCALE = 2;

export function wirePlots(root) {
  for (const figure of root.querySelectorAll("figure.plot")) {
    if (!figure.querySelector("svg")) continue;
    const files = document.createElement("p");
    files.className = "actions plot-files";
    files.append(button("SVG", () => save(figure, "svg")), button("PNG", () => save(figure, "png")));
    figure.append(files);
  }
}

function button(label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}

async function save(figure, kind) {
  const { text, width, height } = draw(figure);
  const svg = new Blob([text], { type: "image/svg+xml" });
  const blob = kind === "svg" ? svg : await paint(text, width, height);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${name(figure)}.${kind}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function name(figure) {
  const asked = new URLSearchParams(location.search).getAll("q").join(" ");
  const said = [asked, figure.querySelector("figcaption")?.innerText].filter(Boolean).join(" ");
  return said.replace(/[\\/:*?"<>|\s]+/g, " ").trim().slice(0, 80) || "xiesou";
}

// The plots of a figure in one, each where it stands on the page; what is scrolled away is there too.
export function draw(figure) {
  const html = document.documentElement;
  const theme = html.dataset.theme;
  html.dataset.theme = "light";
  try {
    const outer = document.createElementNS(SVG, "svg");
    const origin = figure.getBoundingClientRect();
    let width = 0, height = 0, top = Infinity;
    const placed = [...figure.querySelectorAll("svg")].map((plot) => {
      const box = plot.getBoundingClientRect();
      const x = box.left - origin.left + scrolled(plot, figure);
      const y = box.top - origin.top;
      [width, height, top] = [Math.max(width, x + box.width), Math.max(height, y + box.height), Math.min(top, y)];
      return { plot, x, y, box };
    });
    for (const { plot, x, y, box } of placed) {
      const copy = styled(plot);
      for (const [key, value] of Object.entries({ x: x + MARGIN, y: y - top + MARGIN, width: box.width, height: box.height }))
        copy.setAttribute(key, round(value));
      outer.append(copy);
    }
    [width, height] = [Math.ceil(width) + 2 * MARGIN, Math.ceil(height - top) + 2 * MARGIN];
    const ground = document.createElementNS(SVG, "rect");
    for (const [key, value] of Object.entries({ width, height, fill: "#ffffff" }))
      ground.setAttribute(key, value);
    outer.prepend(told("title", figure.querySelector("figcaption")), told("desc", figure.querySelector(".source-line")), ground);
    outer.setAttribute("viewBox", `0 0 ${width} ${height}`);
    outer.setAttribute("width", width);
    outer.setAttribute("height", height);
    return { text: new XMLSerializer().serializeToString(outer), width, height };
  } finally {
    if (theme === undefined) delete html.dataset.theme;
    else html.dataset.theme = theme;
  }
}

function told(tag, from) {
  const made = document.createElementNS(SVG, tag);
  made.textContent = from ? from.innerText.trim() : "";
  return made;
}

function scrolled(plot, figure) {
  let by = 0;
  for (let node = plot.parentElement; node && node !== figure; node = node.parentElement) by += node.scrollLeft;
  return by;
}

function styled(plot) {
  const copy = plot.cloneNode(true);
  const theirs = [copy, ...copy.querySelectorAll("*")];
  [plot, ...plot.querySelectorAll("*")].forEach((one, at) => {
    const style = getComputedStyle(one);
    for (const key of STYLES) theirs[at].style.setProperty(key, style.getPropertyValue(key));
    theirs[at].removeAttribute("class");
    if (one instanceof SVGAElement) theirs[at].setAttribute("href", new URL(one.href.baseVal, location.href).href);
  });
  return copy;
}

const round = (value) => String(Math.round(value * 100) / 100);

// A picture is painted from the text alone: nothing of it is fetched.
async function paint(text, width, height) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width * PNG_SCALE, height * PNG_SCALE];
  const context = canvas.getContext("2d");
  context.scale(PNG_SCALE, PNG_SCALE);
  context.drawImage(image, 0, 0);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}
