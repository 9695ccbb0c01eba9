/**
 * Call when the browser has nothing better to do.
 * @type {(call: (deadline?: IdleDeadline) => void, options?: IdleRequestOptions) => void}
 */
export const whenIdle = globalThis.requestIdleCallback ?? ((call) => setTimeout(call, 20));
