export default {
  abandoned: 'Its creation was never answered and it was not found at its provider, so it was given up.',
  alreadyEnded: 'This job has already ended: {status}.',
  gone: 'The provider no longer has this job: it was deleted, or belongs to another project. What was mirrored is kept.',
  idTaken: 'This id already stands for a job with other settings. Reload the form to start a new one.',
  none: 'There is no job with this id.',
  noneOfThese: 'There is no job with these ids.',
  notAcknowledged: 'The provider has not acknowledged this job yet, so there is nothing to cancel there.',
  notReceived: 'The engine was stopped before this job reached it. Nothing was started: start it again.',
  notSent: 'Limerick was stopped before this job was sent. Nothing was started anywhere: start it again.',
  notUnknown: 'What became of this job is known: there is nothing to give up.',
  noTrainingFile: 'This job names no training file, so there is none to import.',
  shutDown:
    '{model} was shut down on {date}: what is trained on it could not be asked. Choose another model.',
  sidesChanged:
    'Rows changed sides between training and held-out while the job was being started, so nothing was sent. Start it again.',
  stepUnknown: 'Nothing is known of step {step}.',

  /** `rows`: "3 of 120 rows (4, 7, 9)". */
  answerCutOff:
    'The whole answer is cut off in {rows}: the model reads {context} tokens of a row, so nothing is left to learn.',
  images: 'Pictures stand in {rows}, and this model reads text only.',
  notAlternating:
    'Two messages of the same role stand one behind the other in {rows}, and this provider takes only turns that alternate.',
  preferences: 'This model learns from answers, not from preferences, and {rows} are preference pairs.',
  tools: 'Tools are called in {rows}, and this model does not know tools.',

  batchAtLeast: 'At least {minimum} example.',
  batchAtMost: 'At most {maximum} examples.',
  chooseDataset: 'Choose a dataset.',
  chooseJobs: 'Choose jobs to compare.',
  chooseModel: 'Choose a model.',
  epochsAtLeast: 'At least {minimum} epoch.',
  epochsAtMost: 'At most {maximum} epochs.',
  idForm: 'The job needs an id made by the form.',
  multiplierNotPositive: 'The multiplier is above zero.',
  seedTooLarge: 'A seed is at most {maximum}.',
  suffixForm: 'A suffix holds small letters, digits and hyphens.',
  suffixTooLong: 'A suffix has at most {maximum} characters.',
} as const
