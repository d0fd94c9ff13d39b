import { fingerprint } from '../hash.ts'
import { type RuleId, ruleIds } from '../issue.ts'
import { isBlank } from '../jsonl.ts'
import type { LineReading } from '../rules/line.ts'
import { closed } from './closed.ts'
import { type Layout, type Piece, Pieces, readText, type SourceLine } from './pieces.ts'
import { fixRecord, recordRules } from './record.ts'
import { fixJson } from './text.ts'

/** A replacement of lines; `lines` is empty for a deletion. */
export interface Edit {
  /** Index of the first line, from 0. */
  from: number
  count: number
  /** Without their line breaks. */
  lines: string[]
  rules: RuleId[]
}

/** The rules with a fix, safe or to be reviewed. */
export const fixableRules: ReadonlySet<RuleId> = new Set<RuleId>([
  'bom',
  'crlf',
  'blank-line',
  'array-not-lines',
  'multi-line-json',
  'bad-json',
  'not-object',
  'duplicate',
  ...recordRules,
])

/** The rules for each layout: a list on one line has an issue as a file or as a row. */
const layoutRules: Readonly<Record<Layout, readonly RuleId[]>> = {
  plain: [],
  broken: ['multi-line-json'],
  several: ['bad-json'],
  comma: ['bad-json'],
  'row-list': ['array-not-lines', 'not-object'],
  'file-list': ['array-not-lines'],
  blank: ['blank-line'],
}

interface Fixed {
  lines: string[]
  rules: RuleId[]
}

/**
 * Fixes a file as a stream: `add` every line in order, then `finish`. Holds no text but an unfinished record.
 * Ambiguous lines and lines without an issue stay unchanged.
 */
export class Fixer {
  readonly #rules: ReadonlySet<RuleId>
  readonly #how: string | null
  readonly #pieces = new Pieces()
  /** The previous line was unfinished and got its brackets. */
  #closed = false
  readonly #seen = { train: new Set<number>(), heldout: new Set<number>() }

  /**
   * @param rules rules to fix; those without a fix are ignored
   * @param how the chosen fix if a rule has several, see `fixOf`
   */
  constructor(rules: ReadonlySet<RuleId>, how: string | null = null) {
    this.#rules = rules
    this.#how = how
  }

  /** The edits that are final with this line. */
  add(line: SourceLine): Edit[] {
    return this.#edits(this.#pieces.add(line))
  }

  finish(): Edit[] {
    return this.#edits(this.#pieces.finish())
  }

  #edits(pieces: readonly Piece[]): Edit[] {
    return pieces.map((piece) => this.#edit(piece)).filter((edit) => edit !== null)
  }

  #edit(piece: Piece): Edit | null {
    const { from, lines } = piece
    if (lines.some(({ text }) => text === null)) return null
    const texts = lines.map(({ text }) => text ?? '')
    const certain = this.#fix(piece)
    // After a closed line, the next record is not marked as a resumption.
    const resumes = piece.resumes === true && !this.#closed
    this.#closed = certain !== null && piece.objects === null
    if (!certain && piece.layout === 'file-list') this.#pieces.forgetList()
    const fixed = certain ? this.#unique(certain, piece, resumes) : { lines: texts, rules: [] }
    const rules = [...fixed.rules, ...this.#lineEnds(lines)]
    if (rules.length === 0) return null
    const changed = fixed.rules.length > 0
    // A rewritten line has no byte order mark: it is a mark at the start of a file only.
    if (changed && lines[0]?.bom && !rules.includes('bom')) rules.push('bom')
    const crlf = lines.some((line) => line.crlf)
    const ended = this.#rules.has('crlf') ? withoutReturns : (text: string) => (crlf ? `${text}\r` : text)
    return { from, count: lines.length, lines: fixed.lines.map(ended), rules: inOrder(rules) }
  }

  /** The piece's lines with the wanted fixes, or null when the piece is ambiguous. */
  #fix(piece: Piece): Fixed | null {
    if (piece.objects === null) return this.#close(piece)
    const layout = this.#wantedOf(piece.layout)
    if (layout === null) return null
    const lines: string[] = []
    const rules = [...layout]
    for (const object of piece.objects) {
      const record = this.#record(object, piece.read ?? readText(object), piece.layout === 'file-list')
      if (record === null) return null
      lines.push(record.text)
      rules.push(...record.rules)
    }
    return { lines: layout.length > 0 ? lines : framed(piece, lines), rules }
  }

  /** An unfinished line with its missing brackets; null when more is missing. */
  #close({ lines }: Piece): Fixed | null {
    const [line, ...more] = lines
    const whole = line?.text && more.length === 0 && this.#rules.has('bad-json') ? closed(line.text) : null
    const record = whole === null ? null : this.#record(whole, readText(whole))
    return record && { lines: [record.text], rules: ['bad-json', ...record.rules] }
  }

  /** The wanted rules for a layout, empty if it needs none; null when its rules are not wanted. */
  #wantedOf(layout: Layout): RuleId[] | null {
    const rules = layoutRules[layout]
    const wanted = rules.find((rule) => this.#rules.has(rule))
    return wanted ? [wanted] : rules.length === 0 ? [] : null
  }

  /**
   * One object with its fixes; null when it is not JSON and cannot become JSON.
   * @param listed it is in a list, which is one issue: JSON errors inside do not need their own rule
   */
  #record(object: string, read: LineReading, listed = false): { text: string; rules: RuleId[] } | null {
    if (read.value === null) {
      const rule = read.issues.some(({ rule }) => rule === 'not-object') ? 'not-object' : 'bad-json'
      const json = listed || this.#rules.has(rule) ? fixJson(object) : null
      const record = json === null || json === object ? null : this.#record(json, readText(json))
      return record && { ...record, rules: listed ? record.rules : [rule, ...record.rules] }
    }
    // Of a duplicate key, it is unknown which value was meant.
    if (read.issues.some(({ rule }) => rule === 'duplicate-key')) return { text: object, rules: [] }
    return fixRecord(object, read.value, this.#rules, this.#how)
  }

  #unique(fixed: Fixed, { lines }: Piece, resumes: boolean): Fixed {
    // A record that resumes the reading must stay: without it, what follows would be skipped too.
    if (!this.#rules.has('duplicate') || resumes) return fixed
    const seen = this.#seen[lines[0]?.split ?? 'train']
    const kept = fixed.lines.filter((text) => {
      const print = fingerprint(text.trim())
      if (isBlank(text) || !seen.has(print)) {
        seen.add(print)
        return true
      }
      return false
    })
    if (kept.length === fixed.lines.length) return fixed
    return { lines: kept, rules: [...fixed.rules, 'duplicate'] }
  }

  #lineEnds(lines: readonly SourceLine[]): RuleId[] {
    const bom = lines.some((line) => line.bom) && this.#rules.has('bom')
    const crlf = lines.some((line) => line.crlf) && this.#rules.has('crlf')
    return [...(bom ? (['bom'] as const) : []), ...(crlf ? (['crlf'] as const) : [])]
  }
}

const inOrder = (rules: readonly RuleId[]): RuleId[] => ruleIds.filter((rule) => rules.includes(rule))

/** Removes trailing carriage returns: with the next line feed they would be CRLF again. */
function withoutReturns(text: string): string {
  let end = text.length
  while (text[end - 1] === '\r') end--
  return text.slice(0, end)
}

/** Keeps the space around an object that stays on its line. */
function framed({ lines, objects }: Piece, fixed: string[]): string[] {
  const [text = '', object = ''] = [lines[0]?.text ?? '', objects?.[0] ?? '']
  const start = text.indexOf(object)
  return [text.slice(0, start) + (fixed[0] ?? '') + text.slice(start + object.length)]
}
