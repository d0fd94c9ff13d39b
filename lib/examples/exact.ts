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

const isExact = (value: unknown): boolean => typeof value !== 'number' || Number.isSafeInteger(value)

/**
 * Reads JSON. A number that is no safe integer becomes a `RawNumber`, which `JSON.stringify` writes as it stood.
 * @throws SyntaxError
 */
export const parseExact = (text: string): unknown =>
  INEXACT.test(text)
    ? raw.parse(text, (_, value, { source }) =>
        isExact(value) || source === undefined ? value : raw.rawJSON(source),
      )
    : (JSON.parse(text) as unknown)

export const isRawNumber = (value: unknown): value is RawNumber => raw.isRawJSON?.(value) ?? false

/** The value as a double, NaN where it is no number. */
export const numberOf = (value: unknown): number => Number(isRawNumber(value) ? value.rawJSON : value)
