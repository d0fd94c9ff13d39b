import type { Studio } from '../support/studio.ts'

/** Asks the studio's own address as its pages do. @throws Error with the answer, when it is a refusal */
export async function ask<Answer>(
  studio: Studio,
  path: string,
  body?: object,
  method = body ? 'POST' : 'GET',
): Promise<Answer> {
  const headers = { origin: studio.url, 'content-type': 'application/json' }
  const answer = await fetch(`${studio.url}${path}`, { method, headers, body: body && JSON.stringify(body) })
  if (!answer.ok) throw new Error(await answer.text())
  return (await answer.json()) as Answer
}
