import { AppError } from '#lib/errors.ts'
import { votesNeeded, wilson } from '#lib/interval.ts'
import { refOf } from '#lib/models/ref.ts'
import { getComparison } from './history.ts'
import type { Comparison, Standing, StandingQuery, VoteDraft } from './schema.ts'
import { insertVote, type Side, votesBetween } from './store.ts'

/** Only whole answers are judged, and one alone is no choice. */
function checkVote({ answers }: Comparison, { sample, winner }: VoteDraft): void {
  const whole = answers.filter((answer) => answer.sample === sample && answer.state === 'finished')
  if (whole.length < 2) throw new AppError('invalid', 'A vote needs two answers that have come to their end.')
  if (winner !== null && !whole.some(({ place }) => place === winner))
    throw new AppError('invalid', 'The chosen answer is not one that has come to its end.', {
      param: 'winner',
    })
}

/**
 * Casts the one vote of a sample. After the first vote of a blind comparison its names are known.
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
  if (!isFirst) throw new AppError('conflict', 'This has your vote already. Run again to vote again.')
  return getComparison(id)
}

/** `openai/gpt-4o+3`: a model, and how many examples stood in its prompt. */
function sideOf(text: string): Side {
  const [, name = '', shots = '0'] = /^(.*?)(?:\+(\d{1,2}))?$/s.exec(text) ?? []
  const ref = refOf(name)
  if (!ref)
    throw new AppError('invalid', `"${text}" is not PROVIDER/MODEL, with the name of a provider here.`)
  return { provider_id: ref.providerId, model: ref.model, few_shot: Number(shots) }
}

/**
 * How often b was preferred to a, with an interval (Wilson) and the votes still needed to be sure.
 * @throws AppError invalid for what is not `PROVIDER/MODEL`
 */
export async function standingOf({ a, b }: StandingQuery): Promise<Standing> {
  const votes = await votesBetween(sideOf(a), sideOf(b))
  const count = (of: (vote: (typeof votes)[number]) => boolean) => votes.filter(of).length
  const wins = count(({ winner, b_place }) => winner === b_place)
  const losses = count(({ winner, a_place }) => winner === a_place)
  const ties = count(({ winner }) => winner === null)
  const decided = wins + losses + ties
  const points = wins + ties / 2
  return {
    votes: decided,
    blind: count(({ blind }) => blind === 1),
    wins,
    losses,
    ties,
    share: decided === 0 ? null : points / decided,
    interval: wilson(points, decided),
    needed: votesNeeded(points, decided),
  }
}
