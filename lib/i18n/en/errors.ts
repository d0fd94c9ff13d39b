import auth from './errors/auth.ts'
import datasets from './errors/datasets.ts'
import disk from './errors/disk.ts'
import evals from './errors/evals.ts'
import gateway from './errors/gateway.ts'
import http from './errors/http.ts'
import issues from './errors/issues.ts'
import jobs from './errors/jobs.ts'
import models from './errors/models.ts'
import playground from './errors/playground.ts'
import providers from './errors/providers.ts'
import storage from './errors/storage.ts'

/** Error messages, by room. Modules, not JSON: the compiler then knows which values a sentence needs. */
export default {
  pageTitle: 'This page broke',
  pageMeaning: 'The mistake is ours. What you saved is safe, and a job that runs goes on running.',
  pageReference: 'reference {digest}',
  notFoundTitle: 'Nothing lives at this address',
  notFoundMeaning: 'It may have been deleted, or the address was mistyped.',
  goHome: 'Go to Home',
  unknown: 'Something failed that should not have',
  unknownMeaning: 'The mistake is ours. Nothing was lost; try again.',
  auth,
  datasets,
  disk,
  evals,
  gateway,
  http,
  issues,
  jobs,
  models,
  playground,
  providers,
  storage,
} as const
