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

/** Error messages in Arabic, by room. */
export default {
  pageTitle: 'حدث خطأ في هذه الصفحة',
  pageMeaning: 'الخطأ منا. ما حفظته سليم، والمهام الجارية مستمرة.',
  pageReference: 'المرجع {digest}',
  notFoundTitle: 'الصفحة غير موجودة',
  notFoundMeaning: 'ربما حُذفت، أو كُتب العنوان خطأً.',
  goHome: 'الانتقال إلى الرئيسية',
  unknown: 'حدث خطأ',
  unknownMeaning: 'الخطأ منا. لم يضع شيء؛ حاول مرة أخرى.',
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
