// A request to the search's interface -> its answer, or the reason why there is none.

const TIMEOUT_MS = 15000;
const RETRIED = /^50[0234]$/;
const PAUSES = [1, 4]; // seconds before a server in trouble is asked again, where it doesn't say

// `code` is the server's own, or "network" where there was no server.
export class Refusal extends Error {
  constructor(code, said, status = 0) {
    super(said || code);
    this.code = code;
    this.said = said;
    this.status = status;
    this.wait = 0; // seconds after which it may be asked again; 0: only if the reader says so
  }
}

export async function get(url, asking, tries = PAUSES.length) {
  const { signal } = asking;
  const late = setTimeout(() => asking.abort("late"), TIMEOUT_MS);
  try {
    const response = await fetch(url, { signal, credentials: "omit", headers: { Accept: "application/json" } });
    let body = null;
    try {
      body = await response.json();
    } catch (error) {
      if (signal.aborted) throw error;
    }
    if (response.ok && body) return body;
    throw refusalOf(response, body?.error, tries);
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal("network");
  } finally {
    clearTimeout(late);
  }
}

function refusalOf(response, error, tries) {
  const refusal = new Refusal(error?.code || "failed", error?.message, response.status);
  const told = Number(response.headers.get("Retry-After"));
  if (refusal.status === 429) refusal.wait = told || 1;
  else if (RETRIED.test(refusal.status) && tries < PAUSES.length) refusal.wait = told > 60 ? 0 : told || PAUSES[tries];
  return refusal;
}

// Whether browsers keep a secure page from asking this address.
export const isMixed = (base) => location.protocol === "https:" && /^http:\/\/(?!localhost[:/]|127\.|\[::1\])/.test(base);
