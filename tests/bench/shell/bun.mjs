// bun.mjs TEST [argument] - the works of tests/bench/shell.lua by Bun's shell.
import { $ } from 'bun'

const [test, argument] = process.argv.slice(2)

const works = {
  async true() { await $`true`.quiet() },
  async pipe() { process.stdout.write(await $`head -c ${argument} /dev/zero | wc -c`.text()) },
  async cwd() {
    const where = async (dir) => { $.cwd(dir); await $`sleep 0.05`; return (await $`pwd`.text()).trim() }
    console.log((await Promise.all([where('/usr'), where('/etc')])).join(' '))
  },
  async wait() { try { await $`sleep ${argument}` } finally { await $`echo cleaned up` } },
  async stdout() { console.log((await $`readlink /proc/self/fd/1`.text()).trim()) },
  async missing() { await $`no-such-command --now` },
}
await works[test]()
