import { domain } from '#lib/domain/domain.ts'

export const LANGUAGES = ['curl', 'python', 'typescript'] as const
export type Language = (typeof LANGUAGES)[number]

export interface Installation {
  /** Address of this installation, without a slash at its end: `http://localhost:3000`. */
  origin: string
  /** A model of the built-in engine to train. */
  model: string
}

const { file, rows, suffix, system, question } = domain.example

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`

/**
 * How a shell in Limerick's own folder reads the key, so that no snippet holds it.
 * @param folder the data folder, if it is not the default
 */
export const keyLine = (folder: string | null): string =>
  `export LIMERICK_KEY="$(${folder === null ? '' : `LIMERICK_DATA=${quoted(folder)} `}npm run --silent key)"`

const curl = ({ origin, model }: Installation) => `# Needs curl and jq.
URL=${origin}/v1
AUTH="Authorization: Bearer $LIMERICK_KEY"
JSON="Content-Type: application/json"

# Upload: the first ten of the shipped ${rows}.
curl -s ${origin}/samples/${file} | head -n 10 > ${file}
FILE=$(curl -s $URL/files -H "$AUTH" \\
  -F purpose=fine-tune -F file=@${file} | jq -r .id)

# Create the job.
JOB=$(curl -s $URL/fine_tuning/jobs -H "$AUTH" -H "$JSON" \\
  -d '{"model": "${model}", "training_file": "'$FILE'", "suffix": "${suffix}"}' |
  jq -r .id)

# Follow its events.
until curl -s $URL/fine_tuning/jobs/$JOB -H "$AUTH" |
  jq -e '.status | IN("succeeded", "failed", "cancelled")' > /dev/null; do
  curl -s "$URL/fine_tuning/jobs/$JOB/events?limit=1" -H "$AUTH" |
    jq -r '.data[0].message'
  sleep 1
done
TUNED=$(curl -s $URL/fine_tuning/jobs/$JOB -H "$AUTH" |
  jq -r .fine_tuned_model)

# Chat with the result.
curl -s $URL/chat/completions -H "$AUTH" -H "$JSON" -d '{
  "model": "'$TUNED'",
  "temperature": 0,
  "messages": [
    {"role": "system", "content": "${system}"},
    {"role": "user", "content": "${question}"}
  ]
}' | jq -r '.choices[0].message.content'
`

const python = ({ origin, model }: Installation) => `# pip install openai
import os
import time
import urllib.request

from openai import OpenAI

client = OpenAI(
    base_url="${origin}/v1",
    api_key=os.environ["LIMERICK_KEY"],
)

# Upload: the first ten of the shipped ${rows}.
with urllib.request.urlopen("${origin}/samples/${file}") as sample:
    ten = b"".join(sample.readlines()[:10])
file = client.files.create(file=("${file}", ten), purpose="fine-tune")

# Create the job.
jobs = client.fine_tuning.jobs
job = jobs.create(model="${model}", training_file=file.id, suffix="${suffix}")

# Follow its events.
seen = set()
while True:
    job = jobs.retrieve(job.id)
    for event in reversed(jobs.list_events(job.id, limit=100).data):
        if event.id not in seen:
            seen.add(event.id)
            print(event.message)
    if job.status in ("succeeded", "failed", "cancelled"):
        break
    time.sleep(1)

# Chat with the result.
answer = client.chat.completions.create(
    model=job.fine_tuned_model,
    temperature=0,
    messages=[
        {"role": "system", "content": "${system}"},
        {"role": "user", "content": "${question}"},
    ],
)
print(answer.choices[0].message.content)
`

const typescript = ({ origin, model }: Installation) => `// npm install openai
import OpenAI from 'openai'

const client = new OpenAI({
  baseURL: '${origin}/v1',
  apiKey: process.env.LIMERICK_KEY ?? '',
})

// Upload: the first ten of the shipped ${rows}.
const sample = await fetch('${origin}/samples/${file}')
const ten = (await sample.text()).split('\\n').slice(0, 10).join('\\n')
const file = await client.files.create({
  file: new File([ten], '${file}'),
  purpose: 'fine-tune',
})

// Create the job.
const { jobs } = client.fineTuning
let job = await jobs.create({
  model: '${model}',
  training_file: file.id,
  suffix: '${suffix}',
})

// Follow its events.
const seen = new Set<string>()
while (!['succeeded', 'failed', 'cancelled'].includes(job.status)) {
  await new Promise((resolve) => setTimeout(resolve, 1000))
  job = await jobs.retrieve(job.id)
  const { data: events } = await jobs.listEvents(job.id, { limit: 100 })
  for (const { id, message } of events.reverse()) {
    if (!seen.has(id)) console.log(message)
    seen.add(id)
  }
}
if (!job.fine_tuned_model) throw new Error(job.error?.message ?? job.status)

// Chat with the result.
const answer = await client.chat.completions.create({
  model: job.fine_tuned_model,
  temperature: 0,
  messages: [
    {
      role: 'system',
      content:
        '${system}',
    },
    { role: 'user', content: '${question}' },
  ],
})
console.log(answer.choices[0]?.message.content)
`

const write: Record<Language, (installation: Installation) => string> = { curl, python, typescript }

/** A whole program that uploads, trains, follows and asks; it runs as it is once LIMERICK_KEY is set. */
export const snippet = (language: Language, installation: Installation): string =>
  write[language](installation)
