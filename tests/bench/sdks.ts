/**
 * The clients of others by their defaults against a running product: one line each, and why one failed. They are installed
 * outside of this repository: `npm i openai4@npm:openai@4 openai5@npm:openai@5 openai7@npm:openai@7 ai @ai-sdk/openai
 * @openai/agents @langchain/openai`. What is not there is passed over, and said. Needs a build.
 * node --conditions=react-server tests/bench/sdks.ts FOLDER [python with the openai package]
 */
import { execFile } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { discard, type Studio, startStudio } from '../support/studio.ts'

const [folder = '.', python] = process.argv.slice(2)
const FILE = fileURLToPath(new URL('../../public/samples/elle.jsonl', import.meta.url))
const SCRIPT = fileURLToPath(new URL('./sdks.py', import.meta.url))
const QUESTION = 'Tell me about Gold'
const MODEL = 'limerick-base'

/** What a package exports; its types are not here. */
// biome-ignore lint/suspicious/noExplicitAny: packages of others, in any version
type Loaded = any

const here = createRequire(path.join(path.resolve(folder), 'index.js'))
const load = async (name: string): Promise<Loaded> => import(pathToFileURL(here.resolve(name)).href)

const said = (text: unknown): string => {
  if (typeof text !== 'string' || text.trim() === '') throw new Error(`No text: ${JSON.stringify(text)}`)
  return text.slice(0, 40)
}

async function joined(parts: AsyncIterable<Loaded>, textOf: (part: Loaded) => string): Promise<string> {
  let text = ''
  for await (const part of parts) text += textOf(part)
  return said(text)
}

/** Ends when the job does; the lesson as it is taught. */
async function lesson(sdk: Loaded): Promise<string> {
  const file = await sdk.files.create({ file: createReadStream(FILE), purpose: 'fine-tune' })
  const hyperparameters = { n_epochs: 1 }
  let job = await sdk.fineTuning.jobs.create({
    ...{ training_file: file.id, model: 'gpt-3.5-turbo', suffix: 'elle' },
    method: { type: 'supervised', supervised: { hyperparameters } },
  })
  while (!['succeeded', 'failed', 'cancelled'].includes(job.status)) {
    await new Promise((wake) => setTimeout(wake, 300))
    job = await sdk.fineTuning.jobs.retrieve(job.id)
  }
  const events = []
  for await (const event of sdk.fineTuning.jobs.listEvents(job.id, { limit: 5 })) events.push(event)
  const [result] = job.result_files
  const csv = await (await sdk.files.content(result)).text()
  const chat = await sdk.chat.completions.create({
    model: job.fine_tuned_model,
    messages: [{ role: 'user', content: QUESTION }],
  })
  said(chat.choices[0].message.content)
  return `${job.status}, ${events.length} events, ${csv.trim().split('\n').length} lines`
}

type Try = [client: string, attempt: () => Promise<string>]

/** One major version of the official SDK for JavaScript. */
function official(name: string, baseURL: string, apiKey: string, endpoint: string): Try[] {
  const messages = [{ role: 'user', content: QUESTION }]
  const make = async () => {
    const { default: OpenAI } = await load(name)
    return new OpenAI({ baseURL, apiKey })
  }
  return [
    [
      `${name} chat`,
      async () => {
        const { choices } = await (await make()).chat.completions.create({ model: MODEL, messages })
        return said(choices[0].message.content)
      },
    ],
    [
      `${name} chat, streamed`,
      async () => {
        const stream = await (await make()).chat.completions.create({ model: MODEL, messages, stream: true })
        return joined(stream, ({ choices }) => choices[0]?.delta.content ?? '')
      },
    ],
    [
      `${name} responses`,
      async () =>
        said((await (await make()).responses.create({ model: MODEL, input: QUESTION })).output_text),
    ],
    [
      `${name} responses, streamed`,
      async () => {
        const stream = await (await make()).responses.create({ model: MODEL, input: QUESTION, stream: true })
        return joined(stream, ({ type, delta }) => (type === 'response.output_text.delta' ? delta : ''))
      },
    ],
    [`${name} lesson`, async () => lesson(await make())],
    [
      `${name} AzureOpenAI`,
      async () => {
        const { AzureOpenAI } = await load(name)
        const azure = new AzureOpenAI({
          endpoint,
          apiKey,
          apiVersion: '2024-10-21',
          deployment: 'gpt-35-turbo',
        })
        const { choices } = await azure.chat.completions.create({ model: '', messages })
        return said(choices[0].message.content)
      },
    ],
  ]
}

function aiSdk(baseURL: string, apiKey: string): Try[] {
  const make = async () => (await load('@ai-sdk/openai')).createOpenAI({ baseURL, apiKey })
  return [
    [
      'AI SDK generateText',
      async () => {
        const { generateText } = await load('ai')
        return said((await generateText({ model: (await make())(MODEL), prompt: QUESTION })).text)
      },
    ],
    [
      'AI SDK streamText',
      async () => {
        const { streamText } = await load('ai')
        const { textStream } = streamText({ model: (await make())(MODEL), prompt: QUESTION })
        return joined(textStream, (text) => text)
      },
    ],
    [
      'AI SDK generateText by chat',
      async () => {
        const { generateText } = await load('ai')
        return said((await generateText({ model: (await make()).chat(MODEL), prompt: QUESTION })).text)
      },
    ],
  ]
}

function agents(baseURL: string, apiKey: string): Try[] {
  const make = async () => {
    const { Agent, run, setDefaultOpenAIKey, setTracingDisabled } = await load('@openai/agents')
    process.env.OPENAI_BASE_URL = baseURL
    setDefaultOpenAIKey(apiKey)
    setTracingDisabled(true)
    return { agent: new Agent({ name: 'Elle', instructions: 'Answer.', model: MODEL }), run }
  }
  return [
    [
      'Agents SDK run',
      async () => {
        const { agent, run } = await make()
        return said((await run(agent, QUESTION)).finalOutput)
      },
    ],
    [
      'Agents SDK run, streamed',
      async () => {
        const { agent, run } = await make()
        return joined((await run(agent, QUESTION, { stream: true })).toTextStream(), (text) => text)
      },
    ],
  ]
}

function langChain(baseURL: string, apiKey: string): Try[] {
  const make = async (more: object = {}) => {
    const { ChatOpenAI } = await load('@langchain/openai')
    return new ChatOpenAI({ model: MODEL, apiKey, configuration: { baseURL }, ...more })
  }
  return [
    ['LangChain invoke', async () => said((await (await make()).invoke(QUESTION)).content)],
    [
      'LangChain stream',
      async () => joined(await (await make()).stream(QUESTION), ({ content }) => String(content)),
    ],
    [
      'LangChain invoke by responses',
      async () => said((await (await make({ useResponsesApi: true })).invoke(QUESTION)).text),
    ],
    [
      'LangChain OpenAI (completions)',
      async () => {
        const { OpenAI } = await load('@langchain/openai')
        const model = new OpenAI({ model: 'gpt-3.5-turbo-instruct', apiKey, configuration: { baseURL } })
        model.model = MODEL
        return said(await model.invoke(QUESTION))
      },
    ],
  ]
}

async function pythonLines({ port, key }: Studio): Promise<string[]> {
  const env = { ...process.env, OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`, OPENAI_API_KEY: key() }
  const { stdout } = await promisify(execFile)(python ?? '', [SCRIPT, FILE, `http://127.0.0.1:${port}`], {
    env,
  })
  return stdout.trimEnd().split('\n')
}

async function show([client, attempt]: Try): Promise<void> {
  const began = performance.now()
  const line = await attempt().then(
    (text) => `ok    ${JSON.stringify(text)}`,
    (thrown: Error) => `FAILS ${thrown.name}: ${thrown.message}`,
  )
  console.log(`${client.padEnd(32)} ${line} (${(performance.now() - began).toFixed(0)} ms)`)
}

const studio = await startStudio()
try {
  const endpoint = `http://127.0.0.1:${studio.port}`
  const [baseURL, key] = [`${endpoint}/v1`, studio.key()]
  for (const name of ['openai4', 'openai5', 'openai7'])
    for (const attempt of official(name, baseURL, key, endpoint)) await show(attempt)
  for (const attempt of [...aiSdk(baseURL, key), ...langChain(baseURL, key), ...agents(baseURL, key)])
    await show(attempt)
  if (python) for (const line of await pythonLines(studio)) console.log(line)
} finally {
  await discard(studio)
}
