export default {
  abandoned: 'لم يؤكّد المزوّد هذه المهمة قط وليست في قائمته، فعُدّت فاشلة.',
  alreadyEnded:
    'انتهت هذه المهمة من قبل: {status, select, succeeded {نجحت} failed {فشلت} cancelled {أُلغيت} other {\u2066{status}\u2069}}.',
  gone: 'لم تعد هذه المهمة لدى المزوّد: حُذفت، أو هي في مشروع آخر. ما نُسخ منها هنا باقٍ.',
  idTaken: 'لمهمة أخرى بإعدادات أخرى هذا المعرّف. أعد تحميل الاستمارة لبدء مهمة جديدة.',
  none: 'لا مهمة بهذا المعرّف.',
  noPause: 'لا يستطيع هذا المزوّد إيقاف مهمة مؤقتًا.',
  noneOfThese: 'لا مهام بهذه المعرّفات.',
  notAcknowledged: 'لم يؤكّد المزوّد استلام هذه المهمة بعد، فلا شيء لديه ليُلغى.',
  notReceived: 'أُوقف المحرّك قبل أن تصله هذه المهمة. لم يبدأ شيء. ابدأها من جديد.',
  notSent: 'أُوقف Limerick قبل إرسال هذه المهمة. لم يبدأ شيء في أي مكان. ابدأها من جديد.',
  notUnknown: 'حالة هذه المهمة معروفة، فلا شيء للتخلي عنه.',
  noTrainingFile: 'ليس لهذه المهمة ملف تدريب لاستيراده.',
  shutDown:
    'أُوقف \u2066{model}\u2069 نهائيًا في {date}، فلن يستطيع نموذج مدرَّب منه أن يجيب. اختر نموذجًا أساسيًا آخر.',
  sidesChanged: 'انتقلت صفوف بين التدريب والمحجوزة أثناء بدء المهمة، فلم يُرسَل شيء. ابدأها من جديد.',
  stepUnknown: 'لا بيانات عن الخطوة {step}.',

  /** `named`: the numbers of the first rows, as in "3 of 120 rows (4, 7, 9)". */
  answerCutOff:
    'تُقتطع الإجابة كلها في {count, number} من {all, plural, zero {# صف} one {صف واحد} two {صفين} few {# صفوف} many {# صفًا} other {# صف}} (\u2066{named}\u2069): يقرأ النموذج {context} من رموز كل صف، فلا يبقى شيء يُدرَّب عليه.',
  images:
    'توجد صور في {count, number} من {all, plural, zero {# صف} one {صف واحد} two {صفين} few {# صفوف} many {# صفًا} other {# صف}} (\u2066{named}\u2069)، وهذا النموذج يقرأ النص فقط.',
  notAlternating:
    'توجد رسالتان متتاليتان بالدور نفسه في {count, number} من {all, plural, zero {# صف} one {صف واحد} two {صفين} few {# صفوف} many {# صفًا} other {# صف}} (\u2066{named}\u2069)، ويشترط هذا المزوّد رسائل متناوبة.',
  preferences:
    'يُدرَّب هذا النموذج على الإجابات لا على التفضيلات، وتوجد أزواج تفضيل في {count, number} من {all, plural, zero {# صف} one {صف واحد} two {صفين} few {# صفوف} many {# صفًا} other {# صف}} (\u2066{named}\u2069).',
  tools:
    'توجد استدعاءات أدوات في {count, number} من {all, plural, zero {# صف} one {صف واحد} two {صفين} few {# صفوف} many {# صفًا} other {# صف}} (\u2066{named}\u2069)، وهذا النموذج لا يدعم الأدوات.',

  batchAtLeast: 'عدد الأمثلة {minimum} على الأقل.',
  batchAtMost: 'عدد الأمثلة {maximum} على الأكثر.',
  betaAtMost: 'بيتا {maximum} على الأكثر.',
  betaNotPositive: 'يجب أن تكون بيتا أكبر من صفر.',
  chooseDataset: 'اختر مجموعة بيانات.',
  chooseJobs: 'اختر مهام للمقارنة.',
  chooseModel: 'اختر نموذجًا.',
  epochsAtLeast: 'عدد الدورات {minimum} على الأقل.',
  epochsAtMost: 'عدد الدورات {maximum} على الأكثر.',
  idForm: 'تحتاج المهمة إلى معرّف تُنشئه الاستمارة.',
  patienceAtLeast: 'عدد عمليات التحقق {minimum} على الأقل.',
  rateNotPositive: 'يجب أن يكون معدل التعلّم فوق الصفر.',
  rateAtMost: 'معدل التعلّم 1 على الأكثر، وهو عادةً أقل بكثير: 0.00001 شائع.',
  multiplierNotPositive: 'يجب أن يكون المضاعف أكبر من الصفر.',
  seedTooLarge: 'أكبر قيمة للبذرة {maximum}.',
  suffixForm: 'استخدم حروفًا لاتينية صغيرة وأرقامًا وشرطات.',
  suffixTooLong: 'عدد المحارف {maximum} على الأكثر.',
  nameTooLong: 'أقصى طول للاسم {maximum} محرفًا.',
  noteTooLong: 'أقصى طول للملاحظة {maximum} محرفًا.',
  tagComma: 'لا تحتوي الوسوم على فاصلة لاتينية: أضفها واحدًا واحدًا.',
  tagMissing: 'اكتب وسمًا.',
  tagTooLong: 'أقصى طول للوسم {maximum} محرفًا.',
  beingSent: 'يُرسل هذا التدريب في هذه اللحظة. انظر إلى المهمة.',
  notWaiting: 'لا بدء تدريب ينتظر بهذا المعرّف.',
  rowsChanged:
    'تغيّرت الصفوف منذ أن بدأ هذا التدريب ينتظر. ابدأه مرة أخرى من الاستمارة، فهي تعرض ما يتدرّب عليه الآن.',
  tagsAtMost: 'ستتجاوز وسوم المهمة {number} الحد الأقصى وهو {most}. أزل بعضها أولًا.',
} as const
