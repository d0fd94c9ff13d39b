import archive from './errors/archive.ts'
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
import rescue from './errors/rescue.ts'
import storage from './errors/storage.ts'
import views from './errors/views.ts'

/** Error messages, by room. Modules, not JSON: the compiler then knows which values a sentence needs. */
export default {
  pageTitle: 'Something went wrong on this page',
  pageMeaning: 'It is our fault. What you saved is safe, and running jobs continue.',
  pageReference: 'reference {digest}',
  notFoundTitle: 'Page not found',
  notFoundMeaning: 'It may have been deleted, or the address was mistyped.',
  goHome: 'Go to Home',
  unknown: 'Something went wrong',
  unknownMeaning: 'It is our fault. Nothing was lost; try again.',
  archive,
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
  rescue,
  storage,
  views,
} as const
