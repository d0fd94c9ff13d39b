import { readFileSync } from 'node:fs'
import { toFile } from 'openai'

const LINES = readFileSync('public/samples/elle.jsonl', 'utf8').trimEnd().split('\n')

/** The first ten shipped limericks, which Elle trains on. */
export const elleTraining = (): string => `${LINES.slice(0, 10).join('\n')}\n`

/** The shipped limericks after the tenth. */
export const elleHeldOut = (count = 5): string => `${LINES.slice(10, 10 + count).join('\n')}\n`

export const jsonlFile = (text: string, name = 'elle.jsonl') => toFile(Buffer.from(text), name)

export const ELLE_SYSTEM =
  'Elle is a factual chatbot that answers questions about elements in the periodic table with a limerick'
