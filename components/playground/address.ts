import { createMultiParser, createParser, parseAsString } from 'nuqs/server'
import { parseAsSwitch } from '#components/ui/address-parsers.ts'
import { MOST_PANES, MOST_SAMPLES } from '#lib/playground/constants.ts'

/** Maximum length of an id. */
const LONGEST_ID = 64

/**
 * Parameters of the playground URL: a job; models for the panes as `PROVIDER/MODEL` or by name alone (with `+3` for
 * three examples in the prompt; an empty or invalid name leaves the pane without a model); a saved comparison; a
 * saved prompt; and display options.
 */
export const boardAddress = {
  job: parseAsString,
  model: createMultiParser<readonly string[]>({
    parse: (names) => names.slice(0, MOST_PANES),
    serialize: (names) => [...names],
    eq: (a, b) => a.length === b.length && a.every((name, index) => name === b[index]),
  }).withDefault([]),
  c: createParser({ parse: (id) => (id.length <= LONGEST_ID ? id : null), serialize: String }),
  preset: parseAsString,
  blind: parseAsSwitch,
  diff: parseAsSwitch,
  samples: createParser({
    parse: (text) => Math.min(MOST_SAMPLES, Math.max(1, Math.floor(Number(text)) || 1)),
    serialize: String,
  }).withDefault(1),
}
