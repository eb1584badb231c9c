// spawn.mjs WORK N [WRITER] - children made by one parent, with node:child_process.

import { exec, spawn } from "node:child_process";
import { measure } from "./spawn_works.mjs";

const ended = (child, result) =>
  new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", () => resolve(result));
  });

measure({
  spawnTrue: () => ended(spawn("/bin/true", { stdio: "ignore" })),
  execEcho: () =>
    new Promise((resolve, reject) =>
      exec("echo hi", (err, stdout) => (err ? reject(err) : resolve(stdout)))),
  readAll(file, args, onSize) {
    const child = spawn(file, args, { stdio: ["ignore", "pipe", "inherit"] });
    child.stdout.on("data", (chunk) => onSize(chunk.length));
    return ended(child);
  },
});
