/** Popups over the page: the only elements with a shadow. */
export const popupClass = 'fades rounded-lg bg-overlay text-1 shadow-popover outline-none'

/** Behind a modal popup, over the page. */
export const scrimClass = 'fades fixed inset-0 z-40 bg-scrim'

export const popupItemClass =
  'flex min-h-8 cursor-default select-none items-center gap-2 rounded-md px-2 text-body outline-none data-disabled:text-disabled data-highlighted:bg-hover'

export const popupHeadingClass = 'px-2 pt-2 pb-1 text-3 text-micro'

/** The closed box of a Select or Combobox. */
export const pickerClass =
  'field-box flex w-full min-w-0 select-none items-center gap-2 px-2.5 text-start text-body data-disabled:border-line data-disabled:text-disabled'
