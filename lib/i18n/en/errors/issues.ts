/** Issues that a schema finds, where its check has no words. */
export default {
  missing: 'This is missing.',
  other: 'This is not valid.',
  tooBig: 'At most {maximum}{kind, select, string { characters} array { entries} other {}}.',
  tooSmall:
    'At least {minimum}{kind, select, string {{minimum, plural, one { character} other { characters}}} array {{minimum, plural, one { entry} other { entries}}} other {}}.',
  type: 'This must be {expected, select, string {text} number {a number} int {a whole number} boolean {true or false} array {a list} object {an object} record {an object} other {of another type}}.',
  unknownFields: 'Unknown fields: {names}.',
  value: 'This must be one of: {values}.',
} as const
