// channel_worker.mjs MODE N - the other side of channel.mjs.

const [mode, n] = [process.argv[2], Number(process.argv[3])];

function sendAll() {
  for (let i = 1; i <= n; i++) process.send({ id: i, name: "worker", value: 3.25, ok: true });
}

if (mode === "echo") {
  process.on("message", (m) => process.send(m));
} else if (mode === "once") {
  process.once("message", (m) => process.send(m, () => process.disconnect()));
} else if (mode === "flood") {
  process.once("message", sendAll);
  process.send("ready");
  process.on("disconnect", () => {});
} else {
  sendAll();
  if (mode === "loss") process.disconnect();
  else process.exit(0);
}
