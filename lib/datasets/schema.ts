import { z } from 'zod'
import { Facts } from '#lib/core/facts.ts'
import { WireError } from '#lib/http/schema.ts'
import { issue } from '#lib/i18n/issue-words.ts'
import { ProviderId } from '#lib/providers/schema.ts'
import type { ExampleTokens } from '#lib/tokens/chat.ts'
import { Encoding, FoundEncoding } from '#lib/training-data/formats/encoding.ts'
import { ImportPlan, ReadingReport } from '#lib/training-data/formats/plan.ts'
import { Loss } from '#lib/training-data/formats/write.ts'
import { writeTargets } from '#lib/training-data/formats/writing.ts'
import { RuleId, Severity } from '#lib/training-data/issue.ts'
import { Report, Role, SplitReport } from '#lib/training-data/schema.ts'

/** Trained on, or kept back to see what was learnt. */
export const Split = z.enum(['train', 'heldout'])
export type Split = z.infer<typeof Split>

export const SplitSummary = SplitReport
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
export const LineKind = z.enum(['chat', 'preference', 'blank', 'broken', 'open'])
export type LineKind = z.infer<typeof LineKind>

/** One physical line. */
export const DatasetRow = z.object({
  id: z.string(),
  /** Its line in the whole dataset, from 1. */
  number: z.number(),
  split: Split,
  /** The step that wrote it as it is now; a change names it, so that none is lost. */
  revision: z.number(),
  kind: LineKind,
  /** null when the bytes are not UTF-8. */
  text: z.string().nullable(),
  /** By OpenAI's encoding; 0 when the line is no example. */
  tokens: z.number(),
  trainedTokens: z.number(),
  /** The worst that the checks say of this line alone. */
  flag: Severity.nullable(),
})
export type DatasetRow = z.infer<typeof DatasetRow>

/** Everything the checks say of a dataset. */
export const DatasetReport = Report.extend({
  /** The system prompt that most rows have. */
  usualSystem: z.string().nullable(),
})
export type DatasetReport = z.infer<typeof DatasetReport>

/** A dataset's page: its summary and all its problems. */
export const DatasetView = z.object({
  dataset: DatasetSummary,
  report: DatasetReport,
})
export type DatasetView = z.infer<typeof DatasetView>

/** A window of rows, of all or of those that a filter lets through; it is shorter where rows are very long. */
export const RowsPage = z.object({
  rows: z.array(DatasetRow),
  /** Rows that the filter lets through, and the index among them of the first one here. */
  total: z.number(),
  offset: z.number(),
  /** The dataset's revision that this was read at. */
  revision: z.number(),
})
export type RowsPage = z.infer<typeof RowsPage>

/** Lines in one window. */
export const PAGE_ROWS = 100

/** Shown to people and kept as text: one line, no control characters. */
export const DatasetName = z
  .string()
  .trim()
  .normalize('NFC')
  .min(1, issue('datasets.nameMissing'))
  .max(120, issue('datasets.nameTooLong'))
  .regex(/^\P{Cc}*$/u, issue('datasets.nameNotOneLine'))

export const DatasetDraft = z.object({ name: DatasetName })
export type DatasetDraft = z.infer<typeof DatasetDraft>

export const DatasetChange = z.object({ name: DatasetName.optional(), deleted: z.boolean().optional() })
export type DatasetChange = z.infer<typeof DatasetChange>

/** A row's text is one physical line; a half of a surrogate pair would not survive UTF-8. */
const Line = z
  .string()
  .max(8 * 1024 * 1024, issue('datasets.lineTooLong'))
  .refine((text) => !/[\n\0]/.test(text), issue('datasets.lineBreak'))
  .refine((text) => text.isWellFormed(), issue('datasets.loneSurrogate'))

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

/** A row as its own answer says it: enough to go on editing. */
export const SavedRow = z.object({ id: z.string(), revision: z.number() })
export type SavedRow = z.infer<typeof SavedRow>

const Plan = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown
    } catch {
      context.addIssue({ code: 'custom', message: issue('datasets.planNotJson') })
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
  encoding: Encoding.optional(),
  cut: z.stringbool().default(false),
})
export type PreviewQuery = z.infer<typeof PreviewQuery>

/** A record that could not become a row; the words of `problem` are in the catalogue. */
export const Refusal = z.object({
  /** Physical line of the file, from 1. */
  line: z.number(),
  problem: z.string(),
  values: Facts,
})
export type Refusal = z.infer<typeof Refusal>

const PreviewedRow = z.object({
  line: z.number(),
  before: z.string(),
})

/** A record as it came, and the row that it would be; `after` null where it would be none. */
const PreviewRow = z.union([
  PreviewedRow.extend({ after: z.string(), doubt: Refusal.omit({ line: true }).optional() }),
  PreviewedRow.extend({ after: z.null(), ...Refusal.omit({ line: true }).shape }),
])

/** The first records of a file, as they came and as they would be. */
export const ImportPreview = z.object({
  plan: ImportPlan,
  /** Names a mapping may speak of. */
  columns: z.array(z.string()),
  rows: z.array(PreviewRow),
  /** Fields that no row holds, as far as the beginning of the file shows. */
  left: ReadingReport.shape.left,
  notes: ReadingReport.shape.notes,
  /** Whether these are all the records of the file. */
  complete: z.boolean(),
  /** What was found about the text of a file that is not UTF-8; the encoding that was chosen wins. */
  encoding: FoundEncoding.optional(),
})
export type ImportPreview = z.infer<typeof ImportPreview>

/** What an import counted. */
export const ImportCounts = ReadingReport.extend({
  /** Rows that came in. */
  added: z.number(),
  /** Blank lines between them. */
  blank: z.number(),
  /** The first of those that could not become rows. */
  refused: z.array(Refusal),
  refusedCount: z.number(),
  /** The first of those that came in although they may not be what was meant. */
  doubted: z.array(Refusal),
  doubtedCount: z.number(),
  /** Whether the file was read to its end. */
  complete: z.boolean(),
})
export type ImportCounts = z.infer<typeof ImportCounts>

/** What an import says while it goes on; `done` is told when every row is on the disk. */
export const ImportNews = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), phase: z.enum(['reading', 'checking']), share: z.number() }),
  ImportCounts.extend({ type: z.literal('done'), dataset: DatasetSummary }),
  z.object({ type: z.literal('failed'), error: WireError }),
])
export type ImportNews = z.infer<typeof ImportNews>

export const ExportQuery = z.object({
  split: Split.optional(),
  version: z.string().max(64).optional(),
  format: z.enum(writeTargets).optional(),
})

/** What a format cannot hold of the rows; each count is of rows. */
export const ExportLosses = z.object({
  /** Rows that the file would hold. */
  kept: z.number(),
  /** Rows that come out without something. */
  lost: z.partialRecord(Loss, z.number()),
  /** Rows that do not come out. */
  leftOut: z.partialRecord(Loss, z.number()),
})
export type ExportLosses = z.infer<typeof ExportLosses>

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

export const ChangePreview = z.object({
  revision: z.number(),
  /** Rows that will read otherwise, go, or come. */
  changed: z.number(),
  removed: z.number(),
  added: z.number(),
  /** The first of them. */
  samples: z.array(
    z.object({
      number: z.number(),
      before: z.array(z.string()),
      after: z.array(z.string()),
      rules: z.array(RuleId),
    }),
  ),
  /** How many rows will stand on each side, when it deals. */
  splits: z.record(Split, z.number()).nullable(),
})
export type ChangePreview = z.infer<typeof ChangePreview>

/** A step that was made. */
export const Step = z.object({
  revision: z.number(),
  kind: StepKind,
  rows: z.number(),
})
export type Step = z.infer<typeof Step>

/** A step that was taken back. */
export const Undone = Step.extend({
  /** Line of a row that it touched, when there is one to show. */
  number: z.number().nullable(),
})
export type Undone = z.infer<typeof Undone>

export const VersionDraft = z.object({
  name: DatasetName.nullish(),
  note: z.string().trim().max(2_000).nullish(),
})
export type VersionDraft = z.infer<typeof VersionDraft>

/** A frozen state of a dataset. */
export const DatasetVersion = z.object({
  id: z.string(),
  number: z.number(),
  name: z.string().nullable(),
  note: z.string().nullable(),
  revision: z.number(),
  /** Of splits and lines in order: equal hashes are equal data. */
  sha256: z.string(),
  trainRows: z.number(),
  heldoutRows: z.number(),
  tokens: z.number(),
  createdAt: z.number(),
  /** Whether the dataset still is what it was then. */
  current: z.boolean(),
})
export type DatasetVersion = z.infer<typeof DatasetVersion>

/** A version as its name is shown: on a job, on an evaluation. */
export const VersionRef = DatasetVersion.pick({ id: true, number: true, name: true })

/** A version's id, or the rows as they are now. */
const Side = z.string().min(1).max(64)
export const DiffQuery = z.object({
  from: Side,
  to: Side.default('draft'),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(PAGE_ROWS),
})
export type DiffQuery = z.infer<typeof DiffQuery>

export const DiffRow = z.object({
  id: z.string(),
  change: z.enum(['added', 'removed', 'changed', 'moved']),
  /** Line in the later state; null when it is gone. */
  number: z.number().nullable(),
  before: z.string().nullable(),
  after: z.string().nullable(),
  splits: z.tuple([Split.nullable(), Split.nullable()]),
})
export type DiffRow = z.infer<typeof DiffRow>

export const DatasetDiff = z.object({
  added: z.number(),
  removed: z.number(),
  changed: z.number(),
  /** Only their split is another. */
  moved: z.number(),
  /** All of them, and a window in the order of lines. */
  total: z.number(),
  offset: z.number(),
  rows: z.array(DiffRow),
})
export type DatasetDiff = z.infer<typeof DatasetDiff>

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

/** Tokens of a line, by OpenAI's encoding. */
export const LineTokens: z.ZodType<ExampleTokens> = z.object({
  total: z.number(),
  trained: z.number(),
  messages: z.array(z.number()),
  learnt: z.array(z.number()),
})

/** Which model's eyes to look through; null for OpenAI's newest encoding. */
export const TokensDraft = CountDraft.extend({
  base: z.object({ providerId: ProviderId, model: z.string().max(512) }).nullable(),
})
export type TokensDraft = z.infer<typeof TokensDraft>

/** Tokens of a message, and those that the loss looks at. */
export const MessageTokens = z.object({
  total: z.number(),
  trained: z.number(),
})
export type MessageTokens = z.infer<typeof MessageTokens>

/** A line as a model reads it. */
export const TokenView = z.object({
  tokens: z.array(z.object({ text: z.string(), trained: z.boolean(), special: z.boolean() })),
  total: z.number(),
  trained: z.number(),
  /** False where tool definitions, images or a foreign template make it an estimate. */
  exact: z.boolean(),
  encoding: z.string(),
  /** Tokens of the answers that are cut off. */
  lost: z.number(),
  /** Of each message in the order of the line, its frame included. */
  messages: z.array(MessageTokens),
  /** Tokens that the model reads at most, when known: what is beyond is cut. */
  limit: z.number().nullable(),
})
export type TokenView = z.infer<typeof TokenView>

export const UploadDraft = z.object({ split: Split.default('train'), providerId: ProviderId })
export type UploadDraft = z.infer<typeof UploadDraft>

/** A dataset's file as a provider holds it. */
export const Upload = z.object({
  providerId: z.string(),
  fileId: z.string(),
  filename: z.string(),
  bytes: z.number(),
  sha256: z.string(),
  createdAt: z.number(),
  /** The provider already had these bytes, so nothing was sent. */
  reused: z.boolean(),
})
export type Upload = z.infer<typeof Upload>

/** What a sending says while it goes on: bytes that left, then where the file is or why it is not. */
export const UploadNews = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), sent: z.number(), total: z.number() }),
  z.object({ type: z.literal('stored'), upload: Upload }),
  z.object({ type: z.literal('failed'), error: WireError }),
])
export type UploadNews = z.infer<typeof UploadNews>
