import { createRandom, type Random, shuffled } from '#lib/core/random.ts'
import * as word from './corpus-words.ts'

interface CorpusOptions {
  megabytes: number
  seed: number
  /** Also tools, pictures, weights, 2 % exact duplicates and 0.5 % broken lines of 16 kinds. */
  mixed?: boolean
}

type Language = 'en' | 'ar' | 'zh'
// Loosely typed on purpose: broken lines are made by damaging good ones.
type Message = Record<string, unknown>
type Example = { messages: Message[] } & Record<string, unknown>

const capital = (text: string) => `${text[0]?.toUpperCase()}${text.slice(1)}`

/** Random choices for the text generators. */
function dice(random: Random) {
  const below = (count: number) => Math.floor(random() * count)
  return {
    chance: (share: number) => random() < share,
    below,
    between: (low: number, high: number) => low + below(high - low + 1),
    pick: <Item>(items: readonly Item[]) => items[below(items.length)] as Item,
    /** An item whose place in the list is its rank in a Zipf distribution. */
    zipf: <Item>(items: readonly Item[]) =>
      items[Math.min(items.length - 1, Math.floor((items.length + 1) ** random()) - 1)] as Item,
    shuffle: <Item>(items: readonly Item[]) =>
      shuffled(items.length, random).map((index) => items[index] as Item),
    /** One of the makers, by their shares of 1; a share of 1 at the end takes the rest. */
    mix: <Made>(makers: [share: number, make: () => Made][]): Made => {
      let left = random()
      for (const [share, make] of makers) {
        left -= share
        if (left < 0) return make()
      }
      throw new Error('the shares do not add up to 1')
    },
  }
}
type Dice = ReturnType<typeof dice>

/** Words, sentences and answers: common words by Zipf's law, and an endless tail of rare ones. */
function writer(roll: Dice) {
  const { chance, below, between, pick, zipf } = roll
  const stems = roll.shuffle(word.stems)
  const suffixes = roll.shuffle(word.suffixes)
  const times = (count: number, make: (index: number) => string) =>
    Array.from({ length: count }, (_, i) => make(i))

  const [consonants, vowels, codas] = [[...'bcdfghklmnprstvwz'], [...'aeiou'], [...'nrlst']]
  const invented = () =>
    times(between(2, 4), () => `${pick(consonants)}${pick(vowels)}${chance(0.3) ? pick(codas) : ''}`).join('')
  const identifier = () => `${invented()}${chance(0.5) ? capital(zipf(stems)) : `_${zipf(stems)}`}`
  const english = () =>
    roll.mix([
      [0.6, () => zipf(word.commonWords)],
      [0.2, () => `${zipf(stems)}${zipf(suffixes)}`],
      [0.12, () => `${pick(word.prefixes)}${zipf(stems)}${zipf(suffixes)}`],
      [0.035, () => pick(word.names)],
      [0.02, () => String(below(10 ** between(1, 5)))],
      [0.017, invented],
      [1, () => pick(word.foreignWords)],
    ])
  const joint = () =>
    roll.mix([
      [0.07, () => ', '],
      [0.01, () => ' ('],
      [0.01, () => "'s "],
      [0.01, () => ' — '],
      [1, () => ' '],
    ])

  const sentences: Record<Language, () => string> = {
    en: () =>
      `${capital(english())}${times(between(4, 19), () => `${joint()}${english()}`).join('')}${pick(['.', '.', '.', '.', '?', '!', ':', '.\n'])}`,
    ar: () =>
      `${times(between(5, 16), () => `${pick(word.arabicPrefixes)}${zipf(word.arabicStems)}${pick(word.arabicSuffixes)}`).join(' ')}${pick(['.', '؟', '،', '.'])}`,
    zh: () =>
      `${times(between(8, 31), () => `${zipf(word.chineseLetters)}${chance(0.08) ? '，' : ''}`).join('')}。`,
  }
  const list = () =>
    times(between(2, 5), (i) => `${i + 1}. **${capital(english())} ${english()}**: ${sentences.en()}\n`).join(
      '',
    )
  const code = () => {
    const [name, argument] = [identifier(), identifier()]
    return pick([
      `\`\`\`python\ndef ${name}(${argument}, n=${below(100)}):\n    result = []\n    for i in range(n):\n        if ${argument}[i] % ${between(2, 10)} == 0:\n            result.append(${argument}[i] * ${below(50)})\n    return result\n\`\`\`\n`,
      `\`\`\`js\nconst ${name} = async (${argument}) => {\n\tconst res = await fetch(\`/api/${identifier()}/\${${argument}.id}?v=${below(9999)}\`);\n\treturn res.ok ? res.json() : null;\n};\n\`\`\`\n`,
      `SELECT ${name}, COUNT(*) FROM ${argument} WHERE ${identifier()} > ${below(1000)} GROUP BY ${name};\n`,
    ])
  }
  const link = () => `https://${invented()}.example/${identifier()}?q=${below(1e6)} `
  const passage = (language: Language) =>
    language === 'en'
      ? roll.mix([
          [0.9, sentences.en],
          [0.05, list],
          [0.03, code],
          [1, link],
        ])
      : sentences[language]()

  const text = (language: Language, count: number) => {
    let written = ''
    for (let i = 0; i < count; i++) {
      written += `${written && !written.endsWith('\n') ? ' ' : ''}${passage(language)}`
      if (chance(0.03)) written += ` ${pick(word.emoji)}`
    }
    return written
  }
  return { text, sentence: sentences.en, english, identifier, invented }
}
type Writer = ReturnType<typeof writer>

/** Plain conversations of ~550 bytes: 82 % English, 10 % Arabic, 8 % Chinese. */
function conversations(roll: Dice, write: Writer): () => Example {
  const systems = Array.from({ length: 12 }, () => `You are a helpful assistant. ${write.text('en', 2)}`)
  return () => {
    const language = roll.mix<Language>([
      [0.82, () => 'en'],
      [0.1, () => 'ar'],
      [1, () => 'zh'],
    ])
    const messages: Message[] = roll.chance(0.3) ? [{ role: 'system', content: roll.pick(systems) }] : []
    const turns = roll.chance(0.85) ? 1 : roll.between(2, 4)
    const length = roll.chance(0.02) ? 12 : 1
    for (let turn = 0; turn < turns; turn++) {
      messages.push({ role: 'user', content: write.text(language, 1) })
      messages.push({ role: 'assistant', content: write.text(language, roll.between(1, 2) * length) })
    }
    return { messages }
  }
}

/** Adds what the format allows beside plain text: tools to 6 % of the conversations, pictures, weights. */
function enriched(roll: Dice, write: Writer): (example: Example) => Example {
  const { below, chance } = roll
  const property = () => ({ type: 'string', description: write.sentence() })
  const parameters = () => ({
    type: 'object',
    properties: { [write.identifier()]: property(), limit: { type: 'integer' } },
    required: ['limit'],
  })
  const tools = Array.from({ length: 8 }, () => ({
    type: 'function',
    function: { name: write.identifier(), description: write.sentence(), parameters: parameters() },
  }))

  const withTool = ({ messages }: Example): Example => {
    const tool = roll.pick(tools)
    const id = `call_${write.invented()}${below(1e6)}`
    const given = JSON.stringify({ limit: below(100), q: write.english() })
    const call = { id, type: 'function', function: { name: tool.function.name, arguments: given } }
    const found = JSON.stringify({ ok: true, rows: below(99), note: write.sentence() })
    const exchange = [
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: id, content: found },
    ]
    const all = [...messages.slice(0, -1), ...exchange, ...messages.slice(-1)]
    return { messages: all, tools: [tool], ...(chance(0.3) ? { parallel_tool_calls: false } : {}) }
  }
  const withPicture = (example: Example): Example => {
    const url = `https://img.example/${write.identifier()}.png`
    const asked = example.messages.at(-2) as Message
    asked.content = [
      { type: 'text', text: write.sentence() },
      { type: 'image_url', image_url: { url, detail: 'low' } },
    ]
    return example
  }
  const withWeights = (example: Example): Example => {
    for (const message of example.messages) if (message.role === 'assistant') message.weight = below(2)
    return example
  }
  return (example) =>
    roll.mix([
      [0.06, () => withTool(example)],
      [0.005, () => withPicture(example)],
      [0.03, () => withWeights(example)],
      [1, () => example],
    ])
}

type Damage = (example: Example, first: Message, last: Message) => unknown

/** Ways to break a good line; a string is the line itself, anything else is written as JSON. */
const damages: Damage[] = [
  (example) => JSON.stringify(example).slice(0, -20),
  ({ messages, ...rest }) => ({ ...rest, prompt: 'x' }),
  (example, first) => Object.assign(first, { role: 'bot' }) && example,
  (example, first) => Object.assign(first, { content: 42 }) && example,
  ({ messages }) => ({ messages: messages.filter(({ role }) => role !== 'assistant') }),
  (example) => [example],
  (example, _, last) => Object.assign(last, { weight: 2 }) && example,
  (example, first) => Object.assign(first, { extra: 1 }) && example,
  ({ messages }, { role, ...rest }) => ({ messages: [rest, ...messages.slice(1)] }),
  () => ({ messages: [] }),
  () => '',
  (example, _, last) => Object.assign(last, { content: '' }) && example,
  ({ messages: [first, ...rest] }) => ({
    messages: [first, { role: 'tool', tool_call_id: 'nope', content: 'x' }, ...rest],
  }),
  () => "{'messages': []}",
  () => 'null',
  (example) => ({ ...example, temperature: 1 }),
]

function damaged(example: Example, damage: Damage): string {
  const made = damage(example, example.messages[0] as Message, example.messages.at(-1) as Message)
  return typeof made === 'string' ? made : JSON.stringify(made)
}

/** Lines to repeat later, spread over all lines so far. */
function memory(roll: Dice) {
  const kept: string[] = []
  const ROOM = 4096
  return {
    keep: (line: string) => {
      if (roll.chance(0.02)) kept[kept.length < ROOM ? kept.length : roll.below(ROOM)] = line
    },
    recall: (): string | undefined => roll.pick(kept),
  }
}

/** Lines of a chat training file, without line ends; the same for the same seed. New words never run out. */
export function* chatCorpus({ megabytes, seed, mixed = false }: CorpusOptions): Generator<string> {
  const roll = dice(createRandom(seed))
  const write = writer(roll)
  const next = conversations(roll, write)
  const enrich = enriched(roll, write)
  const { keep, recall } = memory(roll)
  const good = () => {
    const line = JSON.stringify(enrich(next()))
    keep(line)
    return line
  }
  const line = () =>
    roll.mix([
      [0.02, () => recall() ?? good()],
      [0.005, () => damaged(enrich(next()), roll.pick(damages))],
      [1, good],
    ])
  let bytes = 0
  while (bytes < megabytes * 1e6) {
    const made = mixed ? line() : JSON.stringify(next())
    bytes += Buffer.byteLength(made) + 1
    yield made
  }
}
