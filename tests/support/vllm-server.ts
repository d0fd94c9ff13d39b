/** A server that behaves as vLLM does with adapters that are loaded while it runs. It answers with what it was asked. */
import { Hono } from 'hono'
import { type ProviderServer, serveProvider } from './provider-server.ts'

interface VllmServer extends ProviderServer {
  /** Folders of the adapters that it has, by name. */
  adapters: Map<string, string>
  /** Bodies of the completions that it was asked for. */
  asked: { model: string; prompt: number[]; stop_token_ids: number[]; [more: string]: unknown }[]
  /** What it says against an adapter; null: it takes it. */
  refusal: string | null
  /** Its answers end in their middle. */
  cut: boolean
  /** As a new start does: it has no adapters. */
  restart(): void
}

/** Tokens of a conversation. */
const MOST = 200

const WORDS = ['a', ' verse', ' of', ' gold']

export async function startVllm(base: string): Promise<VllmServer> {
  const adapters: VllmServer['adapters'] = new Map()
  const asked: VllmServer['asked'] = []
  const app = new Hono()
  const error = (message: string, type: string, code: 400 | 404 | 500) => ({
    error: { message, type, code, param: null },
  })

  app.get('/v1/models', (c) => {
    const entry = (id: string, more: object) => ({
      id,
      object: 'model',
      created: 1,
      owned_by: 'vllm',
      ...more,
    })
    const loaded = [...adapters].map(([id, root]) => entry(id, { root, parent: base }))
    return c.json({
      object: 'list',
      data: [entry(base, { root: '/models/base', parent: null, max_model_len: MOST }), ...loaded],
    })
  })
  app.post('/v1/load_lora_adapter', async (c) => {
    const { lora_name: name, lora_path: folder } = (await c.req.json()) as Record<string, string>
    if (self.refusal) return c.json(error(self.refusal, 'InternalServerError', 500), 500)
    if (adapters.has(name ?? ''))
      return c.json(
        error(`The lora adapter '${name}' has already been loaded. …`, 'InvalidUserInput', 400),
        400,
      )
    adapters.set(name ?? '', folder ?? '')
    return c.text(`Success: LoRA adapter '${name}' added successfully.`)
  })
  app.post('/v1/unload_lora_adapter', async (c) => {
    const { lora_name: name } = (await c.req.json()) as Record<string, string>
    if (!adapters.delete(name ?? ''))
      return c.json(error(`'${name}' cannot be found.`, 'NotFoundError', 404), 404)
    return c.text(`Success: LoRA adapter '${name}' removed successfully.`)
  })
  app.post('/v1/completions', async (c) => {
    const body = (await c.req.json()) as VllmServer['asked'][number]
    if (body.model !== base && !adapters.has(body.model))
      return c.json(error(`The model \`${body.model}\` does not exist.`, 'NotFoundError', 404), 404)
    asked.push(body)
    const logprobs = (word: string) =>
      body.logprobs === undefined
        ? null
        : {
            tokens: [word],
            token_logprobs: [-0.5],
            top_logprobs: [{ [word]: -0.5, other: -2 }],
            text_offset: [0],
          }
    const chunk = (more: object) =>
      `data: ${JSON.stringify({ id: 'cmpl-1', object: 'text_completion', created: 1, model: body.model, ...more })}\n\n`
    const lines = WORDS.map((text, index) =>
      chunk({
        choices: [
          {
            ...{ index: 0, text, logprobs: logprobs(text) },
            finish_reason: index === WORDS.length - 1 ? 'stop' : null,
          },
        ],
      }),
    )
    if (self.cut)
      return new Response(lines.slice(0, 2).join(''), { headers: { 'content-type': 'text/event-stream' } })
    const usage = {
      prompt_tokens: body.prompt.length,
      completion_tokens: 5,
      total_tokens: body.prompt.length + 5,
    }
    return new Response([...lines, chunk({ choices: [], usage }), 'data: [DONE]\n\n'].join(''), {
      headers: { 'content-type': 'text/event-stream' },
    })
  })

  const server = await serveProvider(app)
  const self: VllmServer = Object.assign(server, {
    ...{ adapters, asked, refusal: null, cut: false },
    restart: () => adapters.clear(),
  })
  return self
}
