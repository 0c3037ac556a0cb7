/**
 * Returns the memory of an array that nobody uses any more, without waiting for the garbage collector, which hardly notices such
 * memory: it lies outside the heap. The array is empty afterwards.
 */
export function release(array: { readonly buffer: ArrayBuffer }): void {
  array.buffer.transfer(0);
}
