export default {
  nameMissing: 'Enter a name.',
  nameTaken: 'Another view of this list is named "{name}". Choose another name.',
  nameTooLong: 'A name can have at most {maximum} characters.',
  none: 'There is no view with this id. It may have been deleted in another tab.',
  tooMany: 'There are {most} saved views already. Delete one first.',
} as const
