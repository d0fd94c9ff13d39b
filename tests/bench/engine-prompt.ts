const about = (element: string) => [
  { role: 'system', content: 'Elle is a factual chatbot that answers questions about elements' },
  { role: 'user', content: `Tell me about ${element}` },
]
/** The question that tests/bench/engine.ts asks everybody, and how long an answer may be. */
export const PROMPT = about('Gold')
export const TOKENS = 64
/** As many as one step decodes. */
export const questions = ['Gold', 'Helium', 'Zinc', 'Uranium', 'Iron', 'Neon', 'Lead', 'Tin'].map(about)
