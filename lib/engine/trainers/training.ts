/** What the runner knows of a training, whatever trains it and wherever. */
import type { TrainerReport } from '../worker/protocol.ts'
import type { RunLine } from './contract.ts'

type Line<Kind extends RunLine['kind']> = Extract<RunLine, { kind: Kind }>
type Told<Kind extends TrainerReport['kind']> = Extract<TrainerReport, { kind: Kind }>

/**
 * `seq`: number of a report that is told again until it has been stored; absent where a trainer that is started again
 * repeats by itself what may have been lost.
 */
export type TrainingReport = (
  | Told<'started' | 'step' | 'checkpoint' | 'done' | 'stopped'>
  | { kind: 'failed'; code: string; message: string }
  | Pick<Line<'hello'>, 'kind' | 'versions' | 'devices'>
  | Omit<Line<'prepared'>, 'v' | 'at' | 'seq'>
  | Omit<Line<'memory'>, 'v' | 'at' | 'seq'>
  | Pick<Line<'notice'>, 'kind' | 'level' | 'code' | 'message'>
  | Pick<Line<'heartbeat'>, 'kind' | 'doing'>
) & { seq?: number }

export interface Training {
  /** Each is stored before the next is asked for; they end when no process works on it any more. */
  reports: AsyncIterable<TrainingReport>
  /** How its process ended, in words; asked for after the reports. */
  ended: () => Promise<string>
  /** Ends it after its step, which is saved if it is to go on later or be kept. */
  stop: (wish: { keep: boolean; goesOn: boolean }) => void
  /** ms that a stop may take that saves the step. */
  keepPatience: number
  /** Nothing more is wanted of it. */
  kill: () => void
  /** The engine ends: what does not depend on it goes on. */
  leave: () => void
}
