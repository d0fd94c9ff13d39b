/** JSON whose numbers keep their text where a double may not: long ids and decimals leave as they came. */

/** A number as it stands in its text. */
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

/** What looks like a number that is no small integer; most texts have none, and are parsed at full speed. */
const INEXACT = /\d\.\d|\d[eE][+-]?\d|\d{16}/

/** Whether a number is written as it stood: 3.0 is not, nor is what a double cannot hold. */
const isExact = (value: unknown, source: string | undefined): boolean =>
  typeof value !== 'number' ||
  source === undefined ||
  (Number.isSafeInteger(value) && String(value) === source)

/**
 * Reads JSON. A number that a double would write otherwise becomes a `RawNumber`, which `JSON.stringify` writes as it stood.
 * @throws SyntaxError
 */
export const parseExact = (text: string): unknown =>
  INEXACT.test(text)
    ? raw.parse(text, (_, value, { source }) =>
        isExact(value, source) ? value : raw.rawJSON(source as string),
      )
    : (JSON.parse(text) as unknown)

export const isRawNumber = (value: unknown): value is RawNumber => raw.isRawJSON?.(value) ?? false

/** A number that only is written otherwise, such as 1.0, as the integer that it is. */
export function asInteger(value: unknown): unknown {
  const number = isRawNumber(value) ? Number(value.rawJSON) : Number.NaN
  return Number.isSafeInteger(number) ? number : value
}

/** The value as a double, NaN where it is no number. */
export const numberOf = (value: unknown): number => Number(isRawNumber(value) ? value.rawJSON : value)
