/** JSON whose numbers keep their text where a double would change it: long ids and decimals. */

/** A number with its source text. */
export interface RawNumber {
  rawJSON: string
}

interface RawJson {
  rawJSON: (text: string) => RawNumber
  isRawJSON?: (value: unknown) => boolean
  parse: (
    text: string,
    reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
  ) => unknown
}

/** TypeScript does not know these members yet. */
const raw = JSON as unknown as RawJson

/** Might be a number other than a small integer; most texts have none and are parsed at full speed. */
const INEXACT = /\d\.\d|\d[eE][+-]?\d|\d{16}/

/** Whether a number is written back unchanged: 3.0 is not, nor is a number that a double cannot hold. */
const isExact = (value: unknown, source: string | undefined): boolean =>
  typeof value !== 'number' ||
  source === undefined ||
  (Number.isSafeInteger(value) && String(value) === source)

/**
 * Reads JSON. A number that a double would change becomes a `RawNumber`, which `JSON.stringify` writes unchanged.
 * @throws SyntaxError
 */
export const parseExact = (text: string): unknown =>
  INEXACT.test(text)
    ? raw.parse(text, (_, value, { source }) =>
        isExact(value, source) ? value : raw.rawJSON(source as string),
      )
    : (JSON.parse(text) as unknown)

export const isRawNumber = (value: unknown): value is RawNumber => raw.isRawJSON?.(value) ?? false

/** A `RawNumber` that is an integer, such as 1.0, as that integer; other values unchanged. */
export function asInteger(value: unknown): unknown {
  const number = isRawNumber(value) ? Number(value.rawJSON) : Number.NaN
  return Number.isSafeInteger(number) ? number : value
}

/** The value as a double; NaN if it is not a number. */
export const numberOf = (value: unknown): number => Number(isRawNumber(value) ? value.rawJSON : value)
