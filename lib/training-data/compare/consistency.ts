import { type Comparison, rowsThat } from './comparison.ts'
import { systemCounts } from './systems.ts'

/** Least shares and counts for a value to be the usual one. */
const USUAL_SYSTEM = 0.6
const FEWEST_SYSTEMS = 5
const USUAL_LANGUAGE = 0.9
const FEWEST_LANGUAGES = 10
const FEWEST_ANSWERS = 5

/** Rows whose system prompt differs from that of most rows. */
export const systemDrift: Comparison = (rows, tell) => {
  const counts = systemCounts(rows, rows.isSound)
  const sound = counts.reduce((sum, count) => sum + count, 0)
  const count = counts.reduce((most, one) => Math.max(most, one), 0)
  if (sound < FEWEST_SYSTEMS || count < sound * USUAL_SYSTEM) return
  const first = counts.indexOf(count)
  const usual = rows.system(first)
  for (const row of rowsThat(rows, rows.isSound)) {
    if (rows.system(row) === usual) continue
    const change = !rows.hasSystem(row) ? 'missing' : usual === 0 ? 'added' : 'other'
    tell(row, 'system-drift', { line: rows.line(first), count, change })
  }
}

/** Rows whose answer is in another language than nearly all others. */
export const mixedLanguage: Comparison = (rows, tell) => {
  const counts = new Map<string, number>()
  for (let row = 0; row < rows.count; row++) {
    const language = rows.language(row)
    if (language !== null) counts.set(language, (counts.get(language) ?? 0) + 1)
  }
  const sure = counts.values().reduce((sum, count) => sum + count, 0)
  const [usual, most] = [...counts].reduce((best, one) => (one[1] > best[1] ? one : best), ['', 0])
  if (sure < FEWEST_LANGUAGES || most < sure * USUAL_LANGUAGE) return
  for (let row = 0; row < rows.count; row++) {
    const language = rows.language(row)
    if (language !== null && language !== usual) tell(row, 'mixed-language', { language, usual })
  }
}

/** Nearly all answers equal: the model learns to give that answer to every question. */
export const identicalAnswers: Comparison = (rows, tell) => {
  let [first, count] = [-1, 0]
  for (const row of rowsThat(rows, (one) => rows.hasAnswer(one) && rows.split(one) === 'train')) {
    if (first < 0) first = row
    if (rows.answer(row) !== rows.answer(first)) return
    count++
  }
  if (count >= FEWEST_ANSWERS) tell(first, 'answer-all-identical', { rows: count })
}

/** Conversations and preference pairs in one dataset: no job can train on both. */
export const mixedMethods: Comparison = (rows, tell) => {
  const counts = { supervised: 0, preference: 0 }
  const methodOf = (row: number) => (rows.isPreference(row) ? 'preference' : 'supervised')
  for (const row of rowsThat(rows, rows.isSound)) counts[methodOf(row)]++
  if (counts.supervised === 0 || counts.preference === 0) return
  const method = counts.preference > counts.supervised ? 'preference' : 'supervised'
  for (const row of rowsThat(rows, rows.isSound)) {
    const found = methodOf(row)
    if (found !== method) tell(row, 'mixed-methods', { found, method, count: counts[method] }, 'error')
  }
}

/** Answers with and without reasoning in one dataset: the model learns to reason only sometimes. */
export const mixedReasoning: Comparison = (rows, tell) => {
  const sound = [...rowsThat(rows, rows.isSound)]
  const thinking = sound.filter(rows.hasReasoning)
  const others = sound.length - thinking.length
  if (thinking.length === 0 || others === 0) return
  const values = { reason: 'mixed', key: '', count: thinking.length, others, fix: 'reasoning-mixed' }
  for (const row of thinking) tell(row, 'reasoning', values)
}
