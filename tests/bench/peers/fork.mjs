// fork.mjs - fork(mode, n) -> a worker that runs channel_worker.mjs: send(), disconnect(), events
// message, exit, close. It is that of node:child_process, which Deno has as well; Bun's own way is
// faster than its fork().

import { fork as nodeFork } from "node:child_process";
import { EventEmitter } from "node:events";
import { fileURLToPath } from "node:url";

const file = fileURLToPath(new URL("./channel_worker.mjs", import.meta.url));

function bunFork(mode, n) {
  const events = new EventEmitter();
  const child = Bun.spawn([process.execPath, file, mode, String(n)], {
    stdio: ["inherit", "inherit", "inherit"],
    serialization: "json", // several times faster than "advanced" for all but long strings
    ipc: (m) => events.emit("message", m),
    onExit() {
      events.emit("exit");
      events.emit("close");
    },
  });
  return Object.assign(events, {
    pid: child.pid,
    send: (m) => child.send(m),
    disconnect: () => child.disconnect(),
  });
}

export const fork = process.versions.bun ? bunFork : (mode, n) => nodeFork(file, [mode, n]);
