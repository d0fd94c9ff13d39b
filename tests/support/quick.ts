/** The waits of the product's sync loop, a hundred times shorter; ms. */
export const QUICK = {
  tick: 5,
  poll: 10,
  discoverHere: 20,
  discoverAway: 20,
  reconcile: [0, 20, 40],
  longest: 40,
}
