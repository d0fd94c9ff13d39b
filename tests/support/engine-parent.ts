/** A process that starts an engine as the studio does and prints its pid; tests kill it. */
import { startEngine } from '#tests/support/engine.ts'

const engine = await startEngine(process.argv[2] ?? '')
process.send?.({ pid: engine.process.pid })
process.on('disconnect', () => process.exit(0))
