import type { JobDraft } from './schema.ts'

/** Where a request goes, as code has to say it. */
export interface Target {
  baseURL: string
  /** Environment variable that holds the key; never the key itself. */
  keyName: string
}

/** The body that the form would send, its files still to be filled in. What is left to the provider is left out. */
export function bodyOf(draft: JobDraft, preference = false) {
  const { nEpochs, batchSize, learningRateMultiplier } = draft.hyperparameters
  const set = Object.fromEntries(
    Object.entries({
      n_epochs: nEpochs,
      batch_size: batchSize,
      learning_rate_multiplier: learningRateMultiplier,
    }).filter(([, value]) => value !== 'auto'),
  )
  const type = preference ? 'dpo' : 'supervised'
  const needed = preference || Object.keys(set).length > 0
  return {
    model: draft.model,
    ...(draft.suffix ? { suffix: draft.suffix } : {}),
    ...(draft.seed === null ? {} : { seed: draft.seed }),
    ...(needed ? { method: { type, [type]: { hyperparameters: set } } } : {}),
  }
}

/** Two spaces a level. Our bodies hold neither booleans nor null, so that Python writes them alike. */
const literal = (value: unknown, indent: string): string =>
  JSON.stringify(value, null, 2).replaceAll('\n', `\n${indent}`)

interface Wish {
  draft: JobDraft
  target: Target
  preference: boolean
}

function curlOf({ draft, target, preference }: Wish): string {
  const upload = (name: string, file: string) =>
    `${name}=$(curl -s ${target.baseURL}/files -H "$AUTH" \\\n  -F purpose=fine-tune -F file=@${file} | jq -r .id)`
  const body = {
    ...bodyOf(draft, preference),
    training_file: '$TRAIN',
    ...(draft.validation ? { validation_file: '$VALID' } : {}),
  }
  return [
    '# Needs curl and jq.',
    `AUTH="Authorization: Bearer $${target.keyName}"`,
    '',
    upload('TRAIN', 'train.jsonl'),
    ...(draft.validation ? [upload('VALID', 'valid.jsonl')] : []),
    '',
    `curl -s ${target.baseURL}/fine_tuning/jobs -H "$AUTH" \\`,
    '  -H "Content-Type: application/json" -d @- <<BODY',
    JSON.stringify(body, null, 2),
    'BODY',
    '',
  ].join('\n')
}

/** Arguments of the creation, one a line: how a name is set and how a file is sent differ by language. */
function argumentsOf(
  { draft, preference }: Wish,
  set: (name: string, value: string) => string,
  file: (name: string) => string,
  indent: string,
) {
  const { model, suffix, seed, method } = bodyOf(draft, preference)
  return [
    set('model', JSON.stringify(model)),
    set('training_file', file('train.jsonl')),
    ...(draft.validation ? [set('validation_file', file('valid.jsonl'))] : []),
    ...(suffix ? [set('suffix', JSON.stringify(suffix))] : []),
    ...(seed === undefined ? [] : [set('seed', String(seed))]),
    ...(method ? [set('method', literal(method, indent))] : []),
  ]
    .map((line) => `${indent}${line},`)
    .join('\n')
}

const pythonOf = (wish: Wish): string => `# pip install openai
import os

from openai import OpenAI

client = OpenAI(
    base_url="${wish.target.baseURL}",
    api_key=os.environ["${wish.target.keyName}"],
    max_retries=0,  # a lost answer is looked up, never paid for twice
)


def upload(name):
    with open(name, "rb") as file:
        return client.files.create(file=file, purpose="fine-tune").id


job = client.fine_tuning.jobs.create(
${argumentsOf(
  wish,
  (name, value) => `${name}=${value}`,
  (name) => `upload("${name}")`,
  '    ',
)}
)
print(job.id)
`

const typescriptOf = (wish: Wish): string => `// npm install openai
import { createReadStream } from 'node:fs'
import OpenAI from 'openai'

const client = new OpenAI({
  baseURL: '${wish.target.baseURL}',
  apiKey: process.env.${wish.target.keyName},
  maxRetries: 0, // a lost answer is looked up, never paid for twice
})

const upload = async (name: string) =>
  (await client.files.create({ file: createReadStream(name), purpose: 'fine-tune' })).id

const job = await client.fineTuning.jobs.create({
${argumentsOf(
  wish,
  (name, value) => `${name}: ${value}`,
  (name) => `await upload('${name}')`,
  '  ',
)}
})
console.log(job.id)
`

const writers = { curl: curlOf, python: pythonOf, typescript: typescriptOf }
export type CodeLanguage = keyof typeof writers

/** The request of the form as a program that sends it: once, as the form does. */
export const codeOf = (language: CodeLanguage, wish: Wish): string => writers[language](wish)
