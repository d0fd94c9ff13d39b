import { z } from 'zod'
import { Facts } from '#lib/core/facts.ts'
import { WireError } from '#lib/http/schema.ts'
import { issue } from '#lib/i18n/issue-words.ts'
import { ProviderId } from '#lib/providers/schema.ts'
import type { ExampleTokens } from '#lib/tokens/chat.ts'
import { Encoding, FoundEncoding } from '#lib/training-data/formats/encoding.ts'
import { ImportPlan, ReadingReport } from '#lib/training-data/formats/plan.ts'
import { Loss, writeTargets } from '#lib/training-data/formats/write-target.ts'
import { RuleId, Severity } from '#lib/training-data/issue.ts'
import { LineKind, Report, Role, SplitReport } from '#lib/training-data/schema.ts'
import { MOST_CHOSEN, PAGE_ROWS } from './constants.ts'

/** Training rows, or held-out rows for evaluation. */
export const Split = z.enum(['train', 'heldout'])
export type Split = z.infer<typeof Split>

/** What people have decided about a row. A rejected row is not sent: not trained on, asked, exported or checked. */
export const Review = z.enum(['draft', 'reviewed', 'rejected'])
export type Review = z.infer<typeof Review>

/** A word for finding rows again: one line, no control characters. */
export const Tag = z
  .string()
  .trim()
  .normalize('NFC')
  .min(1, issue('datasets.tagMissing'))
  .max(40, issue('datasets.tagTooLong'))
  .regex(/^\P{Cc}*$/u, issue('datasets.tagNotOneLine'))
export type Tag = z.infer<typeof Tag>

/** Tags of one row. */
const Tags = z.array(Tag).max(20, issue('datasets.tooManyTags'))

export const SplitSummary = SplitReport
export type SplitSummary = z.infer<typeof SplitSummary>

/** Kinds of steps. A step is one change of a dataset, of one row or many; it can be undone. */
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
  'mark',
  'replace',
  'undo',
  'redo',
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
  /** Lines that are in neither split, because they are rejected. */
  rejected: z.number().default(0),
  /** Whether a job may train on it: blocked while a split has errors, damaged when its rows cannot be read. */
  state: z.enum(['empty', 'blocked', 'ready', 'damaged']),
  /** Training method of its rows: answers, or pairs of answers; null while it has none or both. */
  method: z.enum(['supervised', 'preference']).nullable(),
  /** The newest version. */
  version: z.object({ number: z.number(), name: z.string().nullable() }).nullable(),
  /** Whether rows have changed since that version. */
  dirty: z.boolean(),
  /** A job has used it, so rows keep their split. */
  splitLocked: z.boolean(),
  /** Kind of the step that an undo would revert. */
  undo: StepKind.nullable(),
  /** Kind of the undone step that a redo would make again. */
  redo: StepKind.nullable(),
  /** When it was archived; null: listed as usual. */
  archivedAt: z.number().nullable(),
  /** An import or rewrite is in progress; no other change is accepted meanwhile. */
  busy: z.boolean(),
})
export type DatasetSummary = z.infer<typeof DatasetSummary>

/** The part of a summary that the checks compute, stored per revision. */
export const Figures = DatasetSummary.pick({
  train: true,
  heldout: true,
  rejected: true,
  state: true,
  method: true,
})
export type Figures = z.infer<typeof Figures>

/** One physical line. */
export const DatasetRow = z.object({
  id: z.string(),
  /** Line number in the whole dataset, from 1. */
  number: z.number(),
  split: Split,
  /** Revision that wrote this text; a change sends it back, to detect conflicts. */
  revision: z.number(),
  kind: LineKind,
  /** null when the bytes are not UTF-8. */
  text: z.string().nullable(),
  /** By OpenAI's encoding; 0 when the line is not an example. */
  tokens: z.number(),
  trainedTokens: z.number(),
  /** Highest severity of the issues of this line alone. */
  flag: Severity.nullable(),
  review: Review,
  tags: z.array(z.string()),
  note: z.string().nullable(),
})
export type DatasetRow = z.infer<typeof DatasetRow>

/** The report of the checks on a dataset. */
export const DatasetReport = Report.extend({
  /** The most frequent system prompt. */
  usualSystem: z.string().nullable(),
  /** The tags of its rows, most frequent first. */
  tags: z.array(z.object({ tag: z.string(), count: z.number() })),
})
export type DatasetReport = z.infer<typeof DatasetReport>

/** A dataset's summary and report. */
export const DatasetView = z.object({
  dataset: DatasetSummary,
  report: DatasetReport,
})
export type DatasetView = z.infer<typeof DatasetView>

/** A window of all or filtered rows; shorter where rows are very long. */
export const RowsPage = z.object({
  rows: z.array(DatasetRow),
  /** Number of filtered rows, and the index of the first row here among them. */
  total: z.number(),
  offset: z.number(),
  /** The dataset's revision at the time of reading. */
  revision: z.number(),
})
export type RowsPage = z.infer<typeof RowsPage>

/** One line, no control characters. */
export const DatasetName = z
  .string()
  .trim()
  .normalize('NFC')
  .min(1, issue('datasets.nameMissing'))
  .max(120, issue('datasets.nameTooLong'))
  .regex(/^\P{Cc}*$/u, issue('datasets.nameNotOneLine'))

export const DatasetDraft = z.object({ name: DatasetName })
export type DatasetDraft = z.infer<typeof DatasetDraft>

export const DatasetChange = z.object({
  name: DatasetName.optional(),
  deleted: z.boolean().optional(),
  archived: z.boolean().optional(),
})
export type DatasetChange = z.infer<typeof DatasetChange>

/** A row's text is one physical line; a half of a surrogate pair would not survive UTF-8. */
const Line = z
  .string()
  .max(8 * 1024 * 1024, issue('datasets.lineTooLong'))
  .refine((text) => !/[\n\0]/.test(text), issue('datasets.lineBreak'))
  .refine((text) => text.isWellFormed(), issue('datasets.loneSurrogate'))

/** A new row at the end, or after another; without `line` an empty example. */
export const RowDraft = z.object({
  line: Line.optional(),
  split: Split.default('train'),
  after: z.string().optional(),
  /** Copies this row instead. */
  copyOf: z.string().optional(),
})
export type RowDraft = z.input<typeof RowDraft>

/** `revision`: the revision that the user edited. */
export const RowChange = z.object({
  revision: z.number().int(),
  line: Line.optional(),
  split: Split.optional(),
  deleted: z.boolean().optional(),
  review: Review.optional(),
  tags: Tags.optional(),
  /** Empty: no note. */
  note: z.string().trim().max(2_000, issue('datasets.noteTooLong')).optional(),
})
export type RowChange = z.infer<typeof RowChange>

/** Answer to a saved row: enough to go on editing. */
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

/** Without a plan the lines are imported as they are. */
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
  /** Of the text; the plan's takes precedence. */
  encoding: Encoding.optional(),
  cut: z.stringbool().default(false),
})
export type PreviewQuery = z.infer<typeof PreviewQuery>

/** A record that could not become a row; the catalogue has the words of `problem`. */
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

/** A record, and the row that it becomes; `after` null: none. */
const PreviewRow = z.union([
  PreviewedRow.extend({ after: z.string(), doubt: Refusal.omit({ line: true }).optional() }),
  PreviewedRow.extend({ after: z.null(), ...Refusal.omit({ line: true }).shape }),
])

/** The first records of a file, and the rows that they become. */
export const ImportPreview = z.object({
  plan: ImportPlan,
  /** Names that a mapping may use. */
  columns: z.array(z.string()),
  rows: z.array(PreviewRow),
  /** Fields that no row contains, in the beginning of the file. */
  left: ReadingReport.shape.left,
  notes: ReadingReport.shape.notes,
  /** Whether these are all the records of the file. */
  complete: z.boolean(),
  /** Detected or chosen encoding, unless the file is UTF-8. */
  encoding: FoundEncoding.optional(),
})
export type ImportPreview = z.infer<typeof ImportPreview>

/** Counts of an import. */
export const ImportCounts = ReadingReport.extend({
  /** Rows imported. */
  added: z.number(),
  /** Blank lines between them. */
  blank: z.number(),
  /** The first records that could not become rows. */
  refused: z.array(Refusal),
  refusedCount: z.number(),
  /** The first records that were imported but may not be what was intended. */
  doubted: z.array(Refusal),
  doubtedCount: z.number(),
  /** Whether the file was read to its end. */
  complete: z.boolean(),
})
export type ImportCounts = z.infer<typeof ImportCounts>

/** Progress and result of an import; with `done` every row is on disk. */
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

/** What a format cannot represent; all counts are rows. */
export const ExportLosses = z.object({
  /** Rows in the file. */
  kept: z.number(),
  /** Rows that lose something, by what they lose. */
  lost: z.partialRecord(Loss, z.number()),
  /** Rows left out, by reason. */
  leftOut: z.partialRecord(Loss, z.number()),
})
export type ExportLosses = z.infer<typeof ExportLosses>

/** Filter of a list of rows: words, a rule with an issue there, a role that occurs, a split, a state, a tag. */
export const RowFilter = z.object({
  q: z.string().max(1_000).optional(),
  rule: z.string().max(64).optional(),
  role: Role.optional(),
  split: Split.optional(),
  review: Review.optional(),
  tag: z.string().max(64).optional(),
})
export type RowFilter = z.infer<typeof RowFilter>

export const RowsQuery = RowFilter.extend({
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(PAGE_ROWS),
})
export type RowsQuery = z.infer<typeof RowsQuery>

/** Stable ids of rows, in line order. */
export const RowKeys = z.array(z.string().max(64))
export type RowKeys = z.infer<typeof RowKeys>

export const KeysQuery = RowFilter.extend({
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(MOST_CHOSEN).default(MOST_CHOSEN),
})
export type KeysQuery = z.infer<typeof KeysQuery>

const Chosen = RowKeys.min(1).max(MOST_CHOSEN)

const RuleName = z.string().max(64) as z.ZodType<RuleId>

/** A change of many rows as one step, previewed before it is applied. */
export const BulkChange = z.discriminatedUnion('kind', [
  /** `how` selects the fix of a rule that has several: `keep`, `pairs`, `remove:KEY`. */
  z.object({
    kind: z.literal('fix'),
    rules: z.array(RuleName).min(1).max(64),
    how: z.string().max(200).optional(),
  }),
  /** Replaces the system prompt: in rows that have `from`, or with null in every row. */
  z.object({ kind: z.literal('system'), from: z.string().nullable(), to: z.string().max(1_000_000) }),
  /** Splits rows into train and held-out again; near-duplicates stay together. */
  z.object({
    kind: z.literal('deal'),
    heldout: z.number().min(0).max(0.5),
    seed: z.number().int().min(0).max(2_147_483_647),
  }),
  /** Deletes the rows with an issue of a rule. */
  z.object({ kind: z.literal('discard'), rule: RuleName }),
  /** Moves rows to a split. */
  z.object({ kind: z.literal('split'), rows: Chosen, split: Split }),
  z.object({ kind: z.literal('delete'), rows: Chosen }),
  /** Sets the state of rows, and gives them tags or takes tags from them. */
  z.object({
    kind: z.literal('mark'),
    rows: Chosen,
    review: Review.optional(),
    tag: Tag.optional(),
    untag: Tag.optional(),
  }),
  /** Replaces a text in the messages of every row, or of some. */
  z.object({
    kind: z.literal('replace'),
    find: z.string().min(1, issue('datasets.findMissing')).max(1_000),
    to: z.string().max(10_000),
    matchCase: z.boolean(),
    rows: Chosen.optional(),
  }),
])
export type BulkChange = z.infer<typeof BulkChange>

export const ChangeDraft = z.object({ revision: z.number().int(), change: BulkChange })
export type ChangeDraft = z.infer<typeof ChangeDraft>
export const ChangePreviewDraft = ChangeDraft.pick({ change: true })

export const ChangePreview = z.object({
  revision: z.number(),
  /** Rows that change, are deleted, or are added. */
  changed: z.number(),
  removed: z.number(),
  added: z.number(),
  /** The first changes. */
  samples: z.array(
    z.object({
      number: z.number(),
      before: z.array(z.string()),
      after: z.array(z.string()),
      rules: z.array(RuleId),
    }),
  ),
  /** Rows per split afterwards, when the change splits again. */
  splits: z.record(Split, z.number()).nullable(),
})
export type ChangePreview = z.infer<typeof ChangePreview>

/** A step that was applied. */
export const Step = z.object({
  revision: z.number(),
  kind: StepKind,
  rows: z.number(),
})
export type Step = z.infer<typeof Step>

/** A step that was undone. */
export const Undone = Step.extend({
  /** Line of a row that the step changed; null: none to show. */
  number: z.number().nullable(),
})
export type Undone = z.infer<typeof Undone>

export const VersionDraft = z.object({
  name: DatasetName.nullish(),
  note: z.string().trim().max(2_000).nullish(),
})
export type VersionDraft = z.infer<typeof VersionDraft>

/** An immutable state of a dataset. */
export const DatasetVersion = z.object({
  id: z.string(),
  number: z.number(),
  name: z.string().nullable(),
  note: z.string().nullable(),
  revision: z.number(),
  /** Hash over splits and lines in order: equal hashes mean equal data. */
  sha256: z.string(),
  trainRows: z.number(),
  heldoutRows: z.number(),
  tokens: z.number(),
  createdAt: z.number(),
  /** Whether the dataset has not changed since. */
  current: z.boolean(),
})
export type DatasetVersion = z.infer<typeof DatasetVersion>

/** What a page needs to name a version: on a job, on an evaluation. */
export const VersionRef = DatasetVersion.pick({ id: true, number: true, name: true })

/** A version's id, or `draft` for the current rows. */
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
  /** Line in the later state; null: deleted. */
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
  /** Rows that differ only in their split. */
  moved: z.number(),
  /** Number of differences; `rows` is a window of them in line order. */
  total: z.number(),
  offset: z.number(),
  rows: z.array(DiffRow),
})
export type DatasetDiff = z.infer<typeof DatasetDiff>

export const RestoreDraft = z.object({ versionId: z.string().max(64) })
export type RestoreDraft = z.infer<typeof RestoreDraft>

export const CopyDraft = z.object({ from: z.string().max(64), split: Split.optional() })
export type CopyDraft = z.infer<typeof CopyDraft>

/** Where a page opens: a line of the dataset, or a line of the file of one split. */
export const Place = z.object({
  /** A line number, or a row's stable id. */
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

/** `base`: the model whose tokenizer to use; null: OpenAI's newest encoding. */
export const TokensDraft = CountDraft.extend({
  base: z.object({ providerId: ProviderId, model: z.string().max(512) }).nullable(),
})
export type TokensDraft = z.infer<typeof TokensDraft>

/** Tokens of a message, and its trained tokens. */
export const MessageTokens = z.object({
  total: z.number(),
  trained: z.number(),
})
export type MessageTokens = z.infer<typeof MessageTokens>

/** A line as a model reads it, token by token. */
export const TokenView = z.object({
  tokens: z.array(z.object({ text: z.string(), trained: z.boolean(), special: z.boolean() })),
  total: z.number(),
  trained: z.number(),
  /** False where tool definitions, images or an unknown template make it an estimate. */
  exact: z.boolean(),
  encoding: z.string(),
  /** Tokens of the answers that are cut off by the context length. */
  lost: z.number(),
  /** Per message in the order of the line, with its markers. */
  messages: z.array(MessageTokens),
  /** Context length of the model, if known: the rest is cut off. */
  limit: z.number().nullable(),
})
export type TokenView = z.infer<typeof TokenView>

export const UploadDraft = z.object({ split: Split.default('train'), providerId: ProviderId })
export type UploadDraft = z.infer<typeof UploadDraft>

/** A dataset's file at a provider. */
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

/** Progress of an upload in bytes, then its result. */
export const UploadNews = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), sent: z.number(), total: z.number() }),
  z.object({ type: z.literal('stored'), upload: Upload }),
  z.object({ type: z.literal('failed'), error: WireError }),
])
export type UploadNews = z.infer<typeof UploadNews>
