import { fingerprint } from '../hash.ts'
import { type RuleId, ruleIds } from '../issue.ts'
import { isBlank } from '../jsonl.ts'
import type { LineReading } from '../rules/line.ts'
import { closed } from './closed.ts'
import { type Layout, type Piece, Pieces, readText, type SourceLine } from './pieces.ts'
import { recordRules, repairRecord } from './record.ts'
import { mendJson } from './text.ts'

/** Lines that read otherwise once the faults are mended; none when they only go. */
export interface Edit {
  /** Index of the first line, from 0. */
  from: number
  count: number
  /** Without their line breaks. */
  lines: string[]
  rules: RuleId[]
}

/** The rules whose faults can be mended, each for certain or to be looked at first. */
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

/** The rules that speak of a layout: a list on one line is told as a file or as a row. */
const layoutRules: Readonly<Record<Layout, readonly RuleId[]>> = {
  plain: [],
  broken: ['multi-line-json'],
  several: ['bad-json'],
  comma: ['bad-json'],
  'row-list': ['array-not-lines', 'not-object'],
  'file-list': ['array-not-lines'],
  blank: ['blank-line'],
}

interface Mended {
  lines: string[]
  rules: RuleId[]
}

/**
 * Mends a file while its lines stream by: `add` every line in order, then `finish`. Holds no text but an
 * unfinished record. What is not certain stays as it is, and so does every line without a fault.
 */
export class Fixer {
  readonly #rules: ReadonlySet<RuleId>
  readonly #how: string | null
  readonly #pieces = new Pieces()
  /** The line before was open, and is closed now. */
  #closed = false
  readonly #seen = { train: new Set<number>(), heldout: new Set<number>() }

  /**
   * @param rules whose faults to mend; those that cannot be mended are ignored
   * @param how the repair that was chosen where a rule has more than one, see `repairOf`
   */
  constructor(rules: ReadonlySet<RuleId>, how: string | null = null) {
    this.#rules = rules
    this.#how = how
  }

  /** The changes that this line settles. */
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
    const certain = this.#mend(piece)
    // Once it is closed, the record behind it need not be known as the one that resumes.
    const resumes = piece.resumes === true && !this.#closed
    this.#closed = certain !== null && piece.objects === null
    if (!certain && piece.layout === 'file-list') this.#pieces.forgetList()
    const mended = certain ? this.#unique(certain, piece, resumes) : { lines: texts, rules: [] }
    const rules = [...mended.rules, ...this.#lineEnds(lines)]
    if (rules.length === 0) return null
    const changed = mended.rules.length > 0
    // A line that is written anew can hold no mark: it is one at the start of a file only.
    if (changed && lines[0]?.bom && !rules.includes('bom')) rules.push('bom')
    const crlf = lines.some((line) => line.crlf)
    const ended = this.#rules.has('crlf') ? withoutReturns : (text: string) => (crlf ? `${text}\r` : text)
    return { from, count: lines.length, lines: mended.lines.map(ended), rules: inOrder(rules) }
  }

  /** The piece's lines with the wanted faults mended, or null when it is not certain what they say. */
  #mend(piece: Piece): Mended | null {
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

  /** A line that ends before its JSON does, with the brackets that are missing; null when more is. */
  #close({ lines }: Piece): Mended | null {
    const [line, ...more] = lines
    const whole = line?.text && more.length === 0 && this.#rules.has('bad-json') ? closed(line.text) : null
    const record = whole === null ? null : this.#record(whole, readText(whole))
    return record && { lines: [record.text], rules: ['bad-json', ...record.rules] }
  }

  /** The wanted rule that speaks of a layout, none where none has to; null when it is not wanted. */
  #wantedOf(layout: Layout): RuleId[] | null {
    const rules = layoutRules[layout]
    const wanted = rules.find((rule) => this.#rules.has(rule))
    return wanted ? [wanted] : rules.length === 0 ? [] : null
  }

  /**
   * One object with its faults mended; null when it is no JSON and cannot be made so.
   * @param listed what is wrong with its JSON is no rule's of its own: the list was told as one fault
   */
  #record(object: string, read: LineReading, listed = false): { text: string; rules: RuleId[] } | null {
    if (read.value === null) {
      const rule = read.issues.some(({ rule }) => rule === 'not-object') ? 'not-object' : 'bad-json'
      const json = listed || this.#rules.has(rule) ? mendJson(object) : null
      const record = json === null || json === object ? null : this.#record(json, readText(json))
      return record && { ...record, rules: listed ? record.rules : [rule, ...record.rules] }
    }
    // Of a key that comes twice, nobody knows which one was meant.
    if (read.issues.some(({ rule }) => rule === 'duplicate-key')) return { text: object, rules: [] }
    return repairRecord(object, read.value, this.#rules, this.#how)
  }

  #unique(mended: Mended, { lines }: Piece, resumes: boolean): Mended {
    // Without a record that resumes the reading, what is behind it would be given up too.
    if (!this.#rules.has('duplicate') || resumes) return mended
    const seen = this.#seen[lines[0]?.split ?? 'train']
    const kept = mended.lines.filter((text) => {
      const print = fingerprint(text.trim())
      if (isBlank(text) || !seen.has(print)) {
        seen.add(print)
        return true
      }
      return false
    })
    if (kept.length === mended.lines.length) return mended
    return { lines: kept, rules: [...mended.rules, 'duplicate'] }
  }

  #lineEnds(lines: readonly SourceLine[]): RuleId[] {
    const bom = lines.some((line) => line.bom) && this.#rules.has('bom')
    const crlf = lines.some((line) => line.crlf) && this.#rules.has('crlf')
    return [...(bom ? (['bom'] as const) : []), ...(crlf ? (['crlf'] as const) : [])]
  }
}

const inOrder = (rules: readonly RuleId[]): RuleId[] => ruleIds.filter((rule) => rules.includes(rule))

/** A carriage return too many would make CRLF of the next line feed again. */
function withoutReturns(text: string): string {
  let end = text.length
  while (text[end - 1] === '\r') end--
  return text.slice(0, end)
}

/** The space around an object that stayed where it was. */
function framed({ lines, objects }: Piece, mended: string[]): string[] {
  const [text = '', object = ''] = [lines[0]?.text ?? '', objects?.[0] ?? '']
  const start = text.indexOf(object)
  return [text.slice(0, start) + (mended[0] ?? '') + text.slice(start + object.length)]
}
