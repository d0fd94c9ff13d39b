/**
 * Together's own client against the server that stands for Together in the tests: it must take what the client sends and
 * answer as the client reads.
 *
 *   node --conditions=react-server tests/bench/together-sdk.ts FOLDER
 *
 * FOLDER holds the unpacked `together-ai` package.
 */
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { startTogether, TOGETHER_BASE, TOGETHER_KEY } from '../support/together-server.ts'

interface Job {
  id: string
  status: string
}

/** The calls of the client that are tried. */
interface Together {
  models: { list(): Promise<unknown[]> }
  files: {
    list(): Promise<{ data: { id: string }[] }>
    retrieve(id: string): Promise<{ id: string; Processed: boolean }>
  }
  fineTuning: {
    create(body: object): Promise<Job>
    retrieve(id: string): Promise<Job>
    list(): Promise<{ data: Job[] }>
    listEvents(id: string): Promise<{ data: unknown[] }>
    listMetrics(id: string): Promise<{ metrics: unknown[] }>
    listCheckpoints(id: string): Promise<{ data: unknown[] }>
    content(query: object): Promise<Response>
    cancel(id: string): Promise<Job>
  }
  chat: {
    completions: {
      create(body: object): Promise<AsyncIterable<{ choices: { delta?: { content?: string } }[] }>>
    }
  }
}

const [folder = '.'] = process.argv.slice(2)
const { default: Client } = (await import(pathToFileURL(path.resolve(folder, 'index.mjs')).href)) as {
  default: new (options: object) => Together
}
const server = await startTogether()
const together = new Client({ apiKey: TOGETHER_KEY, baseURL: server.baseURL, maxRetries: 0 })

const form = new FormData()
form.set('file', new File(['{"messages":[]}\n'], 'rows.jsonl'))
form.set('file_name', 'rows.jsonl')
form.set('purpose', 'fine-tune')
const headers = { authorization: `Bearer ${TOGETHER_KEY}` }
await fetch(`${server.baseURL}/files/upload`, { method: 'POST', body: form, headers })
const [file] = (await together.files.list()).data
const id = file?.id ?? ''
const job = await together.fineTuning.create({ model: TOGETHER_BASE, training_file: id, n_epochs: 1 })
server.metrics.get(job.id)?.push({ 'train/loss': 1, 'train/global_step': 1 })
server.go(job.id, 'running', 'training_start')
let words = ''
const chat = {
  model: 'meta-llama/Llama-3.3-70B-Instruct-Turbo',
  stream: true,
  messages: [{ role: 'user', content: 'Neon?' }],
}
for await (const { choices } of await together.chat.completions.create(chat))
  words += choices[0]?.delta?.content ?? ''
console.table({
  models: (await together.models.list()).length,
  file: (await together.files.retrieve(id)).Processed,
  job: (await together.fineTuning.retrieve(job.id)).status,
  jobs: (await together.fineTuning.list()).data.length,
  events: (await together.fineTuning.listEvents(job.id)).data.length,
  metrics: (await together.fineTuning.listMetrics(job.id)).metrics.length,
  checkpoints: (await together.fineTuning.listCheckpoints(job.id)).data.length,
  weights: await (await together.fineTuning.content({ ft_id: job.id, checkpoint: 'adapter' })).text(),
  chat: words,
  cancelled: (await together.fineTuning.cancel(job.id)).status,
})
await server.close()
