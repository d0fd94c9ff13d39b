import type { Rewards } from './model/preference.ts'
import type { JobsTable } from './tables.ts'
import type { StepData } from './wire.ts'

export const RESULT_FILE = 'step_metrics.csv'

/** OpenAI's columns, then ours. */
const header = 'step,train_loss,train_accuracy,valid_loss,valid_mean_token_accuracy,learning_rate,grad_norm'

const REWARDS = ['chosen', 'rejected', 'accuracy', 'margin'] as const

/** Of a job with preference pairs, after the others. */
const rewardHeader = ['train', 'valid'].flatMap((part) => REWARDS.map((name) => `${part}_rewards_${name}`))

const column = (value: number | undefined): string => (value === undefined ? '' : value.toFixed(5))

/** In so many digits, however small; steps of older versions have none. */
const digits = (value: number | null | undefined): string => (value == null ? '' : value.toPrecision(6))

const rewards = (measured: Rewards | undefined): string[] => REWARDS.map((name) => column(measured?.[name]))

const cells = (step: StepData): (string | number)[] => [
  step.step,
  column(step.train_loss),
  column(step.train_mean_token_accuracy),
  column(step.valid_loss),
  column(step.valid_mean_token_accuracy),
  digits(step.limerick.learning_rate),
  digits(step.limerick.grad_norm),
]

const rewardCells = ({ limerick }: StepData): string[] => [
  ...rewards(limerick.train_rewards),
  ...rewards(limerick.valid_rewards),
]

/** One line per training step as plain text, empty fields where nothing was measured. */
export function resultFile(steps: StepData[], objective: JobsTable['objective']): Buffer {
  const rows =
    objective === 'dpo'
      ? [[header, ...rewardHeader], ...steps.map((step) => [...cells(step), ...rewardCells(step)])]
      : [[header], ...steps.map(cells)]
  return Buffer.from([...rows.map((row) => row.join(',')), ''].join('\n'))
}
