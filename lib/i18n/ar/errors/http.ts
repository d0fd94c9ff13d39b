/** Errors of the HTTP server, and of the browser when the studio does not respond. */
export default {
  bodyNotJson: 'محتوى الطلب ليس JSON صالحًا.',
  bodyTooLarge: 'في محتوى الطلب {bytes} من البايتات؛ والحد {limit}.',
  crossSite: 'يأتي هذا الطلب من موقع آخر. لا يجيب Limerick إلا صفحاته.',
  host: 'ليس لهذا الخادم هذا الاسم. استخدم \u2066http://localhost\u2069 مع المنفذ الذي طبعه.',
  internal: 'حدث خطأ داخل Limerick. التفاصيل في سجل الأحداث.',
  invalid: 'الطلب غير صالح.',
  lengthMissing: 'يجب أن يذكر الطلب طوله (content-length).',
  method: 'لا يقبل هذا العنوان الطريقة \u2066{method}\u2069.',
  methodOfPage:
    'لا يقبل هذا العنوان الطريقة \u2066{method}\u2069. أما البرامج فينتهي عنوانها الأساسي بـ \u2066/v1\u2069.',
  notOurPage:
    'يجب أن يأتي كل طلب يغيّر شيئًا من صفحة من صفحات Limerick. أما البرامج فتستخدم \u2066/v1\u2069 مع مفتاح API.',
  notUnderstood: 'لا تفهم هذه الصفحة جواب الخادم.',
  pathNotPlain: 'عنوان هذا الطلب ليس مسارًا من الجذر خاليًا من الأجزاء الفارغة وأجزاء النقط.',
  programsOnly: 'واجهة \u2066/v1\u2069 للبرامج التي لها مفتاح API، لا للصفحات في المتصفح.',
  sendJson: 'أرسل JSON مع \u2066content-type application/json\u2069.',
  silent: 'لا يستجيب Limerick. أما زال قيد التشغيل؟',
  twoHosts: 'يجب أن تكون في الطلب ترويسة Host واحدة.',
} as const
