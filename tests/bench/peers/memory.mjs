// memory.mjs N - the memory of a worker that has answered a message and is idle: the mean of N, in
// kB.

import { readFileSync } from "node:fs";
import { fork } from "./fork.mjs";

const n = Number(process.argv[2]);

const workers = Array.from({ length: n }, () => fork("echo", n));
await Promise.all(workers.map((worker, i) => {
  const answer = new Promise((resolve) => worker.on("message", resolve));
  worker.send({ n: i });
  return answer;
}));
let [pss, dirty] = [0, 0];
for (const { pid } of workers) {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  pss += Number(/Pss:\s*(\d+)/.exec(text)[1]);
  dirty += Number(/Private_Dirty:\s*(\d+)/.exec(text)[1]);
}
for (const worker of workers) worker.disconnect();
console.log(JSON.stringify({ value: pss / n, private: dirty / n }));
