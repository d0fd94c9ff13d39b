import { newTurn, readTurns, setKey, writeTurns } from '#lib/training-data/edit.ts'
import { isFresh } from './facts.ts'
import type { Row } from './store.ts'

const isInstruction = ({ role }: Readonly<Record<string, unknown>>): boolean =>
  role === 'system' || role === 'developer'

/** What a line became. */
interface Prompted {
  line: string
  /** Its beginning up to the first turn that stays, and what that became; null when the change lies elsewhere. */
  head: readonly [from: string, to: string] | null
}

/** Takes off what both lines have in common from the turn on that follows the instruction. */
function headOf(text: string, line: string, next: string | undefined): Prompted['head'] {
  const rest = next === undefined ? '' : text.slice(text.indexOf(next))
  if (rest === '' || !line.endsWith(rest)) return null
  return [text.slice(0, -rest.length), line.slice(0, -rest.length)]
}

/**
 * A line with another system prompt; everything else keeps its bytes.
 * @param to empty takes the turn away
 * @returns the same text where there is nothing to change
 */
export function withSystem(text: string, to: string): Prompted {
  const chat = readTurns(text)
  const list = chat ? 'messages' : 'input.messages'
  const turns = chat ?? readTurns(text, list)
  const at = turns?.findIndex(({ value }) => isInstruction(value)) ?? -1
  const old = turns?.[at]
  const isSo = to === '' ? !old : old?.value.content === to
  if (!turns || isSo) return { line: text, head: null }
  const raws = turns.map(({ raw }) => raw)
  const fresh = to === '' ? [] : [old ? setKey(old.raw, 'content', to) : newTurn('system', to)]
  const line = writeTurns(text, raws.toSpliced(Math.max(0, at), old ? 1 : 0, ...fresh), list)
  return { line, head: at === 0 ? headOf(text, line, raws[1]) : null }
}

type Known = Pick<Row, 'checked' | 'kind' | 'issues_json'>

/** Beginnings that are remembered: few prompts begin most rows of a dataset. */
const HEADS = 8

/**
 * Gives lines another system prompt. Lines that begin alike are changed alike, so that few of them have to be taken
 * apart.
 */
export class SystemPromptReplacer {
  readonly #to: string
  readonly #heads: (readonly [string, string])[] = []

  constructor(to: string) {
    this.#to = to
  }

  /** @param row what is known of the line */
  change(text: string, row: Known): string {
    // Of a key that comes twice the last one counts, and it stands behind any beginning.
    const isPlain = isFresh(row) && row.kind === 'chat' && !row.issues_json?.includes('duplicate-key')
    const known = isPlain ? this.#heads.find(([head]) => text.startsWith(head)) : undefined
    if (known) return known[1] + text.slice(known[0].length)
    const { line, head } = withSystem(text, this.#to)
    if (isPlain && head && this.#heads.length < HEADS) this.#heads.push(head)
    return line
  }
}
