import type { Selectable } from 'kysely'
import type { CheckpointsTable, JobsTable } from './tables.ts'
import { seconds, type WireCheckpoint, type WireJob } from './wire.ts'

export type JobRow = Selectable<JobsTable>

const atSeconds = (ms: number | null) => (ms === null ? null : seconds(ms))

export function jobOnWire(row: JobRow): WireJob {
  const hyperparameters = {
    n_epochs: row.epochs ?? ('auto' as const),
    batch_size: row.batch_size ?? ('auto' as const),
    learning_rate_multiplier: row.learning_rate_multiplier ?? ('auto' as const),
  }
  const dpo = { hyperparameters: { ...hyperparameters, beta: row.beta ?? ('auto' as const) } }
  return {
    object: 'fine_tuning.job',
    id: row.id,
    organization_id: 'limerick',
    status: row.status,
    model: row.model,
    fine_tuned_model: row.fine_tuned_model,
    training_file: row.training_file,
    validation_file: row.validation_file,
    hyperparameters: row.objective === 'dpo' ? null : hyperparameters,
    method:
      row.objective === 'dpo'
        ? { type: 'dpo', dpo }
        : { type: 'supervised', supervised: { hyperparameters } },
    seed: row.seed,
    user_provided_suffix: row.suffix || null,
    created_at: seconds(row.created_at),
    finished_at: atSeconds(row.finished_at),
    estimated_finish: atSeconds(row.estimated_finish),
    trained_tokens: row.trained_tokens,
    result_files: row.result_file === null ? [] : [row.result_file],
    error: row.error_json === null ? null : JSON.parse(row.error_json),
    integrations: [],
    metadata: row.metadata_json === null ? null : JSON.parse(row.metadata_json),
    limerick: {
      method: row.quantization === null ? row.method : 'qlora',
      max_length: row.max_length,
      trainer: row.trainer,
      launcher: row.launcher,
      devices: row.devices,
      run: row.run_json === null ? null : JSON.parse(row.run_json),
      status_times: JSON.parse(row.status_times_json),
      step: row.step,
      total_steps: row.total_steps,
      paused_ms: Number(row.paused_ms),
      early_stopping: row.patience === null ? null : { patience: row.patience },
      weight_decay: row.weight_decay,
      best:
        row.best_step === null || row.best_loss === null
          ? null
          : { step: row.best_step, full_valid_loss: row.best_loss },
      final_step: row.final_step,
    },
  }
}

/** @param best step of the job's best checkpoint */
export const checkpointOnWire = (
  row: Selectable<CheckpointsTable> & { model: string },
  best: number | null,
): WireCheckpoint => {
  const { limerick = {}, ...metrics } = JSON.parse(row.metrics_json)
  return {
    object: 'fine_tuning.job.checkpoint',
    id: row.id,
    created_at: seconds(row.created_at),
    fine_tuning_job_id: row.job_id,
    fine_tuned_model_checkpoint: row.model,
    step_number: row.step,
    metrics,
    limerick: { best: row.step === best, ...limerick },
  }
}
