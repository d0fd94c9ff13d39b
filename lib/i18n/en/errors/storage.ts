export default {
  notDeleted: 'There is no deleted dataset with this id. Delete it first.',
  usedByEval: 'An evaluation still uses this dataset. Wait until it ends, or stop it.',
  usedByJob: 'Job {number} still uses this dataset. Wait until it ends, or cancel it.',
} as const
