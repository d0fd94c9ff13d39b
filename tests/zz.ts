import { newFolder, startEngine, stopEngine } from './support/engine.ts'
const variables = Object.fromEntries(Object.entries(process.env).filter(([n]) => /^pip_/i.test(n))) as Record<string, string>
const engine = await startEngine(await newFolder(), null, { environment: { folder: '/tmp/envtest', variables } })
const ask = async (method = 'GET') =>
  (await fetch(engine.baseURL.replace('/v1', '/limerick/trainers') + (method === 'GET' ? '' : '/environment'), { method, headers: { authorization: `Bearer ${engine.key}` } })).json()
const began = Date.now()
await ask('POST')
let last = ''
for (;;) {
  const { environment, data } = (await ask()) as any
  if (environment.doing !== last) console.log(((Date.now() - began) / 1000).toFixed(0), environment.state, (last = environment.doing))
  if (environment.state === 'failed') { console.log(environment); break }
  if (environment.state === 'ready') { const trl = data.find((d: any) => d.name === 'trl'); if (trl.state === 'asking') { await new Promise(r=>setTimeout(r,500)); continue } console.log(trl.state, trl.versions, (Date.now() - began) / 1000); break }
  await new Promise((r) => setTimeout(r, 300))
}
await stopEngine(engine)
