// On the host's page: iframes of this server's /embed follow the height that their content tells.
const server = new URL(import.meta.url).origin;

addEventListener("message", ({ origin, source, data }) => {
  if (origin !== server || data?.type !== "xiesou:height" || !(data.height > 0 && data.height < 100000)) return;
  const frames = document.getElementsByTagName("iframe");
  for (let i = 0; i < frames.length; i++) if (frames[i].contentWindow === source) frames[i].height = data.height;
});
