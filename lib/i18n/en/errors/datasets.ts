export default {
  beingChanged: 'Rows of this dataset are being imported or rewritten. Wait until that is done.',
  blobChanged:
    'The file {file} in the data folder is damaged: its bytes are not the ones that were imported. Rows that were imported with it cannot be read. Put the file back from a backup, or import the rows again; everything else can be used.',
  blobMissing:
    'The file {file} in the data folder is damaged: it is missing. Rows that were imported with it cannot be read. Put the file back from a backup, or import the rows again; everything else can be used.',
  blobUnreadable:
    'The file {file} in the data folder is damaged: it cannot be read ({code}). Rows that were imported with it cannot be read. Put the file back from a backup, or import the rows again; everything else can be used.',
  changedMeanwhile: 'The dataset has changed in the meantime. Review the change again.',
  fileEmpty: 'The file is empty.',
  fileIncomplete: 'Only {read} of {length} bytes arrived. Send the file again.',
  fileTooLarge: 'The file is larger than 512 MB.',
  gzipDamaged: 'The gzip file is damaged or was cut short. Unpack or download it again.',
  gzipNoText: 'The gzip file holds no text. Unpack it, then choose the file inside.',
  gzipTooLarge:
    'Unpacked, the file is larger than 512 MB. Unpack it, split it, and import the parts one after the other.',
  importCutShort: 'The connection was lost before the import was complete.',
  locked:
    'A job has used this dataset, so its split is locked: rows that one job was scored on must not train the next. To split them differently, copy the rows to a new dataset.',
  none: 'This dataset does not exist, or it was deleted.',
  noRow: 'This row does not exist.',
  noRowsInFile: 'No record of the file became a row. Check how its columns are read.',
  noRowsToSend: 'No rows to send.',
  notDeleted: 'This dataset is not deleted, or is being changed. Delete it first.',
  nothingToRedo: 'Nothing left to redo.',
  nothingToUndo: 'Nothing left to undo.',
  noVersion: 'This version does not exist.',
  previewTooLarge: 'A preview reads the first MB of a file.',
  rowChanged:
    'This row was changed in another window. Your text is still here: overwrite the other version, or load it.',
  rowDeleted: 'This row was deleted in another window.',
  tooFewExamples: 'The training rows have only {found} examples for the prompt, not {count}.',
  uploadCutShort:
    'The connection was lost before the file was stored. Send it again: the same bytes are stored once.',
  workerEnded: 'The process that checks datasets stopped before it was done. Try again.',

  findMissing: 'Write the text to find.',
  lineBreak: 'A row is one line, without line breaks.',
  lineTooLong: 'A line can have at most 8 MB.',
  loneSurrogate: 'The text holds half a character (a lone surrogate).',
  nameMissing: 'A dataset needs a name.',
  nameNotOneLine: 'A name must be one line of text.',
  nameTooLong: 'A name can have at most {maximum} characters.',
  noteTooLong: 'A note can have at most {maximum} characters.',
  planNotJson: 'The plan is not JSON.',
  tagMissing: 'Write the tag.',
  tagNotOneLine: 'A tag must be one line of text.',
  tagTooLong: 'A tag can have at most {maximum} characters.',
  tooManyTags: 'A row can have at most {maximum} tags.',
} as const
