/** Opens a database and kills itself with SIGKILL `before` or `after` its n-th statement: FILE MIGRATIONS N MOMENT. */
import { openDatabase } from '#lib/db/open.ts'

const [file = '', migrations = '', at, moment] = process.argv.slice(2)
let count = 0
const kill = () => process.kill(process.pid, 'SIGKILL')

await openDatabase(file, migrations, {
  around: (run) => {
    const isHere = ++count === Number(at)
    if (isHere && moment === 'before') kill()
    const result = run()
    if (isHere) kill()
    return result
  },
})
