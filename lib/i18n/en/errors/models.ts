export default {
  aliased:
    '{names} {count, plural, one {points} other {point}} at this model. Point {count, plural, one {it} other {them}} elsewhere first.',
  modelNamed: 'There is a model called {name} already. Choose another name.',
  noAlias: 'There is no alias "{name}" here.',
  noModel: 'The built-in engine has no model {model}: it may have been deleted.',
  notDeletable: '{model} cannot be deleted by its provider.',
  pointedNowhere: '{name} has pointed nowhere else.',
  pointsAlready: '{name} points at {model} already.',

  aliasEnds: 'A name begins and ends with a letter or a digit.',
  aliasForm: 'A name holds small letters, digits, hyphens and dots.',
  aliasMissing: 'Give the alias a name.',
  aliasTaken: 'The built-in engine goes by this name itself.',
  aliasTooLong: 'A name has at most {maximum} characters.',
  whyTooLong: 'At most {maximum} characters.',
} as const
