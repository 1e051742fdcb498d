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
    if (answer.status !== 202) {
      location.reload();
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const said = page.querySelector("[data-progress]");
    if (said && said.textContent !== line.textContent) line.textContent = said.textContent;
    setTimeout(ask, again);
  };
  setTimeout(ask, again);
}
