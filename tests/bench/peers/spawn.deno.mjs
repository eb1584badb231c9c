// spawn.deno.mjs WORK N [WRITER] - children made by one parent, with Deno.Command.

import { measure } from "./spawn_works.mjs";

const ignore = { stdin: "null", stdout: "null", stderr: "null" };
const decoder = new TextDecoder();

measure({
  spawnTrue: () => new Deno.Command("/bin/true", ignore).spawn().status,
  async execEcho() {
    const { stdout } = await new Deno.Command("/bin/sh", { args: ["-c", "echo hi"] }).output();
    return decoder.decode(stdout);
  },
  async readAll(file, args, onSize) {
    const options = { args, stdin: "null", stdout: "piped", stderr: "inherit" };
    const child = new Deno.Command(file, options).spawn();
    for await (const chunk of child.stdout) onSize(chunk.length);
    await child.status;
  },
});
