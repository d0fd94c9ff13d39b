import type { JobCreateParams } from 'openai/resources/fine-tuning/jobs'
import { capabilitiesOf } from '#lib/providers/capabilities.ts'
import type { LauncherName, TrainerName, TuningMethod } from '#lib/providers/trainers-schema.ts'
import type { DataChoice, JobDraft } from './schema.ts'
import { versionIn } from './version-in.ts'

/**
 * Automatic values are not sent: older servers do not know the word "auto". A rate goes to a provider only as it means
 * it: neither is ever turned into the other.
 */
function explicit({ hyperparameters, learningRate, providerId }: JobDraft) {
  const { nEpochs, batchSize, learningRateMultiplier } = hyperparameters
  const rate = capabilitiesOf(providerId).absoluteRate
    ? { learning_rate: learningRate ?? 'auto' }
    : { learning_rate_multiplier: learningRateMultiplier }
  const set = { n_epochs: nEpochs, batch_size: batchSize, ...rate }
  return Object.fromEntries(Object.entries(set).filter(([, value]) => value !== 'auto')) as Partial<
    Record<'n_epochs' | 'batch_size' | 'learning_rate_multiplier' | 'learning_rate', number>
  >
}

/** Explicit values; pairs of answers are trained by preference (DPO), which a request has to say. */
function methodOf(draft: JobDraft, preference: boolean): Pick<JobCreateParams, 'method'> {
  const hyperparameters = explicit(draft)
  if (preference) {
    const beta = draft.beta === null ? {} : { beta: draft.beta }
    return { method: { type: 'dpo', dpo: { hyperparameters: { ...hyperparameters, ...beta } } } }
  }
  return Object.keys(hyperparameters).length > 0
    ? { method: { type: 'supervised', supervised: { hyperparameters } } }
    : {}
}

/** What a request says beside OpenAI's parameters. */
interface Extension {
  limerick?: {
    trainer?: TrainerName
    launcher?: LauncherName
    devices?: number
    method?: TuningMethod
    max_length?: number
    early_stopping?: { patience: number }
  }
  /** Azure's. */
  trainingType?: string
}

/** Early stopping, where there is something to watch and the provider can. */
function earlyStopping({ patience, validation, providerId }: JobDraft): Extension['limerick'] {
  const applies = patience !== null && validation !== null && capabilitiesOf(providerId).stopEarly
  return applies ? { early_stopping: { patience } } : {}
}

/** Trainer, place, method and length, where they are not automatic. */
function tuningOf({ tuning, providerId }: JobDraft): Extension['limerick'] {
  if (tuning === null || !capabilitiesOf(providerId).chooseTrainer) return {}
  const { trainer, launcher, devices, method, maxLength } = tuning
  return {
    ...(trainer === null ? {} : { trainer }),
    ...(launcher === null ? {} : { launcher }),
    ...(devices === null ? {} : { devices }),
    ...(method === null ? {} : { method }),
    ...(maxLength === null ? {} : { max_length: maxLength }),
  }
}

/** A tier is sent where the provider has several. */
function extensionOf(draft: JobDraft): Extension {
  const limerick = { ...tuningOf(draft), ...earlyStopping(draft) }
  const { tier, providerId } = draft
  return {
    ...(Object.keys(limerick).length > 0 && { limerick }),
    ...(tier !== null && capabilitiesOf(providerId).tiers.includes(tier) && { trainingType: tier }),
  }
}

/**
 * The body of a creation without its files and our metadata: what the launch sends, and the code shows.
 * @param preference whether the rows are pairs of answers
 */
export const bodyOf = (
  draft: JobDraft,
  preference: boolean,
): Pick<JobCreateParams, 'model' | 'suffix' | 'seed' | 'method'> & Extension => ({
  model: draft.model,
  ...(draft.suffix ? { suffix: draft.suffix } : {}),
  ...(draft.seed === null ? {} : { seed: draft.seed }),
  ...methodOf(draft, preference),
  ...extensionOf(draft),
})

/** Where the code sends the request. */
export interface Target {
  baseURL: string
  /** Environment variable that holds the key; never the key itself. */
  keyName: string
  /** Address of this installation: the code downloads the rows from it. */
  origin: string
}

interface CodeRequest {
  draft: JobDraft
  target: Target
  preference: boolean
}

interface SentFile {
  field: 'training_file' | 'validation_file'
  name: string
  /** Of the rows that a launch would send. */
  address: string
}

function exported(choice: DataChoice, draft: JobDraft, origin: string): string {
  const version = versionIn(draft, choice)
  const query = new URLSearchParams({ split: choice.split, ...(version && { version }) })
  return `${origin}/api/datasets/${encodeURIComponent(choice.datasetId)}/export?${query}`
}

/** The files of the request, in its order. */
export function filesOf(draft: JobDraft, origin: string): SentFile[] {
  const { training, validation } = draft
  const file = (field: SentFile['field'], name: string, choice: DataChoice) => ({
    field,
    name,
    address: exported(choice, draft, origin),
  })
  return [
    file('training_file', 'train.jsonl', training),
    ...(validation ? [file('validation_file', 'valid.jsonl', validation)] : []),
  ]
}

const quoted = (text: string): string => JSON.stringify(text)

/** The only special characters of a here-document. */
const inDocument = (text: string): string => text.replace(/[\\$`]/g, '\\$&')

const VARIABLES = { training_file: 'TRAIN', validation_file: 'VALID' } as const

function curlOf({ draft, target, preference }: CodeRequest): string {
  const files = filesOf(draft, target.origin)
  const set = JSON.stringify(bodyOf(draft, preference), null, 2)
  const ids = files.map(({ field }) => `  "${field}": "$${VARIABLES[field]}"`)
  return [
    '# Needs curl and jq.',
    `URL=${target.baseURL}`,
    `AUTH="Authorization: Bearer $${target.keyName}"`,
    '',
    '# Upload: the rows of the form, from this installation.',
    ...files.flatMap(({ field, name, address }) => [
      `curl -sf -o ${name} \\`,
      `  "${address}"`,
      `${VARIABLES[field]}=$(curl -sf $URL/files -H "$AUTH" \\`,
      `  -F purpose=fine-tune -F file=@${name} | jq -r .id)`,
    ]),
    '',
    '# Create the job: sent once.',
    'curl -s $URL/fine_tuning/jobs -H "$AUTH" \\',
    '  -H "Content-Type: application/json" -d @- <<BODY',
    `${inDocument(set.slice(0, -2))},`,
    ids.join(',\n'),
    '}',
    'BODY',
    '',
  ].join('\n')
}

type Body = ReturnType<typeof bodyOf>

/** Python's way to send what OpenAI's parameters do not have. */
const withExtraBody = ({ limerick, trainingType, ...known }: Body) =>
  limerick || trainingType ? { ...known, extra_body: { limerick, trainingType } } : known

/** Arguments of the creation, one per line; `set` and `upload` write them in the language. */
function argumentsOf(
  { draft, target }: CodeRequest,
  { model, ...rest }: Pick<Body, 'model'>,
  indent: string,
  set: (name: string, value: string) => string,
  upload: (file: SentFile) => string,
): string {
  // Two spaces a level. The values hold neither booleans nor null, so Python writes them the same way.
  const literal = (value: unknown) => JSON.stringify(value, null, 2).replaceAll('\n', `\n${indent}`)
  return [
    set('model', quoted(model)),
    ...filesOf(draft, target.origin).map((file) => set(file.field, upload(file))),
    ...Object.entries(rest).map(([name, value]) => set(name, literal(value))),
  ]
    .map((line) => `${indent}${line},`)
    .join('\n')
}

const pythonOf = (request: CodeRequest): string => `# pip install openai
import os
import urllib.request

from openai import OpenAI

client = OpenAI(
    base_url=${quoted(request.target.baseURL)},
    api_key=os.environ["${request.target.keyName}"],
    max_retries=0,  # a lost answer is looked up, never paid for twice
)


# The rows of the form, from this installation.
def upload(name, address):
    with urllib.request.urlopen(address) as rows:
        file = (name, rows.read())
    return client.files.create(file=file, purpose="fine-tune").id


job = client.fine_tuning.jobs.create(
${argumentsOf(
  request,
  withExtraBody(bodyOf(request.draft, request.preference)),
  '    ',
  (name, value) => `${name}=${value}`,
  ({ name, address }) => `upload(\n        ${quoted(name)},\n        ${quoted(address)},\n    )`,
)}
)
print(job.id)
`

const typescriptOf = (request: CodeRequest): string => `// npm install openai
import OpenAI from 'openai'

const client = new OpenAI({
  baseURL: ${quoted(request.target.baseURL)},
  apiKey: process.env.${request.target.keyName} ?? '',
  maxRetries: 0, // a lost answer is looked up, never paid for twice
})

// The rows of the form, from this installation.
async function upload(name: string, address: string) {
  const rows = await fetch(address)
  if (!rows.ok) throw new Error(\`\${address} answered \${rows.status}\`)
  const file = new File([await rows.arrayBuffer()], name)
  return (await client.files.create({ file, purpose: 'fine-tune' })).id
}

const job = await client.fineTuning.jobs.create({
${argumentsOf(
  request,
  bodyOf(request.draft, request.preference),
  '  ',
  (name, value) =>
    ['limerick', 'trainingType'].includes(name)
      ? `// @ts-expect-error: an extension of the provider's\n  ${name}: ${value}`
      : `${name}: ${value}`,
  ({ name, address }) => `await upload(\n    ${quoted(name)},\n    ${quoted(address)},\n  )`,
)}
})
console.log(job.id)
`

const writers = { curl: curlOf, python: pythonOf, typescript: typescriptOf }
export type CodeLanguage = keyof typeof writers

/** The form's request as a program that sends it once, as the form does. */
export const codeOf = (language: CodeLanguage, request: CodeRequest): string => writers[language](request)
