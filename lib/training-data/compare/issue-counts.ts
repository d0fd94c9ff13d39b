import { fixOf, type Issue, type RuleId, ruleIds, type Severity } from '../issue.ts'
import type { Split } from './rows.ts'

/** Most issues kept per rule; further ones are only counted. */
const KEPT_OF_A_RULE = 200
/** Most fixes offered per rule: a file may have a million unknown keys. */
const FIXES_OF_A_RULE = 20

class Lines {
  #lines = new Uint32Array(16)
  #count = 0
  #ascending = true

  add(line: number): void {
    const last = this.#count > 0 ? (this.#lines[this.#count - 1] as number) : 0
    if (line === last) return
    this.#ascending &&= line > last
    if (this.#count === this.#lines.length) {
      const larger = new Uint32Array(this.#count * 2)
      larger.set(this.#lines)
      this.#lines = larger
    }
    this.#lines[this.#count++] = line
  }

  get all(): Uint32Array {
    const lines = this.#lines.slice(0, this.#count)
    return this.#ascending ? lines : Uint32Array.from(new Set(lines.sort()))
  }
}

interface Pile {
  count: number
  kept: Issue[]
  /** Issues per fix. */
  repairs: Map<string, number>
  lines: Lines
  errors: Record<Split, number>
  warnings: Record<Split, number>
}

const emptyPile = (): Pile => ({
  count: 0,
  kept: [],
  repairs: new Map(),
  lines: new Lines(),
  errors: { train: 0, heldout: 0 },
  warnings: { train: 0, heldout: 0 },
})

/** Issues by rule: all are counted, the first are kept. */
export class IssueCounts {
  readonly #piles = new Map<RuleId, Pile>()

  add(issue: Issue, split: Split): void {
    const pile = this.#piles.get(issue.rule) ?? emptyPile()
    this.#piles.set(issue.rule, pile)
    pile.count++
    pile[issue.severity === 'error' ? 'errors' : 'warnings'][split]++
    pile.lines.add(issue.line)
    const fix = fixOf(issue)
    if (fix !== null && (pile.repairs.has(fix) || pile.repairs.size < FIXES_OF_A_RULE))
      pile.repairs.set(fix, (pile.repairs.get(fix) ?? 0) + 1)
    if (pile.kept.length < KEPT_OF_A_RULE) pile.kept.push(issue)
  }

  /** Removes all issues of these rules. */
  drop(rules: readonly RuleId[]): void {
    for (const rule of rules) this.#piles.delete(rule)
  }

  count(severity: Severity, split: Split): number {
    let sum = 0
    for (const pile of this.#piles.values()) sum += pile[severity === 'error' ? 'errors' : 'warnings'][split]
    return sum
  }

  get issues(): Issue[] {
    const rank = (issue: Issue) => ruleIds.indexOf(issue.rule)
    return [...this.#piles.values()]
      .flatMap(({ kept }) => kept)
      .sort((a, b) => a.line - b.line || a.column - b.column || rank(a) - rank(b))
  }

  get byRule(): Partial<Record<RuleId, number>> {
    return Object.fromEntries(Array.from(this.#piles, ([rule, { count }]) => [rule, count]))
  }

  get repairs(): Partial<Record<RuleId, Record<string, number>>> {
    const some = [...this.#piles].filter(([, { repairs }]) => repairs.size > 0)
    return Object.fromEntries(some.map(([rule, { repairs }]) => [rule, Object.fromEntries(repairs)]))
  }

  get linesByRule(): Partial<Record<RuleId, Uint32Array>> {
    return Object.fromEntries(Array.from(this.#piles, ([rule, { lines }]) => [rule, lines.all]))
  }
}
