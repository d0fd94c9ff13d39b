import { inspect } from 'node:util'

/** A key that cannot slip into a log, an error or a JSON answer: only `reveal()` gives it, and only client.ts calls that. */
export class Secret {
  readonly #value: string
  constructor(value: string) {
    this.#value = value
  }
  reveal(): string {
    return this.#value
  }
  /** The last four characters, to tell two keys apart. */
  get end(): string {
    return this.#value.slice(-4)
  }
  toString(): string {
    return '[secret]'
  }
  toJSON(): string {
    return '[secret]'
  }
  [inspect.custom](): string {
    return '[secret]'
  }
}
