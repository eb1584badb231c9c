// dax.mjs TEST [argument] - the works of tests/bench/shell.lua by dax.
import $ from 'dax'

const [test, argument] = process.argv.slice(2)

const works = {
  async true() { await $`true`.quiet() },
  async pipe() { console.log(await $`head -c ${argument} /dev/zero | wc -c`.text()) },
  async timeout() {
    const began = Date.now()
    const how = await $`sh -c ${`sleep ${argument} & wait`}`.timeout('500ms').text().then(() => 'returned success', () => 'raised')
    console.log(`${how} after ${((Date.now() - began) / 1000).toFixed(1)} s`)
  },
  async cwd() {
    const where = async (dir) => { await $`sleep 0.05`.cwd(dir); return $`pwd`.cwd(dir).text() }
    console.log((await Promise.all([where('/usr'), where('/etc')])).join(' '))
  },
  async wait() { try { await $`/bin/sleep ${argument}` } finally { await $`echo cleaned up` } },
  async stdout() { console.log(await $`readlink /proc/self/fd/1`.text()) },
  async missing() { await $`no-such-command --now` },
  async lines() {
    const child = $`yes ${argument}`.stdout('piped').spawn()
    let rest = '', count = 0
    const decoder = new TextDecoder()
    for await (const chunk of child.stdout()) {
      rest += decoder.decode(chunk, { stream: true })
      const lines = rest.split('\n')
      rest = lines.pop()
      if ((count += lines.length) >= 3) break
    }
    console.log('went on after 3')
  },
}
await works[test]()
