/** o200k_base: gpt-4o and all later models. cl100k_base: gpt-4 and gpt-3.5-turbo. */
export type Encoding = 'o200k_base' | 'cl100k_base'

/** The encoding of an OpenAI model, also a fine-tuned one (`ft:gpt-4o-mini-…`); o200k_base for unknown names. */
export const encodingOf = (model: string): Encoding =>
  /(^|:)(gpt-(3\.5|35|4(?!o|\.1|\.5))|babbage-002|davinci-002)/.test(model) ? 'cl100k_base' : 'o200k_base'
