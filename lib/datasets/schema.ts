import { z } from 'zod'
import type { WireError } from '#lib/core/errors.ts'
import { type Price, ProviderId } from '#lib/providers/schema.ts'
import { encodings, type FoundEncoding } from '#lib/training-data/formats/encoding.ts'
import { ImportPlan } from '#lib/training-data/formats/plan.ts'
import type { ReadingReport } from '#lib/training-data/formats/reader.ts'
import type { Loss } from '#lib/training-data/formats/write.ts'
import { writeTargets } from '#lib/training-data/formats/writing.ts'
import type { RuleId, Severity } from '#lib/training-data/issue.ts'
import { type Alternative, MAX_EPOCHS, type Resolved } from '#lib/training-data/plan.ts'
import type { DataReport } from '#lib/training-data/report.ts'
import { Role } from '#lib/training-data/schema.ts'
import type { Verdict } from '#lib/training-data/verdict.ts'

/** Trained on, or kept back to see what was learnt. */
export const Split = z.enum(['train', 'heldout'])
export type Split = z.infer<typeof Split>

export const SplitSummary = z.object({
  /** Examples: lines that are not blank. */
  examples: z.number(),
  /** Tokens read in one epoch, by OpenAI's encoding: an estimate for any other model. */
  tokens: z.number(),
  /** The part of them that the loss looks at. */
  trainedTokens: z.number(),
  errors: z.number(),
  warnings: z.number(),
})
export type SplitSummary = z.infer<typeof SplitSummary>

/** What a step did. A step is one change of a dataset, however many rows it touched; each can be taken back. */
export const StepKind = z.enum([
  'create',
  'import',
  'add',
  'edit',
  'delete',
  'split',
  'fix',
  'system',
  'discard',
  'deal',
  'copy',
  'restore',
  'undo',
])
export type StepKind = z.infer<typeof StepKind>

export const DatasetSummary = z.object({
  id: z.string(),
  name: z.string(),
  sample: z.string().nullable(),
  revision: z.number(),
  createdAt: z.number(),
  updatedAt: z.number(),
  train: SplitSummary,
  heldout: SplitSummary,
  /** Whether a job may train on it: blocked while either split has an error, damaged where its rows cannot be read. */
  state: z.enum(['empty', 'blocked', 'ready', 'damaged']),
  /** What its rows teach: answers, or which of two answers is better; null while it has none or both. */
  method: z.enum(['supervised', 'preference']).nullable(),
  /** The newest version. */
  version: z.object({ number: z.number(), name: z.string().nullable() }).nullable(),
  /** Whether rows have changed since that version. */
  dirty: z.boolean(),
  /** A run has used it, so rows stay on their side of the split. */
  splitLocked: z.boolean(),
  /** What an undo would take back. */
  undo: StepKind.nullable(),
  /** Rows are coming in or being rewritten; nothing else may change meanwhile. */
  busy: z.boolean(),
})
export type DatasetSummary = z.infer<typeof DatasetSummary>

/** The part of a summary that the checks find, kept as of a revision. */
export const Figures = DatasetSummary.pick({ train: true, heldout: true, state: true, method: true })
export type Figures = z.infer<typeof Figures>

/** What a line is, as far as its text tells; `open` ends before its JSON does. */
export type LineKind = 'chat' | 'preference' | 'blank' | 'broken' | 'open'

/** One physical line. */
export interface DatasetRow {
  id: string
  /** Its line in the whole dataset, from 1. */
  number: number
  split: Split
  /** The step that wrote it as it is now; a change names it, so that none is lost. */
  revision: number
  kind: LineKind
  /** null when the bytes are not UTF-8. */
  text: string | null
  /** By OpenAI's encoding; 0 when the line is no example. */
  tokens: number
  trainedTokens: number
  /** The worst that the checks say of this line alone. */
  flag: Severity | null
}

/** Everything the checks say of a dataset. */
export interface DatasetReport extends Omit<DataReport, 'linesByRule' | 'train' | 'heldout'> {
  /** The system prompt that most rows have. */
  usualSystem: string | null
}

/** A dataset's page: its summary and all its problems. */
export interface DatasetView {
  dataset: DatasetSummary
  report: DatasetReport
}

/** A window of rows, of all or of those that a filter lets through; it is shorter where rows are very long. */
export interface RowsPage {
  rows: DatasetRow[]
  /** Rows that the filter lets through, and the index among them of the first one here. */
  total: number
  offset: number
  /** The dataset's revision that this was read at. */
  revision: number
}

/** Lines in one window. */
export const PAGE_ROWS = 100

/** Shown to people and kept as text: one line, no control characters. */
export const DatasetName = z
  .string()
  .trim()
  .normalize('NFC')
  .min(1, 'A dataset needs a name.')
  .max(120, 'A name has at most 120 characters.')
  .regex(/^\P{Cc}*$/u, 'A name is one line of text.')

export const DatasetDraft = z.object({ name: DatasetName })
export type DatasetDraft = z.infer<typeof DatasetDraft>

export const DatasetChange = z.object({ name: DatasetName.optional(), deleted: z.boolean().optional() })
export type DatasetChange = z.infer<typeof DatasetChange>

/** A row's text is one physical line; a half of a surrogate pair would not survive UTF-8. */
const Line = z
  .string()
  .max(8 * 1024 * 1024, 'A line has at most 8 MB.')
  .refine((text) => !/[\n\0]/.test(text), 'A row is one line: it holds no line break.')
  .refine((text) => text.isWellFormed(), 'The text holds half a character (a lone surrogate).')

/** A new row at the end, or behind another one; without a line it is a form to fill in. */
export const RowDraft = z.object({
  line: Line.optional(),
  split: Split.default('train'),
  after: z.string().optional(),
  /** Copies this row instead. */
  copyOf: z.string().optional(),
})
export type RowDraft = z.input<typeof RowDraft>

/** `revision` is the one that the change was made from. */
export const RowChange = z.object({
  revision: z.number().int(),
  line: Line.optional(),
  split: Split.optional(),
  deleted: z.boolean().optional(),
})
export type RowChange = z.infer<typeof RowChange>

const Plan = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown
    } catch {
      context.addIssue({ code: 'custom', message: 'The plan is not JSON.' })
      return z.NEVER
    }
  })
  .pipe(ImportPlan)

const FileName = z.string().trim().min(1).max(255)

/** Without a plan the file is taken line by line, as it is. */
export const ImportQuery = z.object({
  name: FileName,
  split: Split.default('train'),
  plan: Plan.optional(),
})
export type ImportQuery = z.infer<typeof ImportQuery>

/** `cut`: the bytes are only the beginning of the file. */
export const PreviewQuery = z.object({
  name: FileName,
  plan: Plan.optional(),
  /** Of the text; the plan's own wins. */
  encoding: z.enum(encodings).optional(),
  cut: z.stringbool().default(false),
})
export type PreviewQuery = z.infer<typeof PreviewQuery>

/** A record that could not become a row; the words of `problem` are in the catalogue. */
export interface Refusal {
  /** Physical line of the file, from 1. */
  line: number
  problem: string
  values: Record<string, string | number>
}

/** The first records of a file, as they came and as they would be. */
export interface ImportPreview {
  plan: ImportPlan
  /** Names a mapping may speak of. */
  columns: string[]
  rows: ({ line: number; before: string } & (
    | { after: string; doubt?: Omit<Refusal, 'line'> }
    | ({ after: null } & Omit<Refusal, 'line'>)
  ))[]
  /** Fields that no row holds, as far as the beginning of the file shows. */
  left: ReadingReport['left']
  notes: ReadingReport['notes']
  /** Whether these are all the records of the file. */
  complete: boolean
  /** What was found about the text of a file that is not UTF-8; the encoding that was chosen wins. */
  encoding?: FoundEncoding
}

/** What an import counted. */
export interface ImportCounts extends ReadingReport {
  /** Rows that came in. */
  added: number
  /** Blank lines between them. */
  blank: number
  /** The first of those that could not become rows. */
  refused: Refusal[]
  refusedCount: number
  /** The first of those that came in although they may not be what was meant. */
  doubted: Refusal[]
  doubtedCount: number
  /** Whether the file was read to its end. */
  complete: boolean
}

/** What an import says while it goes on; `done` is told when every row is on the disk. */
export type ImportNews =
  | { type: 'progress'; phase: 'reading' | 'checking'; share: number }
  | ({ type: 'done'; dataset: DatasetSummary } & ImportCounts)
  | { type: 'failed'; error: WireError }

export const ExportQuery = z.object({
  split: Split.optional(),
  version: z.string().max(64).optional(),
  format: z.enum(writeTargets).optional(),
})

/** What a format cannot hold of the rows; each count is of rows. */
export interface ExportLosses {
  /** Rows that the file would hold. */
  kept: number
  /** Rows that come out without something. */
  lost: Partial<Record<Loss, number>>
  /** Rows that do not come out. */
  leftOut: Partial<Record<Loss, number>>
}

/** Which rows a list shows: words in them, a rule that speaks of them, a role that speaks in them, a split. */
export const RowFilter = z.object({
  q: z.string().max(1_000).optional(),
  rule: z.string().max(64).optional(),
  role: Role.optional(),
  split: Split.optional(),
})
export type RowFilter = z.infer<typeof RowFilter>

export const RowsQuery = RowFilter.extend({
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(PAGE_ROWS),
})
export type RowsQuery = z.infer<typeof RowsQuery>

const RuleName = z.string().max(64) as z.ZodType<RuleId>

/** A change of many rows at once: one step, reviewed before it is made. */
export const BulkChange = z.discriminatedUnion('kind', [
  /** `how` names the repair of a rule that has more than one: `keep`, `pairs`, `remove:KEY`. */
  z.object({
    kind: z.literal('fix'),
    rules: z.array(RuleName).min(1).max(64),
    how: z.string().max(200).optional(),
  }),
  /** Another system prompt: in the rows that have `from`, or in every row. */
  z.object({ kind: z.literal('system'), from: z.string().nullable(), to: z.string().max(1_000_000) }),
  /** Deals train and held-out anew; near-duplicates stay together. */
  z.object({
    kind: z.literal('deal'),
    heldout: z.number().min(0).max(0.5),
    seed: z.number().int().min(0).max(2_147_483_647),
  }),
  /** The rows that a rule speaks of go. */
  z.object({ kind: z.literal('discard'), rule: RuleName }),
])
export type BulkChange = z.infer<typeof BulkChange>

export const ChangeDraft = z.object({ revision: z.number().int(), change: BulkChange })
export type ChangeDraft = z.infer<typeof ChangeDraft>
export const ChangePreviewDraft = ChangeDraft.pick({ change: true })

export interface ChangePreview {
  revision: number
  /** Rows that will read otherwise, go, or come. */
  changed: number
  removed: number
  added: number
  /** The first of them. */
  samples: { number: number; before: string[]; after: string[]; rules: RuleId[] }[]
  /** How many rows will stand on each side, when it deals. */
  splits: Record<Split, number> | null
}

/** A step that was made. */
export interface Step {
  revision: number
  kind: StepKind
  rows: number
}

/** A step that was taken back. */
export interface Undone extends Step {
  /** Line of a row that it touched, when there is one to show. */
  number: number | null
}

export const VersionDraft = z.object({
  name: DatasetName.nullish(),
  note: z.string().trim().max(2_000).nullish(),
})
export type VersionDraft = z.infer<typeof VersionDraft>

/** A frozen state of a dataset. */
export interface DatasetVersion {
  id: string
  number: number
  name: string | null
  note: string | null
  revision: number
  /** Of splits and lines in order: equal hashes are equal data. */
  sha256: string
  trainRows: number
  heldoutRows: number
  tokens: number
  createdAt: number
  /** Whether the dataset still is what it was then. */
  current: boolean
}

/** A version's id, or the rows as they are now. */
const Side = z.string().min(1).max(64)
export const DiffQuery = z.object({
  from: Side,
  to: Side.default('draft'),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(PAGE_ROWS),
})
export type DiffQuery = z.infer<typeof DiffQuery>

export interface DiffRow {
  id: string
  change: 'added' | 'removed' | 'changed' | 'moved'
  /** Line in the later state; null when it is gone. */
  number: number | null
  before: string | null
  after: string | null
  splits: [Split | null, Split | null]
}

export interface DatasetDiff {
  added: number
  removed: number
  changed: number
  /** Only their split is another. */
  moved: number
  /** All of them, and a window in the order of lines. */
  total: number
  offset: number
  rows: DiffRow[]
}

export const RestoreDraft = z.object({ versionId: z.string().max(64) })
export type RestoreDraft = z.infer<typeof RestoreDraft>

export const CopyDraft = z.object({ from: z.string().max(64), split: Split.optional() })
export type CopyDraft = z.infer<typeof CopyDraft>

/** Where a page should open: a line of the dataset, or a line of the file that one split makes. */
export const Place = z.object({
  /** Its number, or its lasting id. */
  row: z
    .union([z.string().regex(/^row_\w+$/), z.coerce.number().int().min(1)])
    .optional()
    .catch(undefined),
  split: Split.catch('train'),
  line: z.coerce.number().int().min(1).optional().catch(undefined),
})
export type Place = z.infer<typeof Place>

export const CountDraft = z.object({ line: z.string().max(8 * 1024 * 1024) })

/** Which model's eyes to look through; null for OpenAI's newest encoding. */
export const TokensDraft = CountDraft.extend({
  base: z.object({ providerId: ProviderId, model: z.string().max(512) }).nullable(),
})
export type TokensDraft = z.infer<typeof TokensDraft>

/** Tokens of a message, and those that the loss looks at. */
export interface MessageTokens {
  total: number
  trained: number
}

/** A line as a model reads it. */
export interface TokenView {
  tokens: { text: string; trained: boolean; special: boolean }[]
  total: number
  trained: number
  /** False where tool definitions, images or a foreign template make it an estimate. */
  exact: boolean
  encoding: string
  /** Tokens of the answers that are cut off. */
  lost: number
  /** Of each message in the order of the line, its frame included. */
  messages: MessageTokens[]
  /** Tokens that the model reads at most, when known: what is beyond is cut. */
  limit: number | null
}

export const UploadDraft = z.object({ split: Split.default('train'), providerId: ProviderId })
export type UploadDraft = z.infer<typeof UploadDraft>

/** A dataset's file as a provider holds it. */
export interface Upload {
  providerId: string
  fileId: string
  filename: string
  bytes: number
  sha256: string
  createdAt: number
  /** The provider already had these bytes, so nothing was sent. */
  reused: boolean
}

/** What a sending says while it goes on: bytes that left, then where the file is or why it is not. */
export type UploadNews =
  | { type: 'progress'; sent: number; total: number }
  | { type: 'stored'; upload: Upload }
  | { type: 'failed'; error: WireError }

/** Whom the rows of a split are judged for. */
export const VerdictQuery = z.object({
  providerId: ProviderId,
  model: z.string().max(512),
  split: Split.default('train'),
})
export type VerdictQuery = z.infer<typeof VerdictQuery>

/** Without `epochs` as many as the rule says; `model` is the one that the trade-off speaks of. */
export const EstimateQuery = z.object({
  epochs: z.coerce.number().int().min(1).max(MAX_EPOCHS).optional(),
  providerId: ProviderId.optional(),
  model: z.string().max(512).optional(),
})
export type EstimateQuery = z.infer<typeof EstimateQuery>

/** Why a destination does not take the rows, or not for long. */
export interface Availability {
  ok: boolean
  /**
   * `silent`: the provider did not answer in time; `preference`: it learns from answers only; `closing`: from `date`
   * on it takes no new runs; `closed`: that day has come.
   */
  reason: 'silent' | 'preference' | 'closing' | 'closed' | null
  /** YYYY-MM-DD */
  date: string | null
}

/** What a run comes to in one place. Tokens are counted by OpenAI's encoding everywhere. */
export interface RunCost {
  billedTokens: number
  /** null where nobody knows one. */
  price: (Pick<Price, 'perMillion' | 'asOf' | 'source' | 'own'> & { microDollars: number }) | null
  /** Of training alone; null where only the provider could tell. */
  seconds: number | null
}

/** A model that the rows could be trained on, and what that comes to. */
export interface Destination extends RunCost {
  providerId: ProviderId
  providerName: string
  /** null when the provider did not say which models it has. */
  model: string | null
  epochs: number
  /** Whether `seconds` rests on runs of this computer, not on a figure that ships. */
  measured: boolean
  /** What the rows are to it; null when it did not say which models it has. */
  verdict: Verdict | null
  /** When the provider switches the model off, as it says, YYYY-MM-DD. */
  shutdownDate: string | null
  available: Availability
}

/** Fewer or more rows against fewer or more epochs. */
export interface TradeOff extends Alternative, RunCost {}

/** What training on the train split comes to. */
export interface Estimate {
  /** The revision that it was worked out for. */
  revision: number
  examples: number
  tokensPerEpoch: number
  /** The part of them that the loss looks at. */
  trainedTokens: number
  /** Of the destination that was asked for, else the first: providers have rules of their own. */
  epochs: Resolved
  destinations: Destination[]
  /** For the destination that was asked for, else the first. */
  tradeOff: TradeOff[]
}
