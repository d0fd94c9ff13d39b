/** Errors of `/v1`; programs read them in English. */
export default {
  background: "معامل غير مدعوم: \u2066''background''\u2069. يجيب هذا الخادم فورًا ولا يحتفظ بأي جواب.",
  bodyBrokeOff: 'انقطع محتوى الطلب.',
  bodyCompressed: 'محتوى الطلب مضغوط. أرسله دون content-encoding.',
  bodyTooLarge: 'محتوى الطلب أكبر مما يقبله هذا الخادم.',
  engineGone: 'لم يُجب المحرّك، ويُعاد تشغيله الآن. أرسل الطلب مرة أخرى.',
  isAlias: '\u2066{model}\u2069 اسم مستعار لا نموذج. احذفه في صفحة النماذج.',
  noAnswer: 'جواب المزوّد ليس بتنسيق JSON، أو هو فارغ.',
  notOfTheEngine:
    '\u2066{name}\u2069 هو النموذج \u2066{model}\u2069 لدى المزوّد «\u2066{provider}\u2069». لا يقبل هذا العنوان إلا نماذج المحرّك المدمج؛ ويسردها \u2066GET /v1/models\u2069.',
  noProvider:
    'النموذج «\u2066{provider}/{model}\u2069» غير موجود هنا: لا مزوّد معدّ باسم «\u2066{provider}\u2069». تسرد صفحة المزوّدين المعدّين منهم.',
  packed: 'ضغط المزوّد جوابه (\u2066{encoding}\u2069) دون أن يُطلب منه ذلك، فلم يُقرأ.',
} as const
