// The setup page follows each choice at once; without it the button does.
const form = document.querySelector("[data-setup]");
let asking = null;

async function follow() {
  asking?.abort();
  const mine = (asking = new AbortController());
  const address = `${form.action}?${new URLSearchParams(new FormData(form))}`;
  try {
    const answer = await fetch(address, { signal: mine.signal });
    if (!answer.ok) return form.requestSubmit();
    const made = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-made]");
    document.querySelector("[data-made]").replaceWith(document.importNode(made, true));
    history.replaceState(null, "", address);
    wireCopies();
  } catch (error) {
    if (!mine.signal.aborted) throw error;
  }
}

function wireCopies() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copies]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent);
      button.textContent = button.dataset.said;
    });
  }
}

form.addEventListener("change", follow);
wireCopies();
