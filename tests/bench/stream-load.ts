/**
 * Readers of long answers, in a process of their own. Says when all are live and, told to end, how fast each was served.
 * node tests/bench/stream-load.ts STUDIO STREAMS EVERY
 */
import { askPane } from '../support/stream-client.ts'

const [studio = '', streams, every] = process.argv.slice(2)
const count = Number(streams)

const begun = new Set<number>()
let tokens = 0
let began = 0

function onToken(stream: number): void {
  tokens++
  if (begun.size === count || begun.add(stream).size < count) return
  tokens = 0
  began = performance.now()
  process.send?.({ live: count })
}

for (let stream = 0; stream < count; stream++) {
  askPane(studio, `whole:1000000:${every}:live${stream}-`, { onToken: () => onToken(stream) })
    .then(() => 'ended by itself', String)
    .then((why) => process.send?.({ broke: `${stream}: ${why}` }))
}

process.once('message', () => {
  const perSecond = (tokens * 1000) / (performance.now() - began) / count
  process.send?.({ perSecond }, () => process.exit())
})
process.on('disconnect', () => process.exit())
