// execa.mjs TEST [argument] - the works of tests/bench/shell.lua by execa.
import { execa } from 'execa'

const [test, argument] = process.argv.slice(2)

const works = {
  async true() { await execa`true` },
  async pipe() { console.log((await execa('head', ['-c', argument, '/dev/zero'], { buffer: false }).pipe('wc', ['-c'])).stdout) },
  async timeout() {
    const began = Date.now()
    const how = await execa('sh', ['-c', `sleep ${argument} & wait`], { timeout: 500 }).then(() => 'returned success', () => 'raised')
    console.log(`${how} after ${((Date.now() - began) / 1000).toFixed(1)} s`)
  },
  async cwd() {
    const where = async (dir) => { const $ = execa({ cwd: dir }); await $`sleep 0.05`; return (await $`pwd`).stdout }
    console.log((await Promise.all([where('/usr'), where('/etc')])).join(' '))
  },
  async wait() { try { await execa`sleep ${argument}` } finally { await execa({ stdout: 'inherit' })`echo cleaned up` } },
  async stdout() { console.log((await execa`readlink /proc/self/fd/1`).stdout) },
  async missing() { await execa`no-such-command --now` },
  async lines() {
    let count = 0
    for await (const _ of execa({ buffer: false })`yes ${argument}`) if (++count === 3) break
    console.log(`went on after ${count}`)
  },
}
await works[test]()
