import { describe, expect, it } from 'vitest'
import { checkLine } from '#lib/training-data/check.ts'
import { lineOf } from '#lib/training-data/jsonl.ts'
import { misread } from '#lib/training-data/mojibake.ts'

/** The text in a program that decodes its UTF-8 with another encoding. */
const readAs = (encoding: string, text: string) => new TextDecoder(encoding).decode(Buffer.from(text))
const latin1 = (text: string) => Buffer.from(text).toString('latin1')
const chat = (content: string, escaped = false) => {
  const line = JSON.stringify({
    messages: [
      { role: 'user', content: 'q' },
      { role: 'assistant', content },
    ],
  })
  return escaped
    ? line.replace(/[^\0-\x7f]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
    : line
}
const rulesOf = (line: string) => checkLine(lineOf(line, 1)).issues.map(({ rule }) => rule)

const texts = [
  'café',
  'It’s “so” – really…',
  'Ça coûte 5 € à Noël, où ça ?',
  'Übergrößen für Äpfel',
  'ما هو الهيليوم؟ غاز خفيف يملأ البالونات.',
  'گاز سبک است و نمی‌سوزد',
  'Что такое неон? Это газ.',
  'ネオンとは何ですか',
  'It is £5, or 20 °C 😀',
]

describe('a text that was read in a wrong encoding', () => {
  it.each(texts)('%s is found and corrected', (text) => {
    for (const wrong of [readAs('windows-1252', text), latin1(text)]) {
      expect(misread(wrong)?.text).toBe(text)
      for (const line of [chat(wrong), chat(wrong, true)]) expect(rulesOf(line)).toContain('mojibake')
    }
    expect(misread(readAs('windows-1252', readAs('windows-1252', text)))?.text).toBe(text)
  })

  it('is found if it was decoded as Arabic', () => {
    const text = 'ما هو الهيليوم؟ غاز خفيف'
    const wrong = readAs('windows-1256', text)
    expect(misread(wrong)?.text).toBe(text)
    for (const line of [chat(wrong), chat(wrong, true)]) expect(rulesOf(line)).toContain('mojibake')
  })

  it('is fixed in place, and the rest of the line stays', () => {
    expect(misread('naïve, but cafÃ© and itâ€™s “so”')).toMatchObject({
      text: 'naïve, but café and it’s “so”',
    })
  })

  it.each([
    ...texts,
    'IRMÃ “e” IRMÂ» NÃO – MANHÃ… «É»',
    'Vendu 2×½ et 3×², CAFÉ®',
    'À l’été où l’âge, ¿Qué? ¡Sí! Ñandú',
    'هل هذا صحيح؟ نعم، صحيح؛ «جدا»',
    'چگونه پرندگان گرم می‌مانند؟ ژاکت',
    'یہ کیا ہے؟ ڈاکٹر ٹھیک ہے۔ گاڑی چلی گئی۔',
    'Þetta er í lagi, Ðí. Ærlig ØL™',
    'ŒUVRE “à” l’œil, §5 ¶2 ©2020',
  ])('%s is right', (text) => {
    expect(misread(text)).toBeNull()
    expect(rulesOf(chat(text))).not.toContain('mojibake')
  })
})
