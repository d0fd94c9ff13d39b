import { atShare, sortedTokens, tokenOutliers } from './compare/budget.ts'
import type { Comparison, TellRow } from './compare/comparison.ts'
import {
  identicalAnswers,
  mixedLanguage,
  mixedMethods,
  mixedReasoning,
  systemDrift,
} from './compare/consistency.ts'
import { IssueCounts } from './compare/issue-counts.ts'
import { nearAndLeaking } from './compare/near.ts'
import { Openings } from './compare/openings.ts'
import { Rows, type Split } from './compare/rows.ts'
import { duplicates, twoAnswers } from './compare/same.ts'
import { countedOn, emptyTally, type SplitCounts, wholeSplit } from './compare/split-counts.ts'
import { mostUsed } from './compare/systems.ts'
import { answerIn, type LineFacts } from './facts.ts'
import { Flag } from './flags.ts'
import type { Issue, RuleId } from './issue.ts'
import { openingIn } from './minhash.ts'
import { type FoundRecord, RecordJoiner } from './rules/joined.ts'
import type { Report, SplitReport } from './schema.ts'

/** OpenAI's lower limit for a training file. */
const MINIMUM_ROWS = 10
/** Most system prompts listed. */
const SYSTEMS = 20

export interface ReportOptions {
  /** Fewest training examples; default 10. */
  minimumRows?: number
  /** Whether to run the quality rules and compare rows; default true. */
  quality?: boolean
}

export interface DataReport extends Report {
  /** Lines with an issue, by rule, ascending. */
  linesByRule: Partial<Record<RuleId, Uint32Array>>
}

interface Held {
  facts: LineFacts
  split: Split
  line: number
}

const comparisons: readonly Comparison[] = [
  duplicates,
  twoAnswers,
  nearAndLeaking,
  systemDrift,
  mixedLanguage,
  mixedReasoning,
  identicalAnswers,
  tokenOutliers,
]

/** Rules that fail only because the file is one list; their issues would not help. */
const LIST_NOISE: readonly RuleId[] = ['bad-json', 'multi-line-json', 'not-object', 'too-few-rows']

const atLine = (line: number) => ({ line, column: 1, path: '' })
const isError = ({ severity }: { severity: string }) => severity === 'error'

/** Builds a report line by line, with the issues that need several lines. Holds some 60 bytes per line and no text. */
export class ReportBuilder {
  readonly #options: ReportOptions
  readonly #joiner = new RecordJoiner<Held>()
  readonly #finds = new IssueCounts()
  readonly #rows = new Rows()
  readonly #openings = new Openings()
  readonly #quality: boolean
  readonly #tallies: Record<Split, SplitCounts> = { train: emptyTally(), heldout: emptyTally() }
  readonly #kinds = { chat: 0, preference: 0 }
  #lines = 0
  /** Set if the first line that is not blank begins with `[`: the file may be one list. */
  #bracket: { line: number; split: Split; open: boolean; full: boolean } | null = null

  constructor(options: ReportOptions = {}) {
    this.#options = options
    this.#quality = options.quality ?? true
  }

  /** Adds the lines in order. `text` is only called near an unfinished record. */
  add(facts: LineFacts, split: Split, text: () => string | null): void {
    const line = ++this.#lines
    const tally = this.#tallies[split]
    if (facts.flags & Flag.bom)
      this.#tell({ rule: 'bom', severity: 'warning', ...atLine(line), values: {} }, split)
    if (facts.flags & Flag.crlf) tally.crlf = countedOn(tally.crlf, line)
    if (facts.flags & Flag.nulls && this.#quality) tally.nulls = countedOn(tally.nulls, line)
    if (facts.kind === 'chat' && this.#quality && split === 'train')
      this.#openings.add(openingIn(facts.sketch), () => answerIn(text() ?? '{}'))
    const isFirst = this.#tallies.train.examples + this.#tallies.heldout.examples === 0
    if (isFirst && !this.#bracket && (facts.kind === 'open' || facts.kind === 'broken'))
      this.#lookForList(text() ?? '', line, split, facts.kind === 'open')
    for (const record of this.#joiner.add({ facts, split, line }, facts.kind === 'open', text))
      this.#take(record)
  }

  /** A line that is left out: it has a number, and is not checked. */
  skip(): void {
    this.#lines++
  }

  finish(): DataReport {
    for (const record of this.#joiner.finish()) this.#take(record)
    this.#compare()
    const { minimumRows = MINIMUM_ROWS } = this.#options
    for (const split of ['train', 'heldout'] as const) {
      const fewest = split === 'train' ? minimumRows : 0
      for (const issue of wholeSplit(this.#tallies[split], fewest)) this.#tell(issue, split)
    }
    this.#list()
    return this.#report()
  }

  #tell(issue: Issue, split: Split): void {
    this.#finds.add(issue, split)
  }

  #take({ line: { facts, split, line }, joined }: FoundRecord<Held>): void {
    if (facts.kind === 'blank') {
      this.#tell({ rule: 'blank-line', severity: 'warning', ...atLine(line), values: {} }, split)
      return
    }
    const row = ++this.#tallies[split].examples
    if (joined > 1) {
      const values = { lines: joined, last: line + joined - 1 }
      this.#tell({ rule: 'multi-line-json', severity: 'error', ...atLine(line), row, values }, split)
      return
    }
    for (const issue of facts.issues) this.#tell({ ...issue, line, row }, split)
    this.#count(facts, split, line, row)
  }

  #count(facts: LineFacts, split: Split, line: number, row: number): void {
    const tally = this.#tallies[split]
    const sound = (facts.kind === 'chat' || facts.kind === 'preference') && !facts.issues.some(isError)
    this.#rows.add(facts, split, line, row, sound)
    if (!sound) return
    this.#kinds[facts.kind as 'chat' | 'preference']++
    tally.sound++
    tally.tokens += facts.tokens
    tally.trained += facts.trained
    if (facts.flags & Flag.images) tally.images++
    if (facts.issues.some(({ rule }) => rule === 'no-trained-assistant')) tally.silent++
  }

  #compare(): void {
    const rows = this.#rows
    const tell: TellRow = (row, rule, values, severity = 'warning') => {
      const place = { ...atLine(rows.line(row)), row: rows.number(row) }
      this.#tell({ rule, severity, ...place, values }, rows.split(row))
    }
    mixedMethods(rows, tell)
    if (!this.#quality) return
    for (const compare of [...comparisons, this.#openings.compare]) compare(rows, tell)
  }

  #lookForList(text: string, line: number, split: Split, open: boolean): void {
    const start = text.slice(0, 1_000).trimStart()
    if (start.startsWith('[')) this.#bracket = { line, split, open, full: /^\[\s*\{/.test(start) }
  }

  /** If the file is one list, reports that once and drops the issues of its lines. */
  #list(): void {
    const { chat, preference } = this.#kinds
    const records = this.#tallies.train.examples + this.#tallies.heldout.examples
    if (!this.#bracket || chat + preference > 1) return
    const { line, split, open, full } = this.#bracket
    if (!open && !(full && records === 1)) return
    this.#finds.drop(LIST_NOISE)
    this.#tell({ rule: 'array-not-lines', severity: 'error', ...atLine(line), row: 1, values: {} }, split)
  }

  #splitReport(split: Split): SplitReport {
    const { examples, tokens, trained } = this.#tallies[split]
    const [errors, warnings] = [this.#finds.count('error', split), this.#finds.count('warning', split)]
    return { examples, tokens, trainedTokens: trained, errors, warnings }
  }

  #report(): DataReport {
    const { chat, preference } = this.#kinds
    const sorted = sortedTokens(this.#rows)
    const total = this.#tallies.train.tokens + this.#tallies.heldout.tokens
    return {
      lines: this.#lines,
      train: this.#splitReport('train'),
      heldout: this.#splitReport('heldout'),
      issues: this.#finds.issues,
      byRule: this.#finds.byRule,
      repairs: this.#finds.repairs,
      linesByRule: this.#finds.linesByRule,
      tokens: {
        mean: sorted.length === 0 ? 0 : total / sorted.length,
        p5: atShare(sorted, 0.05),
        p50: atShare(sorted, 0.5),
        p95: atShare(sorted, 0.95),
        max: sorted.at(-1) ?? 0,
      },
      systems: mostUsed(this.#rows, SYSTEMS),
      method: chat > 0 === preference > 0 ? null : chat > 0 ? 'supervised' : 'preference',
    }
  }
}
