// zx.mjs TEST [argument] - the works of tests/bench/shell.lua by zx.
import { $, cd, within } from 'zx'

const [test, argument] = process.argv.slice(2)
$.verbose = false

const works = {
  async true() { await $`true` },
  async pipe() { process.stdout.write(await $`head -c ${argument} /dev/zero`.pipe($`wc -c`).text()) },
  async string() { process.stdout.write(await $`head -c ${argument} /dev/zero | wc -c`.text()) },
  async timeout() {
    const began = Date.now()
    const how = await $`sh -c ${`sleep ${argument} & wait`}`.timeout('500ms').then(() => 'returned success', () => 'raised')
    console.log(`${how} after ${((Date.now() - began) / 1000).toFixed(1)} s`)
  },
  async cwd() {
    const where = (dir) => within(async () => { cd(dir); await $`sleep 0.05`; return (await $`pwd`).stdout.trim() })
    console.log((await Promise.all([where('/usr'), where('/etc')])).join(' '))
  },
  async wait() { try { await $`sleep ${argument}` } finally { await $`echo cleaned up`.pipe(process.stdout) } },
  async stdout() { console.log((await $`readlink /proc/self/fd/1`).stdout.trim()) },
  async missing() { await $`no-such-command --now` },
  async lines() {
    let count = 0
    for await (const _ of $`yes ${argument}`) if (++count === 3) break
    console.log(`went on after ${count}`)
  },
}
await works[test]()
