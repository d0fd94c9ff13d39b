const ELLE = 'elle.jsonl'

/** Elle, a teacher who answers in limericks; the other samples are Elle with more variety, with mistakes, and in Arabic verse. */
export const SAMPLES = [
  { key: 'elle', name: 'elle', file: ELLE, trainRows: 10 },
  { key: 'elle-varied', name: 'elle-for-larger-models', file: 'elle-varied.jsonl', trainRows: 10 },
  { key: 'elle-broken', name: 'elle-broken', file: 'elle-broken.jsonl', trainRows: null },
  { key: 'elle-arabic', name: 'elle-arabic', file: 'elle-arabic.jsonl', trainRows: 20, language: 'ar' },
] as const

/** Training and prompting Elle in code examples. */
export const EXAMPLE = {
  file: ELLE,
  rows: 'limericks',
  suffix: 'elle',
  system:
    'Elle is a factual chatbot that answers questions about elements in the periodic table with a limerick',
  question: 'Tell me about Strontium',
}
