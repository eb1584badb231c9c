// spawn.bun.mjs WORK N [WRITER] - children made by one parent, with Bun.spawn.

import { measure } from "./spawn_works.mjs";

const ignore = ["ignore", "ignore", "ignore"];

measure({
  spawnTrue: () => Bun.spawn(["/bin/true"], { stdio: ignore }).exited,
  async execEcho() {
    const child = Bun.spawn(["/bin/sh", "-c", "echo hi"], { stdout: "pipe", stderr: "pipe" });
    const [out] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
    return out;
  },
  async readAll(file, args, onSize) {
    const child = Bun.spawn([file, ...args], { stdio: ["ignore", "pipe", "inherit"] });
    for await (const chunk of child.stdout) onSize(chunk.length);
    await child.exited;
  },
});
