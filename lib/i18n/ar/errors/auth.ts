export default {
  firstKey: 'لا يمكن إبطال مفتاح API الأول: تستخدمه المقتطفات والأمر npm run key.',
  noKey: 'لا مفتاح API بهذا المعرّف، أو سبق إبطاله.',
  unknownCaller:
    'لم يسجّل هذا المتصفح الدخول. افتح العنوان الذي طبعه npm start؛ ويطبعه من جديد الأمر \u2066npm run --silent url\u2069.',

  nameMissing: 'اذكر اسم التطبيق الذي سيستخدمه.',
  nameTooLong: 'عدد المحارف {maximum} على الأكثر.',
} as const
