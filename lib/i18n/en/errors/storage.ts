export default {
  notDeleted: 'There is no deleted dataset with this id. Delete it first.',
  usedByEval: 'An evaluation still uses this dataset. Wait until it ends, or stop it.',
  usedByJob: 'Job {number} still uses this dataset. Wait until it ends, or cancel it.',
  jobActive: 'Job {number} has not ended. Cancel it first, or wait until it ends.',
  jobAliased:
    '{names} {count, plural, one {points} other {point}} to a model of job {number}. Point {count, plural, one {it} other {them}} to another model first.',
  jobAsked: 'An evaluation is asking the models of job {number}. Wait until it ends, or stop it.',
  jobTrainedFurther:
    'Job {other} is being trained from a model of job {number}. Wait until it ends, or cancel it.',
} as const
