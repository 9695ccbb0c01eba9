/** @type {(call: (deadline?: IdleDeadline) => void, options?: IdleRequestOptions) => void} when nothing better is to do */
export const whenIdle = globalThis.requestIdleCallback ?? ((call) => setTimeout(call, 20));
