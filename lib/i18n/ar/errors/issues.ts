/** Issues that a schema finds, where its check has no words. */
export default {
  missing: 'هذا ناقص.',
  other: 'هذا غير صالح.',
  tooBig: '{kind, select, string {عدد المحارف} array {عدد العناصر} other {القيمة}} {maximum} على الأكثر.',
  tooSmall:
    '{kind, select, string {عدد المحارف {minimum, number}} array {عدد العناصر {minimum, number}} other {القيمة {minimum, number}}} على الأقل.',
  type: 'يجب أن يكون هذا {expected, select, string {نصًا} number {عددًا} int {عددًا صحيحًا} boolean {إما true وإما false} array {قائمة} object {كائنًا} record {كائنًا} other {من نوع آخر}}.',
  unknownFields: 'حقول غير معروفة: \u2066{names}\u2069.',
  value: 'يجب أن يكون هذا واحدًا من: \u2066{values}\u2069.',
} as const
