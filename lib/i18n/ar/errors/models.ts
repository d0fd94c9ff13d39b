export default {
  aliased:
    '{count, plural, zero {لا اسم مستعار يشير} one {الاسم المستعار \u2066{names}\u2069 يشير} two {الاسمان المستعاران \u2066{names}\u2069 يشيران} few {الأسماء المستعارة \u2066{names}\u2069 تشير} many {الأسماء المستعارة \u2066{names}\u2069 تشير} other {الأسماء المستعارة \u2066{names}\u2069 تشير}} إلى هذا النموذج. {count, plural, zero {وجّهها} one {وجّهه} two {وجّههما} few {وجّهها} many {وجّهها} other {وجّهها}} إلى نموذج آخر أولًا.',
  aliasNamed:
    'يوجد اسم مستعار هو \u2066{name}\u2069: البرامج التي تطلب هذا النموذج باسمه لن تحصل عليه. أزِل الاسم المستعار أولًا.',
  modelNamed: 'يوجد نموذج اسمه \u2066{name}\u2069. اختر اسمًا آخر.',
  noAlias: 'لا اسم مستعار «\u2066{name}\u2069» هنا.',
  noModel: 'ليس في المحرّك المدمج نموذج \u2066{model}\u2069: ربما حُذف.',
  notDeletable: 'لا يستطيع المزوّد حذف \u2066{model}\u2069.',
  notExportable: '\u2066{model}\u2069 ليس على هذا الحاسوب: لا تُصدَّر إلا نماذج المحرّك المدمج.',
  notMeasurable: 'لا تُقاس إلا نماذج المحرّك المدمج.',
  pointedNowhere: 'ليس للاسم \u2066{name}\u2069 نموذج سابق.',
  pointsAlready: 'يشير \u2066{name}\u2069 إلى \u2066{model}\u2069 من قبل.',

  aliasEnds: 'يجب أن يبدأ الاسم وينتهي بحرف لاتيني أو رقم.',
  aliasForm: 'استخدم حروفًا لاتينية صغيرة وأرقامًا وشرطات ونقطًا.',
  aliasMissing: 'اكتب الاسم المستعار.',
  aliasTaken: 'هذا الاسم للمحرّك المدمج. اختر اسمًا آخر.',
  aliasTooLong: 'عدد محارف الاسم {maximum} على الأكثر.',
  repoForm: 'اكتبه بصيغة \u2066owner/name\u2069، مثل \u2066HuggingFaceTB/SmolLM2-135M-Instruct\u2069.',
  folderMissing: 'اكتب مسار مجلد.',
  whyTooLong: 'عدد المحارف {maximum} على الأكثر.',
} as const
