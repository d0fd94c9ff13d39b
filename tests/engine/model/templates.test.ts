/** Chat templates of the kinds that models are published with, over a tokenizer whose every byte is a token. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { encodeConversation, encodePrompt, type Sample } from '#lib/engine/model/conversation.ts'
import { readTokenizer, type Tokenizer } from '#lib/engine/model/tokenizer.ts'
import { tokenize } from '#lib/engine/worker/tokenize.ts'
import { writeByteModel } from './small-model.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'limerick-templates-'))
afterAll(() => rmSync(folder, { recursive: true }))

const TODAY = new Date('2026-11-28T23:59:00Z')

const file = (name: string) => path.join(folder, name)
const change = (name: string, edit: (json: Record<string, unknown>) => unknown) =>
  writeFileSync(file(name), JSON.stringify(edit(JSON.parse(readFileSync(file(name), 'utf8')))))

/** A model with this template, and what else its tokenizer files say. */
function tokenizerWith(
  template: string,
  config: Record<string, unknown> = {},
  tokenizer: (json: Record<string, unknown>) => unknown = (json) => json,
): Tokenizer {
  writeByteModel(folder, 1)
  change('tokenizer_config.json', (json) => ({ ...json, ...config, chat_template: template }))
  change('tokenizer.json', tokenizer)
  return readTokenizer(folder)
}

const text = ({ bytes }: Tokenizer, ids: ArrayLike<number>) =>
  new TextDecoder().decode(Buffer.concat(Array.from(ids, (id) => bytes(id))))

const learnt = (tokenizer: Tokenizer, { ids, weights }: Sample) =>
  text(
    tokenizer,
    Array.from(ids).filter((_, at) => weights[at] !== 0),
  )

const said = (...contents: string[]) =>
  contents.map((content, index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', content, weight: 1 }))

const turn = "{{ '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>' + '\\n' }}"
const opened = "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
const chatml = `{% for m in messages %}${turn}{% endfor %}${opened}`

describe('a template', () => {
  it('puts in a system text of its own, which is not learnt', () => {
    const system = "{% if messages[0].role != 'system' %}<|im_start|>system\nBe good.<|im_end|>\n{% endif %}"
    const tokenizer = tokenizerWith(system + chatml)
    const [sample] = encodeConversation(tokenizer, said('Hi', 'Hello'), TODAY)
    expect(text(tokenizer, sample?.ids ?? [])).toMatch(/^<\|im_start\|>system\nBe good\.<\|im_end\|>\n/)
    expect(learnt(tokenizer, sample as Sample)).toBe('Hello<|im_end|>')
  })

  it('writes the given day in English', () => {
    const tokenizer = tokenizerWith(`{{ strftime_now('%A, %d %b %Y | %B %-d') }}${opened}`)
    expect(text(tokenizer, encodePrompt(tokenizer, said('Hi'), TODAY))).toMatch(
      /^Saturday, 28 Nov 2026 \| November %-d/,
    )
  })

  it('begins with the token that begins a text, once', () => {
    const tokenizer = tokenizerWith(`{{ bos_token }}${chatml}`, { bos_token: { content: '<|endoftext|>' } })
    const ids = encodePrompt(tokenizer, said('Hi'), TODAY)
    expect(ids.filter((id) => id === 0)).toEqual([0])
    expect(ids[0]).toBe(0)
  })

  it('strips the letters that it names, and no others', () => {
    const stripped = (call: string) => {
      const tokenizer = tokenizerWith(`{{ messages[0].content.${call} }}${opened}`)
      return text(tokenizer, encodePrompt(tokenizer, said('\n  a-b  \n'), TODAY)).split('<|im_start|>')[0]
    }
    expect(stripped("strip('\n')")).toBe('  a-b  ')
    expect(stripped("lstrip('\n')")).toBe('  a-b  \n')
    expect(stripped("rstrip('\n')")).toBe('\n  a-b  ')
    expect(stripped("split('-')[-1].lstrip('b')")).toBe('  \n')
    expect(stripped("strip('\n ab-')")).toBe('')
    expect(stripped('strip()')).toBe('a-b')
  })

  it('refuses a conversation in its own words', () => {
    const tokenizer = tokenizerWith("{{ raise_exception('Roles must alternate') }}")
    expect(() => encodePrompt(tokenizer, said('Hi'), TODAY)).toThrow(/refuses this conversation: Roles must/)
  })

  it('that lies in a file wins over the one in the settings', () => {
    tokenizerWith('old')
    writeFileSync(file('chat_template.jinja'), 'new')
    expect(readTokenizer(folder).template.render(said('Hi'), { opened: false, date: TODAY })).toBe('new')
    rmSync(file('chat_template.jinja'))
  })

  it('is missed by name', () => {
    writeByteModel(folder, 1)
    change('tokenizer_config.json', ({ chat_template: _gone, ...json }) => json)
    expect(() => readTokenizer(folder)).toThrow('no chat template')
  })
})

describe('an answer', () => {
  const thinking = `{% for m in messages %}{% if loop.last and m.role == 'assistant' %}<|im_start|>assistant\n<think></think>{{ m.content }}<|im_end|>\n{% else %}${turn}{% endif %}{% endfor %}${opened}`

  it('is an example by itself where the template changes what was said before', () => {
    const tokenizer = tokenizerWith(thinking)
    const samples = encodeConversation(tokenizer, said('a', 'one', 'b', 'two'), TODAY)
    expect(samples.map((sample) => learnt(tokenizer, sample))).toEqual([
      '<think></think>one<|im_end|>',
      '<think></think>two<|im_end|>',
    ])
    expect(text(tokenizer, samples[1]?.ids ?? [])).toContain('assistant\none<|im_end|>')
  })

  it('is marked in the whole conversation, without what the template has dropped there', () => {
    tokenizerWith(thinking)
    const turns = said('a', 'one', 'b', 'two')
    const report = tokenize({ id: 1, model: folder, turns, opened: false })
    const { token_strs, limerick } = JSON.parse(report.kind === 'tokens' ? report.json.toString() : '')
    const shown = token_strs.map((token: string, at: number) => (limerick.trained[at] ? token : '·'))
    expect(shown.join('').replace(/·+/g, '·')).toBe('·one<|im_end|>·<think></think>two<|im_end|>·')
  })

  it('with weight 0 is none', () => {
    const tokenizer = tokenizerWith(thinking)
    const turns = said('a', 'one', 'b', 'two').map((each, index) =>
      index === 1 ? { ...each, weight: 0 } : each,
    )
    const samples = encodeConversation(tokenizer, turns, TODAY)
    expect(samples.map((sample) => learnt(tokenizer, sample))).toEqual(['<think></think>two<|im_end|>'])
  })

  it('that the template leaves out is refused', () => {
    const tokenizer = tokenizerWith(chatml.replace('m.content', "(m.content if m.role == 'user' else '')"))
    expect(() => encodeConversation(tokenizer, said('a', 'one'), TODAY)).toThrow(
      'leaves a part of the answer out',
    )
  })

  describe('with reasoning', () => {
    const asked = said('a', '<think>Why not</think>one')
    const only = (template: string) => {
      const tokenizer = tokenizerWith(template)
      return encodeConversation(tokenizer, asked, TODAY).map((sample) => learnt(tokenizer, sample))
    }
    const assistant = (body: string) =>
      `{% for m in messages %}{% if m.role == 'assistant' %}<|im_start|>assistant\n${body}<|im_end|>\n{% else %}${turn}{% endif %}{% endfor %}${opened}`
    const parts = "{% set parts = m.content.split('</think>') %}"

    it('is learnt with the spaces that the template sets', () => {
      const spaced = `${parts}{{ '<think>\n' + parts[0].split('<think>')[-1] + '\n</think>\n\n' + parts[-1] }}`
      expect(only(assistant(spaced))).toEqual(['<think>\nWhy not\n</think>\n\none<|im_end|>'])
    })

    it('that the template leaves out is refused', () => {
      expect(() => only(assistant(`${parts}{{ parts[-1] }}`))).toThrow('leaves a part of the answer out')
    })
  })

  it('that is written elsewhere than it is asked for is refused', () => {
    const elsewhere = chatml.replace(opened, '{% if add_generation_prompt %}Now you:{% endif %}')
    expect(() => encodeConversation(tokenizerWith(elsewhere), said('a', 'one'), TODAY)).toThrow('elsewhere')
  })
})

describe('an added token that is not special', () => {
  const withThink = (json: Record<string, unknown>) => ({
    ...json,
    added_tokens: [...(json.added_tokens as object[]), { id: 258, content: '<think>', special: false }],
  })

  it('is itself wherever a text spells it, and ends no answer', () => {
    const tokenizer = tokenizerWith(chatml, {}, withThink)
    expect(tokenizer.encode('a<think>b')).toEqual([tokenizer.encode('a')[0], 258, tokenizer.encode('b')[0]])
    expect(tokenizer.isSpecial(258)).toBe(false)
    expect(text(tokenizer, [258])).toBe('<think>')
  })
})

describe('a tokenizer with byte fallback', () => {
  /** Each letter is a token, a space is ▁, and ▁ stands before every piece: as in Llama 2. */
  function fallback(json: Record<string, unknown>) {
    const specials = ['<|endoftext|>', '<|im_start|>', '<|im_end|>', '▁']
    const bytes = Array.from(
      { length: 256 },
      (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
    )
    const letters = Array.from({ length: 26 }, (_, letter) => String.fromCharCode(97 + letter))
    const vocab = Object.fromEntries([...specials, ...bytes, ...letters].map((token, id) => [token, id]))
    const model = { ...(json.model as object), byte_fallback: true, unk_token: '<|endoftext|>', vocab }
    const prepend = { type: 'Prepend', prepend: '▁' }
    const spaces = { type: 'Replace', pattern: { String: ' ' }, content: '▁' }
    return {
      ...json,
      model,
      pre_tokenizer: null,
      normalizer: { type: 'Sequence', normalizers: [prepend, spaces] },
      decoder: { type: 'Sequence', decoders: [] },
    }
  }

  it('learns an answer without a space that nobody wrote', () => {
    const tokenizer = tokenizerWith(chatml, {}, fallback)
    const [sample] = encodeConversation(tokenizer, said('hi', 'yes é'), TODAY)
    expect(learnt(tokenizer, sample as Sample)).toBe('yes é<|im_end|>')
    const prompt = encodePrompt(tokenizer, said('hi'), TODAY)
    expect(Array.from(sample?.ids ?? []).slice(0, prompt.length)).toEqual(prompt)
  })

  it('is refused without one', () => {
    const plain = (json: Record<string, unknown>) => {
      const { model, ...rest } = fallback(json) as { model: object }
      return { ...rest, model: { ...model, byte_fallback: false } }
    }
    expect(() => tokenizerWith(chatml, {}, plain)).toThrow('only byte-level BPE')
  })
})
