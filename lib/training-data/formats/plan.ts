import { z } from 'zod'
import type { Facts } from '#lib/core/facts.ts'
import { Encoding } from './encoding.ts'

/** How texts mark who speaks. */
export const talkStyles = ['dated', 'marked', 'bold', 'heading', 'named'] as const
export type TalkStyle = (typeof talkStyles)[number]

const Column = z.string().min(1).max(1_000)
const MaybeColumn = Column.nullable().default(null)

/** How one record of a file becomes one line: its shape, and the user's choices for it. */
export const Mapping = z.discriminatedUnion('shape', [
  /** The record is a training line. */
  z.object({ shape: z.literal('lines') }),
  /** Anthropic and Bedrock: `system` beside `messages`, content in parts. */
  z.object({ shape: z.literal('anthropic') }),
  /** `contents` of `parts`, the answers by `model`. */
  z.object({ shape: z.literal('gemini') }),
  /** `messages` as one object of lists, as Hugging Face stores a list of structs. */
  z.object({ shape: z.literal('struct-of-lists') }),
  /** `conversations` of `from` and `value`. */
  z.object({ shape: z.literal('sharegpt') }),
  /** `chosen` and `rejected` beside a prompt, an Alpaca record or a conversation, or with the prompt inside. */
  z.object({ shape: z.literal('preference') }),
  /** `instruction`, `input`, `output`, and the earlier turns in `history` as pairs. */
  z.object({ shape: z.literal('alpaca') }),
  z.object({ shape: z.literal('prompt-completion') }),
  /** An answer and whether it was liked. `keep` is null until the user chooses what to do with disliked answers. */
  z.object({
    shape: z.literal('thumbs'),
    label: Column,
    keep: z.enum(['liked', 'pairs']).nullable().default(null),
  }),
  /** One text with the markers of a chat template. */
  z.object({ shape: z.literal('marked-text'), text: Column }),
  /** A chat as a tree of messages; retries are branches. */
  z.object({ shape: z.literal('chat-tree'), retries: z.enum(['leave', 'pairs']).default('leave') }),
  /** One message per record, each with the id of its parent. */
  z.object({ shape: z.literal('message-tree'), retries: z.enum(['leave', 'pairs']).default('leave') }),
  /** A question and several answers with scores: the best and the worst make a pair. */
  z.object({ shape: z.literal('ranked') }),
  /** One turn per record, grouped by the id of its conversation. */
  z.object({
    shape: z.literal('turns'),
    conversation: MaybeColumn,
    speaker: MaybeColumn,
    text: MaybeColumn,
    order: MaybeColumn,
  }),
  /** One message per record, by people: `assistant` is null until the user chooses whose messages are the answers. */
  z.object({
    shape: z.literal('chat-log'),
    assistant: MaybeColumn,
    rows: z.enum(['conversation', 'exchange']).default('conversation'),
  }),
  /** Requests and responses of OpenAI's batches, grouped by `custom_id`. */
  z.object({ shape: z.literal('batch') }),
  z.object({
    shape: z.literal('columns'),
    /** The column of the system prompt; without a column, or for an empty cell, `systemText` is used. */
    system: MaybeColumn,
    systemText: z.string().max(100_000).nullable().default(null),
    user: MaybeColumn,
    assistant: MaybeColumn,
    /** The worse answer; if set, every record becomes a preference pair. */
    rejected: MaybeColumn,
    /** 0 if the answer is not trained, else 1. */
    weight: MaybeColumn,
  }),
  /** A known format that is not for training a chat model. */
  z.object({
    shape: z.literal('foreign'),
    kind: z.enum(['plain-text', 'retrieval', 'tagged', 'steps', 'chat-archive', 'intents']),
  }),
])
export type Mapping = z.infer<typeof Mapping>
export type Shape = Mapping['shape']
export type MappingOf<Kind extends Shape> = Extract<Mapping, { shape: Kind }>

/** What to do with a field that the shape does not know. */
export const ExtraUse = z.enum(['question', 'system', 'label', 'leave'])
export type ExtraUse = z.infer<typeof ExtraUse>

/** A list inside a file that is one object, and the split of its records. */
export const WrappedList = z.object({ name: Column, split: z.enum(['train', 'heldout', 'leave']) })
export type WrappedList = z.infer<typeof WrappedList>

/** How records are nested inside the values of a file. */
export const Unfold = z.discriminatedUnion('from', [
  /** Under this key, beside other members of the record. */
  z.object({ from: z.literal('member'), key: Column }),
  /** In nested lists, beside members shared by their records: SQuAD's paragraphs. */
  z.object({ from: z.literal('lists'), keys: z.array(Column).min(1).max(5) }),
  /** Each member is a record: pandas' `index`, or conversations by their id. */
  z.object({ from: z.literal('members') }),
  /** Each member is a column, a list or an object by row: pandas' `columns`. */
  z.object({ from: z.literal('columns') }),
  /** Names under `columns` and rows under `data`: pandas' `split`. */
  z.object({ from: z.literal('split') }),
  /** A bare list of turns. */
  z.object({ from: z.literal('turns') }),
  /** JSON encoded as a JSON string. */
  z.object({ from: z.literal('text') }),
])
export type Unfold = z.infer<typeof Unfold>

/** How to read a file and convert its records. */
export const ImportPlan = z.object({
  container: z.enum(['jsonl', 'json', 'csv', 'text']),
  /** Of a text: how it marks speakers. */
  talk: z.enum(talkStyles).optional(),
  /** Of CSV: the separator of cells. Default a comma. */
  delimiter: z.enum([',', ';', '\t', '|']).optional(),
  /** Of CSV: no headings; the first line is a row, and columns are numbered. */
  headless: z.literal(true).optional(),
  /** Of CSV: number of lines above the headings. */
  skip: z.number().int().min(1).max(20).optional(),
  /** Of JSON: it has comments, or (`given`) is also assigned to a name; both are skipped. */
  code: z.enum(['comments', 'given']).optional(),
  /** The file is compressed; stored uncompressed. */
  packed: z.literal('gzip').optional(),
  /** Encoding of the text, default UTF-8; stored as UTF-8. */
  encoding: Encoding.optional(),
  mapping: Mapping,
  /** By field. Other fields are left out and counted. */
  extras: z.record(z.string(), ExtraUse).optional(),
  /** Of a JSON file that is one object: its lists of records. */
  lists: z.array(WrappedList).max(20).optional(),
  unfold: Unfold.optional(),
})
export type ImportPlan = z.infer<typeof ImportPlan>

/** Whether the file's lines become rows unchanged: the checks report their issues afterwards. */
export const keepsLines = ({ container, mapping, unfold }: ImportPlan): boolean =>
  container === 'jsonl' && mapping.shape === 'lines' && !unfold

/** Whether the file is stored byte for byte. */
export const keepsBytes = (plan: ImportPlan): boolean =>
  keepsLines(plan) && !plan.packed && plan.encoding === undefined

/** Why a record cannot become a line; the text is in the catalogue. */
export type ImportProblem =
  | 'too-big'
  | 'not-utf8'
  | 'not-json'
  | 'too-deep'
  | 'not-object'
  | 'duplicate-key'
  | 'lone-surrogate'
  | 'unfinished'
  | 'csv-quote'
  | 'csv-unclosed'
  | 'csv-cells'
  | 'csv-heading'
  | 'csv-swallowed'
  | 'nearly-json'
  | 'several-records'
  | 'unread'
  | 'no-messages'
  | 'not-json-cell'
  | 'no-turns'
  | 'bad-turn'
  | 'bad-part'
  | 'bad-call'
  | 'bad-tools'
  | 'bad-lists'
  | 'result-without-call'
  | 'unknown-speaker'
  | 'missing-column'
  | 'unmapped'
  | 'no-speaker'
  | 'no-assistant'
  | 'empty-cell'
  | 'not-text'
  | 'bad-weight'
  | 'bad-label'
  | 'disliked'
  | 'undecided'
  | 'no-partner'
  | 'no-answer'
  | 'no-retry'
  | 'no-marks'
  | 'no-request'
  | 'no-response'
  | 'failed-response'
  | 'same-answers'
  | 'same-scores'
  | 'no-score'
  | 'too-much-held'
  | 'foreign-plain-text'
  | 'foreign-retrieval'
  | 'foreign-tagged'
  | 'foreign-steps'
  | 'foreign-chat-archive'
  | 'foreign-intents'

/** A change made while reading a record; counted over the file and reported. */
export const Note = z.enum([
  'prompt-separator',
  'completion-space',
  'completion-end',
  'blank-tools',
  'made-ids',
  'input-joined',
  'unanswered-turn',
  'unasked-turn',
  'other-branches',
  'tool-turns',
  'comments',
  'title-lines',
  'unfilled-rows',
  'notices',
  'disliked-left-out',
  'absent-word',
  'choices-joined',
  'several-answers',
  'best-and-worst',
  'in-turn',
])
export type Note = z.infer<typeof Note>

/** A field that was left out, over all records. */
export const Leftover = z.object({
  path: z.string(),
  /** It is inside another field. */
  nested: z.boolean(),
  /** Records in which it is not empty. */
  count: z.number(),
  /** Its value in the first of them. */
  sample: z.string(),
  /** Whether its values differ: then the user has to choose its use. */
  differs: z.boolean(),
  /** Whether it only numbers the records. */
  isId: z.boolean(),
})
export type Leftover = z.infer<typeof Leftover>

/** Fields left out and notes over a whole file. */
export const ReadingReport = z.object({
  left: z.array(Leftover),
  /** Number of records per note. */
  notes: z.partialRecord(Note, z.number()),
})
export type ReadingReport = z.infer<typeof ReadingReport>

/** Why a record was refused, with the values of its sentence. */
export interface Refused {
  problem: ImportProblem
  values: Facts
}
