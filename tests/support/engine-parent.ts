/** A studio's part towards an engine, as a process of its own that may be killed: starts one and says its pid. */
import { startEngine } from '#tests/support/engine.ts'

const engine = await startEngine(process.argv[2] ?? '')
process.send?.({ pid: engine.process.pid })
process.on('disconnect', () => process.exit(0))
