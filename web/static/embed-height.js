// On the host's page: iframes of this server's /embed follow the height that their content tells.
const server = new URL(import.meta.url).origin;
const frames = document.getElementsByTagName("iframe");

addEventListener("message", ({ origin, source, data }) => {
  if (origin !== server || data?.type !== "xiesou:height" || !(data.height > 0 && data.height < 100000)) return;
  for (let i = 0; i < frames.length; i++) if (frames[i].contentWindow === source) frames[i].height = data.height;
});

// Frames that were ready before this script told it to nobody: they are asked once more.
for (let i = 0; i < frames.length; i++) frames[i].contentWindow?.postMessage({ type: "xiesou:ready" }, "*");
