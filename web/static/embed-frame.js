// Inside the iframe: tells the page around it how tall the content is, and nothing else.
(() => {
  if (parent === window) return;
  let told = 0;
  const tell = () => {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    if (height !== told) parent.postMessage({ type: "xiesou:height", height: (told = height) }, "*");
  };
  new ResizeObserver(tell).observe(document.body);
  tell();
})();
