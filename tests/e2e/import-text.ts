import type { ImportNews } from '#lib/datasets/schema.ts'
import type { Studio } from '../support/studio.ts'

/** Makes a dataset of a text through the studio's own address. @returns its id */
export async function importText(studio: Studio, name: string, text: string): Promise<string> {
  const answer = await fetch(`${studio.url}/api/datasets/import?name=${name}`, {
    method: 'POST',
    headers: { origin: studio.url, 'content-type': 'application/octet-stream' },
    body: text,
  })
  const last = JSON.parse((await answer.text()).trim().split('\n').at(-1) ?? '') as ImportNews
  if (last.type !== 'done') throw new Error(JSON.stringify(last))
  return last.dataset.id
}
