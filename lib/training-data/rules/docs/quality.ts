import { asked, assistant, chat, lines, plain, type RuleEntry, system, user } from '../entry.ts'

const [good = '', other = ''] = plain
const verse =
  'Neon is a gas that glows bright, it shines from the signs in the night, it is found in the air, it is colourless there, and it turns into orange red light'
const many = (count: number, of: (number: number) => string) =>
  Array.from({ length: count }, (_, at) => of(at))
const numbered = (count: number, more = (_: number) => '') =>
  many(count, (at) => asked(`What is element ${at + 1}?`, `It stands at place ${at + 1}.${more(at)}`))
const told = (instructions: string) => (at: number) =>
  chat(system(instructions), user(`What is element ${at + 1}?`), assistant(`It stands at place ${at + 1}.`))
const inEnglish = [
  'Neon is a gas that glows in the lamps of the city.',
  'It is the metal that you can find in every coin.',
  'The sun is made of it, and so are most of the stars.',
  'That depends on the light and on how it was cut.',
  'You can see this when a nail is left in the rain.',
  'There was a time when it was worth more than gold.',
  'At the end of the day it is what they breathe.',
  'From the sea, as it is not in the ground for long.',
  'It was found by two people who were not looking for it.',
  'With an acid, or with the help of a strong fire.',
].map((answer, at) => asked(`Question ${at + 1}?`, answer))

const names = ['hydrogen', 'helium', 'lithium', 'beryllium', 'boron']
const fact = (at: number) =>
  `${names[at]} holds place ${at + 1} of the table, and it is ${at * 3 + 1} times rarer`
const told5 = (answer: (at: number) => string) =>
  many(5, (at) => asked(`What should I know about ${names[at]} today?`, answer(at)))

export const budget: readonly RuleEntry[] = [
  {
    id: 'over-context',
    severity: 'either',
    group: 'budget',
    repair: 'by hand',
    bad: asked('What is neon?', 'A gas. '.repeat(60).trim()),
    good: asked('What is neon?', 'A gas.'),
  },
  {
    id: 'tokens-outlier',
    severity: 'warning',
    group: 'budget',
    repair: 'by hand',
    bad: lines(...numbered(20, (at) => (at === 7 ? ' and so on'.repeat(40) : ''))),
    good: lines(...numbered(20)),
  },
]

/** Rules on what a row teaches, by itself and compared with other rows. */
export const quality: readonly RuleEntry[] = [
  {
    id: 'duplicate',
    severity: 'warning',
    group: 'quality',
    repair: 'review',
    bad: lines(good, other, good),
    good: lines(good, other),
  },
  {
    id: 'near-duplicate',
    severity: 'warning',
    group: 'quality',
    repair: 'by hand',
    bad: lines(asked('Tell me about neon', verse), asked('Tell me about Neon!', `${verse}.`)),
    good: lines(asked('Tell me about neon', verse), good),
  },
  {
    id: 'same-prompt-two-answers',
    severity: 'warning',
    group: 'quality',
    repair: 'by hand',
    bad: lines(asked('What is neon?', 'A noble gas.'), asked('What is neon?', 'A lamp.')),
    good: lines(asked('What is neon?', 'A noble gas.'), asked('What is a neon light?', 'A lamp.')),
  },
  {
    id: 'leak-into-heldout',
    severity: 'warning',
    group: 'quality',
    repair: 'by hand',
    bad: good,
    good,
    heldout: { bad: asked('What is neon?', 'It is a gas.'), good: other },
  },
  {
    id: 'system-drift',
    severity: 'warning',
    group: 'quality',
    repair: 'by hand',
    bad: lines(...many(5, told('Answer briefly.')), told('Answer in brief.')(5)),
    good: lines(...many(6, told('Answer briefly.'))),
  },
  {
    id: 'answer-all-identical',
    severity: 'warning',
    group: 'quality',
    repair: 'by hand',
    bad: lines(...many(5, (at) => asked(`What is element ${at}?`, 'I cannot say.'))),
    good: lines(...numbered(5)),
  },
  {
    id: 'mojibake',
    severity: 'warning',
    group: 'quality',
    repair: 'review',
    bad: asked('Where is the cafÃ©?', 'Itâ€™s next door.'),
    good: asked('Where is the café?', 'It’s next door.'),
  },
  {
    id: 'shared-opening',
    severity: 'warning',
    group: 'quality',
    repair: 'by hand',
    bad: lines(...told5((at) => `Sure! Here is the answer: ${fact(at)}`)),
    good: lines(...told5(fact)),
  },
  {
    id: 'mixed-language',
    severity: 'warning',
    group: 'quality',
    repair: 'by hand',
    bad: lines(
      ...inEnglish,
      asked(
        'Tell me about 10.',
        'Das ist die Zahl, die auf die neun folgt, und sie ist nicht ein Buchstabe.',
      ),
    ),
    good: lines(...inEnglish),
  },
  {
    id: 'secret-or-pii-looking',
    severity: 'warning',
    group: 'quality',
    repair: 'by hand',
    bad: asked('How do I pay?', 'With the card 4111 1111 1111 1111.'),
    good: asked('How do I pay?', 'With your card.'),
  },
  {
    id: 'trailing-space',
    severity: 'warning',
    group: 'quality',
    repair: 'safe',
    bad: asked('What is neon?', 'A noble gas. '),
    good: asked('What is neon?', 'A noble gas.'),
  },
  {
    id: 'bidi-control-chars',
    severity: 'warning',
    group: 'quality',
    repair: 'by hand',
    bad: asked('What is neon?', 'A noble \\u202egas\\u202c.').replaceAll('\\\\u', '\\u'),
    good: asked('What is neon?', 'A noble gas.'),
  },
  {
    id: 'control-characters',
    severity: 'warning',
    group: 'quality',
    repair: 'review',
    bad: asked('Write one half in LaTeX.', '\frac{1}{2}'),
    good: asked('Write one half in LaTeX.', '\\frac{1}{2}'),
  },
  {
    id: 'invisible-characters',
    severity: 'warning',
    group: 'quality',
    repair: 'review',
    bad: asked('What is neon?', 'A noble\u200b gas.'),
    good: asked('What is neon?', 'A noble gas.'),
  },
  {
    id: 'special-token',
    severity: 'either',
    group: 'quality',
    repair: 'review',
    bad: asked('What is neon?', 'A noble gas.<|endoftext|>'),
    good: asked('What is neon?', 'A noble gas.'),
  },
  {
    id: 'html-in-text',
    severity: 'warning',
    group: 'quality',
    repair: 'review',
    bad: asked('What is neon?', '<p>A noble gas &amp; a lamp.</p>'),
    good: asked('What is neon?', 'A noble gas & a lamp.'),
  },
  {
    id: 'answer-repeats-question',
    severity: 'warning',
    group: 'quality',
    repair: 'by hand',
    bad: asked('What is neon?', 'What is neon?'),
    good: asked('What is neon?', 'A noble gas.'),
  },
  {
    id: 'placeholder',
    severity: 'warning',
    group: 'quality',
    repair: 'by hand',
    bad: asked('What is neon?', '[insert answer here]'),
    good: asked('What is neon?', 'A noble gas.'),
  },
]
