import { refKey } from './ref.ts'
import type { ModelRef } from './schema.ts'

/** What the program needs to ask one question. */
export interface ChatCode {
  /** Address of this installation, with `/v1`. */
  baseURL: string
  /** An alias, or a model as `/v1` knows it. */
  model: string
  /** The system prompt of its training; null for none. */
  system: string | null
  question: string
}

/** The name of a model at `/v1`: those of the built-in engine have no prefix. */
export const nameAtGateway = (ref: ModelRef): string =>
  ref.providerId === 'embedded' ? ref.model : refKey(ref)

const messagesOf = ({ system, question }: ChatCode) => [
  ...(system ? [{ role: 'system', content: system }] : []),
  { role: 'user', content: question },
]

const quoted = (text: string): string => JSON.stringify(text)

/** One message a line, in the syntax that JSON, Python and TypeScript share. */
const lines = (code: ChatCode, write: (role: string, content: string) => string, indent: string): string =>
  messagesOf(code)
    .map(({ role, content }) => `${indent}${write(role, quoted(content))}`)
    .join(',\n')

const curl = (code: ChatCode): string => `curl -sN ${code.baseURL}/chat/completions \\
  -H "Authorization: Bearer $LIMERICK_KEY" \\
  -H "Content-Type: application/json" -d @- <<'BODY'
{
  "model": ${quoted(code.model)},
  "temperature": 0,
  "stream": true,
  "messages": [
${lines(code, (role, content) => `{"role": "${role}", "content": ${content}}`, '    ')}
  ]
}
BODY
`

const python = (code: ChatCode): string => `# pip install openai
import os

from openai import OpenAI

client = OpenAI(
    base_url=${quoted(code.baseURL)},
    api_key=os.environ["LIMERICK_KEY"],
)

answer = client.chat.completions.create(
    model=${quoted(code.model)},
    temperature=0,
    stream=True,
    messages=[
${lines(code, (role, content) => `{"role": "${role}", "content": ${content}}`, '        ')},
    ],
)
for chunk in answer:
    if chunk.choices:
        print(chunk.choices[0].delta.content or "", end="", flush=True)
print()
`

const typescript = (code: ChatCode): string => `// npm install openai
import OpenAI from 'openai'

const client = new OpenAI({
  baseURL: ${quoted(code.baseURL)},
  apiKey: process.env.LIMERICK_KEY ?? '',
})

const answer = await client.chat.completions.create({
  model: ${quoted(code.model)},
  temperature: 0,
  stream: true,
  messages: [
${lines(code, (role, content) => `{ role: '${role}', content: ${content} }`, '    ')},
  ],
})
for await (const chunk of answer) {
  process.stdout.write(chunk.choices[0]?.delta.content ?? '')
}
console.log()
`

const writers = { curl, python, typescript }
export type ChatLanguage = keyof typeof writers

/** A whole program that asks a model; it runs as it is once LIMERICK_KEY is set, and never holds a key. */
export const chatCode = (language: ChatLanguage, code: ChatCode): string => writers[language](code)
