import { createParser } from 'nuqs/server'

/** A whole number of at least `least`; any other value counts as absent. */
export const parseAsWhole = (least = 0) =>
  createParser({
    parse: (text) => (/^\d+$/.test(text) && Number(text) >= least ? Number(text) : null),
    serialize: String,
  })

/** `1`, or absent. */
export const parseAsSwitch = createParser({
  parse: (text) => text === '1',
  serialize: () => '1',
}).withDefault(false)

/** Comma-separated words. */
export const parseAsWords = createParser<readonly string[]>({
  parse: (text) => text.split(',').filter(Boolean),
  serialize: (words) => words.join(','),
  eq: (a, b) => a.join() === b.join(),
}).withDefault([])
