import { createRandom, type Random } from '#lib/core/random.ts'
import { chatCorpus } from './corpus.ts'

/** Sentences in scripts that the corpus does not have, to be cut anywhere. */
const passages = [
  'O’Neill said: “it’s 5°C, naïve café — déjà vu!” (c) 2026; e-mail: a.b+c@d.example, 100 % & $4.20',
  'আমি বাংলায় গান গাই। हिन्दी में दस्तावेज़ लिखिए, क्योंकि यह ज़रूरी है। தமிழ் மொழி',
  'ภาษาไทยไม่มีช่องว่างระหว่างคำ และมีวรรณยุกต์ ๑๒๓',
  'Съешь ещё этих мягких французских булок, да выпей же чаю. ЁЛКА №5',
  '東京都の天気は晴れです。カタカナとひらがな、漢字！　全角スペース１２３',
  '한국어 문장은 띄어쓰기가 있습니다. 데이터를 학습합니다.',
  'הֲלוֹא כְּבָר נִשְׁמַע؛ كَتَبَ الطَّالِبُ الدَّرْسَ ٣٤٥',
  '👩🏽‍🚀👨‍👩‍👧‍👦 ❤️‍🔥 🇸🇦🇩🇪 1️⃣ ☕\uFE0F 🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}',
  'function add(a, b) {\n\treturn a+b; // sum\r\n}\n\n\n  if (x!=y) { z[i]->w = 0xFF_FF; }\n',
  'https://user:pw@host.example:8080/a/b//c?q=1&r=%20#frag  C:\\Users\\x\\y.txt ../../etc',
  'x̂ᵢ = ∑ⱼ aᵢⱼ·bⱼ ≤ ½ Ⅷ ǅ ǆ ﬁ ꙮ 𝒳𝔘𝕏 𐐀𐐨 ᾼ ʰ ª',
]

/** Text that the patterns of the encodings distinguish. */
const fragments =
  "'s 'S 'T 're 'RE 'vE 'm 'll 'LL 'd 'x 'ſ 'ſt ſ K aB ABc iPhone HTTPServer /// !!! ... _ $ € é ÉCOLE 123 12345678 ٣٤٥ １２３ ½ Ⅷ ǅ 中文 مرحبا हिन्दी ไทย 𝒳 x̂ ꙮ <|endoftext|> <|im_start|> <|im_end|> <|endofprompt|>"
    .split(' ')
    .concat(
      [' ', '  ', '   ', '\t', '\n', '\r', '\r\n', '\n\n ', '/\n', '...\n\n', ' -', ' \n', '\n/', '\v', '\f'],
      [
        '\u0085',
        '\u00A0',
        '\u1680',
        '\u2028',
        '\u2029',
        '\u202F',
        '\u3000',
        '\u180E',
        '\uFEFF',
        '\u200B',
        '\u200D',
      ],
      [
        '\0',
        '\x7F',
        '\u0301',
        '\u0301A',
        '\u20E3',
        '\uD800',
        '\uDC00',
        '\uFFFD',
        "'",
        '’',
        '"',
        '{"a":',
        '}]',
      ],
    )

/** Ranges of code points by planes and scripts; the last two are halves of surrogate pairs. */
const ranges: [first: number, last: number][] = [
  [0, 0x7f],
  [0x20, 0x7e],
  [0x80, 0x24f],
  [0x300, 0x52f],
  [0x590, 0x8ff],
  [0x900, 0xfff],
  [0x1000, 0x1fff],
  [0x2000, 0x2bff],
  [0x2c00, 0x33ff],
  [0x4e00, 0x9fff],
  [0xa000, 0xd7ff],
  [0xf900, 0xffff],
  [0x10000, 0x11fff],
  [0x12000, 0x1ffff],
  [0x20000, 0x33fff],
  [0xe0000, 0x10ffff],
  [0xd800, 0xdbff],
  [0xdc00, 0xdfff],
]

const below = (random: Random, count: number) => Math.floor(random() * count)
const pick = <Item>(random: Random, items: readonly Item[]) => items[below(random, items.length)] as Item

function times(random: Random, most: number, make: () => string): string {
  return Array.from({ length: 1 + below(random, most) }, make).join('')
}

function letter(random: Random): string {
  const [first, last] = pick(random, ranges)
  return String.fromCodePoint(first + below(random, last - first + 1))
}

function cut(random: Random, text: string): string {
  const start = below(random, text.length)
  return text.slice(start, start + 1 + below(random, 40))
}

function* messages(seed: number): Generator<string> {
  for (const line of chatCorpus({ megabytes: Infinity, seed })) {
    const { messages } = JSON.parse(line) as { messages: { content: string }[] }
    for (const { content } of messages) yield content.slice(0, 120)
  }
}

/** `count` strings to test the splitting of text: messages, scripts, random letters, edge cases. */
export function* awkwardStrings(count: number, seed: number): Generator<string> {
  const random = createRandom(seed)
  const written = messages(seed)
  const makers = [
    () => written.next().value as string,
    () => times(random, 3, () => cut(random, pick(random, passages))),
    () => times(random, 12, () => letter(random)),
    () => times(random, 10, () => pick(random, fragments)),
    () => times(random, 6, () => pick(random, [() => letter(random), () => pick(random, fragments)])()),
  ]
  for (let index = 0; index < count; index++) yield (makers[index % makers.length] as () => string)()
}
