import type { StepData } from './wire.ts'

export const RESULT_FILE = 'step_metrics.csv'

/** OpenAI's columns, then ours. */
const header = 'step,train_loss,train_accuracy,valid_loss,valid_mean_token_accuracy,learning_rate,grad_norm'

const column = (value: number | undefined): string => (value === undefined ? '' : value.toFixed(5))

/** In so many digits, however small; steps of older versions have none. */
const digits = (value: number | null | undefined): string => (value == null ? '' : value.toPrecision(6))

const line = (step: StepData): string =>
  [
    step.step,
    column(step.train_loss),
    column(step.train_mean_token_accuracy),
    column(step.valid_loss),
    column(step.valid_mean_token_accuracy),
    digits(step.limerick.learning_rate),
    digits(step.limerick.grad_norm),
  ].join(',')

/** One line per training step as plain text, empty fields where nothing was measured. */
export const resultFile = (steps: StepData[]): Buffer =>
  Buffer.from([header, ...steps.map(line), ''].join('\n'))
