import { newTurn, readTurns, setKey, writeTurns } from '#lib/training-data/edit.ts'
import { isFresh } from './facts.ts'
import type { Row } from './store.ts'

const isInstruction = ({ role }: Readonly<Record<string, unknown>>): boolean =>
  role === 'system' || role === 'developer'

/** A changed line. */
interface Prompted {
  line: string
  /** Its beginning up to the first unchanged turn, before and after; null when the change is elsewhere. */
  head: readonly [from: string, to: string] | null
}

/** Removes the common end of both lines, from the turn after the instruction on. */
function headOf(text: string, line: string, next: string | undefined): Prompted['head'] {
  const rest = next === undefined ? '' : text.slice(text.indexOf(next))
  if (rest === '' || !line.endsWith(rest)) return null
  return [text.slice(0, -rest.length), line.slice(0, -rest.length)]
}

/**
 * A line with another system prompt; everything else keeps its bytes.
 * @param to empty: remove the turn
 * @returns the same text when there is nothing to change
 */
export function withSystem(text: string, to: string): Prompted {
  const chat = readTurns(text)
  const list = chat ? 'messages' : 'input.messages'
  const turns = chat ?? readTurns(text, list)
  const at = turns?.findIndex(({ value }) => isInstruction(value)) ?? -1
  const old = turns?.[at]
  const isDone = to === '' ? !old : old?.value.content === to
  if (!turns || isDone) return { line: text, head: null }
  const raws = turns.map(({ raw }) => raw)
  const fresh = to === '' ? [] : [old ? setKey(old.raw, 'content', to) : newTurn('system', to)]
  const line = writeTurns(text, raws.toSpliced(Math.max(0, at), old ? 1 : 0, ...fresh), list)
  return { line, head: at === 0 ? headOf(text, line, raws[1]) : null }
}

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
