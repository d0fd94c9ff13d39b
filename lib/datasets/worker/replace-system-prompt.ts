import { isFresh } from './facts.ts'
import type { Row } from './store.ts'
import { withSystem } from './system-prompt.ts'

type Known = Pick<Row, 'checked' | 'kind' | 'issues_json'>

/** Cached beginnings: most rows of a dataset begin with one of a few prompts. */
const HEADS = 8

/** Replaces the system prompt of lines. Lines with the same beginning are changed by text, so few have to be parsed. */
export class SystemPromptReplacer {
  readonly #to: string
  readonly #heads: (readonly [string, string])[] = []

  constructor(to: string) {
    this.#to = to
  }

  /** @param row facts of the line */
  change(text: string, row: Known): string {
    // The last of duplicate keys counts, and it comes after the cached beginning.
    const isPlain = isFresh(row) && row.kind === 'chat' && !row.issues_json?.includes('duplicate-key')
    const known = isPlain ? this.#heads.find(([head]) => text.startsWith(head)) : undefined
    if (known) return known[1] + text.slice(known[0].length)
    const { line, head } = withSystem(text, this.#to)
    if (isPlain && head && this.#heads.length < HEADS) this.#heads.push(head)
    return line
  }
}
