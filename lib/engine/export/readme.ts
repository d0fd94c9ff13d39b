/** README.md of an export: what it is, where it comes from, and one line for each program that opens it. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import type { ExportChoice, ExportFacts } from '../worker/protocol.ts'
import { isFile } from './is-file.ts'

interface About extends ExportFacts {
  /** The base by the name that people elsewhere know. */
  base: string
  /** Of the folder that holds the files. */
  title: string
  licence: string | null
  /** Of the adapter; 0 if there is none. */
  rank: number
}

const HubId = z.string().regex(/^[\w.-]+\/[\w.-]+$/)
const Config = z.looseObject({ _name_or_path: HubId })

/** What a download from the hub leaves beside the model. */
const Record = z.looseObject({ repo: HubId, licence: z.string().nullable() })

function readIn<Shape extends z.ZodType>(shape: Shape, folder: string, name: string): z.infer<Shape> | null {
  const file = path.join(folder, name)
  if (!isFile(file)) return null
  try {
    return shape.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return null // without it
  }
}

const recordIn = (folder: string) => readIn(Record, folder, 'limerick.json')

/** The base's id on Hugging Face where its folder tells it, else its name here. */
export function hubId(folder: string, name: string): string {
  const repo = recordIn(folder)?.repo
  if (repo) return repo
  const id = readIn(Config, folder, 'config.json')?._name_or_path
  return id?.toLowerCase().endsWith(`/${name.toLowerCase()}`) ? id : name
}

/** `license` in the head of a model card (huggingface.co/docs/hub/model-cards), or as the hub told it. */
export function readLicence(folder: string): string | null {
  const told = recordIn(folder)?.licence
  if (told) return told
  const card = path.join(folder, 'README.md')
  if (!isFile(card)) return null
  const [, head = ''] = /^---\r?\n([\s\S]*?)\r?\n---/.exec(readFileSync(card, 'utf8')) ?? []
  const [, name] = /^license_name: *(\S.*?) *$/m.exec(head) ?? []
  const [, licence] = /^license: *(\S.*?) *$/m.exec(head) ?? []
  return name ?? licence ?? null
}

const methods = { lora: 'LoRA adapter', full: 'all weights' }

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`

function originOf({ model, base, licence, training }: About): string {
  const lines = [
    `- Name in Limerick: \`${model}\``,
    `- Base model: \`${base}\``,
    `- Licence of the base: ${licence ?? 'not stated in its folder; see where the base was published'}`,
  ]
  if (!training) return [...lines, '- Not trained in Limerick'].join('\n')
  const { job, from, rows, epochs, batchSize, method, preference, learningRate, weightDecay } = training
  const rate = Number(learningRate.toPrecision(3))
  const kind = preference ? `preference pairs (DPO, beta ${preference.beta}), ` : ''
  const size = `${kind}${counted(rows, 'row')}, ${counted(epochs, 'epoch')}, batches of ${batchSize}`
  const decay = weightDecay > 0 ? `, weight decay ${weightDecay}` : ''
  const run = `job \`${job}\`, from \`${from}\`: ${size}, ${methods[method]}, peak learning rate ${rate}${decay}`
  return [...lines, `- Trained by ${run}`].join('\n')
}

const block = (language: string, code: string): string => `\`\`\`${language}\n${code}\n\`\`\``

const asked = '[{"role": "user", "content": "Hello"}]'

const generate = `inputs = tokenizer.apply_chat_template(${asked}, add_generation_prompt=True, return_dict=True, return_tensors="pt")
print(tokenizer.decode(model.generate(**inputs, max_new_tokens=100)[0]))`

/** The ranks that vLLM makes room for (vllm/config/lora.py). */
const vllmRanks = [1, 8, 16, 32, 64, 128, 256, 320, 512]
const roomFor = (rank: number) => vllmRanks.find((room) => room >= rank) ?? rank

/** Programs that read only full weights are told where to get them. */
const usesOf = {
  adapter: ({ under, name, title, rank }: About) => `## transformers + peft

${block(
  'python',
  `from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer
tokenizer = AutoTokenizer.from_pretrained("./${title}")
model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained("${under}", dtype="float32"), "./${title}")
${generate}`,
)}

If \`${under}\` is not a model on Hugging Face, put the path of its folder there: Limerick exports it as safetensors.

## vLLM

${block('sh', `vllm serve ${under} --enable-lora --max-lora-rank ${roomFor(rank)} --lora-modules ${name}=./${title}`)}

## llama.cpp, Ollama, LM Studio

They read GGUF: export the model as GGUF.`,

  merged: ({ title, name }: About) => `## transformers

${block(
  'python',
  `from transformers import AutoModelForCausalLM, AutoTokenizer
tokenizer = AutoTokenizer.from_pretrained("./${title}")
model = AutoModelForCausalLM.from_pretrained("./${title}", dtype="auto")
${generate}`,
)}

## vLLM

${block('sh', `vllm serve ./${title} --served-model-name ${name}`)}

## llama.cpp, Ollama, LM Studio

They read GGUF: export the model as GGUF, or run llama.cpp's \`convert_hf_to_gguf.py ./${title}\`.`,

  gguf: (
    { name, title }: About,
    file: string,
  ) => `The chat template and the tokens that end an answer are in the file.

## llama.cpp

${block('sh', `llama-server -m ./${title}/${file} --jinja`)}

## Ollama

${block('sh', `ollama create ${name.toLowerCase()} -f ./${title}/Modelfile`)}

The Modelfile is one line: \`FROM ./${file}\`.

## LM Studio

${block('sh', `lms import ./${title}/${file}`)}

## transformers, vLLM

Export the model as safetensors.`,
}

const words = { adapter: 'A PEFT adapter', merged: 'Safetensors', gguf: 'GGUF' }

export const ggufFileName = (name: string, type: 'F16' | 'Q8_0'): string => `${name}-${type}.gguf`

export function readmeOf(about: About, choice: ExportChoice): string {
  const uses =
    choice.format === 'gguf'
      ? usesOf.gguf(about, ggufFileName(about.name, choice.type === 'f16' ? 'F16' : 'Q8_0'))
      : usesOf[choice.format](about)
  const kind = choice.format === 'gguf' ? `${words.gguf} ${choice.type.toUpperCase()}` : words[choice.format]
  return `# ${about.name}

${kind}, written by Limerick.

${originOf(about)}

${uses}
`
}
