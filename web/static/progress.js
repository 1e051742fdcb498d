// A page whose answer is being worked on: its line is renewed until the answer is there, then the page is.
export function wireProgress(root) {
  const working = root.querySelector("[data-working]");
  const line = working.querySelector("[data-progress]");
  const again = 1000 * Number(working.dataset.working);
  const ask = async () => {
    let answer;
    try {
      answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    } catch {
      setTimeout(ask, again); // out of reach for now
      return;
    }
    if (answer.ok && answer.status !== 202) {
      location.reload();
      return;
    }
    if (answer.status === 429 || answer.status === 503) {
      setTimeout(ask, Math.max(again, 1000 * (Number(answer.headers.get("Retry-After")) || 0)));
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok) {
      show(page); // another load would begin the work again
      return;
    }
    const said = page.querySelector("[data-progress]");
    if (said && said.textContent !== line.textContent) line.textContent = said.textContent;
    setTimeout(ask, again);
  };
  setTimeout(ask, again);
}

// What went wrong, in place of the line.
function show(page) {
  const main = page.querySelector("main");
  if (!main) return;
  document.title = page.title;
  document.querySelector("main").replaceWith(document.adoptNode(main));
}
