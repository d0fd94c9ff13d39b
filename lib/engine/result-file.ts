import type { StepData } from './wire.ts'

export const RESULT_FILE = 'step_metrics.csv'

const header = 'step,train_loss,train_accuracy,valid_loss,valid_mean_token_accuracy'

const column = (value: number | undefined): string => (value === undefined ? '' : value.toFixed(5))

const line = (step: StepData): string =>
  [
    step.step,
    column(step.train_loss),
    column(step.train_mean_token_accuracy),
    column(step.valid_loss),
    column(step.valid_mean_token_accuracy),
  ].join(',')

/** OpenAI's result file as plain text: one line per training step, empty fields where nothing was measured. */
export const resultFile = (steps: StepData[]): Buffer =>
  Buffer.from([header, ...steps.map(line), ''].join('\n'))
