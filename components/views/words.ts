import type { ListName } from '#lib/views/address.ts'

/** The room of the catalogue: what the playground keeps is called a prompt, and not a view. */
export const wordsFor = (list: ListName) => (list === 'playground' ? 'prompts' : 'views')
