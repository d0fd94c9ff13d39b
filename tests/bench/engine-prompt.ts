/** The question that tests/bench/engine.ts asks everybody, and how long an answer may be. */
export const PROMPT = [
  { role: 'system', content: 'Elle is a factual chatbot that answers questions about elements' },
  { role: 'user', content: 'Tell me about Gold' },
]
export const TOKENS = 64
