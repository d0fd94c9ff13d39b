import { alpaca, columns, foreignRecords, preference, promptCompletion, ranked } from './answers.ts'
import { chatLog } from './chat-log.ts'
import { chatTree, messageTree } from './chat-tree.ts'
import { anthropic, gemini, lines, sharegpt, structOfLists } from './chats.ts'
import type { Fields, Named } from './fields.ts'
import { Refusal } from './fields.ts'
import type { Format, Line } from './format.ts'
import { batch, gatherThumbs, turns } from './gathered.ts'
import { markedText } from './marked-text.ts'
import type { Mapping, MappingOf, Shape } from './plan.ts'
import { readVerdict } from './verdict.ts'

const VERDICTS = ['label', 'kto_tag', 'thumbs', 'thumb', 'liked', 'feedback', 'is_good', 'rating', 'vote']

/** The field with the verdict, if every record has a readable one. */
const verdictIn = (records: readonly Named[]): string | undefined =>
  VERDICTS.find((key) => records.length > 0 && records.every((record) => readVerdict(record[key]) !== null))

/** Shapes that may have a verdict in another field. */
const judgeable = { lines, sharegpt, alpaca, 'prompt-completion': promptCompletion, columns }

const without = (record: Named, key: string): Named =>
  Object.fromEntries(Object.entries(record).filter(([own]) => own !== key))

function bestOf(records: readonly Named[]): { shape: keyof typeof judgeable; score: number } {
  const [best] = Object.entries(judgeable)
    .map(([shape, format]) => ({ shape: shape as keyof typeof judgeable, score: format.score(records) }))
    .sort((a, b) => b.score - a.score)
  return best ?? { shape: 'columns', score: 0 }
}

function readJudged(fields: Fields, label: string): Line {
  const record = without(fields.record, label)
  const { shape, score } = bestOf([record])
  const format = judgeable[shape] as Format<Shape>
  if (score === 0 || !format.read) throw new Refusal('no-messages')
  const [line] = format.read(fields, format.mapping([record]), null)
  return line as Line
}

const thumbs: Format<'thumbs'> = {
  score: (records) => {
    const label = verdictIn(records)
    return label === undefined ? 0 : bestOf(records.map((record) => without(record, label))).score
  },
  mapping: (records) => ({ shape: 'thumbs', label: verdictIn(records) ?? 'label', keep: null }),
  gather: (mapping) => gatherThumbs(mapping, (fields) => readJudged(fields, mapping.label)),
}

/** All shapes. If two fit equally, the first is used. */
export const formats: { readonly [Kind in Shape]: Format<Kind> } = {
  'struct-of-lists': structOfLists,
  gemini,
  'chat-tree': chatTree,
  'message-tree': messageTree,
  batch,
  turns,
  'chat-log': chatLog,
  thumbs,
  preference,
  ranked,
  anthropic,
  lines,
  sharegpt,
  alpaca,
  'prompt-completion': promptCompletion,
  'marked-text': markedText,
  columns,
  foreign: foreignRecords,
}

export const formatOf = <Kind extends Shape>({ shape }: MappingOf<Kind>): Format<Kind> =>
  formats[shape as Kind] as unknown as Format<Kind>

/** The shape of most of the first records; null if unknown. */
export function recognise(records: readonly Named[]): Mapping | null {
  const [best] = (Object.keys(formats) as Shape[])
    .map((shape) => ({ shape, score: formats[shape].score(records) }))
    .sort((a, b) => b.score - a.score)
  return best && best.score > 0 ? formats[best.shape].mapping(records) : null
}
