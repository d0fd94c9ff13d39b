import { asInteger } from '../exact.ts'

const LIKED = [
  '1',
  '1.0',
  'true',
  'yes',
  'y',
  'good',
  'liked',
  'like',
  'up',
  'thumbs_up',
  'thumbs up',
  'positive',
  'desirable',
  '👍',
]
const DISLIKED = [
  '0',
  '0.0',
  '-1',
  'false',
  'no',
  'n',
  'bad',
  'disliked',
  'dislike',
  'down',
  'thumbs_down',
  'thumbs down',
  'negative',
  'undesirable',
  '👎',
]

const verdicts: ReadonlyMap<string, boolean> = new Map([
  ...LIKED.map((word): [string, boolean] => [word, true]),
  ...DISLIKED.map((word): [string, boolean] => [word, false]),
])

/** Whether an answer was liked, in any of its spellings; null when the value does not say. */
export function readVerdict(value: unknown): boolean | null {
  const said = asInteger(value)
  return typeof said === 'object' ? null : (verdicts.get(String(said).trim().toLowerCase()) ?? null)
}
