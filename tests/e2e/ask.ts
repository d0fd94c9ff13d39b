import type { ImportNews } from '#lib/datasets/schema.ts'
import type { Studio } from '../support/studio.ts'

/** ms. An address that does not answer is named, instead of the test that waits for it. */
const PATIENCE = 120_000

async function send(studio: Studio, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { origin: studio.url, ...init.headers }
  const signal = AbortSignal.timeout(PATIENCE)
  const answer = await fetch(`${studio.url}${path}`, { ...init, headers, signal })
  if (!answer.ok) throw new Error(await answer.text())
  return answer
}

/** Asks the studio's own address as its pages do. @throws Error with the answer, when it is a refusal */
export async function ask<Answer>(
  studio: Studio,
  path: string,
  body?: object,
  method = body ? 'POST' : 'GET',
): Promise<Answer> {
  const headers = { 'content-type': 'application/json' }
  const answer = await send(studio, path, { method, headers, body: body && JSON.stringify(body) })
  return (await answer.json()) as Answer
}

/** The bytes that an address of the studio answers with, byte order mark and all. */
export async function download(studio: Studio, path: string): Promise<Buffer> {
  const answer = await send(studio, path)
  return Buffer.from(await answer.arrayBuffer())
}

/** Makes a dataset of a text through the studio's own address. @returns its id */
export async function importText(studio: Studio, name: string, text: string): Promise<string> {
  const headers = { 'content-type': 'application/octet-stream' }
  const path = `/api/datasets/import?name=${name}`
  const answer = await send(studio, path, { method: 'POST', headers, body: text })
  const last = JSON.parse((await answer.text()).trim().split('\n').at(-1) ?? '') as ImportNews
  if (last.type !== 'done') throw new Error(JSON.stringify(last))
  return last.dataset.id
}
