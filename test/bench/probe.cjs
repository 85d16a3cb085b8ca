// Loaded by `electron -r` into whatever is measured, the empty window included, so that it costs both the same. Writes one
// line of JSON to standard output when what PBX_CHAT_BENCH_SELECTOR names has been painted (milliseconds since 1970), and
// another with the memory of all processes (MiB, working sets) once the program has been idle for a while.
// eslint-disable-next-line @typescript-eslint/no-require-imports -- what `-r` loads is CommonJS
const { app } = require('electron');

const IDLE_MS = 4_000;

/** In the window: two frames after the element is there, the first of them is on screen. */
const painted = `new Promise((resolve) => {
  const look = () => {
    if (!document.querySelector(${JSON.stringify(process.env.PBX_CHAT_BENCH_SELECTOR)})) return false;
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.timeOrigin + performance.now())));
    return true;
  };
  if (look()) return;
  const observer = new MutationObserver(() => look() && observer.disconnect());
  observer.observe(document, { subtree: true, childList: true, attributes: true });
})`;

const write = (what) => process.stdout.write(`bench ${JSON.stringify(what)}\n`);

app.once('web-contents-created', (_event, contents) =>
  contents.once('dom-ready', async () => {
    write({ paintedAt: await contents.executeJavaScript(painted) });
    setTimeout(() => {
      const sizes = app.getAppMetrics().map(({ memory }) => memory.workingSetSize);
      write({ memory: sizes.reduce((sum, size) => sum + size, 0) / 1024 });
    }, IDLE_MS);
  }),
);
