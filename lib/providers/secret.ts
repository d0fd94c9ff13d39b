import { inspect } from 'node:util'
import { hide } from '#lib/http/secrets.ts'

/** Shortest text, in characters, that can be a key: a shorter one is a placeholder. */
const SHORTEST = 8

/**
 * A key that cannot slip into a log, an error or a JSON answer: only `reveal()` returns it, and only client.ts and the
 * gateway call that.
 */
export class Secret {
  readonly #value: string
  constructor(value: string) {
    this.#value = value
    if (value.length >= SHORTEST) hide(value)
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
