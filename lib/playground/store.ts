import 'server-only'
import type { Insertable, Selectable } from 'kysely'
import { type Db, studio } from '#lib/db/studio.ts'
import type { StudioTables } from '#lib/db/tables.ts'

export type ComparisonRecord = Selectable<StudioTables['comparisons']>
export type AnswerRecord = Selectable<StudioTables['answers']>
/** Without the probabilities of its tokens, which are long. */
export type BareAnswer = Omit<AnswerRecord, 'tokens_json'>
export type VoteRecord = Selectable<StudioTables['votes']>

/** @returns false when the id is taken */
export async function insertComparison(record: Insertable<StudioTables['comparisons']>): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await studio()
    .insertInto('comparisons')
    .values(record)
    .onConflict((on) => on.column('id').doNothing())
    .executeTakeFirst()
  return Number(numInsertedOrUpdatedRows) > 0
}

/** Replaces an earlier one. Stores nothing for a comparison that was deleted meanwhile. */
export const insertAnswer = (record: Insertable<StudioTables['answers']>): Promise<void> =>
  studio()
    .transaction()
    .execute(async (db) => {
      const found = await findComparison(record.comparison_id, db)
      if (!found) return
      const { comparison_id, place, sample, ...news } = record
      await db
        .insertInto('answers')
        .values(record)
        .onConflict((on) => on.columns(['comparison_id', 'place', 'sample']).doUpdateSet(news))
        .execute()
    })

export const findComparison = (id: string, db: Db = studio()): Promise<ComparisonRecord | undefined> =>
  db.selectFrom('comparisons').selectAll().where('id', '=', id).executeTakeFirst()

/** Probabilities of the tokens of a comparison's answers. */
export const tokensOf = (id: string): Promise<Pick<AnswerRecord, 'place' | 'sample' | 'tokens_json'>[]> =>
  studio()
    .selectFrom('answers')
    .select(['place', 'sample', 'tokens_json'])
    .where('comparison_id', '=', id)
    .where('tokens_json', 'is not', null)
    .execute()

export const answersOf = (ids: readonly string[]): Promise<BareAnswer[]> =>
  studio()
    .selectFrom('answers')
    .select([
      'comparison_id',
      'place',
      'sample',
      'provider_id',
      'model',
      'few_shot',
      'state',
      'text',
      'facts_json',
      'error_json',
      'ended_at',
    ])
    .where('comparison_id', 'in', [...ids])
    .orderBy('place')
    .orderBy('sample')
    .execute()

/** Also votes that were taken back. */
export const votesOf = (ids: readonly string[]): Promise<VoteRecord[]> =>
  studio()
    .selectFrom('votes')
    .selectAll()
    .where('comparison_id', 'in', [...ids])
    .orderBy('sample')
    .execute()

/** Newest first. */
export function comparisonsBefore(
  after: { at: number; id: string } | null,
  limit: number,
): Promise<ComparisonRecord[]> {
  let query = studio()
    .selectFrom('comparisons')
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
  if (after) {
    const { at, id } = after
    query = query.where((eb) =>
      eb.or([eb('created_at', '<', at), eb.and([eb('created_at', '=', at), eb('id', '<', id)])]),
    )
  }
  return query.execute()
}

/** A vote that was taken back makes room for another. @returns false when this sample has its vote already */
export async function insertVote(vote: Omit<VoteRecord, 'withdrawn_at'>): Promise<boolean> {
  const { comparison_id, sample, ...news } = vote
  const { numInsertedOrUpdatedRows } = await studio()
    .insertInto('votes')
    .values(vote)
    .onConflict((on) =>
      on
        .columns(['comparison_id', 'sample'])
        .doUpdateSet({ ...news, withdrawn_at: null })
        .where('votes.withdrawn_at', 'is not', null),
    )
    .executeTakeFirst()
  return Number(numInsertedOrUpdatedRows) > 0
}

/** @returns false when there is no vote that counts */
export async function withdraw(comparisonId: string, sample: number, now: number): Promise<boolean> {
  const { numUpdatedRows } = await studio()
    .updateTable('votes')
    .set({ withdrawn_at: now })
    .where('comparison_id', '=', comparisonId)
    .where('sample', '=', sample)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** @returns whether there was one */
export async function deleteComparison(id: string): Promise<boolean> {
  const { numDeletedRows } = await studio().deleteFrom('comparisons').where('id', '=', id).executeTakeFirst()
  return numDeletedRows > 0n
}

export interface Side {
  provider_id: string
  model: string
  few_shot: number
}

/** Votes on samples that both sides answered, oldest first: the winner, by place, with question and answers. */
export function votesBetween(a: Side, b: Side) {
  return studio()
    .selectFrom('votes')
    .innerJoin('comparisons', 'comparisons.id', 'votes.comparison_id')
    .innerJoin('answers as a', (join) =>
      join
        .onRef('a.comparison_id', '=', 'votes.comparison_id')
        .onRef('a.sample', '=', 'votes.sample')
        .on('a.state', '=', 'finished'),
    )
    .innerJoin('answers as b', (join) =>
      join
        .onRef('b.comparison_id', '=', 'votes.comparison_id')
        .onRef('b.sample', '=', 'votes.sample')
        .on('b.state', '=', 'finished'),
    )
    .select([
      'votes.winner',
      'votes.blind',
      'a.place as a_place',
      'a.text as a_text',
      'b.place as b_place',
      'b.text as b_text',
      'comparisons.request_json',
    ])
    .where('votes.withdrawn_at', 'is', null)
    .where('a.provider_id', '=', a.provider_id)
    .where('a.model', '=', a.model)
    .where('a.few_shot', '=', a.few_shot)
    .where('b.provider_id', '=', b.provider_id)
    .where('b.model', '=', b.model)
    .where('b.few_shot', '=', b.few_shot)
    .orderBy('votes.created_at')
    .orderBy('votes.comparison_id')
    .orderBy('votes.sample')
    .execute()
}

export type VoteBetween = Awaited<ReturnType<typeof votesBetween>>[number]

/** Comparisons with a vote that is no tie, oldest first. */
export function decidedComparisons(jobId: string | undefined): Promise<ComparisonRecord[]> {
  let query = studio()
    .selectFrom('comparisons')
    .selectAll()
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('votes')
        .select('comparison_id')
        .where('winner', 'is not', null)
        .where('withdrawn_at', 'is', null),
    )
    .orderBy('created_at')
    .orderBy('id')
  if (jobId) query = query.where('job_id', '=', jobId)
  return query.execute()
}

/** How many comparisons a job's page or its models' panes led to. */
export async function comparisonsOf(jobId: string): Promise<number> {
  const { count } = await studio()
    .selectFrom('comparisons')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('job_id', '=', jobId)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Comparisons keep their answers and votes without the job. */
export async function forgetJob(jobId: string, db: Db): Promise<void> {
  await db.updateTable('comparisons').set({ job_id: null }).where('job_id', '=', jobId).execute()
}

/** Whether one of these models has answered here. */
export async function hasAnswered(providerId: string, models: readonly string[]): Promise<boolean> {
  const found = await studio()
    .selectFrom('answers')
    .select('place')
    .where('provider_id', '=', providerId)
    .where('model', 'in', models)
    .where('state', '=', 'finished')
    .limit(1)
    .executeTakeFirst()
  return found !== undefined
}
