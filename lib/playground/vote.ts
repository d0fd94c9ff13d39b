import { AppError } from '#lib/core/errors.ts'
import { votesNeeded, wilson } from '#lib/core/interval.ts'
import { refOf } from '#lib/models/ref.ts'
import { getComparison } from './history.ts'
import type { CompareRequest, Comparison, Tally, VoteDraft, WinRate, WinRateQuery } from './schema.ts'
import { insertVote, type Side, type VoteBetween, votesBetween, withdraw } from './store.ts'

/** Only complete answers can be compared, and only two or more. */
function checkVote({ answers }: Comparison, { sample, winner }: VoteDraft): void {
  const whole = answers.filter((answer) => answer.sample === sample && answer.state === 'finished')
  if (whole.length < 2) throw new AppError('invalid', 'playground.voteNeedsTwo')
  if (winner !== null && !whole.some(({ place }) => place === winner))
    throw new AppError('invalid', 'playground.winnerUnfinished', {
      param: 'winner',
    })
}

/**
 * Casts the one vote of a sample. The first vote of a blind comparison reveals its names.
 * @returns the comparison with its names
 * @throws AppError not_found; invalid for answers that did not end; conflict for a second vote
 */
export async function vote(id: string, draft: VoteDraft): Promise<Comparison> {
  const comparison = await getComparison(id)
  checkVote(comparison, draft)
  const isFirst = await insertVote({
    comparison_id: id,
    ...draft,
    blind: Number(comparison.hidden),
    created_at: Date.now(),
  })
  if (!isFirst) throw new AppError('conflict', 'playground.votedBefore')
  return getComparison(id)
}

/**
 * Takes back the vote of a sample, so that it counts no more and another can be cast. The names stay known: the next vote of
 * a blind comparison is not blind.
 * @throws AppError not_found; conflict when there is no vote
 */
export async function withdrawVote(id: string, sample: number): Promise<Comparison> {
  await getComparison(id)
  if (!(await withdraw(id, sample, Date.now()))) throw new AppError('conflict', 'playground.noVote')
  return getComparison(id)
}

/** `openai/gpt-4o+3`: a model, and the number of examples in its prompt. */
function sideOf(text: string): Side {
  const [, name = '', shots = '0'] = /^(.*?)(?:\+(\d{1,2}))?$/s.exec(text) ?? []
  const ref = refOf(name)
  if (!ref) throw new AppError('invalid', ['playground.notAModel', { text }])
  return { provider_id: ref.providerId, model: ref.model, few_shot: Number(shots) }
}

/** The question's identity: the same answers to another question are another vote. */
const askedIn = ({ request_json }: VoteBetween): unknown[] => {
  const { system, prompt, panes } = JSON.parse(request_json) as Pick<
    CompareRequest,
    'system' | 'prompt' | 'panes'
  >
  // Sorted: panes may have changed places.
  return [system, prompt, [...new Set(panes.map(({ earlier }) => JSON.stringify(earlier)))].toSorted()]
}

/**
 * Votes that prefer a side or call a tie, each pair of answers once. The first vote on a pair counts: a later one knows
 * whose answers they are, even if it is blind.
 */
function countedOnce(votes: readonly VoteBetween[]): VoteBetween[] {
  const seen = new Set<string>()
  return votes.filter((vote) => {
    const { winner, a_place, b_place, a_text, b_text } = vote
    if (winner !== null && winner !== a_place && winner !== b_place) return false
    const pair = JSON.stringify([askedIn(vote), a_text, b_text])
    if (seen.has(pair)) return false
    seen.add(pair)
    return true
  })
}

function tallyOf(votes: readonly VoteBetween[]): Tally {
  const wins = votes.filter(({ winner, b_place }) => winner === b_place).length
  const ties = votes.filter(({ winner }) => winner === null).length
  return { votes: votes.length, wins, losses: votes.length - wins - ties, ties }
}

/**
 * How often b was preferred to a. Blind votes have an interval (Wilson) and the number of votes still needed; votes
 * with visible names are counted separately.
 * @throws AppError invalid for what is not `PROVIDER/MODEL`
 */
export async function winRateOf({ a, b }: WinRateQuery): Promise<WinRate> {
  const votes = countedOnce(await votesBetween(sideOf(a), sideOf(b)))
  const blind = tallyOf(votes.filter((vote) => vote.blind === 1))
  const points = blind.wins + blind.ties / 2
  return {
    ...blind,
    open: tallyOf(votes.filter((vote) => vote.blind === 0)),
    share: blind.votes === 0 ? null : points / blind.votes,
    interval: wilson(points, blind.votes),
    needed: votesNeeded(points, blind.votes),
  }
}
