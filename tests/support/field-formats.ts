import { undecided } from '#components/datasets/import/mapping.ts'
import type { ImportPreview } from '#lib/datasets/schema.ts'
import { say } from './field-previews.ts'

export const json = (records: readonly unknown[]) => JSON.stringify(records)

export const leftIn = ({ left }: ImportPreview) => left.map(({ path, count }) => `${path} ${count}`)
export const openIn = ({ plan, left }: ImportPreview) => undecided(plan, left)

export const Q = say('user', 'Q')
export const A = say('assistant', 'A')
export const chat = { messages: [Q, A] }
export const pair = {
  input: { messages: [Q] },
  preferred_output: [A],
  non_preferred_output: [say('assistant', 'B')],
}
