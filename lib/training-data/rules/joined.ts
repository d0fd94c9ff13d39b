import { scanJson } from '../json.ts'
import { MAX_LINE_BYTES } from '../jsonl.ts'

/** A pretty-printed record rarely has more; above it every line is checked by itself. */
const MAX_LINES = 1_000

export interface FoundRecord<Line> {
  line: Line
  /** Number of physical lines. */
  joined: number
}

/** Counts open brackets and quotes across lines. */
class Balance {
  depth = 0
  inString = false
  /** The last character that is not a space. */
  #last = ''

  add(text: string): void {
    for (let index = 0; index < text.length; index++) {
      const character = text[index]
      if (this.inString) {
        if (character === '\\') index++
        else if (character === '"') this.inString = false
      } else if (character === '"') this.inString = true
      else if (character === '{' || character === '[') this.depth++
      else if (character === '}' || character === ']') this.depth--
    }
    this.#last = text.trimEnd().at(-1) ?? this.#last
  }

  /** Whether an object that begins now cannot be inside the open one: no comma, colon or bracket before it. */
  breaksAt(text: string): boolean {
    return !this.inString && /^\s*\{/.test(text) && !'[{,:'.includes(this.#last)
  }

  get closed(): boolean {
    return this.depth <= 0 && !this.inString
  }
}

/**
 * Joins records that are broken over several lines (pretty-printed, or with a raw line break inside a string), so
 * that they give one issue and not one per line.
 */
export class RecordJoiner<Line> {
  #held: Line[] = []
  #balance = new Balance()
  #text = ''

  /**
   * Returns the records that end with this line: none while a record is open.
   * @param open the line's JSON is unfinished
   * @param text called only while a record is open
   */
  add(line: Line, open: boolean, text: () => string | null): FoundRecord<Line>[] {
    if (this.#held.length === 0 && !open) return [{ line, joined: 1 }]
    const words = text() ?? ''
    if (this.#held.length > 0 && this.#balance.breaksAt(words))
      return [...this.#release(), ...this.add(line, open, text)]
    // A raw line break inside a string is read as `\n`.
    if (this.#held.length > 0) this.#text += this.#balance.inString ? '\\n' : '\n'
    this.#held.push(line)
    this.#text += words
    this.#balance.add(words)
    if (this.#balance.closed) return this.#settle()
    const tooLong = this.#held.length >= MAX_LINES || this.#text.length > MAX_LINE_BYTES
    return tooLong ? this.#release() : []
  }

  finish(): FoundRecord<Line>[] {
    return this.#release()
  }

  #settle(): FoundRecord<Line>[] {
    const whole = scanJson(this.#text).problem === null
    const joined = this.#held.length
    const [first, ...others] = this.#release()
    return whole && first ? [{ line: first.line, joined }] : first ? [first, ...others] : []
  }

  #release(): FoundRecord<Line>[] {
    const held = this.#held
    this.#held = []
    this.#balance = new Balance()
    this.#text = ''
    return held.map((line) => ({ line, joined: 1 }))
  }
}
