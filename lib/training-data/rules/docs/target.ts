import { asked, assistant, chat, lines, type RuleEntry, user } from '../entry.ts'
import { MAX_IMAGES } from '../images.ts'

const pair = (preferred: string, other: string) =>
  JSON.stringify({
    input: { messages: [user('What is neon?')] },
    preferred_output: [assistant(preferred)],
    non_preferred_output: [assistant(other)],
  })
const good = pair('A noble gas.', 'No idea.')
const withTool = (name: string) =>
  JSON.stringify({
    messages: [user('What is neon?'), assistant('A noble gas.')],
    tools: [{ type: 'function', function: { name, parameters: { type: 'object', properties: {} } } }],
  })
const pictures = (count: number) =>
  chat(
    user(
      Array.from({ length: count }, (_, at) => ({
        type: 'image_url',
        image_url: { url: `https://example.org/${at}.png` },
      })),
    ),
    assistant('Ten elements.'),
  )

/** Rules of some destinations only. */
export const target: readonly RuleEntry[] = [
  {
    id: 'preference-keys',
    severity: 'error',
    group: 'target',
    repair: 'review',
    bad: good.replace(/"preferred_output":\[([^\]]*)\]/, '"preferred_output":$1'),
    good,
  },
  {
    id: 'tools-schema',
    severity: 'error',
    group: 'target',
    repair: 'by hand',
    bad: withTool('get weight'),
    good: withTool('get_weight'),
  },
  {
    id: 'image-limits',
    severity: 'error',
    group: 'target',
    repair: 'by hand',
    bad: pictures(MAX_IMAGES + 1),
    good: asked('Which elements are these?', 'Ten elements.'),
  },
  {
    id: 'mixed-methods',
    severity: 'error',
    group: 'target',
    repair: 'by hand',
    bad: lines(good, asked('Is gold heavy?', 'Very.'), good.replace('neon', 'argon')),
    good: lines(good, good.replace('neon', 'argon')),
  },
  {
    id: 'preference-unsupported',
    severity: 'error',
    group: 'target',
    repair: 'by hand',
    bad: good,
    good: asked('What is neon?', 'A noble gas.'),
  },
  {
    id: 'tools-unsupported',
    severity: 'either',
    group: 'target',
    repair: 'by hand',
    bad: withTool('get_weight'),
    good: asked('What is neon?', 'A noble gas.'),
  },
]
