export default {
  abandoned: 'The provider never confirmed this job and does not list it, so it was marked as failed.',
  alreadyEnded: 'This job has already ended: {status}.',
  gone: 'The provider no longer has this job: it was deleted, or belongs to another project. What was copied here is kept.',
  idTaken: 'Another job with other settings has this id. Reload the form to start a new one.',
  none: 'There is no job with this id.',
  noPause: 'This provider cannot pause a job.',
  noneOfThese: 'There is no job with these ids.',
  notAcknowledged: 'The provider has not acknowledged this job yet, so there is nothing to cancel there.',
  notReceived: 'The engine was stopped before this job reached it. Nothing was started. Start it again.',
  notSent: 'Limerick was stopped before this job was sent. Nothing was started anywhere. Start it again.',
  notUnknown: 'The state of this job is known, so there is nothing to give up.',
  noTrainingFile: 'This job has no training file to import.',
  shutDown:
    '{model} was shut down on {date}, so a model trained on it could not answer. Choose another base model.',
  sidesChanged:
    'Rows moved between training and held-out while the job was starting, so nothing was sent. Start it again.',
  sidesChangedSince:
    'Rows have moved between training and held-out since this version, so a job on it would train on rows that are held out now. Export the version, import it as another dataset and train on that.',
  sweepTooLarge: 'Several values make at most {most} jobs in one launch.',
  sweepElsewhere:
    'Several values are tried on the built-in engine only: elsewhere each job costs money, and is confirmed alone.',
  sweepValues: 'A value of the sweep is none that a job can have.',
  stepUnknown: 'There is no data on step {step}.',

  /** `named`: the numbers of the first rows, as in "3 of 120 rows (4, 7, 9)". */
  answerCutOff:
    'The whole answer is cut off in {count} of {all} rows ({named}): the model reads {context} tokens of a row, so nothing is left to train on.',
  images: 'There are images in {count} of {all} rows ({named}), and this model reads text only.',
  notAlternating:
    'There are two messages of the same role in a row in {count} of {all} rows ({named}), and this provider needs turns that alternate.',
  preferences:
    'This model trains on answers, not on preferences, and {count} of {all} rows ({named}) are preference pairs.',
  tools: 'There are tool calls in {count} of {all} rows ({named}), and this model does not support tools.',

  batchAtLeast: 'At least {minimum} example.',
  batchAtMost: 'At most {maximum} examples.',
  betaAtMost: 'Beta can be at most {maximum}.',
  betaNotPositive: 'Beta must be above zero.',
  chooseDataset: 'Choose a dataset.',
  chooseJobs: 'Choose jobs to compare.',
  chooseModel: 'Choose a model.',
  epochsAtLeast: 'At least {minimum} epoch.',
  epochsAtMost: 'At most {maximum} epochs.',
  idForm: 'The job needs an id made by the form.',
  patienceAtLeast: 'At least {minimum} validation.',
  rateNotPositive: 'The learning rate must be above zero.',
  rateAtMost: 'A learning rate is at most 1, and usually far below: 0.00001 is a common one.',
  multiplierNotPositive: 'The multiplier must be above zero.',
  seedTooLarge: 'A seed can be at most {maximum}.',
  suffixForm: 'Use lowercase letters, digits and hyphens.',
  suffixTooLong: 'At most {maximum} characters.',
  nameTooLong: 'A name can have at most {maximum} characters.',
  noteTooLong: 'A note can have at most {maximum} characters.',
  tagComma: 'A tag cannot contain a comma: add tags one by one.',
  tagMissing: 'Write a tag.',
  tagTooLong: 'A tag can have at most {maximum} characters.',
  beingSent: 'This launch is being sent at this moment. Look at the job.',
  notWaiting: 'No launch with this id waits.',
  rowsChanged:
    'The rows have changed since this launch began to wait. Start it again from the form, which shows what it trains on now.',
  tagsAtMost: 'Job {number} would have more than {most} tags. Remove some first.',
} as const
