import { scanJson } from '../json.ts'
import { MAX_LINE_BYTES } from '../jsonl.ts'

/** A pretty-printed record rarely has more; past it every line is judged alone. */
const MAX_LINES = 1_000

export interface FoundRecord<Line> {
  line: Line
  /** How many physical lines the record takes. */
  joined: number
}

/** Whether brackets and quotes are closed again, read across line ends. */
class Balance {
  depth = 0
  inString = false
  /** The last sign that is no space. */
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

  /** Whether an object that begins now cannot belong to what is open: a comma or a bracket would have to come first. */
  breaksAt(text: string): boolean {
    return !this.inString && /^\s*\{/.test(text) && !'[{,:'.includes(this.#last)
  }

  get closed(): boolean {
    return this.depth <= 0 && !this.inString
  }
}

/**
 * Finds records that were broken over several lines (pretty-printed, or with a raw line break inside a
 * string), so that they are told as one problem and not as one per line.
 */
export class RecordJoiner<Line> {
  #held: Line[] = []
  #balance = new Balance()
  #text = ''

  /**
   * Gives back the records that are settled by this line: none while one is still open.
   * @param open the line ends before its JSON does
   * @param text asked for only while a record is open
   */
  add(line: Line, open: boolean, text: () => string | null): FoundRecord<Line>[] {
    if (this.#held.length === 0 && !open) return [{ line, joined: 1 }]
    const words = text() ?? ''
    if (this.#held.length > 0 && this.#balance.breaksAt(words))
      return [...this.#release(), ...this.add(line, open, text)]
    // A break inside a string is read as the `\n` that its writer meant.
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
