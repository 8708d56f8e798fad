/** Waiting between tries: exponential with jitter, so that a thousand pages do not return in the same second. */

const FIRST_MS = 800;
const LONGEST_MS = 30_000;

/** Milliseconds before try number `attempt` (0 is the first repeat). */
export function backoff(attempt, random = Math.random) {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt);
  return ceiling / 2 + (random() * ceiling) / 2;
}

/** Resolves after `milliseconds`, or at once when the network returns or the page comes to the front. */
export function pause(milliseconds) {
  return new Promise((resolve) => {
    const wake = () => {
      if (document.visibilityState !== "visible") return;
      clearTimeout(timer);
      stop();
    };
    const stop = () => {
      window.removeEventListener("online", wake);
      document.removeEventListener("visibilitychange", wake);
      resolve();
    };
    const timer = setTimeout(stop, milliseconds);
    window.addEventListener("online", wake);
    document.addEventListener("visibilitychange", wake);
  });
}
