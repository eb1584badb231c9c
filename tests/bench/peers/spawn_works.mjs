// spawn_works.mjs - what spawn.mjs, spawn.bun.mjs and spawn.deno.mjs measure, each with its own
// runtime's means: true8, true8_heap, true8_fds, exec, fork, read.

import { openSync } from "node:fs";
import { fork } from "./fork.mjs";

const [work, count, writer] = process.argv.slice(2);
const n = Number(count);

async function timed(fn) {
  const began = performance.now();
  await fn();
  return (performance.now() - began) / 1e3;
}

async function true8(api) {
  let left = n;
  const lane = async () => {
    while (left-- > 0) await api.spawnTrue();
  };
  return n / (await timed(() => Promise.all(Array.from({ length: 8 }, lane))));
}

// A worker's answer to the message, once it has ended.
function forkOnce(message) {
  return new Promise((resolve) => {
    let answer;
    const child = fork("once", 1);
    child.on("message", (m) => (answer = m));
    child.on("exit", () => resolve(answer));
    child.send(message);
  });
}

const works = {
  true8,
  async true8_heap(api) {
    const heap = Array.from({ length: 1024 }, (_, i) => new Uint8Array(1 << 20).fill(i + 1));
    const rate = await true8(api);
    if (heap.length !== 1024) throw new Error("heap");
    return rate;
  },
  true8_fds(api) {
    for (let i = 0; i < 10000; i++) openSync("/dev/null");
    return true8(api);
  },
  async exec(api) {
    const seconds = await timed(async () => {
      for (let i = 0; i < n; i++) {
        if ((await api.execEcho()) !== "hi\n") throw new Error("echo");
      }
    });
    return n / seconds;
  },
  async fork() {
    const seconds = await timed(async () => {
      for (let i = 0; i < n; i++) {
        if ((await forkOnce({ n: 1 })).n !== 1) throw new Error("answer");
      }
    });
    return (seconds / n) * 1e3;
  },
  async read(api) {
    let bytes = 0;
    const seconds = await timed(() => api.readAll(writer, [count], (size) => (bytes += size)));
    if (bytes !== n * 1000000) throw new Error(`${bytes} bytes`);
    return n / seconds;
  },
};

export async function measure(api) {
  console.log(JSON.stringify({ value: await works[work](api) }));
}
