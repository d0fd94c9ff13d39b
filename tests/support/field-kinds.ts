import { say } from './field-previews.ts'

/** Kinds of files that people drop in, each with what its first row must be. */

export const lines = (records: readonly unknown[]) => records.map((one) => JSON.stringify(one)).join('\n')

export const [Q, A] = ['What is boron good for?', 'It stiffens glass.']
export const CHAT = { messages: [say('user', Q), say('assistant', A)] }
export const PAIR = {
  input: { messages: [say('user', Q)] },
  preferred_output: [say('assistant', A)],
  non_preferred_output: [say('assistant', 'Who knows.')],
}
