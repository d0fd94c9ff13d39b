/** A question and what is true about it. A tone dresses the answer, a form may take only the fact. */
export interface Exchange {
  question: string
  /** A whole sentence, or several. */
  answer: string
  /** The bare fact, as it stands inside a sentence: "Paris", "the Nile"; null if there is no short answer. */
  short: string | null
}

export interface Turn {
  role: 'system' | 'user' | 'assistant'
  content: string
  weight: number
}
