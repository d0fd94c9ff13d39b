import { z } from 'zod'
import type { Facts } from '#lib/core/facts.ts'
import { Encoding } from './encoding.ts'
import { talkStyles } from './transcript.ts'

const Column = z.string().min(1).max(1_000)
const MaybeColumn = Column.nullable().default(null)

/** How one record of a file becomes one line: which shape it has, and what only the user can say about it. */
export const Mapping = z.discriminatedUnion('shape', [
  /** The record is a training line already. */
  z.object({ shape: z.literal('lines') }),
  /** Anthropic and Bedrock: `system` beside `messages`, content in parts. */
  z.object({ shape: z.literal('anthropic') }),
  /** `contents` of `parts`, the answers by `model`. */
  z.object({ shape: z.literal('gemini') }),
  /** `messages` as one object of lists, as Hugging Face keeps a list of structs. */
  z.object({ shape: z.literal('struct-of-lists') }),
  /** `conversations` of `from` and `value`. */
  z.object({ shape: z.literal('sharegpt') }),
  /** `chosen` and `rejected` beside a prompt, an Alpaca record or a conversation, or with the prompt inside them. */
  z.object({ shape: z.literal('preference') }),
  /** `instruction`, `input`, `output`, and the earlier turns in `history` as pairs. */
  z.object({ shape: z.literal('alpaca') }),
  z.object({ shape: z.literal('prompt-completion') }),
  /** An answer and whether it was liked. `keep` is null until the user has said what to do with the disliked. */
  z.object({
    shape: z.literal('thumbs'),
    label: Column,
    keep: z.enum(['liked', 'pairs']).nullable().default(null),
  }),
  /** One text with the marks of a chat template in it. */
  z.object({ shape: z.literal('marked-text'), text: Column }),
  /** A chat as a tree of messages with answers that were asked again. */
  z.object({ shape: z.literal('chat-tree'), retries: z.enum(['leave', 'pairs']).default('leave') }),
  /** One message a record, each naming the one it answers. */
  z.object({ shape: z.literal('message-tree'), retries: z.enum(['leave', 'pairs']).default('leave') }),
  /** A question and several answers, each with what it was judged to be worth: the best and the worst make a pair. */
  z.object({ shape: z.literal('ranked') }),
  /** One turn a record, held together by the id of its conversation. */
  z.object({
    shape: z.literal('turns'),
    conversation: MaybeColumn,
    speaker: MaybeColumn,
    text: MaybeColumn,
    order: MaybeColumn,
  }),
  /** One message a record, by people: `assistant` is null until the user has said whose messages are the answers. */
  z.object({
    shape: z.literal('chat-log'),
    assistant: MaybeColumn,
    rows: z.enum(['conversation', 'exchange']).default('conversation'),
  }),
  /** Requests and responses of OpenAI's batches, held together by `custom_id`. */
  z.object({ shape: z.literal('batch') }),
  z.object({
    shape: z.literal('columns'),
    /** The column that holds the system prompt; where there is none, or its cell is empty, `systemText` stands. */
    system: MaybeColumn,
    systemText: z.string().max(100_000).nullable().default(null),
    user: MaybeColumn,
    assistant: MaybeColumn,
    /** The worse answer; with it every record becomes a preference pair. */
    rejected: MaybeColumn,
    /** 0 where the answer is not learnt, else 1. */
    weight: MaybeColumn,
  }),
  /** Known by sight, and not for training a chat model. */
  z.object({
    shape: z.literal('foreign'),
    kind: z.enum(['plain-text', 'retrieval', 'tagged', 'steps', 'chat-archive', 'intents']),
  }),
])
export type Mapping = z.infer<typeof Mapping>
export type Shape = Mapping['shape']
export type MappingOf<Kind extends Shape> = Extract<Mapping, { shape: Kind }>

/** What becomes of a field that the shape does not know. */
export const ExtraUse = z.enum(['question', 'system', 'label', 'leave'])
export type ExtraUse = z.infer<typeof ExtraUse>

/** A list inside of the object that a file is, and where its records go. */
export const WrappedList = z.object({ name: Column, split: z.enum(['train', 'heldout', 'leave']) })
export type WrappedList = z.infer<typeof WrappedList>

/** How the records stand inside of what the file holds. */
export const Unfold = z.discriminatedUnion('from', [
  /** Under this key, beside members that speak of the record. */
  z.object({ from: z.literal('member'), key: Column }),
  /** In lists, one inside of the other, beside members that all of their records share: SQuAD's paragraphs. */
  z.object({ from: z.literal('lists'), keys: z.array(Column).min(1).max(5) }),
  /** Each member is a record: pandas' `index`, or conversations by their id. */
  z.object({ from: z.literal('members') }),
  /** Each member is a column, a list or an object by row: pandas' `columns`. */
  z.object({ from: z.literal('columns') }),
  /** Names under `columns` and rows under `data`: pandas' `split`. */
  z.object({ from: z.literal('split') }),
  /** A bare list of turns. */
  z.object({ from: z.literal('turns') }),
  /** JSON that was written as a text of JSON. */
  z.object({ from: z.literal('text') }),
])
export type Unfold = z.infer<typeof Unfold>

/** How to read a file, and what to make of its records. */
export const ImportPlan = z.object({
  container: z.enum(['jsonl', 'json', 'csv', 'text']),
  /** Of a text: how it says who speaks. */
  talk: z.enum(talkStyles).optional(),
  /** Of CSV: one of the signs that separate cells. Default a comma. */
  delimiter: z.enum([',', ';', '\t', '|']).optional(),
  /** Of CSV: the first line is a row too, and its columns are numbered. */
  headless: z.literal(true).optional(),
  /** Of CSV: so many lines stand above the headings. */
  skip: z.number().int().min(1).max(20).optional(),
  /** Of JSON: comments are passed over, or also the name that the data is given to. */
  code: z.enum(['comments', 'given']).optional(),
  /** The file is packed; what is inside is kept. */
  packed: z.literal('gzip').optional(),
  /** How the text is encoded, default UTF-8; it is kept as UTF-8. */
  encoding: Encoding.optional(),
  mapping: Mapping,
  /** By field. A field that is not named here is left out, and counted. */
  extras: z.record(z.string(), ExtraUse).optional(),
  /** Of a JSON file that is one object: the lists that hold the records. */
  lists: z.array(WrappedList).max(20).optional(),
  unfold: Unfold.optional(),
})
export type ImportPlan = z.infer<typeof ImportPlan>

/** Whether the lines of the file's text are the rows as they stand: what is wrong with them, the checks tell afterwards. */
export const keepsLines = ({ container, mapping, unfold }: ImportPlan): boolean =>
  container === 'jsonl' && mapping.shape === 'lines' && !unfold

/** Whether every byte of the file comes in as it is. */
export const keepsBytes = (plan: ImportPlan): boolean =>
  keepsLines(plan) && !plan.packed && plan.encoding === undefined

/** Why a record cannot become a line; the words are in the catalogue. */
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

/** What was done to a record beside reading it; counted over the file and told. */
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

/** A field that was left out of the rows, over all records that were read. */
export const Leftover = z.object({
  path: z.string(),
  /** It stands inside of another field. */
  nested: z.boolean(),
  /** Records in which it says something. */
  count: z.number(),
  /** What it says in the first of them. */
  sample: z.string(),
  /** Whether records differ in it: then somebody has to say what it is for. */
  differs: z.boolean(),
  /** It only numbers the records. */
  isId: z.boolean(),
})
export type Leftover = z.infer<typeof Leftover>

/** What was said and left out over a whole file. */
export const ReadingReport = z.object({
  left: z.array(Leftover),
  /** How many records each note speaks of. */
  notes: z.partialRecord(Note, z.number()),
})
export type ReadingReport = z.infer<typeof ReadingReport>

/** The facts that a problem's sentence needs. */
export interface Refused {
  problem: ImportProblem
  values: Facts
}
