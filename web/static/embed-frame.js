// Inside the iframe: tells the page around it how tall the content is, and nothing else. Whoever comes later asks.
(() => {
  if (parent === window) return;
  let told = 0;
  const tell = () => {
    told = Math.ceil(document.body.getBoundingClientRect().height);
    parent.postMessage({ type: "xiesou:height", height: told }, "*");
  };
  new ResizeObserver(() => Math.ceil(document.body.getBoundingClientRect().height) !== told && tell()).observe(document.body);
  addEventListener("message", ({ source, data }) => source === parent && data?.type === "xiesou:ready" && tell());
  tell();
})();
