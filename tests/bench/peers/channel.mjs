// channel.mjs WORK N - messages between a parent and a worker: pingpong, flood, echo_object,
// echo_string, loss, loss_exit.

import { fork } from "./fork.mjs";

const [work, n] = [process.argv[2], Number(process.argv[3])];
const QUIET = 3000; // milliseconds without a message after which what has not come is lost
const LATE = 500; // the same, once the worker is gone

const worker = (mode) => fork(mode, n);
const print = (result) => console.log(JSON.stringify(result));

// Sends the message `count` times, each when the last one is back, and calls done(seconds).
function roundTrips(child, message, count, done) {
  const began = performance.now();
  let left = count;
  const onMessage = () => {
    if (--left > 0) return child.send(message);
    child.off("message", onMessage);
    done((performance.now() - began) / 1e3);
  };
  child.on("message", onMessage);
  child.send(message);
}

function timed(message, warmUp, count, result) {
  const child = worker("echo");
  roundTrips(child, message, warmUp, () =>
    roundTrips(child, message, count, (seconds) => {
      child.on("exit", () => print(result(seconds)));
      child.disconnect();
    }));
}

function echo(message) {
  const bytes = JSON.stringify(message).length;
  timed(message, 1, n, (seconds) => ({ value: (bytes * n) / seconds / 1e6 }));
}

// Calls done(count, seconds) when all are here, when the worker is gone, or when nothing comes.
function count(child, done) {
  const began = performance.now();
  let got = 0, seen = -1, ended = false;
  const timer = setInterval(() => (got === seen ? end() : (seen = got)), QUIET);
  function end() {
    if (ended) return;
    ended = true;
    clearInterval(timer);
    done(got, (performance.now() - began) / 1e3);
  }
  child.on("message", () => {
    if (++got === n) end();
  });
  child.on("close", () => setTimeout(end, LATE));
}

function loss(mode) {
  count(worker(mode), (got) => {
    print({ value: got, lost: n - got, sent: n });
    process.exit(0);
  });
}

const works = {
  pingpong: () => timed({ n: 1 }, Math.floor(n / 10), n, (seconds) => ({ value: n / seconds })),
  flood() {
    const child = worker("flood");
    child.once("message", () => {
      child.send("go");
      count(child, (got, seconds) => {
        print({ value: got / seconds, lost: n - got, sent: n });
        // A worker that is waited for is counted as ours, and not as what others used.
        child.on("exit", () => process.exit(0));
        child.disconnect();
        setTimeout(() => process.exit(0), LATE);
      });
    });
  },
  echo_object() {
    const items = [];
    for (let i = 1; i <= 36000; i++) {
      items.push({ id: i, name: "item " + i, price: i * 0.25 + 0.125, active: i % 2 === 0,
        tags: ["red", "green", "blue"], pos: { x: i % 100, y: i % 7 } });
    }
    echo({ items });
  },
  echo_string: () => echo("abcdefghijklmnopqrstuvwxyz012345 ".repeat(Math.floor(4000000 / 33))),
  loss: () => loss("loss"),
  loss_exit: () => loss("loss_exit"),
};

works[work]();
