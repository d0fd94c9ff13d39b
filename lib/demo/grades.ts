import { judgeElementFact } from './judge-element-fact.ts'
import { judgeLimerick } from './judge-limerick.ts'

interface Verdict {
  passed: boolean
  detail: Record<string, string | number>
}

/** Whether an answer is a limerick; if not, how many parts it has or which two lines do not rhyme. */
export function limerickGrade(answer: string): Verdict {
  const { passed, parts, unrhymed, words } = judgeLimerick(answer)
  if (!unrhymed || !words) return { passed, detail: { parts } }
  const [first, second] = unrhymed
  return { passed, detail: { parts, first, second, firstWord: words[0], secondWord: words[1] } }
}

/** Whether an answer states a fact about the element in the question; if not, which word belongs to another element. */
export function elementFactGrade(answer: string, question: string): Verdict {
  const { passed, element, fact, foreign } = judgeElementFact(answer, question)
  if (element === null) return { passed: false, detail: { fault: 'noElement' } }
  return { passed, detail: { element, ...(fact ? { fact } : {}), ...(foreign ? { foreign } : {}) } }
}
